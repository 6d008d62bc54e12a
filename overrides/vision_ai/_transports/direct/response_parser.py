"""Bytes → response. llhttp parses; this module adds what a client needs besides.

llhttp is strict and stays so: it refuses two different lengths, a length beside a transfer coding, and lengths that
are not numbers. Added are responses that end with their connection, responses to HEAD, limits, and the refusal of
transfer codings and versions that the request did not ask for. A head that llhttp refuses is rewritten by
`head_repair`, which accepts what curl, http.client and httpx do, and parsed again.
"""

from __future__ import annotations

import re
from typing import Any

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, HttpResponseParser

END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
LONGEST_END = 4
MAX_HEAD = 64 * 1024
"""Bytes of a response's head, with all informational responses before it."""
MAX_HEADERS = 256
MAX_FRAMING = 64 * 1024
"""Bytes between two pieces of a body, or after the last one (trailers)."""
FRAMING = frozenset({b"content-length", b"transfer-encoding"})
FIRST_BYTE = ord("H")
"""Of a head: llhttp accepts RTSP/ and ICE/ for HTTP/, and skips empty lines."""


class ResponseParser:
    """Parses the responses of one connection, one after the other: `start` before each, `release` at the end."""

    __slots__ = (
        "_bodyless",
        "_dirty",
        "_framing",
        "_head_bytes",
        "_informational",
        "_needs_end",
        "_parser",
        "_raw",
        "_repairs",
        "buffered",
        "coding",
        "done",
        "fault",
        "has_head",
        "headers",
        "keep_alive",
        "length",
        "pieces",
        "reason",
        "received",
        "status",
        "surplus",
        "version",
    )

    def __init__(self) -> None:
        self._parser: Any = self._make_parser()
        self._dirty = False
        self.start(bodyless=False)

    def start(self, *, bodyless: bool) -> None:
        """Expect the next response; a bodyless one answers HEAD."""
        if self._dirty:
            self._parser = self._make_parser()
            self._dirty = False
        self._bodyless = bodyless
        self._informational = False
        self._head_bytes = 0
        self._raw = b""
        """What came of the head. With `_repairs`, what was not parsed yet."""
        self._repairs = ""
        """Why the head is rewritten; empty if it is not."""
        self._framing = 0
        self._needs_end = False
        self.status = 0
        self.version = ""
        self.reason = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.pieces: list[bytes] = []
        """Bytes of the body that have arrived and were not taken yet."""
        self.buffered = 0
        """Bytes in `pieces`."""
        self.received = 0
        """Bytes of the body so far."""
        self.length: int | None = None
        """Bytes of the body where the head tells."""
        self.coding = b""
        """The `Content-Encoding`."""
        self.has_head = False
        self.done = False
        self.keep_alive = False
        self.surplus = False
        """Bytes came after the response's end."""
        self.fault: str | None = None
        """Why this is not a valid response; None while it is."""

    def release(self) -> None:
        """Drop the parser, which refers back to this object."""
        self._parser = None

    def feed(self, data: memoryview) -> None:
        """Parse what arrived next; an error is kept in `fault`."""
        if self.fault is not None or self._parser is None:
            return
        if self.done:
            self.surplus = True
            return
        if self.has_head:
            self._feed(data)
            return
        if self._head_bytes == 0 and data[0] != FIRST_BYTE:
            self.fault = f"the response is not HTTP: it begins with {bytes(data[:20])!r}"
            return
        allowed = MAX_HEAD - self._head_bytes
        self._head_bytes += len(data)
        if len(data) <= allowed:
            self._feed_head(data)
            return
        self._feed_head(data[:allowed])
        if self.has_head:
            self._feed(data[allowed:])
        elif self.fault is None:
            self.fault = f"the response's head has more than {MAX_HEAD} bytes"

    def end(self) -> None:
        """Note that the module closed the connection."""
        if self.done or self.fault is not None:
            return
        if self.has_head and self._needs_end:
            self.done = True
        elif self.has_head:
            self.fault = (
                f"the connection was closed within the response's body, after {self.received} bytes of it"
            )
        elif self._repairs:
            self.fault = self._repairs
        elif self._head_bytes:
            self.fault = "the connection was closed within the response's head"
        else:
            self.fault = "server disconnected without sending a response"

    @property
    def left(self) -> int:
        """Bytes of a body of known length that are still to come."""
        return (self.length or 0) - self.received

    def take_body(self) -> bytes:
        """Return the bytes of the body that have arrived."""
        pieces = self.pieces
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self.buffered = 0
        return body

    def bypass(self) -> None:
        """Let `count` replace the parser: the rest of a body of known length is nothing but bytes."""
        self._parser = HttpResponseParser(self)

    def count(self, size: int) -> None:
        """Count bytes of the body that were received without the parser."""
        self.received += size
        self.done = self.received == self.length

    def _make_parser(self) -> Any:
        parser = HttpResponseParser(self)
        parser.set_dangerous_leniencies(lenient_spaces_after_chunk_size=True)
        return parser

    def _feed_head(self, data: memoryview) -> None:
        if not self._repairs:
            self._raw += data
            self._feed(data)
            if not self._repairs:
                return
            data = data[:0]
        searched = max(len(self._raw) - LONGEST_END, 0) if data else 0
        self._raw += data
        while self.fault is None and (end := END_OF_HEAD.search(self._raw, searched)):
            head, self._raw = self._raw[: end.start()], self._raw[end.end() :]
            searched = 0
            try:
                from .head_repair import repair_head  # seldom needed

                self._feed(memoryview(repair_head(head)))
            except ValueError as error:
                self.fault = str(error)
            if self.has_head:
                rest, self._raw = self._raw, b""
                if rest:
                    self.feed(memoryview(rest))
                return

    def _begin_repair(self, why: str) -> None:
        """Parse the head again from its beginning, when its end has come."""
        self._repairs = why
        self._dirty = True
        self._parser = self._make_parser()
        self._informational = False
        self.headers = []
        self.reason = b""

    def _feed(self, data: memoryview) -> None:
        received = self.received
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            interruption = error.__context__
            if isinstance(error, HttpParserCallbackError) and interruption is not None:
                raise interruption from None  # raised by a signal handler during a callback
            if self.done:
                self.surplus = True
            elif not (self.has_head or self._repairs or self.fault):
                self._begin_repair(f"the response is not HTTP/1.1: {error}")
            elif self.fault is None:
                self.fault = f"the response is not HTTP/1.1: {error}"
        if self.has_head and not self.done:
            self._framing = 0 if self.received != received else self._framing + len(data)
            if self._framing > MAX_FRAMING and self.fault is None:
                self.fault = f"more than {MAX_FRAMING} bytes without any of the response's body"

    # Called by llhttp.

    def on_message_begin(self) -> None:
        if self.done:
            self.surplus = True

    def on_status(self, reason: bytes) -> None:
        if not self.has_head:
            self.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.has_head:
            return  # a trailer, or surplus
        self.headers.append((name, value.rstrip(b" \t")))
        if len(self.headers) > MAX_HEADERS:
            self.fault = f"the response has more than {MAX_HEADERS} headers"

    def on_headers_complete(self) -> None:
        if self.has_head or self.fault is not None:
            return
        parser = self._parser
        self.status = status = parser.get_status_code()
        self.version = parser.get_http_version()
        if self.version not in ("1.1", "1.0"):
            self.fault = f"the response uses HTTP/{self.version}"
        elif b"\0" in self.reason:
            self.fault = f"the response's status line contains a NUL: {self.reason[:50]!r}"
        elif status < 200:
            self._on_informational(status)
        else:
            self._finish_head(parser)

    def _on_informational(self, status: int) -> None:
        if status < 100 or status == 101:
            self.fault = f"a response with status {status}, which the request did not ask for"
            return
        if any(name.lower() in FRAMING and value != b"0" for name, value in self.headers):
            self.fault = f"a response with status {status} that announces a body"
            return
        self._informational = True
        self.headers = []
        self.reason = b""

    def _finish_head(self, parser: HttpResponseParser) -> None:
        has_coding = False
        length: bytes | None = None
        for name, value in self.headers:
            size = len(name)
            if size == 14 and name.lower() == b"content-length":
                length = value
            elif size == 17 and name.lower() == b"transfer-encoding":
                if has_coding or value.lower() != b"chunked":
                    self.fault = (
                        f"the response has a transfer coding that the request did not ask for: {value[:50]!r}"
                    )
                    return
                has_coding = True
            elif size == 16 and name.lower() == b"content-encoding":
                self.coding += b"," + value
        # What is not quite HTTP is the last on its connection: none of it can be taken for the next response.
        self.keep_alive = (
            parser.should_keep_alive() and not (has_coding and self.version == "1.0") and not self._repairs
        )
        self._needs_end = length is None and not has_coding
        if length is not None and not has_coding:
            self.length = int(length)
        self.has_head = True
        if self._bodyless:
            self.done = True
            self._dirty = True  # until the parser has seen the end as well

    def on_body(self, data: bytes) -> None:
        if self.done:
            self.surplus = True
            return
        size = len(data)
        self.pieces.append(data)
        self.buffered += size
        self.received += size

    def on_message_complete(self) -> None:
        if self._informational:
            self._informational = False
        elif self.has_head and not self.surplus:
            self.done = True
            self._dirty = False
