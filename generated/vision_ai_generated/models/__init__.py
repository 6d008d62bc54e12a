"""The data models of the contract. A model is imported when it is first used."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .backup_state import BackupState
    from .backup_status import BackupStatus
    from .calibration_area import CalibrationArea
    from .device_info import DeviceInfo
    from .error_code import ErrorCode
    from .item import Item
    from .item_template import ItemTemplate
    from .learn_mode import LearnMode
    from .learn_mode_state import LearnModeState
    from .predict_speed import PredictSpeed
    from .recognition_result import RecognitionResult
    from .recognized_item import RecognizedItem
    from .registered_image import RegisteredImage
    from .registered_item import RegisteredItem
    from .restore_state import RestoreState
    from .restore_status import RestoreStatus
    from .sync_mode import SyncMode

_MODULES = {
    "BackupState": ".backup_state",
    "BackupStatus": ".backup_status",
    "CalibrationArea": ".calibration_area",
    "DeviceInfo": ".device_info",
    "ErrorCode": ".error_code",
    "Item": ".item",
    "ItemTemplate": ".item_template",
    "LearnMode": ".learn_mode",
    "LearnModeState": ".learn_mode_state",
    "PredictSpeed": ".predict_speed",
    "RecognitionResult": ".recognition_result",
    "RecognizedItem": ".recognized_item",
    "RegisteredImage": ".registered_image",
    "RegisteredItem": ".registered_item",
    "RestoreState": ".restore_state",
    "RestoreStatus": ".restore_status",
    "SyncMode": ".sync_mode",
}

__all__ = (
    "BackupState",
    "BackupStatus",
    "CalibrationArea",
    "DeviceInfo",
    "ErrorCode",
    "Item",
    "ItemTemplate",
    "LearnMode",
    "LearnModeState",
    "PredictSpeed",
    "RecognitionResult",
    "RecognizedItem",
    "RegisteredImage",
    "RegisteredItem",
    "RestoreState",
    "RestoreStatus",
    "SyncMode",
)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        from importlib import import_module

        model = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = model
        return model
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
