"""The operations of the contract. `api.GET_RESULT` is the operation in `recognition/get_result.py`.

A module is imported when its operation is first used, because imports are slow on the boards of scales.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..operation import Operation
    from .backup.download_backup import OPERATION as DOWNLOAD_BACKUP
    from .backup.get_backup_status import OPERATION as GET_BACKUP_STATUS
    from .backup.get_restore_status import OPERATION as GET_RESTORE_STATUS
    from .backup.start_backup import OPERATION as START_BACKUP
    from .backup.start_restore import OPERATION as START_RESTORE
    from .backup.start_restore_alias import OPERATION as START_RESTORE_ALIAS
    from .calibration.get_calib import OPERATION as GET_CALIB
    from .calibration.set_calib import OPERATION as SET_CALIB
    from .camera.get_image import OPERATION as GET_IMAGE
    from .device.get_device_info import OPERATION as GET_DEVICE_INFO
    from .device.reboot import OPERATION as REBOOT
    from .device.reset_device import OPERATION as RESET_DEVICE
    from .items.commit_registered_item import OPERATION as COMMIT_REGISTERED_ITEM
    from .items.delete_registered_image import OPERATION as DELETE_REGISTERED_IMAGE
    from .items.delete_registered_item import OPERATION as DELETE_REGISTERED_ITEM
    from .items.get_item_list import OPERATION as GET_ITEM_LIST
    from .items.get_registered_item_list import OPERATION as GET_REGISTERED_ITEM_LIST
    from .items.register_item import OPERATION as REGISTER_ITEM
    from .learning.get_learnmode import OPERATION as GET_LEARNMODE
    from .learning.set_learnmode import OPERATION as SET_LEARNMODE
    from .recognition.get_result import OPERATION as GET_RESULT
    from .recognition.result_feedback import OPERATION as RESULT_FEEDBACK

    OPERATIONS: Mapping[str, Operation[Any]]
    """All operations by their Python names, including deprecated ones. Its first use imports all modules."""

_MODULES = {
    "GET_DEVICE_INFO": ".device.get_device_info",
    "RESET_DEVICE": ".device.reset_device",
    "REBOOT": ".device.reboot",
    "SET_CALIB": ".calibration.set_calib",
    "GET_CALIB": ".calibration.get_calib",
    "GET_LEARNMODE": ".learning.get_learnmode",
    "SET_LEARNMODE": ".learning.set_learnmode",
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
    "GET_RESULT": ".recognition.get_result",
    "RESULT_FEEDBACK": ".recognition.result_feedback",
    "GET_IMAGE": ".camera.get_image",
}

__all__ = (
    "OPERATIONS",
    "GET_DEVICE_INFO",
    "RESET_DEVICE",
    "REBOOT",
    "SET_CALIB",
    "GET_CALIB",
    "GET_LEARNMODE",
    "SET_LEARNMODE",
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
    "GET_RESULT",
    "RESULT_FEEDBACK",
    "GET_IMAGE",
)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        value = import_module(_MODULES[name], __name__).OPERATION
    elif name == "OPERATIONS":
        modules = (import_module(module, __name__) for module in _MODULES.values())
        value = {module.OPERATION.name: module.OPERATION for module in modules}
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value
