"""The endpoints of V1: each one reads an operation's parameters, calls the device, and returns the result."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import BinaryIO

from attrs import evolve

from vision_ai_emulator.device.device import Device
from vision_ai_emulator.device.error_codes import PARAMETER_ERROR, DeviceError
from vision_ai_emulator.device.jobs import (
    BACKUP_FAILED,
    BACKUP_GENERATING,
    BACKUP_UNLISTED,
    RESTORE_COMPLETED,
    RESTORE_FAILED,
    RESTORE_NONE,
    RESTORE_RESTORING,
    RESTORE_UNLISTED,
    RESTORE_VERIFYING,
    JobStatus,
    make_backup_status,
    make_restore_status,
)
from vision_ai_emulator.device.persistent_state import CalibrationArea
from vision_ai_emulator.device.v1_operations import FACTORY_STORE_ID
from vision_ai_emulator.http.dialect import Dialect
from vision_ai_emulator.http.endpoint import Call, Endpoint
from vision_ai_emulator.http.response import JsonResult, OperationResult, make_response, wrap_in_envelope
from vision_ai_emulator.shared.json_values import Json

# One function for each operation with a JSON body or none


def _get_device_info(device: Device, call: Call) -> OperationResult:
    info = device.get_device_info()
    has_store = info["clientID"] != FACTORY_STORE_ID
    return wrap_in_envelope(call.dialect.format_device_info(info, has_store=has_store))


def _reset_device(device: Device, call: Call) -> OperationResult:
    device.reset_device()
    return wrap_in_envelope()


def _reboot(device: Device, call: Call) -> OperationResult:
    device.reboot()
    return wrap_in_envelope()


def _set_calib(device: Device, call: Call) -> OperationResult:
    fields = call.parse_fields()
    area = CalibrationArea(
        left=fields.get_integer("left"),
        top=fields.get_integer("top"),
        width=fields.get_integer("width"),
        height=fields.get_integer("height"),
    )
    device.set_calib(area)
    return wrap_in_envelope()


def _get_calib(device: Device, call: Call) -> OperationResult:
    area = device.get_calib()
    values: dict[str, Json] = {
        "height": area.height,
        "left": area.left,
        "top": area.top,
        "width": area.width,
    }
    return wrap_in_envelope(call.dialect.format_numbers(values))


def _get_learnmode(device: Device, call: Call) -> OperationResult:
    return wrap_in_envelope(call.dialect.format_numbers({"mode": device.get_learnmode()}))


def _set_learnmode(device: Device, call: Call) -> OperationResult:
    device.set_learnmode(call.parse_fields().get_integer("mode"))
    return wrap_in_envelope()


def _get_item_list(device: Device, call: Call) -> OperationResult:
    return wrap_in_envelope(
        call.dialect.format_list([{"id": id, "name": name} for id, name in device.get_item_list()])
    )


def _register_item(device: Device, call: Call) -> OperationResult:
    fields = call.parse_fields()
    registered = device.register_item(fields.get_string("id"), fields.get_string("name"))
    return wrap_in_envelope(
        {"image": base64.b64encode(registered.image).decode(), "image_id": registered.image_id}
    )


def _delete_registered_image(device: Device, call: Call) -> OperationResult:
    fields = call.parse_fields()
    device.delete_registered_image(fields.get_string("id"), fields.get_string("image_id"))
    return wrap_in_envelope()


def _delete_registered_item(device: Device, call: Call) -> OperationResult:
    device.delete_registered_item(call.parse_fields().get_string("id"))
    return wrap_in_envelope()


def _commit_registered_item(device: Device, call: Call) -> OperationResult:
    device.commit_registered_item(call.parse_fields().get_string("id"))
    return wrap_in_envelope()


def _get_registered_item_list(device: Device, call: Call) -> OperationResult:
    pictures = device.get_registered_item_list()
    if call.dialect.image_ids == "many":
        ids = {each.id: [other.image_id for other in pictures if other.id == each.id] for each in pictures}
        names = {each.id: each.name for each in pictures}
        return wrap_in_envelope(
            call.dialect.format_list([{"id": id, "image_id": ids[id], "name": names[id]} for id in ids])
        )
    return wrap_in_envelope(
        call.dialect.format_list(
            [{"id": each.id, "image_id": each.image_id, "name": each.name} for each in pictures]
        )
    )


def _get_backup_status(device: Device, call: Call) -> OperationResult:
    status, filename = device.get_backup_status()
    if call.dialect.extra_statuses and status.status == BACKUP_GENERATING and status.polls % 2 == 0:
        status = make_backup_status(BACKUP_UNLISTED)
    return make_backup_result(status, filename)


def _get_restore_status(device: Device, call: Call) -> OperationResult:
    status = device.get_restore_status()
    running = status.status in (RESTORE_RESTORING, RESTORE_VERIFYING)
    if call.dialect.extra_statuses and running and status.polls % 2 == 0:
        status = make_restore_status(RESTORE_UNLISTED)
    if call.dialect.restore_end == "no_task" and status.status == RESTORE_COMPLETED:
        status = evolve(status, status=RESTORE_NONE)
    return make_restore_result(status)


def _get_result(device: Device, call: Call) -> OperationResult:
    recognition = device.get_result()
    items: list[dict[str, Json]] = [{"id": id, "score": score} for id, score in recognition.items]
    return wrap_in_envelope({"items": call.dialect.format_guesses(items), "sid": recognition.sid})


def _result_feedback(device: Device, call: Call) -> OperationResult:
    fields = call.parse_fields()
    fields.get_boolean("intop")  # required; this engine does not use it
    device.result_feedback(fields.get_string("sid"), fields.get_string("id"), fields.get_string("name"))
    return wrap_in_envelope()


def _get_image(device: Device, call: Call) -> OperationResult:
    return make_response(device.get_image(), "image/jpeg")


def make_backup_result(status: JobStatus, filename: str = "") -> JsonResult:
    """Return a backup's status as JSON, without an envelope."""
    return JsonResult({"code": status.code, "filename": filename, "msg": status.msg, "status": status.status})


