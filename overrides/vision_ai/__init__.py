"""The SDK for the VISION-AI module: produce recognition over the pan of a retail weighing scale.

from vision_ai import VisionAI

with VisionAI() as module:
    result = module.get_result()
"""

from typing import TYPE_CHECKING, Any

from vision_ai_generated import models as _models
from vision_ai_generated.error_codes import ERROR_CODES, ErrorEntry

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

if TYPE_CHECKING:
    from vision_ai_generated.models import (
        BackupState,
        BackupStatus,
        CalibrationArea,
        DeviceInfo,
        ErrorCode,
        Item,
        LearnMode,
        LearnModeState,
        RecognitionResult,
        RecognizedItem,
        RegisteredImage,
        RegisteredItem,
        RestoreState,
        RestoreStatus,
        SyncMode,
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


def __getattr__(name: str) -> Any:
    # Models are loaded when they are asked for: slow boards notice each of them.
    if name in __all__:
        return getattr(_models, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
