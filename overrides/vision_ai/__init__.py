"""The SDK for the VISION-AI module: produce recognition over the pan of a retail weighing scale.

from vision_ai import VisionAI

with VisionAI() as module:
    result = module.get_result()
"""

from vision_ai_generated.error_codes import ERROR_CODES, ErrorEntry
from vision_ai_generated.models.backup_state import BackupState
from vision_ai_generated.models.backup_status import BackupStatus
from vision_ai_generated.models.calibration_area import CalibrationArea
from vision_ai_generated.models.device_info import DeviceInfo
from vision_ai_generated.models.error_code import ErrorCode
from vision_ai_generated.models.item import Item
from vision_ai_generated.models.learn_mode import LearnMode
from vision_ai_generated.models.learn_mode_state import LearnModeState
from vision_ai_generated.models.recognition_result import RecognitionResult
from vision_ai_generated.models.recognized_item import RecognizedItem
from vision_ai_generated.models.registered_image import RegisteredImage
from vision_ai_generated.models.registered_item import RegisteredItem
from vision_ai_generated.models.restore_state import RestoreState
from vision_ai_generated.models.restore_status import RestoreStatus
from vision_ai_generated.models.sync_mode import SyncMode

from ._calls import Call
from ._client import AsyncVisionAI, VisionAI
from ._picture import Image
from ._profile import Profile
from ._progress import Progress
from ._settings import DEFAULT_URL, Retries
from ._version import __version__
from .errors import (
    ActivationError,
    AnswerLostError,
    AnswerTimeoutError,
    CameraError,
    CommandError,
    CompatibilityError,
    DeviceError,
    EngineError,
    FileError,
    InternalError,
    InvalidAnswerError,
    InvalidInputError,
    NetworkError,
    RecordingError,
    RequestError,
    TransferError,
    UnreachableError,
    UpdateError,
    VisionAIError,
)

__all__ = [
    "DEFAULT_URL",
    "ERROR_CODES",
    "ActivationError",
    "AnswerLostError",
    "AnswerTimeoutError",
    "AsyncVisionAI",
    "BackupState",
    "BackupStatus",
    "CalibrationArea",
    "Call",
    "CameraError",
    "CommandError",
    "CompatibilityError",
    "DeviceError",
    "DeviceInfo",
    "EngineError",
    "ErrorCode",
    "ErrorEntry",
    "FileError",
    "Image",
    "InternalError",
    "InvalidAnswerError",
    "InvalidInputError",
    "Item",
    "LearnMode",
    "LearnModeState",
    "NetworkError",
    "Profile",
    "Progress",
    "RecognitionResult",
    "RecognizedItem",
    "RecordingError",
    "RegisteredImage",
    "RegisteredItem",
    "RequestError",
    "RestoreState",
    "RestoreStatus",
    "Retries",
    "SyncMode",
    "TransferError",
    "UnreachableError",
    "UpdateError",
    "VisionAI",
    "VisionAIError",
    "__version__",
]
