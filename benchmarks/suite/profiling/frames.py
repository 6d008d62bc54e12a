"""Name the stack frames from a contender's public method to the call of socket.send."""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass
from types import FrameType
from typing import Any

from .action import Repeat

SEND_FUNCTIONS = {"send", "sendall", "sendmsg"}
CONTENDERS = "contenders."


@dataclass(frozen=True)
class Frame:
    function: str
    module: str
    line: int


def capture_frames(repeat: Repeat) -> list[Frame]:
    """Return the frames above the first send of a call on an open connection, the public method first."""
    captured: list[Frame] = []

    def record(frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call" and not captured and _is_send(function):
            captured.extend(_frames_of_library(frame))

    repeat(1)
    sys.setprofile(record)
    try:
        repeat(1)
    finally:
        sys.setprofile(None)
    return captured


def _is_send(function: Any) -> bool:
    return function.__name__ in SEND_FUNCTIONS and isinstance(function.__self__, socket.socket)


def _frames_of_library(innermost: FrameType) -> list[Frame]:
    """Return the frames below the contender's own method."""
    frames: list[Frame] = []
    frame: FrameType | None = innermost
    while frame is not None and not frame.f_globals["__name__"].startswith(CONTENDERS):
        module = frame.f_globals["__name__"]
        frames.append(Frame(frame.f_code.co_qualname, module, frame.f_code.co_firstlineno))
        frame = frame.f_back
    return frames[::-1]


def render_frames(title: str, frames: list[Frame]) -> str:
    if not frames:
        return f"{title}: no frames between the contender and socket.send in its thread"
    heading = f"{title}: {len(frames)} frames from {frames[0].function} to socket.send"
    width = max(len(frame.function) for frame in frames)
    lines = [
        f"{number:4}  {frame.function:{width}}  {frame.module}:{frame.line}"
        for number, frame in enumerate(frames, 1)
    ]
    return "\n".join([heading, *lines])