def make_restore_result(status: JobStatus) -> JsonResult:
    """Return a restore's status as JSON, without an envelope."""
    return JsonResult({"code": status.code, "msg": status.msg, "status": status.status})


def start_backup(device: Device, dialect: Dialect, failure: int) -> OperationResult:
    """Start a backup that ends with the error code `failure`, or succeeds if it is 0."""
    device.start_backup(failure)
    # Of all the vendor's examples only this one has no `data` (A5).
    return wrap_in_envelope() if dialect.data_key == "always" else JsonResult({"code": 0})


def start_restore(device: Device, file: BinaryIO, failure: int) -> OperationResult:
    """Start a restore that ends with the error code `failure`, or succeeds if it is 0."""
    device.start_restore(file, failure)
    return wrap_in_envelope()


def download(device: Device, filename: str) -> OperationResult:
    """Return the finished backup. Raises -6213 without a name, -6202 for an unknown name.

    The name is only compared with the finished backup's, so it gives no access to the file system.
    """
    if not filename:
        raise DeviceError(PARAMETER_ERROR)
    return make_response(device.download(filename), "application/octet-stream", streamed=True)


def make_error(operation: str, code: int) -> OperationResult:
    """Return an operation's error: the two statuses have a form of their own, all others the envelope."""
    if operation == "get_backup_status":
        return make_backup_result(make_backup_status(BACKUP_FAILED, code))
    if operation == "get_restore_status":
        return make_restore_result(make_restore_status(RESTORE_FAILED, code))
    return wrap_in_envelope(code=code)


ENDPOINTS: Mapping[str, Endpoint] = {
    "get_device_info": _get_device_info,
    "reset_device": _reset_device,
    "reboot": _reboot,
    "set_calib": _set_calib,
    "get_calib": _get_calib,
    "get_learnmode": _get_learnmode,
    "set_learnmode": _set_learnmode,
    "get_item_list": _get_item_list,
    "register_item": _register_item,
    "delete_registered_image": _delete_registered_image,
    "delete_registered_item": _delete_registered_item,
    "commit_registered_item": _commit_registered_item,
    "get_registered_item_list": _get_registered_item_list,
    "get_backup_status": _get_backup_status,
    "get_restore_status": _get_restore_status,
    "get_result": _get_result,
    "result_feedback": _result_feedback,
    "get_image": _get_image,
}
"""The operations with a JSON body or none, by name, except `start_backup`, which takes a `failure`."""
