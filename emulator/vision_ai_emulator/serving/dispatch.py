"""Dispatches requests to the device's HTTP interface or to the control interface."""

from __future__ import annotations

from collections.abc import Mapping

from vision_ai_emulator.control.interface import ControlRequestHandler, is_control_target
from vision_ai_emulator.emulator import Emulator
from vision_ai_emulator.http.interface import RequestHandler


def begin_request(
    emulator: Emulator, method: str, target: str, headers: Mapping[str, str]
) -> RequestHandler | ControlRequestHandler:
    """Return the handler for a request to an emulator; the names of `headers` are in lower case."""
    if is_control_target(target):
        return ControlRequestHandler(emulator, method, target)
    return emulator.http.begin_request(method, target, headers)
