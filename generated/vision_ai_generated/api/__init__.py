"""The operations of the contract. `api.GET_RESULT` is the operation in `recognition/get_result.py`.

A module is imported when its operation is first used, because imports are slow on the boards of scales.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ..operation import Operation, Version
    from .backup.download_backup import OPERATION as DOWNLOAD_BACKUP
    from .backup.get_backup_status import OPERATION as GET_BACKUP_STATUS
    from .backup.get_restore_status import OPERATION as GET_RESTORE_STATUS
    from .backup.start_backup import OPERATION as START_BACKUP
    from .backup.start_restore import OPERATION as START_RESTORE
    from .backup.start_restore_alias import OPERATION as START_RESTORE_ALIAS
    from .calibration.get_calib import OPERATION as GET_CALIB
    from .calibration.set_calib import OPERATION as SET_CALIB
    from .camera.get_image import OPERATION as GET_IMAGE
    from .camera.get_image_v2 import OPERATION as GET_IMAGE_V2
    from .device.get_device_info import OPERATION as GET_DEVICE_INFO
    from .device.get_device_info_v2 import OPERATION as GET_DEVICE_INFO_V2
    from .device.reboot import OPERATION as REBOOT
    from .device.reset_device import OPERATION as RESET_DEVICE
    from .device.set_sync_master import OPERATION as SET_SYNC_MASTER
    from .device.set_time import OPERATION as SET_TIME
    from .items.add_item_template import OPERATION as ADD_ITEM_TEMPLATE
    from .items.clear_all_template import OPERATION as CLEAR_ALL_TEMPLATE
    from .items.commit_registered_item import OPERATION as COMMIT_REGISTERED_ITEM
    from .items.delete_item import OPERATION as DELETE_ITEM
    from .items.delete_item_template import OPERATION as DELETE_ITEM_TEMPLATE
    from .items.delete_registered_image import OPERATION as DELETE_REGISTERED_IMAGE
    from .items.delete_registered_item import OPERATION as DELETE_REGISTERED_ITEM
    from .items.get_item_list import OPERATION as GET_ITEM_LIST
    from .items.get_item_list_v2 import OPERATION as GET_ITEM_LIST_V2
    from .items.get_item_template_list import OPERATION as GET_ITEM_TEMPLATE_LIST
    from .items.get_registered_item_list import OPERATION as GET_REGISTERED_ITEM_LIST
    from .items.register_item import OPERATION as REGISTER_ITEM
    from .learning.get_learnmode import OPERATION as GET_LEARNMODE
    from .learning.set_learnmode import OPERATION as SET_LEARNMODE
    from .recognition.get_result import OPERATION as GET_RESULT
    from .recognition.get_result_v2 import OPERATION as GET_RESULT_V2
    from .recognition.result_feedback import OPERATION as RESULT_FEEDBACK
    from .recognition.set_predict_speed import OPERATION as SET_PREDICT_SPEED

    OPERATIONS: Mapping[str, Operation[Any]]
    """All operations by their Python names, including deprecated ones, in their form of V1 if V1 has them.

    Its first use imports all modules."""

_MODULES = {
    "GET_DEVICE_INFO_V2": ".device.get_device_info_v2",
    "GET_DEVICE_INFO": ".device.get_device_info",
    "RESET_DEVICE": ".device.reset_device",
    "REBOOT": ".device.reboot",
    "SET_CALIB": ".calibration.set_calib",
    "GET_CALIB": ".calibration.get_calib",
    "GET_LEARNMODE": ".learning.get_learnmode",
    "SET_LEARNMODE": ".learning.set_learnmode",
    "GET_ITEM_LIST_V2": ".items.get_item_list_v2",
    "GET_ITEM_LIST": ".items.get_item_list",
    "REGISTER_ITEM": ".items.register_item",
    "DELETE_REGISTERED_IMAGE": ".items.delete_registered_image",
    "DELETE_REGISTERED_ITEM": ".items.delete_registered_item",
    "COMMIT_REGISTERED_ITEM": ".items.commit_registered_item",
    "GET_REGISTERED_ITEM_LIST": ".items.get_registered_item_list",
    "START_BACKUP": ".backup.start_backup",
    "GET_BACKUP_STATUS": ".backup.get_backup_status",
    "DOWNLOAD_BACKUP": ".backup.download_backup",
    "START_RESTORE": ".backup.start_restore",
    "START_RESTORE_ALIAS": ".backup.start_restore_alias",
    "GET_RESTORE_STATUS": ".backup.get_restore_status",
    "GET_RESULT_V2": ".recognition.get_result_v2",
    "GET_RESULT": ".recognition.get_result",
    "RESULT_FEEDBACK": ".recognition.result_feedback",
    "GET_IMAGE_V2": ".camera.get_image_v2",
    "GET_IMAGE": ".camera.get_image",
    "SET_TIME": ".device.set_time",
    "SET_PREDICT_SPEED": ".recognition.set_predict_speed",
    "SET_SYNC_MASTER": ".device.set_sync_master",
    "DELETE_ITEM": ".items.delete_item",
    "ADD_ITEM_TEMPLATE": ".items.add_item_template",
    "GET_ITEM_TEMPLATE_LIST": ".items.get_item_template_list",
    "DELETE_ITEM_TEMPLATE": ".items.delete_item_template",
    "CLEAR_ALL_TEMPLATE": ".items.clear_all_template",
}

FORMS_IN_V2: Mapping[str, str] = {
    "get_device_info": "GET_DEVICE_INFO_V2",
    "get_item_list": "GET_ITEM_LIST_V2",
    "get_result": "GET_RESULT_V2",
    "get_image": "GET_IMAGE_V2",
}
"""The constants of operations that V2 has in another form, by the names of the operations."""

T = TypeVar("T")

__all__ = (
    "FORMS_IN_V2",
    "OPERATIONS",
    "find_form",
    "GET_DEVICE_INFO_V2",
    "GET_DEVICE_INFO",
    "RESET_DEVICE",
    "REBOOT",
    "SET_CALIB",
    "GET_CALIB",
    "GET_LEARNMODE",
    "SET_LEARNMODE",
    "GET_ITEM_LIST_V2",
    "GET_ITEM_LIST",
    "REGISTER_ITEM",
    "DELETE_REGISTERED_IMAGE",
    "DELETE_REGISTERED_ITEM",
    "COMMIT_REGISTERED_ITEM",
    "GET_REGISTERED_ITEM_LIST",
    "START_BACKUP",
    "GET_BACKUP_STATUS",
    "DOWNLOAD_BACKUP",
    "START_RESTORE",
    "START_RESTORE_ALIAS",
    "GET_RESTORE_STATUS",
    "GET_RESULT_V2",
    "GET_RESULT",
    "RESULT_FEEDBACK",
    "GET_IMAGE_V2",
    "GET_IMAGE",
    "SET_TIME",
    "SET_PREDICT_SPEED",
    "SET_SYNC_MASTER",
    "DELETE_ITEM",
    "ADD_ITEM_TEMPLATE",
    "GET_ITEM_TEMPLATE_LIST",
    "DELETE_ITEM_TEMPLATE",
    "CLEAR_ALL_TEMPLATE",
)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        value = import_module(_MODULES[name], __name__).OPERATION
    elif name == "OPERATIONS":
        own = [module for constant, module in _MODULES.items() if constant not in FORMS_IN_V2.values()]
        modules = (import_module(module, __name__) for module in own)
        value = {module.OPERATION.name: module.OPERATION for module in modules}
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def find_form(operation: "Operation[T]", version: "Version") -> "Operation[T] | None":
    """Return an operation as a version of the API has it; None for one that the version does not have."""
    if version in operation.versions:
        return operation
    constant = FORMS_IN_V2.get(operation.name)
    return None if constant is None or version != "v2" else __getattr__(constant)
