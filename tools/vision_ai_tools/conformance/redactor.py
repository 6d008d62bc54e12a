"""Replaces secrets in a report, and formats requests and responses for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from vision_ai.recording import Redaction

from .body import is_jpeg, shorten, to_text
from .capture import Exchange
from .contract import Departure
from .observations import Observations
from .unknown_fields import UnknownField, get_path, redact_fields, redact_json_text, redact_shape

BODY_LENGTH = 400
"""Characters of a body in the report."""
LONG_TEXT = re.compile(r"([A-Za-z0-9+/=]{24})[A-Za-z0-9+/=]{100,}")
"""A picture in Base64. The report shows its start."""


class Redactor:
    """Replaces secrets, each by the same placeholder throughout a report."""

    def __init__(
        self, redact: bool, observations: Observations, unknown: Collection[UnknownField] = ()
    ) -> None:
        self._redaction = Redaction() if redact else None
        self._unknown: dict[str, set[str]] = {}
        """The names of fields that nobody knows, by path: their values may be secrets too."""
        for each in unknown:
            if redact and each.known == "no":
                names = each.where.replace("[*]", "").removeprefix("data.").split(".")
                self._unknown.setdefault(each.request.partition(" ")[2], set()).update(names)
        # This collects the secrets; from here on they are replaced wherever they occur.
        self.redact_value(observations.device_info)
        for each in observations.exchanges:
            self.redact_text(to_text(each.body[:BODY_LENGTH]))

    def redact_value(self, value: Any) -> Any:
        return self._redaction.redact_json(value) if self._redaction else value

    def redact_device_info(self, info: Mapping[str, Any] | None) -> Any:
        """Redact the device information, with what nobody knows of it."""
        unknown = {name for names in self._unknown.values() for name in names}
        return self.redact_value(
            info and {name: redact_shape(each) if name in unknown else each for name, each in info.items()}
        )

    def redact_departure(self, departure: Departure) -> str:
        """Redact what was found; of an unknown field, the whole value."""
        found = departure.found
        if self._redaction and departure.kind == "unknown_field":
            found = redact_json_text(found)
        return self.redact_text(found)

    def redact_text(self, text: str) -> str:
        return self._redaction.redact_text(text) if self._redaction else text

    def format_response(self, exchange: Exchange) -> str:
        if exchange.failure and not exchange.body:
            return exchange.failure
        if is_jpeg(exchange.body):
            return f"{exchange.body[:4]!r}… ({exchange.size} bytes of a JPEG)"
        if exchange.operation == "download_backup" and exchange.json is None:
            return f"({exchange.size} bytes of a file)"
        names = self._unknown.get(get_path(exchange), ())
        return self.format_body(exchange.body, names)

    def format_request(self, exchange: Exchange) -> str:
        sent = self.format_body(exchange.sent)
        return " ".join(part for part in (exchange.method, self.redact_text(exchange.target), sent) if part)

    def format_body(self, body: bytes, unknown: Collection[str] = ()) -> str:
        text = redact_fields(self.redact_text(to_text(body)), unknown)
        return shorten(LONG_TEXT.sub(r"\1…", text), BODY_LENGTH)
