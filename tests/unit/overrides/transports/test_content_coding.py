"""A response with a Content-Encoding is unpacked, whatever carries it, or refused by the coding's name."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from samples import CALIB, JPEG
from shared_socket_server import respond, serve

from vision_ai import AnswerLostError, AsyncVisionAI, InvalidAnswerError, VisionAI

JSON = json.dumps({"code": 0, "data": CALIB}).encode()
MIB = 1024 * 1024
RANDOM = os.urandom(100_000)
BOMB = gzip.compress(b" " * 16 * MIB, compresslevel=1)


def deflate_without_header(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def gzip_in_members(content: bytes) -> bytes:
    half = len(content) // 2
    return gzip.compress(content[:half]) + gzip.compress(content[half:])


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "gzip in capitals": ("GZIP", gzip.compress),
    "gzip in two members": ("gzip", gzip_in_members),
    "gzip with padding": ("gzip", lambda content: gzip.compress(content) + b"\0" * 100),
    "deflate": ("deflate", zlib.compress),
    "deflate without a header": ("deflate", deflate_without_header),
    "identity": ("identity", bytes),
    "identity and gzip": ("identity, gzip", gzip.compress),
    "empty": ("", bytes),
}


def packed(content: bytes, coding: str, *, chunked: bool = False) -> bytes:
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(content)
    if chunked:
        content = b"".join(b"1\r\n%c\r\n" % byte for byte in content[:50]) + b"%x\r\n%b\r\n0\r\n\r\n" % (
            len(content) - 50,
            content[50:],
        )
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\n%b\r\n\r\n%b" % (coding.encode(), framing, content)


@pytest.fixture(params=["direct", "httpx", "asynchronous", "asynchronous httpx"])
def call(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Call a method over one of the transports."""
    over_httpx = "httpx" in request.param

    def call_method(response: bytes, name: str, *arguments: Any) -> Any:
        with serve(respond(response, end="close")) as server:
            if "asynchronous" not in request.param:
                transport = httpx.HTTPTransport(verify=False) if over_httpx else None
                with VisionAI(server.url, transport=transport, retries=0) as module:
                    return getattr(module, name)(*arguments)

            async def main() -> Any:
                transport = httpx.AsyncHTTPTransport(verify=False) if over_httpx else None
                async with AsyncVisionAI(server.url, transport=transport, retries=0) as module:
                    return await getattr(module, name)(*arguments)

            return asyncio.run(main())

    yield call_method


@pytest.mark.parametrize("name", PACKERS)
def test_a_packed_response_is_unpacked(call: Callable[..., Any], name: str, tmp_path: Path) -> None:
    coding, pack = PACKERS[name]
    backup = RANDOM + b"\0" * 100_000
    assert call(packed(pack(JSON), coding), "get_calib").to_dict() == CALIB
    assert call(packed(pack(JPEG), coding), "get_image") == JPEG
    saved = call(packed(pack(backup), coding), "save_backup", "a.evo", tmp_path)
    assert saved.read_bytes() == backup


def test_a_packed_response_may_come_in_chunks(call: Callable[..., Any]) -> None:
    response = packed(gzip.compress(JSON), "gzip", chunked=True)
    assert call(response, "get_calib").to_dict() == CALIB


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "new"])
def test_another_coding_is_refused_by_its_name(call: Callable[..., Any], coding: str, tmp_path: Path) -> None:
    for name, arguments in (("get_calib", ()), ("get_image", ()), ("save_backup", ("a.evo", tmp_path))):
        with pytest.raises(InvalidAnswerError, match=f"Content-Encoding '{coding}'"):
            call(packed(JSON, coding), name, *arguments)
    assert not list(tmp_path.iterdir())


BROKEN: dict[str, tuple[str, bytes]] = {
    "not packed": ("gzip", JSON),
    "not deflated": ("deflate", JSON),
    "cut": ("gzip", gzip.compress(JSON)[:-9]),
    "cut in its header": ("gzip", gzip.compress(JSON)[:5]),
    "cut after a member": ("gzip", gzip.compress(JSON) + gzip.compress(b"x")[:-1]),
    "damaged": ("gzip", gzip.compress(JSON)[:-8] + b"12345678"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_packed_data_that_are_broken_are_refused(call: Callable[..., Any], name: str, tmp_path: Path) -> None:
    coding, content = BROKEN[name]
    for method, arguments in (("get_calib", ()), ("save_backup", ("a.evo", tmp_path))):
        with pytest.raises(InvalidAnswerError, match="Content-Encoding"):
            call(packed(content, coding), method, *arguments)
    assert not list(tmp_path.iterdir())


def test_packed_data_that_break_off_with_the_connection_are_a_lost_answer(call: Callable[..., Any]) -> None:
    with pytest.raises(AnswerLostError):
        call(packed(gzip.compress(JSON), "gzip")[:-5], "get_calib")


def test_the_limit_is_that_of_the_unpacked_bytes(call: Callable[..., Any]) -> None:
    response = packed(BOMB, "gzip")
    assert len(response) < MIB
    with pytest.raises(InvalidAnswerError, match="more than 1,048,576 bytes"):
        call(response, "get_calib")


def test_an_empty_response_is_not_packed(call: Callable[..., Any]) -> None:
    with pytest.raises(InvalidAnswerError, match="not JSON"):
        call(packed(b"", "gzip"), "get_calib")


def test_an_http_client_offers_the_codings_that_the_sdk_decodes() -> None:
    offered: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        offered.append(request.headers["accept-encoding"])
        return httpx.Response(200, content=JSON)

    for codings in ("gzip, deflate, br, zstd", "gzip", "identity"):
        client = httpx.Client(transport=httpx.MockTransport(answer), headers={"Accept-Encoding": codings})
        with client, VisionAI("http://127.0.0.1:9", http_client=client) as module:
            module.get_calib()
    assert offered == ["gzip, deflate", "gzip", "identity"]
