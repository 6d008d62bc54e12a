"""Replaces secrets in a report, and formats requests and responses for it."""

from __future__ import annotations

import re
from typing import Any

from vision_ai.recording import Redaction

from .body import is_jpeg, shorten, to_text
from .capture import Exchange
from .observations import Observations

BODY_LENGTH = 400
"""Characters of a body in the report."""
LONG_TEXT = re.compile(r"([A-Za-z0-9+/=]{24})[A-Za-z0-9+/=]{100,}")
"""A picture in Base64. The report shows its start."""


class Redactor:
    """Replaces secrets, each by the same placeholder throughout a report."""

    def __init__(self, redact: bool, observations: Observations) -> None:
        self._redaction = Redaction() if redact else None
        # This collects the secrets; from here on they are replaced wherever they occur.
        self.redact_value(observations.device_info)
        for each in observations.exchanges:
            self.redact_text(to_text(each.body[:BODY_LENGTH]))

    def redact_value(self, value: Any) -> Any:
        return self._redaction.redact_json(value) if self._redaction else value

    def redact_text(self, text: str) -> str:
        return self._redaction.redact_text(text) if self._redaction else text

    def format_response(self, exchange: Exchange) -> str:
        if exchange.failure and not exchange.body:
            return exchange.failure
        if is_jpeg(exchange.body):
            return f"{exchange.body[:4]!r}… ({exchange.size} bytes of a JPEG)"
        if exchange.operation == "download_backup" and exchange.json is None:
            return f"({exchange.size} bytes of a file)"
        return self.format_body(exchange.body)

    def format_request(self, exchange: Exchange) -> str:
        sent = self.format_body(exchange.sent)
        return " ".join(part for part in (exchange.method, self.redact_text(exchange.target), sent) if part)

    def format_body(self, body: bytes) -> str:
        return shorten(LONG_TEXT.sub(r"\1…", self.redact_text(to_text(body))), BODY_LENGTH)
