"""HTTP answers in the vendor's formats."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from vision_ai_emulator import jsoncpp
from vision_ai_emulator.jsoncpp import Json

_PIECE = 1 << 16


@frozen
class Answer:
    """An HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    streamed: bool = False
    """Whether the body is a file that should go out in pieces."""

    def pieces(self) -> Iterator[bytes]:
        """The body in pieces of 64 KiB, without a second copy of the whole."""
        view = memoryview(self.body)
        for start in range(0, len(view), _PIECE):
            yield bytes(view[start : start + _PIECE])


def plain(body: bytes, content_type: str, *, streamed: bool = False) -> Answer:
    """Bytes as they are. The vendor documents no HTTP status but 200."""
    headers = (("Content-Type", content_type), ("Content-Length", str(len(body))))
    return Answer(200, headers, body, streamed)


def json(value: Json) -> Answer:
    """A value without the envelope."""
    return plain(jsoncpp.write(value), "application/json")


def envelope(data: Json = None, code: int = 0) -> Answer:
    """The answer of most calls: `{"code":0,"data":…}`, or `{"code":-6213,"data":null}` for a refusal."""
    return json({"code": code, "data": data})
