"""One call of the control interface as its function sees it, and how such a function says no."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from vision_ai_emulator.http import response as answer
from vision_ai_emulator.http.response import Answer
from vision_ai_emulator.shared.jsoncpp import Json
from vision_ai_emulator.shared.options import from_json

if TYPE_CHECKING:
    from vision_ai_emulator.emulator import Emulator


class ControlError(Exception):
    """A control call that cannot be done. The text says what to do."""

    def __init__(self, status: int, words: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(words)
        self.status = status
        self.headers = headers

    def answer(self) -> Answer:
        """The answer that says what is wrong."""
        said = written({"error": str(self)}, self.status)
        for name, value in self.headers:
            said = said.with_header(name, value)
        return said


def written(value: Json, status: int = 200) -> Answer:
    """JSON as an answer that nobody keeps."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return answer.plain(body, "application/json", status=status).with_header("Cache-Control", "no-store")


@frozen(kw_only=True)
class Served:
    """Where an emulator is served, if it is; all of it for people to read."""

    url: str | None = None
    control_url: str | None = None
    """Where the control interface answers while the device is gone as well."""
    state_file: str | None = None
    """Where a state may be saved."""


@frozen
class Asked:
    """One control call."""

    emulator: Emulator
    served: Served
    body: bytes
    query: Mapping[str, str] = field(factory=dict[str, str])
    name: str = ""
    """What stands in the place of NAME or ID in the path."""

    def document(self) -> Json:
        """The JSON in the body; an empty body is `{}`."""
        try:
            value: Json = json.loads(self.body or b"{}")
        except (ValueError, RecursionError) as error:
            raise ControlError(400, f"the body is no JSON: {error}") from None
        return value

    def options(self, types: Mapping[str, object], *required: str) -> dict[str, Any]:
        """The fields of the JSON object in the body, which have those types."""
        value = self.document()
        if not isinstance(value, Mapping):
            raise ControlError(400, "the body is no JSON object: send {…}")
        for name in required:
            if name not in value:
                raise ControlError(400, f"the body lacks {name!r}: send {{{json.dumps(name)}: …}}")
        return from_json(value, types, "this call")

    def integer(self) -> int:
        """The number in the path."""
        try:
            return int(self.name)
        except ValueError:
            raise ControlError(404, f"{self.name!r} is no number") from None
