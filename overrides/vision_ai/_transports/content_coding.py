"""Responses with a `Content-Encoding`, which some servers pack although the request did not ask for it.

The same for all transports. gzip and deflate are unpacked piece by piece: neither memory nor the limit of a read
depends on what a few packed bytes can become.
"""

from __future__ import annotations

import zlib

from .base import BodyTooLargeError, ContentCodingError, Response, read_chunks

PIECE = 64 * 1024
"""Packed bytes received at a time."""
WITH_HEADER = 32 + zlib.MAX_WBITS
"""zlib finds out itself whether it is gzip or zlib."""
WITHOUT_HEADER = -zlib.MAX_WBITS
"""What some servers send as deflate."""
CODINGS = ("gzip", "x-gzip", "deflate")
GZIP_START = b"\x1f\x8b"


def decode_content(response: Response, coding: str) -> Response:
    """Return a response whose body is read unpacked; `coding` is its `Content-Encoding`."""
    names = [name for part in coding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    return DecodedResponse(response, ", ".join(names)) if names else response


class DecodedResponse(Response):
    """A response that is unpacked while it is read. It has no length in advance."""

    def __init__(self, packed: Response, coding: str) -> None:
        self._packed = packed
        self._coding = coding
        self._received = 0
        self._buffer = memoryview(bytearray(PIECE))
        self._input: bytes | memoryview = b""
        """Packed bytes that were not unpacked yet."""
        self._started = False
        self._full = False
        """Whether more may come out without more input."""
        self._unpacker = zlib.decompressobj(WITH_HEADER)
        self.copy_head(packed)

    @property
    def coded_size(self) -> int | None:
        """See `Response.coded_size`."""
        return self._received

    async def read(self, limit: int) -> bytearray:
        """See `Response.read`."""
        try:
            return await read_chunks(self, limit)
        except (BodyTooLargeError, ContentCodingError):
            await self.close()
            raise

    async def read_into(self, view: memoryview) -> int:
        """See `Response.read_into`."""
        while view:
            if self._input or self._full:
                if unpacked := self._unpack(len(view)):
                    view[: len(unpacked)] = unpacked
                    return len(unpacked)
                continue
            count = await self._packed.read_into(self._buffer)
            if not count:
                if self._started and not self._unpacker.eof:
                    raise self._error("its packed data break off")
                return 0
            if self._coding not in CODINGS:
                raise self._error("this coding was not asked for and is not known")
            self._received += count
            self._input = self._buffer[:count]
        return 0

    def _unpack(self, size: int) -> bytes:
        """Return at most `size` bytes, b"" where more input is needed."""
        if self._unpacker.eof:
            data, self._input, self._full = bytes(self._input), b"", False
            if not data.startswith(GZIP_START):
                return b""  # padding
            self._input, self._unpacker = data, zlib.decompressobj(WITH_HEADER)
        try:
            unpacked = self._unpacker.decompress(self._input, size)
        except zlib.error as error:
            if self._started or self._coding != "deflate":
                raise self._error("its data are not packed so") from error
            self._unpacker = zlib.decompressobj(WITHOUT_HEADER)
            self._started = True
            return self._unpack(size)
        self._started = True
        self._full = len(unpacked) == size
        self._input = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail
        return unpacked

    def _error(self, reason: str) -> ContentCodingError:
        return ContentCodingError(
            f"the response has the Content-Encoding {self._coding!r}: {reason}", self.status
        )

    async def close(self) -> None:
        """See `Response.close`."""
        await self._packed.close()
