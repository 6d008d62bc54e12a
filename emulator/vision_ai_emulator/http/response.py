"""HTTP answers in the vendor's formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from attrs import evolve, frozen

from vision_ai_emulator.shared import jsoncpp
from vision_ai_emulator.shared.jsoncpp import Json

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

    def with_header(self, name: str, value: str | None) -> Answer:
        """This answer with a header in the place of the one of that name; None leaves it out."""
        others = tuple(each for each in self.headers if each[0] != name)
        return evolve(self, headers=others if value is None else (*others, (name, value)))

    def with_body(self, body: bytes) -> Answer:
        """This answer with another body, whose length is announced."""
        return evolve(self.with_header("Content-Length", str(len(body))), body=body)


@frozen
class Value:
    """JSON that the device says, before it is written in a dialect."""

    json: Mapping[str, Json]
    envelope: bool = False
    trailing_commas: bool = False


Reply: TypeAlias = Answer | Value
"""What an operation says: JSON, or bytes that no dialect changes."""


def plain(body: bytes, content_type: str | None, *, status: int = 200, streamed: bool = False) -> Answer:
    """Bytes as they are. The vendor documents no HTTP status but 200."""
    headers = (("Content-Length", str(len(body))),)
    if content_type is not None:
        headers = (("Content-Type", content_type), *headers)
    return Answer(status, headers, body, streamed)


def html(status: int, words: str) -> Answer:
    """What web servers answer when they, and not the program behind them, have something to say."""
    title = f"{status} {words}".strip()
    body = f"<html>\n<head><title>{title}</title></head>\n<body><h1>{title}</h1></body>\n</html>\n"
    return plain(body.encode(), "text/html", status=status)


def bare(value: Mapping[str, Json]) -> Value:
    """A value without the envelope."""
    return Value(value)


def enveloped(data: Json = None, code: int = 0) -> Value:
    """What most calls say: `{"code":0,"data":…}`, or `{"code":-6213,"data":null}` for a refusal."""
    return Value({"code": code, "data": data}, envelope=True)


def json(value: Json) -> Answer:
    """JSON as bytes, without a dialect."""
    return plain(jsoncpp.write(value), "application/json")


def envelope(data: Json = None, code: int = 0) -> Answer:
    """The envelope as bytes, without a dialect."""
    return json(enveloped(data, code).json)
