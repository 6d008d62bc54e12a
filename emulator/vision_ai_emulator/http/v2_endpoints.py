"""The endpoints of V2: each one reads an operation's parameters, calls the device, and returns the result."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import cast, get_args

from vision_ai_emulator.device.device import Device
from vision_ai_emulator.device.error_codes import PARAMETER_ERROR, DeviceError
from vision_ai_emulator.device.settings import PredictSpeed
from vision_ai_emulator.device.v2_operations import MAX_TEMPLATES
from vision_ai_emulator.http import v1_endpoints
from vision_ai_emulator.http.endpoint import Call, Endpoint
from vision_ai_emulator.http.fields import Fields
from vision_ai_emulator.http.response import JsonResult, OperationResult, wrap_in_envelope
from vision_ai_emulator.shared.json_values import Json

_CENTER = "center"


def _parse_fields(call: Call) -> Fields:
    # A1 is about V1: only there the vendor's examples and tables differ.
    return Fields(call.body, "id_only")


def _get_device_info(device: Device, call: Call) -> OperationResult:
    return wrap_in_envelope(device.get_v2_device_info())


def _get_result(device: Device, call: Call) -> OperationResult:
    recognition = device.get_result()
    data: dict[str, Json] = {"items": [{"id": id, "score": score} for id, score in recognition.items]}
    if call.dialect.result_sid:
        data["sid"] = recognition.sid
    return wrap_in_envelope(data)


def _set_predict_speed(device: Device, call: Call) -> OperationResult:
    speed = _parse_fields(call).get_string("speed")
    if speed not in get_args(PredictSpeed):
        raise DeviceError(PARAMETER_ERROR)
    device.set_predict_speed(cast(PredictSpeed, speed))
    return wrap_in_envelope()


def _set_time(device: Device, call: Call) -> OperationResult:
    fields = _parse_fields(call)
    device.set_time(fields.get_integer("sec"), fields.get_integer("usec"))
    return wrap_in_envelope()


def _add_item_template(device: Device, call: Call) -> OperationResult:
    added = device.add_item_template(_parse_fields(call).get_string("id"))
    return wrap_in_envelope({"image": base64.b64encode(added.image).decode(), "sid": added.sid})


def _get_item_template_list(device: Device, call: Call) -> OperationResult:
    templates = device.get_item_template_list(_parse_fields(call).get_string("id"))
    if call.dialect.center_entry:
        templates.append(_CENTER)
    if call.dialect.template_max == "inside_data":
        return wrap_in_envelope({"items": templates, "max": MAX_TEMPLATES})
    return JsonResult({"code": 0, "data": templates, "max": MAX_TEMPLATES}, envelope=True)


def _delete_item_template(device: Device, call: Call) -> OperationResult:
    fields = _parse_fields(call)
    device.delete_item_template(fields.get_string("id"), fields.get_string("sid"))
    return wrap_in_envelope()


def _get_item_list(device: Device, call: Call) -> OperationResult:
    items: list[dict[str, Json]] = [
        {"count": count, "id": id} for id, count in device.get_template_counts().items()
    ]
    if call.dialect.sid_for_id and items:
        items[-1]["sid"] = items[-1].pop("id")
    return wrap_in_envelope(items)


def _delete_item(device: Device, call: Call) -> OperationResult:
    device.delete_item(_parse_fields(call).get_string("id"))
    return wrap_in_envelope()


def _clear_all_template(device: Device, call: Call) -> OperationResult:
    device.clear_all_template()
    return wrap_in_envelope()


def _set_sync_master(device: Device, call: Call) -> OperationResult:
    fields = _parse_fields(call)
    device.set_sync_master(upload=fields.get_boolean("upload"), download=fields.get_boolean("download"))
    return wrap_in_envelope()


ENDPOINTS: Mapping[str, Endpoint] = {
    "get_image": v1_endpoints.ENDPOINTS["get_image"],
    "set_calib": v1_endpoints.ENDPOINTS["set_calib"],
    "get_device_info": _get_device_info,
    "get_result": _get_result,
    "set_predict_speed": _set_predict_speed,
    "set_time": _set_time,
    "add_item_template": _add_item_template,
    "get_item_template_list": _get_item_template_list,
    "delete_item_template": _delete_item_template,
    "get_item_list": _get_item_list,
    "delete_item": _delete_item,
    "clear_all_template": _clear_all_template,
    "set_sync_master": _set_sync_master,
}
"""The operations by name."""
