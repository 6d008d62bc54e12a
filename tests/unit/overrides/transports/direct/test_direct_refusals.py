"""A response that is refused for safety says what is wrong with it; a connection that broke is something else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from shared_socket_server import ok, respond, serve

from vision_ai import AnswerLostError

BODY = b'{"code":0,"data":{"mode":1}}'
OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
CHUNKS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)

REFUSED: dict[str, tuple[bytes, str]] = {
    "different lengths": (
        OK + LENGTH + b"Content-Length: 5\r\n\r\n" + BODY,
        "different Content-Length headers: 28 and 5",
    ),
    "different lengths in one header": (OK + b"Content-Length: 28, 7\r\n\r\n" + BODY, "28 and 7"),
    "length and chunks": (
        OK + LENGTH + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        "Transfer-Encoding can't be present with Content-Length",
    ),
    "a length that is no number": (
        OK + b"Content-Length: many\r\n\r\n" + BODY,
        "Content-Length is no number: 'many'",
    ),
    "a negative length": (OK + b"Content-Length: -1\r\n\r\n" + BODY, "Content-Length is no number: '-1'"),
    "another transfer coding": (OK + b"Transfer-Encoding: gzip\r\n\r\n" + BODY, "transfer coding .*'gzip'"),
    "a second transfer coding": (
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKS,
        "transfer coding .*'gzip, chunked'",
    ),
    "a chunk size that is none": (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + BODY, "chunk size"),
    "NUL in a header": (OK + b"X: a\0b\r\n" + LENGTH + b"\r\n" + BODY, "header"),
    "another protocol": (b"SSH-2.0-OpenSSH_9.0\r\n", "begins with b'SSH"),
    "another version": (b"HTTP/2.0 200 OK\r\n" + LENGTH + b"\r\n" + BODY, "HTTP/2.0"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_response_names_what_is_wrong(connect: Callable[..., Any], name: str) -> None:
    response, reason = REFUSED[name]
    with (
        serve(respond(response, end="close")) as server,
        pytest.raises(AnswerLostError, match=reason) as caught,
    ):
        connect(server.url, retries=0).get_learnmode()
    assert "is not valid HTTP" in str(caught.value)
    assert "broke" not in str(caught.value)


@pytest.mark.parametrize(
    "response", [b"", OK[:9], OK + LENGTH + b"\r\n" + BODY[:5]], ids=["nothing", "half a head", "half a body"]
)
def test_a_connection_that_broke_is_called_so(connect: Callable[..., Any], response: bytes) -> None:
    broke = "the connection broke before the response was complete"
    with serve(respond(response, end="close")) as server, pytest.raises(AnswerLostError, match=broke):
        connect(server.url, retries=0).get_learnmode()


@pytest.mark.parametrize(
    "head", [OK.replace(b"\r\n", b"\n") + LENGTH, OK + b"X: a\r\n b\r\n" + LENGTH, OK + LENGTH + LENGTH]
)
def test_a_head_that_is_not_quite_http_is_the_last_on_its_connection(
    connect: Callable[..., Any], head: bytes
) -> None:
    """What follows it on the connection cannot be taken for the next response."""
    evil = ok(BODY.replace(b"1", b"0"))
    with serve(respond(head + b"\r\n" + BODY, evil)) as server:
        module = connect(server.url, retries=0)
        for _ in range(2):
            assert module.get_learnmode().mode == 1
        assert server.connections == 2
        module.close()
