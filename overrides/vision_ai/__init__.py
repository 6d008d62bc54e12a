"""The SDK for the VISION-AI module: produce recognition over the pan of a retail weighing scale.

    from vision_ai import VisionAI

    with VisionAI() as module:
        result = module.get_result()

`VisionAI("emulator:")` needs no module.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vision_ai_generated import models as _models
from vision_ai_generated.error_codes import ERROR_CODES, ErrorEntry

from ._pipeline.hooks import Call
from ._version import __version__
from .client import VisionAI
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
    UnsupportedOperationError,
    UpdateError,
    VisionAIError,
)
from .image import Image
from .options import DEFAULT_URL, Retries
from .progress import Progress

if TYPE_CHECKING:
    from vision_ai_generated.models import (
        BackupState,
        BackupStatus,
        CalibrationArea,
        DeviceInfo,
        ErrorCode,
        Item,
        ItemTemplate,
        LearnMode,
        LearnModeState,
        PredictSpeed,
        RecognitionResult,
        RecognizedItem,
        RegisteredImage,
        RegisteredItem,
        RestoreState,
        RestoreStatus,
        SyncMode,
    )

    from ._journal.settings import Journal, JournalPictures
    from ._workflows.watch import AsyncWatch, Watch
    from .async_client import AsyncVisionAI
    from .catalog import Catalog, Product
    from .events import ConnectionLost, ConnectionRestored, Event, PanEmpty, Recognized
    from .profile import Profile

__all__ = [
    "DEFAULT_URL",
    "ERROR_CODES",
    "ActivationError",
    "AnswerLostError",
    "AnswerTimeoutError",
    "AsyncVisionAI",
    "AsyncWatch",
    "BackupState",
    "BackupStatus",
    "CalibrationArea",
    "Call",
    "CameraError",
    "Catalog",
    "CommandError",
    "CompatibilityError",
    "ConnectionLost",
    "ConnectionRestored",
    "DeviceError",
    "DeviceInfo",
    "EngineError",
    "ErrorCode",
    "ErrorEntry",
    "Event",
    "FileError",
    "Image",
    "InternalError",
    "InvalidAnswerError",
    "InvalidInputError",
    "Item",
    "ItemTemplate",
    "Journal",
    "JournalPictures",
    "LearnMode",
    "LearnModeState",
    "NetworkError",
    "PanEmpty",
    "PredictSpeed",
    "Product",
    "Profile",
    "Progress",
    "RecognitionResult",
    "Recognized",
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
    "UnsupportedOperationError",
    "UpdateError",
    "VisionAI",
    "VisionAIError",
    "Watch",
    "__version__",
]


_LAZY = {
    "AsyncVisionAI": "async_client",
    "AsyncWatch": "_workflows.watch",
    "Catalog": "catalog",
    "ConnectionLost": "events",
    "ConnectionRestored": "events",
    "Event": "events",
    "Journal": "_journal.settings",
    "JournalPictures": "_journal.settings",
    "PanEmpty": "events",
    "Product": "catalog",
    "Profile": "profile",
    "Recognized": "events",
    "Watch": "_workflows.watch",
}


def __getattr__(name: str) -> Any:
    # Imported when used: slow boards notice each module.
    if name in _LAZY:
        value = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    elif name in __all__:
        value = getattr(_models, name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value
