"""What each operation reads from its request and how it writes its answer."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import BinaryIO

from attrs import frozen

from vision_ai_emulator.device.device import Device
from vision_ai_emulator.device.error_codes import PARAMETER_ERROR, DeviceError
from vision_ai_emulator.device.jobs import (
    BACKUP_FAILED,
    BACKUP_GENERATING,
    BACKUP_UNLISTED,
    RESTORE_FAILED,
    RESTORE_RESTORING,
    RESTORE_UNLISTED,
    RESTORE_VERIFYING,
    JobStatus,
    backup_status,
    restore_status,
)
from vision_ai_emulator.device.persistent_state import Calibration
from vision_ai_emulator.http import response as answer
from vision_ai_emulator.http.dialect import Dialect
from vision_ai_emulator.http.fields import Fields
from vision_ai_emulator.http.response import Reply, Value


@frozen
class Call:
    """What came with a call, and how the device reads and writes."""

    body: bytes
    dialect: Dialect

    def fields(self) -> Fields:
        """The body's parameters."""
        return Fields(self.body, self.dialect.field_names)


# One function for each operation that takes a JSON body or none: device, call → reply


def _get_device_info(device: Device, call: Call) -> Reply:
    return answer.enveloped(device.get_device_info())


def _reset_device(device: Device, call: Call) -> Reply:
    device.reset_device()
    return answer.enveloped()


def _reboot(device: Device, call: Call) -> Reply:
    device.reboot()
    return answer.enveloped()


def _set_calib(device: Device, call: Call) -> Reply:
    fields = call.fields()
    area = Calibration(
        left=fields.integer("left"),
        top=fields.integer("top"),
        width=fields.integer("width"),
        height=fields.integer("height"),
    )
    device.set_calib(area)
    return answer.enveloped()


def _get_calib(device: Device, call: Call) -> Reply:
    area = device.get_calib()
    return answer.enveloped({"height": area.height, "left": area.left, "top": area.top, "width": area.width})


def _get_learnmode(device: Device, call: Call) -> Reply:
    return answer.enveloped({"mode": device.get_learnmode()})


def _set_learnmode(device: Device, call: Call) -> Reply:
    device.set_learnmode(call.fields().integer("mode"))
    return answer.enveloped()


def _get_item_list(device: Device, call: Call) -> Reply:
    return answer.enveloped(
        call.dialect.shaped([{"id": id, "name": name} for id, name in device.get_item_list()])
    )


def _register_item(device: Device, call: Call) -> Reply:
    fields = call.fields()
    registered = device.register_item(fields.text("id"), fields.text("name"))
    return answer.enveloped(
        {"image": base64.b64encode(registered.image).decode(), "image_id": registered.image_id}
    )


def _delete_registered_image(device: Device, call: Call) -> Reply:
    fields = call.fields()
    device.delete_registered_image(fields.text("id"), fields.text("image_id"))
    return answer.enveloped()


def _delete_registered_item(device: Device, call: Call) -> Reply:
    device.delete_registered_item(call.fields().text("id"))
    return answer.enveloped()


def _commit_registered_item(device: Device, call: Call) -> Reply:
    device.commit_registered_item(call.fields().text("id"))
    return answer.enveloped()


def _get_registered_item_list(device: Device, call: Call) -> Reply:
    pictures = device.get_registered_item_list()
    if call.dialect.image_ids == "many":
        ids = {each.id: [other.image_id for other in pictures if other.id == each.id] for each in pictures}
        names = {each.id: each.name for each in pictures}
        return answer.enveloped(
            call.dialect.shaped([{"id": id, "image_id": ids[id], "name": names[id]} for id in ids])
        )
    return answer.enveloped(
        call.dialect.shaped(
            [{"id": each.id, "image_id": each.image_id, "name": each.name} for each in pictures]
        )
    )


def _get_backup_status(device: Device, call: Call) -> Reply:
    status, filename = device.get_backup_status()
    if call.dialect.extra_statuses and status.status == BACKUP_GENERATING and status.polls % 2 == 0:
        status = backup_status(BACKUP_UNLISTED)
    return backup_reply(status, filename)


def _get_restore_status(device: Device, call: Call) -> Reply:
    status = device.get_restore_status()
    running = status.status in (RESTORE_RESTORING, RESTORE_VERIFYING)
    if call.dialect.extra_statuses and running and status.polls % 2 == 0:
        status = restore_status(RESTORE_UNLISTED)
    return restore_reply(status)


def _get_result(device: Device, call: Call) -> Reply:
    recognition = device.get_result()
    items = [{"id": id, "score": score} for id, score in recognition.items]
    return answer.enveloped({"items": items, "sid": recognition.sid})


def _result_feedback(device: Device, call: Call) -> Reply:
    fields = call.fields()
    fields.boolean("intop")  # required, and nothing that this engine could learn from
    device.result_feedback(fields.text("sid"), fields.text("id"), fields.text("name"))
    return answer.enveloped()


def _get_image(device: Device, call: Call) -> Reply:
    return answer.plain(device.get_image(), "image/jpeg")


def backup_reply(status: JobStatus, filename: str = "") -> Value:
    """A backup's status, which has no envelope."""
    return answer.bare(
        {"code": status.code, "filename": filename, "msg": status.msg, "status": status.status}
    )


def restore_reply(status: JobStatus) -> Value:
    """A restore's status, which has no envelope."""
    return answer.bare({"code": status.code, "msg": status.msg, "status": status.status})


def start_backup(device: Device, dialect: Dialect, failure: int) -> Reply:
    """Begin a backup, which with a `failure` ends in that code."""
    device.start_backup(failure)
    # The vendor's example of this answer alone has no `data` (A5).
    return answer.enveloped() if dialect.data_key == "always" else answer.bare({"code": 0})


def start_restore(device: Device, file: BinaryIO, failure: int) -> Reply:
    """Begin a restore, which with a `failure` ends in that code."""
    device.start_restore(file, failure)
    return answer.enveloped()


def can_fail_job(device: Device, operation: str) -> bool:
    """Whether there is, or begins with this call, a job that can fail."""
    backup, _, restore = device.jobs()
    if operation == "get_backup_status":
        return backup.status == BACKUP_GENERATING
    if operation == "get_restore_status":
        return restore.status in (RESTORE_RESTORING, RESTORE_VERIFYING)
    return operation in ("start_backup", "start_restore")


def fail_job(device: Device, operation: str, code: int) -> None:
    """Let the job that a status call asks about fail at once."""
    if operation == "get_backup_status":
        device.fail_backup(code)
    else:
        device.fail_restore(code)


def download(device: Device, filename: str) -> Reply:
    """A finished backup; -6213 without a name, -6202 for one that no file has.

    The name is only compared with the finished backup's: nothing of a file system can be reached by it.
    """
    if not filename:
        raise DeviceError(PARAMETER_ERROR)
    return answer.plain(device.download(filename), "application/octet-stream", streamed=True)


def failure(operation: str, code: int) -> Reply:
    """How an operation says no: the two statuses in their own form, all others in the envelope."""
    if operation == "get_backup_status":
        return backup_reply(backup_status(BACKUP_FAILED, code))
    if operation == "get_restore_status":
        return restore_reply(restore_status(RESTORE_FAILED, code))
    return answer.enveloped(code=code)


CALLS: Mapping[str, Callable[[Device, Call], Reply]] = {
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
"""The operations that take a JSON body or none, by name; but for start_backup, which can be made to fail."""

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

OPERATIONS = frozenset({*CALLS, "start_backup", "start_restore", "download"})
"""The names of the 21 operations, for faults."""
