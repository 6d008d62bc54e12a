"""HTTP responses in the vendor's formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from attrs import evolve, frozen

from vision_ai_emulator.shared.json_values import Json

_CHUNK_SIZE = 1 << 16


@frozen
class Response:
    """An HTTP response."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    streamed: bool = False
    """Whether the body is a file that is sent in chunks."""

    def iterate_chunks(self) -> Iterator[bytes]:
        """Iterate over the body in chunks of 64 KiB, without a second copy of the whole."""
        view = memoryview(self.body)
        for start in range(0, len(view), _CHUNK_SIZE):
            yield bytes(view[start : start + _CHUNK_SIZE])

    def with_header(self, name: str, value: str | None) -> Response:
        """Return this response with a header set; None removes the header."""
        others = tuple(each for each in self.headers if each[0] != name)
        return evolve(self, headers=others if value is None else (*others, (name, value)))

    def with_body(self, body: bytes) -> Response:
        """Return this response with another body and its Content-Length."""
        return evolve(self.with_header("Content-Length", str(len(body))), body=body)


@frozen
class JsonResult:
    """The JSON result of an operation, before a dialect encodes it."""

    json: Mapping[str, Json]
    envelope: bool = False
    trailing_commas: bool = False


OperationResult: TypeAlias = Response | JsonResult
"""The result of an operation: JSON, or bytes that no dialect changes."""


def make_response(
    body: bytes, content_type: str | None, *, status: int = 200, streamed: bool = False
) -> Response:
    """Return a response with a body. The vendor documents no HTTP status but 200."""
    headers = (("Content-Length", str(len(body))),)
    if content_type is not None:
        headers = (("Content-Type", content_type), *headers)
    return Response(status, headers, body, streamed)


def make_error_page(status: int, phrase: str) -> Response:
    """Return an HTML page such as a web server returns for an error of its own."""
    title = f"{status} {phrase}".strip()
    body = f"<html>\n<head><title>{title}</title></head>\n<body><h1>{title}</h1></body>\n</html>\n"
    return make_response(body.encode(), "text/html", status=status)


def wrap_in_envelope(data: Json = None, code: int = 0) -> JsonResult:
    """Return the envelope of most operations: `{"code":0,"data":…}`, or `{"code":-6213,"data":null}`."""
    return JsonResult({"code": code, "data": data}, envelope=True)
