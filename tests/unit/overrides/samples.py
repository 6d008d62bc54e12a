"""A call, and a valid response to it, for each of the 21 operations of the vendor's document."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import httpx
from attrs import frozen
from PIL import Image as Picture
from scripted_transport import json_response, raw_response, success_response

from vision_ai import (
    BackupStatus,
    CalibrationArea,
    DeviceInfo,
    Image,
    LearnModeState,
    RecognitionResult,
    RegisteredImage,
    RestoreStatus,
)


def jpeg(width: int = 64, height: int = 36) -> bytes:
    """A small JPEG."""
    file = io.BytesIO()
    Picture.new("RGB", (width, height), "green").save(file, "JPEG")
    return file.getvalue()


JPEG = jpeg()

DEVICE_INFO = {
    "clientID": "11095",
    "clientName": "水果店",
    "engine": "9.5.0",
    "firmware": "9.9.4.2",
    "learnMode": 1,
    "masterIP": "",
    "masterSN": "",
    "sdk": "9.1.1",
    "sn": "12345678",
    "soldOutLimit": 3,
    "sync": "9.5.17.0",
    "syncMode": "normal",
}
CALIB = {"height": 482, "left": 444, "top": 39, "width": 348}
RESULT = {
    "items": [{"id": "001", "score": 0.95}, {"id": "002", "score": 0.5}],
    "sid": "20220414150011198",
}
ITEMS = [{"id": "001", "name": "苹果"}, {"id": "002", "name": "Pear"}]
PENDING = [{"id": "001", "image_id": "7", "name": "苹果"}]
REGISTERED = {"image": base64.b64encode(JPEG).decode(), "image_id": "20220414150011198000001"}
BACKUP_DONE = {"code": 0, "filename": "test.evo", "msg": "备份完成", "status": 3}
RESTORE_DONE = {"code": 0, "msg": "恢复完成", "status": 4}


@frozen
class Sample:
    """One operation: how to call it, what a valid response contains, and what the call returns."""

    name: str
    path: str
    effect: str
    arguments: dict[str, Any]
    data: Any
    """The envelope's data; the whole body for the statuses; bytes for the two that are not JSON."""
    result: type
    method: str = "POST"
    bare: bool = False

    @property
    def response(self) -> httpx.Response:
        if isinstance(self.data, bytes):
            return raw_response(
                self.data, "image/jpeg" if self.name == "get_image" else "application/octet-stream"
            )
        return json_response(self.data) if self.bare else success_response(self.data)

    def call(self, client: Any) -> Any:
        arguments = {name: value() if callable(value) else value for name, value in self.arguments.items()}
        return getattr(client, self.name)(**arguments)


A_FILE: Callable[[], io.BytesIO] = lambda: io.BytesIO(b"a backup's bytes")  # noqa: E731
PRODUCT = {"id": "003", "name": "梨"}

SAMPLES = [
    Sample("get_device_info", "/api/get_device_info", "read", {}, DEVICE_INFO, DeviceInfo),
    Sample("reset_device", "/api/reset_device", "destructive", {}, None, type(None)),
    Sample("reboot", "/api/reboot", "act", {}, None, type(None)),
    Sample("set_calib", "/api/set_calib", "set", dict(CALIB), None, type(None)),
    Sample("get_calib", "/api/get_calib", "read", {}, CALIB, CalibrationArea),
    Sample("get_learnmode", "/api/get_learnmode", "read", {}, {"mode": 1}, LearnModeState),
    Sample("set_learnmode", "/api/set_learnmode", "set", {"mode": 0}, None, type(None)),
    Sample("get_item_list", "/api/get_item_list", "read", {}, ITEMS, list),
    Sample("register_item", "/api/register_item", "act", PRODUCT, REGISTERED, RegisteredImage),
    Sample(
        "delete_registered_image",
        "/api/delete_registered_image",
        "act",
        {"id": "003", "image_id": "7"},
        None,
        type(None),
    ),
    Sample("delete_registered_item", "/api/delete_registered_item", "act", {"id": "003"}, None, type(None)),
    Sample("commit_registered_item", "/api/commit_registered_item", "act", {"id": "003"}, None, type(None)),
    Sample("get_registered_item_list", "/api/get_registered_item_list", "read", {}, PENDING, list),
    Sample("start_backup", "/api/start_backup", "act", {}, None, type(None)),
    Sample("get_backup_status", "/api/get_backup_status", "read", {}, BACKUP_DONE, BackupStatus, bare=True),
    Sample(
        "download_backup",
        "/download/test.evo",
        "read",
        {"filename": "test.evo"},
        b"\x00backup\xff",
        bytes,
        method="GET",
    ),
    Sample("start_restore", "/api/start_restore", "destructive", {"file": A_FILE}, None, type(None)),
    Sample(
        "get_restore_status", "/api/get_restore_status", "read", {}, RESTORE_DONE, RestoreStatus, bare=True
    ),
    Sample("get_result", "/api/get_result", "read", {}, RESULT, RecognitionResult),
    Sample(
        "result_feedback",
        "/api/result_feedback",
        "act",
        {"sid": "1", "intop": True, **PRODUCT},
        None,
        type(None),
    ),
    Sample("get_image", "/api/get_image", "read", {}, JPEG, Image),
]
BY_NAME = {sample.name: sample for sample in SAMPLES}
ENVELOPED = [each for each in SAMPLES if not each.bare and not isinstance(each.data, bytes)]


def names(samples: list[Sample]) -> list[str]:
    """Return the names, for `ids=`."""
    return [sample.name for sample in samples]
