"""The form of a restore in chunks, without a length: some generated clients send it, the SDK never does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from vision_ai.transports import Request, Url

SIZE = 64 * 1024


class ChunkedForm:
    """The body of a restore: a file as the form's only part."""

    def __init__(self, file: Path, part_name: str | None) -> None:
        boundary = os.urandom(16).hex()
        name = "" if part_name is None else f' name="{part_name}";'
        self._file = file
        self._head = (
            f'--{boundary}\r\nContent-Disposition: form-data;{name} filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode(errors="replace")
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.length = sum(len(piece) for piece in self.segments())
        """Bytes with the frames of the chunks: the SDK's own transport sends them as they are."""

    def chunks(self) -> Iterator[bytes]:
        """Return the form's bytes; a library adds the frames."""
        yield self._head
        with self._file.open("rb") as file:
            while piece := file.read(SIZE):
                yield piece
        yield self._tail

    def segments(self) -> Iterator[bytes]:
        """Return the bytes as they go over the wire."""
        for piece in self.chunks():
            yield b"%x\r\n%b\r\n" % (len(piece), piece)
        yield b"0\r\n\r\n"


def make_chunked_request(url: Url, form: ChunkedForm) -> Request:
    """Return the request of a restore in chunks."""
    headers = [(b"Content-Type", form.content_type.encode()), (b"Transfer-Encoding", b"chunked")]
    request = Request("POST", url, headers, form)
    lines = [b"POST %s HTTP/1.1" % url.target, b"Host: " + url.netloc]
    lines += [b"%s: %s" % header for header in headers]
    # The SDK's own transport would refuse a body without a length: the head is given to it as it is sent.
    request.head = b"\r\n".join([*lines, b"", b""])
    return request
