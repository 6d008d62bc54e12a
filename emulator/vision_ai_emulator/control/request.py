"""A call of the control interface as its endpoint receives it, and the errors of the control interface."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from vision_ai_emulator.emulator import Emulator
from vision_ai_emulator.http.response import Response, make_response
from vision_ai_emulator.shared.json_values import Json
from vision_ai_emulator.shared.options import parse_json


class ControlError(Exception):
    """An error of a control call. The text says what to do."""

    def __init__(self, status: int, text: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers

    def to_response(self) -> Response:
        """Return the response with this error."""
        response = make_json_response({"error": str(self)}, self.status)
        for name, value in self.headers:
            response = response.with_header(name, value)
        return response


def make_json_response(value: Json, status: int = 200) -> Response:
    """Return JSON as a response that is not cached."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return make_response(body, "application/json", status=status).with_header("Cache-Control", "no-store")


@frozen
class ControlRequest:
    """One call of the control interface."""

    emulator: Emulator
    body: bytes
    query: Mapping[str, str] = field(factory=dict[str, str])
    name: str = ""
    """The value of NAME or ID in the path."""

    def parse_body(self) -> Json:
        """Return the JSON in the body; an empty body is `{}`."""
        try:
            value: Json = json.loads(self.body or b"{}")
        except (ValueError, RecursionError) as error:
            raise ControlError(400, f"the body is not JSON: {error}") from None
        return value

    def parse_options(self, types: Mapping[str, object], *required: str) -> dict[str, Any]:
        """Return the fields of the JSON object in the body, checked against their types."""
        value = self.parse_body()
        if not isinstance(value, Mapping):
            raise ControlError(400, "the body is not a JSON object: send {…}")
        for name in required:
            if name not in value:
                raise ControlError(400, f"the body lacks {name!r}: send {{{json.dumps(name)}: …}}")
        return parse_json(value, types, "this call")

    def parse_id(self) -> int:
        """Return the number in the path."""
        try:
            return int(self.name)
        except ValueError:
            raise ControlError(404, f"{self.name!r} is not a number") from None
