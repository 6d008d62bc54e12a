"""The data models of requests and answers."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .backup_state import BackupState
    from .backup_status import BackupStatus
    from .calibration_area import CalibrationArea
    from .commit_registered_item_answer import CommitRegisteredItemAnswer
    from .commit_registered_item_request import CommitRegisteredItemRequest
    from .delete_registered_image_answer import DeleteRegisteredImageAnswer
    from .delete_registered_image_request import DeleteRegisteredImageRequest
    from .delete_registered_item_answer import DeleteRegisteredItemAnswer
    from .delete_registered_item_request import DeleteRegisteredItemRequest
    from .device_info import DeviceInfo
    from .error_answer import ErrorAnswer
    from .error_code import ErrorCode
    from .get_calib_answer import GetCalibAnswer
    from .get_device_info_answer import GetDeviceInfoAnswer
    from .get_item_list_answer import GetItemListAnswer
    from .get_learnmode_answer import GetLearnmodeAnswer
    from .get_registered_item_list_answer import GetRegisteredItemListAnswer
    from .get_result_answer import GetResultAnswer
    from .item import Item
    from .learn_mode import LearnMode
    from .learn_mode_state import LearnModeState
    from .no_data import NoData
    from .reboot_answer import RebootAnswer
    from .recognition_result import RecognitionResult
    from .recognized_item import RecognizedItem
    from .register_item_answer import RegisterItemAnswer
    from .register_item_request import RegisterItemRequest
    from .registered_image import RegisteredImage
    from .registered_item import RegisteredItem
    from .reset_device_answer import ResetDeviceAnswer
    from .restore_state import RestoreState
    from .restore_status import RestoreStatus
    from .restore_upload import RestoreUpload
    from .result_feedback_answer import ResultFeedbackAnswer
    from .result_feedback_request import ResultFeedbackRequest
    from .set_calib_answer import SetCalibAnswer
    from .set_calib_request import SetCalibRequest
    from .set_learnmode_answer import SetLearnmodeAnswer
    from .start_backup_answer import StartBackupAnswer
    from .start_restore_alias_answer import StartRestoreAliasAnswer
    from .start_restore_answer import StartRestoreAnswer
    from .sync_mode import SyncMode

_MODULES = {
    "BackupState": ".backup_state",
    "BackupStatus": ".backup_status",
    "CalibrationArea": ".calibration_area",
    "CommitRegisteredItemAnswer": ".commit_registered_item_answer",
    "CommitRegisteredItemRequest": ".commit_registered_item_request",
    "DeleteRegisteredImageAnswer": ".delete_registered_image_answer",
    "DeleteRegisteredImageRequest": ".delete_registered_image_request",
    "DeleteRegisteredItemAnswer": ".delete_registered_item_answer",
    "DeleteRegisteredItemRequest": ".delete_registered_item_request",
    "DeviceInfo": ".device_info",
    "ErrorAnswer": ".error_answer",
    "ErrorCode": ".error_code",
    "GetCalibAnswer": ".get_calib_answer",
    "GetDeviceInfoAnswer": ".get_device_info_answer",
    "GetItemListAnswer": ".get_item_list_answer",
    "GetLearnmodeAnswer": ".get_learnmode_answer",
    "GetRegisteredItemListAnswer": ".get_registered_item_list_answer",
    "GetResultAnswer": ".get_result_answer",
    "Item": ".item",
    "LearnMode": ".learn_mode",
    "LearnModeState": ".learn_mode_state",
    "NoData": ".no_data",
    "RebootAnswer": ".reboot_answer",
    "RecognitionResult": ".recognition_result",
    "RecognizedItem": ".recognized_item",
    "RegisterItemAnswer": ".register_item_answer",
    "RegisterItemRequest": ".register_item_request",
    "RegisteredImage": ".registered_image",
    "RegisteredItem": ".registered_item",
    "ResetDeviceAnswer": ".reset_device_answer",
    "RestoreState": ".restore_state",
    "RestoreStatus": ".restore_status",
    "RestoreUpload": ".restore_upload",
    "ResultFeedbackAnswer": ".result_feedback_answer",
    "ResultFeedbackRequest": ".result_feedback_request",
    "SetCalibAnswer": ".set_calib_answer",
    "SetCalibRequest": ".set_calib_request",
    "SetLearnmodeAnswer": ".set_learnmode_answer",
    "StartBackupAnswer": ".start_backup_answer",
    "StartRestoreAliasAnswer": ".start_restore_alias_answer",
    "StartRestoreAnswer": ".start_restore_answer",
    "SyncMode": ".sync_mode",
}

__all__ = (
    "BackupState",
    "BackupStatus",
    "CalibrationArea",
    "CommitRegisteredItemAnswer",
    "CommitRegisteredItemRequest",
    "DeleteRegisteredImageAnswer",
    "DeleteRegisteredImageRequest",
    "DeleteRegisteredItemAnswer",
    "DeleteRegisteredItemRequest",
    "DeviceInfo",
    "ErrorAnswer",
    "ErrorCode",
    "GetCalibAnswer",
    "GetDeviceInfoAnswer",
    "GetItemListAnswer",
    "GetLearnmodeAnswer",
    "GetRegisteredItemListAnswer",
    "GetResultAnswer",
    "Item",
    "LearnMode",
    "LearnModeState",
    "NoData",
    "RebootAnswer",
    "RecognitionResult",
    "RecognizedItem",
    "RegisteredImage",
    "RegisteredItem",
    "RegisterItemAnswer",
    "RegisterItemRequest",
    "ResetDeviceAnswer",
    "RestoreState",
    "RestoreStatus",
    "RestoreUpload",
    "ResultFeedbackAnswer",
    "ResultFeedbackRequest",
    "SetCalibAnswer",
    "SetCalibRequest",
    "SetLearnmodeAnswer",
    "StartBackupAnswer",
    "StartRestoreAliasAnswer",
    "StartRestoreAnswer",
    "SyncMode",
)


def __getattr__(name: str) -> Any:
    # Loaded when asked for: most programs need a few of these, and slow boards notice each module.
    if name in _MODULES:
        from importlib import import_module

        model = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = model
        return model
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
