"""`backup`, `save_backup` and `restore` on the emulator: the file, the progress, and every error."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import httpx
import pytest
from samples import DEVICE_INFO
from scripted_transport import (
    ScriptedTransport,
    error_response,
    json_response,
    raw_response,
    success_response,
)

from vision_ai import (
    AnswerTimeoutError,
    CompatibilityError,
    DeviceError,
    FileError,
    InvalidAnswerError,
    Progress,
    TransferError,
)
from vision_ai_emulator import Emulator, serve

POLL = 0.001
LOST = httpx.RemoteProtocolError("Server disconnected")
REFUSED = httpx.ConnectError("refused")
INFO = success_response(DEVICE_INFO)
SETTINGS = {"backup_seconds": 0.0, "restore_seconds": 0.0}


def teach(module: Any, *products: str) -> None:
    for product in products:
        module.learn(id=product, name=f"Product {product}", pictures=1)


def known_ids(module: Any) -> list[str]:
    return [item.id for item in module.get_item_list()]


def test_a_backup_has_the_content_of_the_modules_file(
    module: Any, emulator: Emulator, tmp_path: Path
) -> None:
    teach(module, "001")
    path = module.backup(tmp_path, poll=POLL)
    name = module.get_backup_status().filename
    assert path.name.startswith("12345678-")
    assert path.read_bytes() == emulator.device.download(name)
    assert list(tmp_path.iterdir()) == [path]


def test_a_backup_may_have_many_megabytes(connect: Any, tmp_path: Path) -> None:
    emulator = Emulator(backup_padding=5_000_000, **SETTINGS)
    with serve(emulator) as url:
        steps: list[Progress] = []
        module = connect(url)
        path = module.backup(str(tmp_path), poll=POLL, progress=steps.append)
        assert path.read_bytes() == emulator.device.download(module.get_backup_status().filename)
    moved = [each for each in steps if each.phase == "downloading"]
    assert moved[-1].done == moved[-1].total == path.stat().st_size
    assert moved[-1].fraction == 1
    assert all(one.done < two.done for one, two in itertools.pairwise(moved))


def test_backup_reports_its_phases_in_order(module: Any, tmp_path: Path) -> None:
    steps: list[Progress] = []
    module.backup(tmp_path, poll=POLL, progress=steps.append)
    phases = [phase for phase, _ in itertools.groupby(each.phase for each in steps)]
    assert phases == ["backing up", "downloading"]
    waiting = [each for each in steps if each.phase == "backing up"]
    assert {each.status for each in waiting} == {1, 3}
    assert all(each.message for each in waiting)
    assert all(one.elapsed <= two.elapsed for one, two in itertools.pairwise(steps))


def test_an_existing_file_is_kept_and_the_new_one_gets_a_number(module: Any, tmp_path: Path) -> None:
    name = module.backup(tmp_path, poll=POLL) and module.get_backup_status().filename
    for path in tmp_path.iterdir():
        path.unlink()
    first = module.save_backup(name, tmp_path)
    first.write_bytes(b"precious")
    second = module.save_backup(first.name, tmp_path)
    third = module.save_backup(first.name, tmp_path)
    assert (second.name, third.name) == (f"{first.stem}-2.evo", f"{first.stem}-3.evo")
    assert first.read_bytes() == b"precious"
    assert second.read_bytes() == third.read_bytes() != b"precious"
    assert len(list(tmp_path.iterdir())) == 3


def test_restore_restores_products_and_calibration(module: Any, tmp_path: Path) -> None:
    teach(module, "001")
    module.set_calib(left=1, top=2, width=1000, height=600)
    path = module.backup(tmp_path, poll=POLL)
    teach(module, "002")
    module.set_calib(left=0, top=0, width=1280, height=720)
    assert module.restore(path, poll=POLL) is None
    assert known_ids(module) == ["001"]
    assert module.get_calib().left == 1


def test_restore_accepts_a_path_as_text_and_an_open_file(module: Any, tmp_path: Path) -> None:
    path = module.backup(tmp_path, poll=POLL)
    module.restore(str(path), poll=POLL)
    with path.open("rb") as file:
        module.restore(file, poll=POLL)
        assert not file.closed


def test_restore_reports_its_phases_in_order(module: Any, tmp_path: Path) -> None:
    path = module.backup(tmp_path, poll=POLL)
    steps: list[Progress] = []
    module.restore(path, poll=POLL, progress=steps.append)
    phases = [phase for phase, _ in itertools.groupby(each.phase for each in steps)]
    assert phases == ["uploading", "restoring"]
    sent = [each for each in steps if each.phase == "uploading"]
    assert sent[-1].done == sent[-1].total == path.stat().st_size
    assert steps[-1].status == 4


@pytest.mark.parametrize(
    ("other", "code"),
    [({"store_id": "other"}, -6141), ({"sn": "other"}, -6142), ({"engine": "1.0"}, -6143)],
    ids=["store", "device", "engine"],
)
def test_a_backup_of_another_module_is_a_transfer_error_with_its_code(
    connect: Any, module: Any, tmp_path: Path, other: dict[str, Any], code: int
) -> None:
    teach(module, "001")
    stranger = Emulator(**SETTINGS, **other)
    file = connect(stranger.url).backup(tmp_path, poll=POLL)
    with pytest.raises(TransferError) as caught:
        module.restore(file, poll=POLL)
    assert caught.value.code == code
    assert caught.value.status.status in (5, 7)
    assert caught.value.status.code == code
    assert isinstance(caught.value.__cause__, CompatibilityError)
    assert known_ids(module) == ["001"]


def test_a_damaged_backup_is_a_transfer_error(module: Any, tmp_path: Path) -> None:
    path = module.backup(tmp_path, poll=POLL)
    content = bytearray(path.read_bytes())
    content[-40] ^= 1
    path.write_bytes(content)
    with pytest.raises(TransferError) as caught:
        module.restore(path, poll=POLL)
    assert caught.value.code == -6211


@pytest.mark.parametrize("spoil", [lambda whole: whole[:-5], lambda _: b"no backup at all\0"])
def test_a_file_that_the_module_rejects_at_once_is_a_device_error(
    module: Any, tmp_path: Path, spoil: Any
) -> None:
    path = module.backup(tmp_path, poll=POLL)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(CompatibilityError) as caught:
        module.restore(path, poll=POLL)
    assert (caught.value.code, caught.value.operation) == (-6140, "start_restore")


def test_a_backup_that_fails_on_the_module_is_a_transfer_error(
    module: Any, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.fail_next(-6203, "get_backup_status")
    with pytest.raises(TransferError) as caught:
        module.backup(tmp_path, poll=POLL)
    assert (caught.value.code, caught.value.status.status) == (-6203, 6)
    assert not list(tmp_path.iterdir())


def test_a_backup_that_the_module_rejects_is_a_device_error(
    module: Any, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.fail_next(-6204, "start_backup")
    with pytest.raises(FileError):
        module.backup(tmp_path, poll=POLL)
    assert not list(tmp_path.iterdir())


def test_save_backup_of_a_missing_file_leaves_nothing(module: Any, tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        module.save_backup("missing.evo", tmp_path)
    assert caught.value.code == -6202
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ({"code": 0, "filename": "", "msg": "失败", "status": 6}, 0),
        ({"code": 0, "filename": "", "msg": "", "status": 0}, 0),
        ({"code": 0, "filename": "", "msg": "", "status": 3}, 0),
        ({"code": 0, "filename": "", "msg": "", "status": 99}, 0),
        ({"code": 0, "filename": "x.evo", "msg": "", "status": 4}, 0),
        ({"code": -6203, "msg": "写文件失败", "status": 6}, -6203),
        ({"code": -6203}, -6203),
    ],
    ids=[
        "failed",
        "no task",
        "done without a name",
        "unknown end",
        "named but not done",
        "code",
        "code only",
    ],
)
def test_a_backup_without_success_keeps_the_last_status(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, status: dict[str, Any], code: int
) -> None:
    module = connect(transport.respond(success_response(), json_response(status)))
    with pytest.raises(TransferError) as caught:
        module.backup(tmp_path, poll=POLL)
    assert caught.value.code == code
    if "status" in status:
        assert caught.value.status.status == status["status"]
        assert caught.value.status.msg == status["msg"]
    else:
        assert caught.value.status is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [0, 5, 6, 7, 8, 99])
def test_a_restore_without_success_keeps_the_last_status(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, number: int
) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")
    module = connect(
        transport.respond(success_response(), json_response({"code": 0, "msg": "说明", "status": number}))
    )
    with pytest.raises(TransferError, match=rf"\(status {number}\)") as caught:
        module.restore(tmp_path / "a.evo", poll=POLL)
    assert caught.value.status.status == number


def make_restore(connect: Any, transport: ScriptedTransport, folder: Path, *statuses: Any) -> Any:
    """Return a function that restores a file; the module responds with these statuses."""
    (folder / "a.evo").write_bytes(b"\0a backup")
    responses = [
        json_response({"code": 0, "msg": "", "status": each}) if isinstance(each, int) else each
        for each in statuses
    ]
    module = connect(transport.respond(success_response(), *responses))
    return lambda: module.restore(folder / "a.evo", poll=POLL)


@pytest.mark.parametrize("statuses", [(2, 0), (3, 0), (2, 3, 0), (2, 2, 3, 3, 0), (1, 0), (2, 3, 4)])
def test_a_restore_that_falls_back_to_0_has_succeeded(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, statuses: tuple[int, ...]
) -> None:
    make_restore(connect, transport, tmp_path, *statuses)()
    assert not transport.replies


@pytest.mark.parametrize(
    ("statuses", "message"),
    [
        ((0,), "did not start, or it ended before the first query"),
        ((LOST, 0), "may have restarted meanwhile"),
        ((2, REFUSED, 0), "may have restarted meanwhile"),
        ((3, LOST, LOST, 0), "may have restarted meanwhile"),
        ((2, 3, 5), "could not restore"),
        ((2, 3, 7), "could not verify"),
    ],
    ids=str,
)
def test_a_0_is_no_success_if_the_module_may_have_forgotten_the_restore(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, statuses: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(TransferError, match=message) as caught:
        make_restore(connect, transport, tmp_path, *statuses)()
    assert caught.value.status.status == statuses[-1]


def test_a_module_that_responds_again_before_the_end_has_not_forgotten_the_restore(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    make_restore(connect, transport, tmp_path, 2, LOST, 3, 0)()


@pytest.mark.parametrize("workflow", ["backup", "restore"])
@pytest.mark.parametrize("body", [{"code": 0}, {"code": 0, "msg": "?", "status": None}], ids=str)
def test_a_status_without_a_number_ends_the_wait(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, workflow: str, body: dict[str, Any]
) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")
    module = connect(transport.respond(success_response(), json_response(body)))
    with pytest.raises(InvalidAnswerError, match=r"status (is missing|must be an integer)"):
        module.backup(tmp_path, poll=POLL) if workflow == "backup" else module.restore(
            tmp_path / "a.evo", poll=POLL
        )


@pytest.mark.parametrize("body", [{"code": -6143}, {"code": -6143, "msg": "?", "status": None}], ids=str)
def test_an_error_without_a_status_keeps_its_code(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, body: dict[str, Any]
) -> None:
    with pytest.raises(TransferError) as caught:
        make_restore(connect, transport, tmp_path, json_response(body))()
    assert (caught.value.code, caught.value.status) == (-6143, None)


@pytest.mark.parametrize("number", [-1, 1, 2, 3])
def test_a_restore_continues_while_the_status_is_active(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, number: int
) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")
    going_on, done = json_response({"code": 0, "status": number}), json_response({"code": 0, "status": 4})
    connect(transport.respond(success_response(), going_on, going_on, done)).restore(
        tmp_path / "a.evo", poll=0.001
    )
    assert len(transport.requests) == 4


@pytest.mark.parametrize("number", [-1, 1, 2])
def test_a_backup_continues_while_the_status_is_active(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, number: int
) -> None:
    going_on = json_response({"code": 0, "status": number})
    done = json_response({"code": 0, "status": 3, "filename": "a.evo"})
    transport.respond(success_response(), going_on, going_on, done, INFO, raw_response(b"\0a backup"))
    connect(transport).backup(tmp_path, poll=0.001)
    assert transport.paths[-1] == "/download/a.evo"


def test_a_backup_that_never_finishes_is_a_timeout(connect: Any, tmp_path: Path) -> None:
    emulator = Emulator(backup_seconds=1000, restore_seconds=1000)
    with pytest.raises(AnswerTimeoutError, match=r"not done|no complete response"):
        connect(emulator.url).backup(tmp_path, poll=0.03, timeout=0.1)
    assert not list(tmp_path.iterdir())


def test_an_unknown_upload_error_stays_a_device_error(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")
    with pytest.raises(DeviceError, match="-6128"):
        connect(transport.respond(error_response(-6128))).restore(tmp_path / "a.evo")
    assert len(transport.requests) == 1
