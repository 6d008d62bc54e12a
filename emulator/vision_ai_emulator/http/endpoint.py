"""What all endpoints have in common, whatever the version of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from attrs import frozen

from vision_ai_emulator.device.device import Device
from vision_ai_emulator.http.dialect import Dialect
from vision_ai_emulator.http.fields import Fields
from vision_ai_emulator.http.response import OperationResult


@frozen
class Call:
    """The body of a call, and the dialect of the device."""

    body: bytes
    dialect: Dialect

    def parse_fields(self) -> Fields:
        """Parse the body."""
        return Fields(self.body, self.dialect.field_names)


Endpoint: TypeAlias = Callable[[Device, Call], OperationResult]
"""Reads the parameters of a call, calls the device, and returns the result."""
