"""Every operation of the vendor's document on the emulator: its result and its errors."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from samples import SAMPLES, Sample, names

from vision_ai import (
    CameraError,
    CompatibilityError,
    DeviceError,
    EngineError,
    FileError,
    Image,
    InternalError,
    LearnMode,
    SyncMode,
)
from vision_ai_emulator.emulator import Emulator

APPLE = {"id": "001", "name": "苹果"}


def until_over(question: Callable[[], Any]) -> Any:
    """Poll a status until the module is neither generating nor restoring nor verifying."""
    deadline = time.monotonic() + 10
    while (status := question()).status in (1, 2) or (status.status == 3 and not hasattr(status, "filename")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return status


def test_device_info_has_every_field(module: Any) -> None:
    info = module.get_device_info()
    assert (info.client_id, info.client_name, info.sn) == ("11095", "Fruit Store Name", "12345678")
    assert (info.engine, info.firmware, info.sdk, info.sync) == ("9.5.0", "9.9.4.2", "9.1.1", "9.5.17.0")
    assert info.learn_mode is LearnMode.ON
    assert info.sync_mode is SyncMode.NORMAL
    assert (info.master_ip, info.master_sn, info.sold_out_limit) == ("", "", 3)


def test_calibration_is_read_back_as_set(module: Any) -> None:
    assert module.set_calib(left=444, top=39, width=348, height=482) is None
    area = module.get_calib()
    assert (area.left, area.top, area.width, area.height) == (444, 39, 348, 482)


@pytest.mark.parametrize("mode", [0, 1, LearnMode.OFF, LearnMode.ON])
def test_learn_mode_is_read_back_as_set(module: Any, mode: int) -> None:
    assert module.set_learnmode(mode=mode) is None
    assert module.get_learnmode().mode is LearnMode(mode)
    assert module.get_device_info().learn_mode is LearnMode(mode)


def test_reset_forgets_the_store_and_the_products(module: Any) -> None:
    module.register_item(**APPLE)
    module.commit_registered_item(id="001")
    assert module.reset_device() is None
    assert module.get_item_list() == []
    assert module.get_device_info().client_id == "0000"


def test_registered_pictures_wait_in_the_cache_until_they_are_committed(module: Any) -> None:
    picture = module.register_item(**APPLE)
    assert Image.from_base64(picture.image).width > 0
    [pending] = module.get_registered_item_list()
    assert (pending.id, pending.name, pending.image_id) == ("001", "苹果", picture.image_id)
    assert module.get_item_list() == []
    assert module.commit_registered_item(id="001") is None
    assert module.get_registered_item_list() == []
    assert [(item.id, item.name) for item in module.get_item_list()] == [("001", "苹果")]


def test_one_cached_picture_can_be_dropped(module: Any) -> None:
    first, second = module.register_item(**APPLE), module.register_item(**APPLE)
    assert module.delete_registered_image(id="001", image_id=first.image_id) is None
    assert [each.image_id for each in module.get_registered_item_list()] == [second.image_id]


def test_all_cached_pictures_of_a_product_can_be_dropped(module: Any) -> None:
    for _ in range(2):
        module.register_item(**APPLE)
    module.register_item(id="002", name="Pear")
    assert module.delete_registered_item(id="001") is None
    assert [each.id for each in module.get_registered_item_list()] == ["002"]


def test_recognition_and_feedback(module: Any) -> None:
    module.register_item(**APPLE)
    module.commit_registered_item(id="001")
    result = module.get_result()
    assert result.sid
    assert result.items[0].id == "001"
    assert 0 <= result.items[0].score <= 1
    assert module.result_feedback(sid=result.sid, id="002", name="Pear", intop=False) is None
    assert {item.id for item in module.get_item_list()} == {"001", "002"}  # it learns from feedback


def test_a_picture_has_its_size(module: Any) -> None:
    picture = module.get_image()
    assert isinstance(picture, Image)
    assert (picture.width, picture.height) == (1280, 720)
    assert picture.data.startswith(b"\xff\xd8\xff")


def test_a_backup_is_made_and_restored_with_single_operations(module: Any) -> None:
    assert module.get_backup_status().status == 0
    assert module.get_restore_status().status == 0
    assert module.start_backup() is None
    status = until_over(module.get_backup_status)
    assert status.status == 3
    assert status.filename.endswith(".evo")
    content = module.download_backup(filename=status.filename)
    assert type(content) is bytes
    assert module.start_restore(file=io.BytesIO(content)) is None
    assert until_over(module.get_restore_status).status == 4


@pytest.mark.parametrize(
    ("call", "code", "kind"),
    [
        (lambda m: m.delete_registered_image(id="009", image_id="1"), -6202, FileError),
        (lambda m: m.delete_registered_item(id="009"), -6202, FileError),
        (lambda m: m.commit_registered_item(id="009"), -6202, FileError),
        (lambda m: m.result_feedback(sid="no", id="1", name="x", intop=True), -6202, FileError),
        (lambda m: m.download_backup(filename="missing.evo"), -6202, FileError),
        (lambda m: m.start_restore(file=io.BytesIO(b"no backup")), -6140, CompatibilityError),
    ],
    ids=["image", "item", "commit", "feedback", "download", "restore"],
)
def test_a_missing_object_is_a_device_error(
    module: Any, call: Callable[[Any], Any], code: int, kind: type[DeviceError]
) -> None:
    with pytest.raises(kind) as caught:
        call(module)
    assert caught.value.code == code


def test_a_disconnected_camera_is_a_camera_error(module: Any, emulator: Emulator) -> None:
    emulator.camera_lost = True
    for call in (module.get_image, module.get_result, lambda: module.register_item(**APPLE)):
        with pytest.raises(CameraError) as caught:
            call()
        assert (caught.value.code, caught.value.retryable) == (-6103, True)


def test_registering_an_empty_pan_is_an_engine_error(module: Any, emulator: Emulator) -> None:
    emulator.clear_pan()
    with pytest.raises(EngineError) as caught:
        module.register_item(**APPLE)
    assert -6599 <= caught.value.code <= -6500


@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_every_operation_raises_the_modules_error(module: Any, emulator: Emulator, sample: Sample) -> None:
    fault = {"download_backup": "download"}.get(sample.name, sample.name)
    emulator.fail_next(-6210, fault)
    with pytest.raises(InternalError) as caught:
        sample.call(module)
    assert (caught.value.code, caught.value.operation) == (-6210, sample.name)
    assert emulator.requests == ((sample.method, sample.path),)
