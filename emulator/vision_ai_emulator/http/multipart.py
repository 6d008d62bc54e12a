"""The upload of a backup: one file in a `multipart/form-data` body, parsed chunk by chunk.

The vendor names no part, and its example sends a part without a name (A4). The form parsers of web frameworks
reject such a part, so this module uses the lower-level parser and accepts the file under any name.
"""

from __future__ import annotations

import tempfile
from typing import BinaryIO, cast

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from vision_ai_emulator.device.error_codes import PARAMETER_ERROR, WRITE_FAILED, DeviceError
from vision_ai_emulator.http.dialect import RestorePart

# Larger uploads go to a temporary file, which is deleted when it is closed.
_MAX_IN_MEMORY = 1 << 20

# A4: None is a part without a name, as in the vendor's example.
_PART_NAMES: dict[RestorePart, bytes | None] = {"named_file": b"file", "unnamed": None, "empty_name": b""}


class Upload:
    """The file in a multipart body. Call `close` at the end."""

    def __init__(self, content_type: str, limit: int, part: RestorePart = "any") -> None:
        """`content_type` is the request's header, `limit` the largest number of bytes of the file.

        `part` is the required name of the part (A4).
        """
        self._limit = limit
        self._part: RestorePart = part
        self._error: int | None = None
        self._files = 0
        self._in_file = False
        self._complete = False
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._disposition = b""
        self._parser = self._make_parser(content_type)
        self._spool = tempfile.SpooledTemporaryFile[bytes](max_size=_MAX_IN_MEMORY)

    def feed(self, chunk: bytes) -> None:
        """Parse the next chunk of the body. `finish` reports any error, as a device does."""
        if self._parser is None or self._error is not None:
            return
        try:
            self._parser.write(chunk)
        except FormParserError:
            self._error = PARAMETER_ERROR

    def finish(self) -> BinaryIO:
        """Return the file after the last chunk.

        Raises `DeviceError`: -6213 if the body is not a complete multipart body with exactly one file, -6203
        if the file is larger than the limit.
        """
        if self._error is None and not (self._complete and self._files == 1):
            self._error = PARAMETER_ERROR
        if self._error is not None:
            raise DeviceError(self._error)
        self._spool.seek(0)
        return cast(BinaryIO, self._spool)

    def close(self) -> None:
        """Delete the file. Further calls have no effect."""
        self._spool.close()

    def _make_parser(self, content_type: str) -> MultipartParser | None:
        # HTTP headers are Latin-1; other characters cannot match anyway.
        media_type, options = parse_options_header(content_type.encode("latin-1", "replace"))
        boundary = options.get(b"boundary", b"")
        if media_type != b"multipart/form-data" or not boundary:
            return None
        try:
            return MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin_part,
                    "on_header_field": self._append_header_name,
                    "on_header_value": self._append_header_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._end_headers,
                    "on_part_data": self._write_data,
                    "on_end": self._end_body,
                },
            )
        except FormParserError:  # the boundary is too long
            return None

    def _begin_part(self) -> None:
        self._disposition = b""

    def _append_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _append_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _end_header(self) -> None:
        if bytes(self._header_name).lower() == b"content-disposition":
            self._disposition = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _end_headers(self) -> None:
        # A file name distinguishes a file from an ordinary field.
        kind, options = parse_options_header(self._disposition)
        self._in_file = (
            kind == b"form-data" and b"filename" in options and self._accepts_name(options.get(b"name"))
        )
        self._files += self._in_file

    def _accepts_name(self, name: bytes | None) -> bool:
        return self._part == "any" or name == _PART_NAMES[self._part]

    def _write_data(self, data: bytes, start: int, end: int) -> None:
        if not self._in_file or self._error is not None:
            return
        if self._spool.tell() + end - start > self._limit:
            self._error = WRITE_FAILED
            return
        self._spool.write(memoryview(data)[start:end])

    def _end_body(self) -> None:
        self._complete = True
