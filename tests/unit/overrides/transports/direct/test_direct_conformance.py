"""The direct transport reads the same responses as httpx's own, except for the differences listed here."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from attrs import frozen
from socket_server import ok, respond, serve
from transport_caller import Caller, Outcome, Stream

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@frozen
class Case:
    name: str
    answer: tuple[bytes, ...]
    end: str = "close"
    method: str = "GET"
    differs: tuple[Any, Any] | None = None
    """The outcome of the direct transport and that of httpx's: a body or an error."""
    why: str = ""


def case(name: str, *answer: bytes, **more: Any) -> Case:
    return Case(name, answer, **more)


UNKNOWN = "http://nobody.invalid"
REFUSED = httpx.RemoteProtocolError
STRICT = "llhttp is strict where h11 is lenient"

CASES = [
    case("plain", ok(), end="keep"),
    case("empty body", ok(b""), end="keep"),
    case("headers keep their case and order", ok(more=b"X-B: 1\r\nx-a: 2\r\nX-B: 3\r\n"), end="keep"),
    case("spaces around values", ok(more=b"X-A:   1 2 \t\r\nX-B:\r\n")),
    case("bytes beyond ASCII in a value", ok(more=b"X-A: \xe4\xff\r\n")),
    case("no reason", b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi"),
    case("empty reason", b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nhi"),
    case("long reason", b"HTTP/1.1 404 Not Found At All\r\nContent-Length: 2\r\n\r\nhi"),
    case("odd status", b"HTTP/1.1 799 X\r\nContent-Length: 2\r\n\r\nhi"),
    case("byte by byte", *[bytes([each]) for each in ok()]),
    case("chunked", CHUNKED + b"2\r\nhi\r\n3\r\n ho\r\n0\r\n\r\n", end="keep"),
    case(
        "chunked, with extensions and trailers", CHUNKED + b"2;a=b\r\nhi\r\n0;c\r\nX-T: 1\r\n\r\n", end="keep"
    ),
    case("chunked, byte by byte", *[bytes([each]) for each in CHUNKED + b"2\r\nhi\r\n0\r\n\r\n"]),
    case("until close", OK + b"\r\nhi", b" there"),
    case("until close, empty", OK + b"\r\n"),
    case("HTTP/1.0", b"HTTP/1.0 200 OK\r\n\r\nhi"),
    case("HTTP/1.0 with a length", b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
    case("HTTP/1.0, chunked", b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"),
    case("connection: close", ok(more=b"Connection: close\r\n")),
    case("204", b"HTTP/1.1 204 No Content\r\n\r\n", end="keep"),
    case("204 with a length", b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", end="keep"),
    case("304 with a length", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", end="keep"),
    case("HEAD", OK + b"Content-Length: 500\r\n\r\n", end="keep", method="HEAD"),
    case("HEAD, chunked", CHUNKED, end="keep", method="HEAD"),
    case("HEAD without a length", OK + b"\r\n", end="keep", method="HEAD"),
    case("100 before", b"HTTP/1.1 100 Continue\r\n\r\n", ok(), end="keep"),
    case("100 and 103 before", b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 E\r\nLink: a\r\n\r\n" + ok(), end="keep"),
    case("more than it says", ok() + b"X"),
    case("a second answer", ok() + ok(b"evil")),
    case("nothing", b""),
    case("nothing, and a reset", b"", end="reset"),
    case("half a head", OK + b"Content-Le"),
    case("half a head, and a reset", OK + b"Content-Le", end="reset"),
    case("half a body", ok(b"12345")[:-2]),
    case("half a body, and a reset", ok(b"12345")[:-2], end="reset"),
    case("half a chunk", CHUNKED + b"5\r\nhi"),
    case("half a chunk, and a reset", CHUNKED + b"5\r\nhi", end="reset"),
    case("chunks without an end", CHUNKED + b"2\r\nhi\r\n"),
    case("until a reset", OK + b"\r\nhi", end="reset"),
    case("not HTTP", b"SSH-2.0-OpenSSH_9.0\r\n"),
    case("a page without a head", b"<html>hi</html>"),
    case("garbage before", b"xx" + ok()),
    case("an empty line before", b"\r\n" + ok()),
    case("ICY", b"ICY 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
    case("RTSP", b"RTSP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
    case("two lengths", OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi"),
    case("negative length", OK + b"Content-Length: -2\r\n\r\nhi"),
    case("signed length", OK + b"Content-Length: +2\r\n\r\nhi"),
    case("length in hex", OK + b"Content-Length: 0x2\r\n\r\nhi"),
    case("no length", OK + b"Content-Length:\r\n\r\nhi"),
    case("huge length", OK + b"Content-Length: 99999999999999999999999999\r\n\r\nhi"),
    case("great length", OK + b"Content-Length: 9999999999999999999\r\n\r\nhi"),
    case("chunk size that is none", CHUNKED + b"zz\r\nhi\r\n0\r\n\r\n"),
    case("negative chunk size", CHUNKED + b"-2\r\nhi\r\n0\r\n\r\n"),
    case("huge chunk size", CHUNKED + b"fffffffffffffffff\r\nhi\r\n0\r\n\r\n"),
    case("chunk without its end", CHUNKED + b"2\r\nhiXX0\r\n\r\n"),
    case("gzip as coding", OK + b"Transfer-Encoding: gzip\r\n\r\nhi"),
    case("gzip and chunked", OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"),
    case("chunked twice", CHUNKED[:-2] + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"),
    case("space before a colon", OK + b"Content-Length : 2\r\n\r\nhi"),
    case("header without a colon", OK + b"X\r\nContent-Length: 2\r\n\r\nhi"),
    case("header without a name", OK + b": x\r\nContent-Length: 2\r\n\r\nhi"),
    case("NUL in a value", ok(more=b"X: a\0b\r\n")),
    case("CR in a value", ok(more=b"X: a\rb\r\n")),
    case("space before the first header", OK + b" X: a\r\nContent-Length: 2\r\n\r\nhi"),
    case("a head without end", OK + b"X: " + b"x" * 200_000, end="hold"),
    case("status with four digits", b"HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nhi"),
    case("status below 100", b"HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\nhi"),
    case("upgrade", b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
    case("lower-case http", b"http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
    # The differences.
    case(
        "control characters in the reason",
        b"HTTP/1.1 200 O\x01K\r\nContent-Length: 2\r\n\r\nhi",
        differs=(REFUSED, b"hi"),
        why="h11 refuses some of them only",
    ),
    case(
        "chunked, in capitals",
        OK + b"TRANSFER-ENCODING: Chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        differs=(b"hi", b"hi"),
        why="h11 gives the header's value in lower case",
    ),
    case(
        "the same length twice",
        OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
        differs=(REFUSED, b"hi"),
        why=STRICT,
    ),
    case(
        "a list of one length", OK + b"Content-Length: 2, 2\r\n\r\nhi", differs=(REFUSED, b"hi"), why=STRICT
    ),
    case(
        "length and chunked",
        OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        differs=(REFUSED, b"hi"),
        why=STRICT + ": two lengths are an attack, or a fault",
    ),
    case("folded header", ok(more=b"X: a\r\n b\r\n"), differs=(REFUSED, b"hi"), why=STRICT),
    case("bare line feeds", ok().replace(b"\r\n", b"\n"), differs=(REFUSED, b"hi"), why=STRICT),
    case("a bare line feed", ok(more=b"X: a\n"), differs=(REFUSED, b"hi"), why=STRICT),
    case("bare line feeds in chunks", CHUNKED + b"2\nhi\n0\n\n"),
    case(
        "space after a chunk's size", CHUNKED + b"2 \r\nhi\r\n0\r\n\r\n", differs=(REFUSED, b"hi"), why=STRICT
    ),
    case(
        "HTTP/2.0",
        b"HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        differs=(REFUSED, b"hi"),
        why="there is no such thing with a textual head",
    ),
    case(
        "too many headers",
        ok(more=b"X: a\r\n" * 300),
        differs=(REFUSED, b"hi"),
        why="limit on the number of headers",
    ),
    case(
        "a head of 70 KiB",
        ok(more=b"X: " + b"x" * 70_000 + b"\r\n"),
        differs=(REFUSED, b"hi"),
        why="limit of 64 KiB, where h11's is 100",
    ),
    case(
        "an informational answer with a length",
        b"HTTP/1.1 100 C\r\nContent-Length: 0\r\n\r\n" + ok(),
        differs=(REFUSED, b"hi"),
        why=STRICT + ": it has no body",
    ),
    case(
        "informational answers without end",
        b"HTTP/1.1 100 C\r\n\r\n" * 5000 + ok(),
        differs=(REFUSED, b"hi"),
        why="they count into the head",
    ),
]


def outcome(flavor: str, each: Case, *, stock: bool) -> Any:
    with (
        serve(respond(*each.answer, end=each.end)) as server,
        Caller(flavor, server.url, stock=stock) as caller,
    ):
        try:
            return caller.call(each.method)
        except httpx.HTTPError as error:
            return type(error)


def brief(what: Any) -> Any:
    return what.body if isinstance(what, Outcome) else what


@pytest.mark.parametrize("each", CASES, ids=[each.name for each in CASES])
def test_a_response_is_read_as_httpx_reads_it(flavor: str, each: Case) -> None:
    ours, theirs = outcome(flavor, each, stock=False), outcome(flavor, each, stock=True)
    if each.differs is None:
        assert ours == theirs
        if isinstance(ours, Outcome):
            assert ours.extensions["http_version"] == theirs.extensions["http_version"]
            assert ours.extensions["reason_phrase"] == theirs.extensions["reason_phrase"]
    else:
        assert (brief(ours), brief(theirs)) == each.differs


REQUESTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "with headers": {"headers": {"X-A": "1", "User-Agent": "x"}},
    "with a body": {"method": "POST", "content": b"12345"},
    "without a body": {"method": "POST"},
    "with a query": {"path": "/a%20b/c?d=e&f=%26"},
    "with another method": {"method": "DELETE"},
    "with a great body": {"method": "PUT", "content": b"x" * 300_000},
    "with a stream of known length": {
        "method": "POST",
        "headers": {"Content-Length": "6"},
        "stream": Stream(lambda: iter([b"123", b"", b"456"])),
    },
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_sent_as_httpx_sends_it(flavor: str, name: str) -> None:
    sent: list[bytes] = []
    for stock in (False, True):
        with serve(respond(ok())) as server, Caller(flavor, server.url, stock=stock) as caller:
            caller.call(**REQUESTS[name])
            port = server.url.rpartition(":")[2].encode()
            sent += [each.replace(port, b"PORT") for each in server.requests]
    assert sent[0] == sent[1]


BAD_REQUESTS: dict[str, dict[str, Any]] = {
    "a line break in a value": {"headers": {"X-A": "1\r\nX-B: 2"}},
    "a line feed in a value": {"headers": {"X-A": "1\nX-B: 2"}},
    "a NUL in a value": {"headers": {"X-A": "1\0"}},
    "a name with a space": {"headers": {"X A": "1"}},
    "no name": {"headers": {"": "1"}},
    "an unknown coding": {"headers": {"Transfer-Encoding": "gzip"}},
    "a length that is none": {"headers": {"Content-Length": "x"}, "stream": Stream(lambda: iter([b"12"]))},
}


@pytest.mark.parametrize("name", BAD_REQUESTS)
def test_an_invalid_request_is_rejected_as_httpx_rejects_it(flavor: str, name: str) -> None:
    for stock in (False, True):
        with serve(respond(ok())) as server, Caller(flavor, server.url, stock=stock) as caller:
            with pytest.raises(httpx.LocalProtocolError):
                caller.call("POST", **BAD_REQUESTS[name])
            assert not server.requests


@pytest.mark.parametrize("length", ["5", "7"])
def test_a_body_of_another_length_is_a_protocol_error(flavor: str, length: str) -> None:
    """Not compared with httpx, whose transport raises an exception of h11 here."""
    stream = Stream(lambda: iter([b"123", b"456"]))
    with serve(respond(ok())) as server, Caller(flavor, server.url) as caller:
        with pytest.raises(httpx.LocalProtocolError):
            caller.call("POST", headers={"Content-Length": length}, stream=stream)
        assert not server.requests
        assert caller.call().body == b"hi"


def test_a_chunked_body_is_received_complete(flavor: str) -> None:
    bodies: list[bytes] = []

    def handler(peer: Any) -> None:
        data = peer.read_head()
        while not data.endswith(b"0\r\n\r\n"):
            data += peer.connection.recv(65536)
        bodies.append(data.partition(b"\r\n\r\n")[2])
        peer.send(ok())

    with serve(handler) as server, Caller(flavor, server.url) as caller:
        stream = Stream(lambda: iter([b"12", b"", b"x" * 16]))
        caller.call("POST", headers={"Transfer-Encoding": "chunked"}, stream=stream)
    assert bodies == [b"2\r\n12\r\n10\r\n" + b"x" * 16 + b"\r\n0\r\n\r\n"]


def test_a_closed_port_raises_the_same_error_as_httpx(flavor: str) -> None:
    with serve(respond()) as server:
        url = server.url
    for stock in (False, True):
        with Caller(flavor, url, stock=stock) as caller, pytest.raises(httpx.ConnectError):
            caller.call()


def test_an_unknown_host_raises_the_same_error_as_httpx(flavor: str) -> None:
    for stock in (False, True):
        with Caller(flavor, UNKNOWN, stock=stock) as caller, pytest.raises(httpx.ConnectError):
            caller.call()


def test_a_missing_response_raises_the_same_error_as_httpx(flavor: str) -> None:
    with serve(respond(b"", end="hold")) as server:
        for stock in (False, True):
            with Caller(flavor, server.url, stock=stock) as caller, pytest.raises(httpx.ReadTimeout):
                caller.call(read=0.05)
