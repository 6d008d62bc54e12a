"""An emulated VISION-AI module: the vendor's REST API with a camera and a recognition engine that learns.

>>> from vision_ai_emulator import Emulator
>>> emulator = Emulator()
>>> emulator.pan
'apple'

`EmulatorTransport(emulator)` connects an httpx client to it within this process, `serve(emulator)` serves it
over a socket, and `python -m vision_ai_emulator` serves one to any other program.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vision_ai_emulator.device.clock import Clock, ManualClock, RealClock
    from vision_ai_emulator.device.settings import Settings
    from vision_ai_emulator.emulator import EMPTY, Emulator
    from vision_ai_emulator.faults.fault import Fault
    from vision_ai_emulator.http.dialect import Dialect
    from vision_ai_emulator.serving.server import serve
    from vision_ai_emulator.serving.transport import EmulatorTransport

__all__ = [
    "EMPTY",
    "Clock",
    "Dialect",
    "Emulator",
    "EmulatorTransport",
    "Fault",
    "ManualClock",
    "RealClock",
    "Settings",
    "serve",
]

# Imported on first use: httpx and uvicorn take far longer to import than the rest of this package, and the command
# `python -m vision_ai_emulator` must be able to say what is not installed.
_LAZY_MODULES = {
    "EMPTY": "vision_ai_emulator.emulator",
    "Clock": "vision_ai_emulator.device.clock",
    "Dialect": "vision_ai_emulator.http.dialect",
    "Emulator": "vision_ai_emulator.emulator",
    "EmulatorTransport": "vision_ai_emulator.serving.transport",
    "Fault": "vision_ai_emulator.faults.fault",
    "ManualClock": "vision_ai_emulator.device.clock",
    "RealClock": "vision_ai_emulator.device.clock",
    "Settings": "vision_ai_emulator.device.settings",
    "serve": "vision_ai_emulator.serving.server",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY_MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_LAZY_MODULES[name]), name)
    globals()[name] = value
    return value
