"""What each operation reads from its request and how it writes its answer."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping

from vision_ai_emulator import answer
from vision_ai_emulator.answer import Answer
from vision_ai_emulator.codes import PARAMETER_ERROR, DeviceError
from vision_ai_emulator.device import Device
from vision_ai_emulator.fields import Fields
from vision_ai_emulator.jobs import BACKUP_FAILED, RESTORE_FAILED, JobStatus, backup_status, restore_status
from vision_ai_emulator.memory import Calibration

# Letters, digits, hyphen, underscore and single dots: nothing that could mean another folder.
_PLAIN_FILENAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")

# One function for each operation that takes a JSON body or none: device, body → answer


def _get_device_info(device: Device, body: bytes) -> Answer:
    return answer.envelope(device.get_device_info())


def _reset_device(device: Device, body: bytes) -> Answer:
    device.reset_device()
    return answer.envelope()


def _reboot(device: Device, body: bytes) -> Answer:
    device.reboot()
    return answer.envelope()


def _set_calib(device: Device, body: bytes) -> Answer:
    fields = Fields(body)
    area = Calibration(
        left=fields.integer("left"),
        top=fields.integer("top"),
        width=fields.integer("width"),
        height=fields.integer("height"),
    )
    device.set_calib(area)
    return answer.envelope()


def _get_calib(device: Device, body: bytes) -> Answer:
    area = device.get_calib()
    return answer.envelope({"height": area.height, "left": area.left, "top": area.top, "width": area.width})


def _get_learnmode(device: Device, body: bytes) -> Answer:
    return answer.envelope({"mode": device.get_learnmode()})


def _set_learnmode(device: Device, body: bytes) -> Answer:
    device.set_learnmode(Fields(body).integer("mode"))
    return answer.envelope()


def _get_item_list(device: Device, body: bytes) -> Answer:
    return answer.envelope([{"id": id, "name": name} for id, name in device.get_item_list()])


def _register_item(device: Device, body: bytes) -> Answer:
    fields = Fields(body)
    registered = device.register_item(fields.text("id"), fields.text("name"))
    return answer.envelope(
        {"image": base64.b64encode(registered.image).decode(), "image_id": registered.image_id}
    )


def _delete_registered_image(device: Device, body: bytes) -> Answer:
    fields = Fields(body)
    device.delete_registered_image(fields.text("id"), fields.text("image_id"))
    return answer.envelope()


def _delete_registered_item(device: Device, body: bytes) -> Answer:
    device.delete_registered_item(Fields(body).text("id"))
    return answer.envelope()


def _commit_registered_item(device: Device, body: bytes) -> Answer:
    device.commit_registered_item(Fields(body).text("id"))
    return answer.envelope()


def _get_registered_item_list(device: Device, body: bytes) -> Answer:
    pictures = device.get_registered_item_list()
    return answer.envelope(
        [{"id": each.id, "image_id": each.image_id, "name": each.name} for each in pictures]
    )


def _start_backup(device: Device, body: bytes) -> Answer:
    device.start_backup()
    # The vendor's example of this answer alone has no `data` (A5).
    return answer.json({"code": 0})


def _get_backup_status(device: Device, body: bytes) -> Answer:
    status, filename = device.get_backup_status()
    return _backup_status(status, filename)


def _get_restore_status(device: Device, body: bytes) -> Answer:
    return _restore_status(device.get_restore_status())


def _get_result(device: Device, body: bytes) -> Answer:
    recognition = device.get_result()
    items = [{"id": id, "score": score} for id, score in recognition.items]
    return answer.envelope({"items": items, "sid": recognition.sid})


def _result_feedback(device: Device, body: bytes) -> Answer:
    fields = Fields(body)
    fields.boolean("intop")  # required, and nothing that this engine could learn from
    device.result_feedback(fields.text("sid"), fields.text("id"), fields.text("name"))
    return answer.envelope()


def _get_image(device: Device, body: bytes) -> Answer:
    return answer.plain(device.get_image(), "image/jpeg")


def _backup_status(status: JobStatus, filename: str = "") -> Answer:
    return answer.json(
        {"code": status.code, "filename": filename, "msg": status.msg, "status": status.status}
    )


def _restore_status(status: JobStatus) -> Answer:
    return answer.json({"code": status.code, "msg": status.msg, "status": status.status})


def download(device: Device, filename: str) -> Answer:
    """A finished backup; -6213 for a name that is none, -6202 for one that no file has."""
    if not _PLAIN_FILENAME.fullmatch(filename):
        raise DeviceError(PARAMETER_ERROR)
    return answer.plain(device.download(filename), "application/octet-stream", streamed=True)


def failure(operation: str, code: int) -> Answer:
    """How an operation says no: the two statuses in their own form, all others in the envelope."""
    if operation == "get_backup_status":
        return _backup_status(backup_status(BACKUP_FAILED, code))
    if operation == "get_restore_status":
        return _restore_status(restore_status(RESTORE_FAILED, code))
    return answer.envelope(code=code)


CALLS: Mapping[str, Callable[[Device, bytes], Answer]] = {
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
    "start_backup": _start_backup,
    "get_backup_status": _get_backup_status,
    "get_restore_status": _get_restore_status,
    "get_result": _get_result,
    "result_feedback": _result_feedback,
    "get_image": _get_image,
}
"""The operations that take a JSON body or none, by name."""

TAKES_JSON = frozenset(
    {
        "set_calib",
        "set_learnmode",
        "register_item",
        "delete_registered_image",
        "delete_registered_item",
        "commit_registered_item",
        "result_feedback",
    }
)
"""Those of them that take a body; the others ignore whatever comes."""

OPERATIONS = frozenset({*CALLS, "start_restore", "download"})
"""The names of the 21 operations, for faults."""
