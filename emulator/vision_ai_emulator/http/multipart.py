"""The upload of a backup: one file in a `multipart/form-data` body, read piece by piece as it comes.

The vendor names no part, and its own example sends one with no name at all (A4). Form parsers of web
frameworks refuse that, so this one stands on the parser beneath them and takes the file under any name.
"""

from __future__ import annotations

import tempfile
from typing import BinaryIO, cast

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from vision_ai_emulator.device.error_codes import PARAMETER_ERROR, WRITE_FAILED, DeviceError
from vision_ai_emulator.http.dialect import RestorePart

# Larger uploads go to a temporary file, which the system removes when it is closed.
_KEPT_IN_MEMORY = 1 << 20

# A4: None is a part without a name, which is what the vendor's curl sends.
_PART_NAMES: dict[RestorePart, bytes | None] = {"named_file": b"file", "unnamed": None, "empty_name": b""}


class Upload:
    """The one file of a multipart body. `close` it when done."""

    def __init__(self, content_type: str, limit: int, part: RestorePart = "any") -> None:
        """`content_type` is the request's header, `limit` the most bytes that the device can store.

        `part` says which name the file must come under (A4).
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
        self._spool = tempfile.SpooledTemporaryFile[bytes](max_size=_KEPT_IN_MEMORY)

    def feed(self, chunk: bytes) -> None:
        """Take the next piece of the body. What is wrong with it is told at the end, as a device would."""
        if self._parser is None or self._error is not None:
            return
        try:
            self._parser.write(chunk)
        except FormParserError:
            self._error = PARAMETER_ERROR

    def finish(self) -> BinaryIO:
        """The file, once the whole body has been fed.

        Raises `DeviceError`: -6213 where the body is no whole multipart with exactly one file, -6203 where
        the file is larger than the device can store.
        """
        if self._error is None and not (self._complete and self._files == 1):
            self._error = PARAMETER_ERROR
        if self._error is not None:
            raise DeviceError(self._error)
        self._spool.seek(0)
        return cast(BinaryIO, self._spool)

    def close(self) -> None:
        """Forget the file; harmless when done twice."""
        self._spool.close()

    def _make_parser(self, content_type: str) -> MultipartParser | None:
        # A header is Latin-1 by definition; what is not cannot match anything here.
        media_type, options = parse_options_header(content_type.encode("latin-1", "replace"))
        boundary = options.get(b"boundary", b"")
        if media_type != b"multipart/form-data" or not boundary:
            return None
        try:
            return MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begins,
                    "on_header_field": self._take_header_name,
                    "on_header_value": self._take_header_value,
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._headers_end,
                    "on_part_data": self._take_data,
                    "on_end": self._body_ends,
                },
            )
        except FormParserError:  # a boundary longer than any standard allows
            return None

    def _part_begins(self) -> None:
        self._disposition = b""

    def _take_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _take_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _header_ends(self) -> None:
        if bytes(self._header_name).lower() == b"content-disposition":
            self._disposition = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _headers_end(self) -> None:
        # A file is told from an ordinary field by its file name.
        kind, options = parse_options_header(self._disposition)
        self._in_file = (
            kind == b"form-data" and b"filename" in options and self._expects(options.get(b"name"))
        )
        self._files += self._in_file

    def _expects(self, name: bytes | None) -> bool:
        return self._part == "any" or name == _PART_NAMES[self._part]

    def _take_data(self, data: bytes, start: int, end: int) -> None:
        if not self._in_file or self._error is not None:
            return
        if self._spool.tell() + end - start > self._limit:
            self._error = WRITE_FAILED
            return
        self._spool.write(memoryview(data)[start:end])

    def _body_ends(self) -> None:
        self._complete = True
