"""A VISION-AI module in software: the vendor's REST API before a camera and an engine that really learns.

>>> from vision_ai_emulator import Emulator
>>> emulator = Emulator()
>>> emulator.pan
'apple'

`Emulator.transport()` reaches it in this process through httpx, `Emulator.serve()` over a socket, and
`python -m vision_ai_emulator` runs one to point anything else at.
"""

from vision_ai_emulator.clock import Clock, ManualClock, RealClock
from vision_ai_emulator.dialect import Dialect
from vision_ai_emulator.emulator import EMPTY, Emulator
from vision_ai_emulator.faults import Fault
from vision_ai_emulator.settings import Settings

__all__ = ["EMPTY", "Clock", "Dialect", "Emulator", "Fault", "ManualClock", "RealClock", "Settings"]
