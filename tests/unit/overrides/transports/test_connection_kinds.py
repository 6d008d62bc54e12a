"""The same calls over every kind of connection; all other tests use one or two of them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from vision_ai import DeviceError, FileError, Image, Progress, TransferError, VisionAIError
from vision_ai_emulator.emulator import Emulator

APPLE = {"id": "001", "name": "苹果"}
POLL = 0.001


@pytest.fixture
def module(connect: Any, target: Any) -> Any:
    """A client of each flavor, over each kind of connection."""
    return connect(target)


def test_json_is_sent_and_received(module: Any, emulator: Emulator) -> None:
    module.set_calib(left=444, top=39, width=348, height=482)
    area = module.get_calib()
    assert (area.left, area.top, area.width, area.height) == (444, 39, 348, 482)
    assert module.get_device_info().sn == "12345678"
    paths = ["/api/set_calib", "/api/get_calib", "/api/get_device_info"]
    assert emulator.requests == tuple(("POST", path) for path in paths)


def test_chinese_text_is_sent_and_received(module: Any) -> None:
    module.register_item(**APPLE)
    [pending] = module.get_registered_item_list()
    assert (pending.id, pending.name) == ("001", "苹果")


def test_a_picture_is_received(module: Any) -> None:
    picture = module.get_image()
    assert isinstance(picture, Image)
    assert (picture.width, picture.height) == (1280, 720)
    assert picture.data.startswith(b"\xff\xd8\xff")
    assert picture.data.endswith(b"\xff\xd9")


def test_recognition_and_feedback(module: Any) -> None:
    module.learn(**APPLE, pictures=2)
    result = module.get_result()
    assert result.items[0].id == "001"
    module.confirm(result, id="002", name="Pear")
    assert {item.id for item in module.get_item_list()} == {"001", "002"}


def test_a_device_error_keeps_its_code_and_the_client_stays_usable(module: Any, emulator: Emulator) -> None:
    emulator.fail_next(-6210, "get_image")
    with pytest.raises(DeviceError) as caught:
        module.get_image()
    assert (caught.value.code, caught.value.operation) == (-6210, "get_image")
    assert module.get_image().width == 1280


def test_a_missing_file_is_an_error_and_not_a_file(module: Any, tmp_path: Path) -> None:
    with pytest.raises(FileError):
        module.download_backup(filename="missing.evo")
    with pytest.raises(FileError):
        module.save_backup("missing.evo", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_backup_is_downloaded_and_restored(module: Any, emulator: Emulator, tmp_path: Path) -> None:
    module.learn(**APPLE, pictures=1)
    path = module.backup(tmp_path, poll=POLL)
    name = module.get_backup_status().filename
    assert path.read_bytes() == emulator.device.download(name)
    module.learn(id="002", name="Pear", pictures=1)
    module.restore(path, poll=POLL)
    assert [item.id for item in module.get_item_list()] == ["001"]
    with io.BytesIO(module.download_backup(filename=name)) as file:
        module.restore(file, poll=POLL)


def test_progress_counts_every_byte_of_a_transfer(module: Any, emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(backup_padding=300_000)
    steps: list[Progress] = []
    path = module.backup(tmp_path, poll=POLL, progress=steps.append)
    module.restore(path, poll=POLL, progress=steps.append)
    for phase in ("downloading", "uploading"):
        last = [step for step in steps if step.phase == phase][-1]
        assert last.done == last.total == path.stat().st_size


def test_a_damaged_backup_is_refused(module: Any, tmp_path: Path) -> None:
    path = module.backup(tmp_path, poll=POLL)
    content = bytearray(path.read_bytes())
    content[-40] ^= 1
    path.write_bytes(content)
    with pytest.raises(TransferError) as caught:
        module.restore(path, poll=POLL)
    assert caught.value.code == -6211


def test_an_upload_that_its_callback_ends_leaves_the_client_usable(module: Any) -> None:
    def fail(step: Progress) -> None:
        if step.done > 500_000:
            raise KeyboardInterrupt("mine")

    with pytest.raises(KeyboardInterrupt, match="mine") as caught:
        module.restore(io.BytesIO(b"x" * 2_000_000), poll=POLL, progress=fail)
    assert not isinstance(caught.value, VisionAIError)
    assert module.get_restore_status().status == 0


def test_a_restart_is_noticed(module: Any, emulator: Emulator) -> None:
    module.reboot()
    assert module.wait_until_ready(poll=0.01, timeout=20).sn == "12345678"
    assert emulator.device.reboots == 1
