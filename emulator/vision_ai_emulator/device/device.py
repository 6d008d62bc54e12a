"""The device as a state machine, without HTTP."""

from __future__ import annotations

from vision_ai_emulator.device.v1_operations import V1Operations
from vision_ai_emulator.device.v2_operations import V2Operations


class Device(V1Operations, V2Operations):
    """One module. Its `settings.api` decides which version's operations its HTTP interface offers."""
