"""The direct transport beside httpx's own, on the same responses; where they differ, the table says so."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import frozen
from shared_socket_server import ok, respond, serve
from transport_caller import READERS, Caller, Outcome, Stream

from vision_ai._transports.direct.request_writer import encode_head
from vision_ai._transports.direct.response_parser import MAX_HEAD, ResponseParser
from vision_ai.transports import (
    BodyTooLargeError,
    ConnectError,
    Deadline,
    Headers,
    LocalProtocolError,
    ReadTimeout,
    RemoteProtocolError,
    Request,
    TransportError,
    UnsupportedProtocol,
    parse_url,
)

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
UNKNOWN_HOST = "http://nobody.invalid"


@frozen
class Case:
    name: str
    response: tuple[bytes, ...]
    end: str = "close"
    method: str = "GET"
    differs: tuple[Any, Any] | None = None
    """The outcomes of the direct transport and of httpx's: a body, or the error."""
    why: str = ""


def case(name: str, *response: bytes, **more: Any) -> Case:
    return Case(name, response, **more)


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
    case("more than its length", ok() + b"X"),
    case("a second response", ok() + ok(b"evil")),
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
    # What differs.
    case(
        "100 that announces a body",
        b"HTTP/1.1 100 C\r\nContent-Length: 2\r\n\r\n" + ok(),
        differs=(RemoteProtocolError, b"hi"),
        why="it has no body, so that its bytes and the next response's cannot be told apart",
    ),
    case(
        "chunked, in capitals",
        OK + b"TRANSFER-ENCODING: Chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        differs=(b"hi", b"hi"),
        why="h11 gives the header's value in lower case",
    ),
    case(
        "100 that announces an empty body", b"HTTP/1.1 100 C\r\nContent-Length: 0\r\n\r\n" + ok(), end="keep"
    ),
    case("the same length twice", OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi"),
    case("a list of one length", OK + b"Content-Length: 2, 2\r\n\r\nhi"),
    case("the same length after others", OK + b"Content-Length: 2\r\nX: a\r\nContent-Length: 2\r\n\r\nhi"),
    case(
        "length and chunked",
        OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        differs=(RemoteProtocolError, b"hi"),
        why="two lengths are an attack, or a fault",
    ),
    case("folded header", ok(more=b"X: a\r\n b\r\n\tc\r\n")),
    case("folded header, byte by byte", *[bytes([each]) for each in ok(more=b"X: a\r\n b\r\n")]),
    case("folded length", OK + b"Content-Length:\r\n 2\r\n\r\nhi"),
    case("bare line feeds", ok().replace(b"\r\n", b"\n")),
    case("bare line feeds, byte by byte", *[bytes([each]) for each in ok().replace(b"\r\n", b"\n")]),
    case("bare line feeds in the head of chunks", CHUNKED.replace(b"\r\n", b"\n") + b"2\r\nhi\r\n0\r\n\r\n"),
    case("a bare line feed", ok(more=b"X: a\n")),
    case("a bare line feed at the head's end", OK + b"Content-Length: 2\r\n\nhi"),
    case("bare line feeds without a reason", b"HTTP/1.1 200\nContent-Length: 2\n\nhi"),
    case("bare line feeds until close", b"HTTP/1.0 200 OK\n\nhi", b" there\n\n"),
    case("100 with bare line feeds before", b"HTTP/1.1 100 C\n\n", ok().replace(b"\r\n", b"\n")),
    case("100 and a folded header", b"HTTP/1.1 100 C\r\n\r\n", ok(more=b"X: a\r\n b\r\n")),
    case("a second response after a folded header", ok(more=b"X: a\r\n b\r\n") + ok(b"evil")),
    case("control characters in the reason", b"HTTP/1.1 200 O\x01\x1b\x7fK\r\nContent-Length: 2\r\n\r\nhi"),
    case("NUL in the reason", b"HTTP/1.1 200 O\0K\r\nContent-Length: 2\r\n\r\nhi"),
    case(
        "control characters in a value",
        ok(more=b"X: a\x01\x1b[0m\x7f\r\n"),
        differs=(b"hi", b"hi"),
        why="they are replaced",
    ),
    case("bare line feeds in chunks", CHUNKED + b"2\nhi\n0\n\n"),
    case("space after a chunk's size", CHUNKED + b"2 \r\nhi\r\n0  \r\n\r\n"),
    case(
        "HTTP/2.0",
        b"HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        differs=(RemoteProtocolError, b"hi"),
        why="there is no HTTP/2 with a textual head",
    ),
    case(
        "too many headers",
        ok(more=b"X: a\r\n" * 300),
        differs=(RemoteProtocolError, b"hi"),
        why="limit on the number of headers",
    ),
    case(
        "a head of 70 KiB",
        ok(more=b"X: " + b"x" * 70_000 + b"\r\n"),
        differs=(RemoteProtocolError, b"hi"),
        why="limit of 64 KiB, where h11's is 100",
    ),
    case(
        "informational responses without end",
        b"HTTP/1.1 100 C\r\n\r\n" * 5000 + ok(),
        differs=(RemoteProtocolError, b"hi"),
        why="they count into the head",
    ),
]


def outcome_of(flavor: str, case: Case, *, stock: bool = False, reader: str = "read") -> Any:
    with (
        serve(respond(*case.response, end=case.end)) as server,
        Caller(flavor, server.url, stock=stock) as caller,
    ):
        try:
            return caller.call(case.method, reader=reader)
        except TransportError as error:
            return type(error)


def body_or_error(outcome: Any) -> Any:
    return outcome.body if isinstance(outcome, Outcome) else outcome


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_a_response_has_the_same_outcome_as_with_httpx(flavor: str, case: Case) -> None:
    direct, whole = [outcome_of(flavor, case, reader=reader) for reader in reversed(READERS)]
    assert direct == whole
    stock = outcome_of(flavor, case, stock=True)
    if case.differs is None:
        assert direct == stock
    else:
        assert (body_or_error(direct), body_or_error(stock)) == case.differs


@pytest.mark.parametrize("surplus", [-1, 0, 1])
def test_a_head_has_64_kib_at_most_whatever_arrives_with_it(surplus: int) -> None:
    """The parser's limit is not that of what arrives at a time."""
    start, end = OK + b"Content-Length: 100\r\nX: ", b"\r\n\r\n"
    head = start + b"x" * (MAX_HEAD + surplus - len(start) - len(end)) + end
    data = memoryview(head + b"b" * 100)
    parser = ResponseParser()
    parser.start(bodyless=False)
    parser.feed(data[:1000])
    parser.feed(data[1000:])
    if surplus > 0:
        assert parser.fault is not None
        assert str(MAX_HEAD) in parser.fault
        assert not parser.has_head
    else:
        assert parser.fault is None
        assert parser.done
        assert parser.take_body() == b"b" * 100
    parser.release()
    parser.feed(data[:1000])  # does nothing


def test_a_length_that_no_memory_holds_is_refused_at_the_first_bytes(flavor: str) -> None:
    response = OK + b"Content-Length: 9999999999999999999\r\n\r\nhi"
    for stock, reader in ((False, "read_into"), (True, "read")):
        case = Case("", (response,))
        assert outcome_of(flavor, case, stock=stock, reader=reader) is RemoteProtocolError
    with serve(respond(response, end="hold")) as server, Caller(flavor, server.url) as caller:
        with pytest.raises(BodyTooLargeError) as caught:
            caller.call()
        assert caught.value.start == b"hi"
        assert "0 idle" in repr(caller.transport)


REQUESTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "with headers": {"headers": {"X-A": "1", "User-Agent": "x"}},
    "with a Host": {"headers": {"Host": "scale.test", "X-A": "1"}},
    "with a body": {"method": "POST", "body": b"12345"},
    "without a body": {"method": "POST"},
    "with a query": {"path": "/a%20b/c?d=e&f=%26"},
    "with another method": {"method": "DELETE"},
    "with a large body": {"method": "PUT", "body": b"x" * 300_000},
    "with a stream": {"method": "POST", "body": Stream(lambda: iter([b"123", b"", b"456"]), 6)},
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_has_the_same_bytes_as_with_httpx(flavor: str, name: str) -> None:
    requests: list[bytes] = []
    for stock in (False, True):
        with serve(respond(ok())) as server, Caller(flavor, server.url, stock=stock) as caller:
            caller.call(**REQUESTS[name])
            port = server.url.rpartition(":")[2].encode()
            requests += [each.replace(port, b"PORT") for each in server.requests]
    assert requests[0] == requests[1]


INVALID_REQUESTS: dict[str, dict[str, Any]] = {
    "a line break in a value": {"headers": {"X-A": "1\r\nX-B: 2"}},
    "a line feed in a value": {"headers": {"X-A": "1\nX-B: 2"}},
    "a NUL in a value": {"headers": {"X-A": "1\0"}},
    "a name with a space": {"headers": {"X A": "1"}},
    "no name": {"headers": {"": "1"}},
    "an unknown coding": {"headers": {"Transfer-Encoding": "gzip"}},
    "a length that is no number": {
        "headers": {"Content-Length": "x"},
        "body": Stream(lambda: iter([b"12"]), 2),
    },
}


@pytest.mark.parametrize("name", INVALID_REQUESTS)
def test_an_invalid_request_is_refused_as_with_httpx(flavor: str, name: str) -> None:
    for stock in (False, True):
        with serve(respond(ok())) as server, Caller(flavor, server.url, stock=stock) as caller:
            with pytest.raises(LocalProtocolError):
                caller.call("POST", **INVALID_REQUESTS[name])
            assert not server.requests


@pytest.mark.parametrize("length", [5, 7])
def test_a_stream_of_another_length_is_the_callers_error(flavor: str, length: int) -> None:
    """Here httpx's own transport lets an exception of h11's through."""
    stream = Stream(lambda: iter([b"123", b"456"]), length)
    with serve(respond(ok())) as server, Caller(flavor, server.url) as caller:
        with pytest.raises(LocalProtocolError, match="Content-Length"):
            caller.call("POST", body=stream)
        assert not server.requests
        assert caller.call().body == b"hi"


INVALID_HEADS: dict[str, tuple[str, Headers, bytes, type[TransportError]]] = {
    "a length beside none": ("POST", [], b"12", LocalProtocolError),
    "another length": ("POST", [(b"content-length", b"3")], b"12", LocalProtocolError),
    "two lengths": (
        "POST",
        [(b"Content-Length", b"2"), (b"content-length", b"2")],
        b"12",
        LocalProtocolError,
    ),
    "a negative length": ("POST", [(b"Content-Length", b"-2")], b"12", LocalProtocolError),
    "a chunked body": ("POST", [(b"Transfer-Encoding", b"chunked")], b"", LocalProtocolError),
    "two hosts": ("GET", [(b"Host", b"a"), (b"host", b"b")], b"", LocalProtocolError),
    "a line break behind a value": ("GET", [(b"X-A", b"1\r\n")], b"", LocalProtocolError),
    "a carriage return": ("GET", [(b"X-A", b"1\r2")], b"", LocalProtocolError),
    "a method with a space": ("GET /x", [], b"", LocalProtocolError),
    "no method": ("", [], b"", LocalProtocolError),
    "a method for proxies": ("CONNECT", [], b"", UnsupportedProtocol),
}


@pytest.mark.parametrize("name", INVALID_HEADS)
def test_an_invalid_head_is_not_written(name: str) -> None:
    method, headers, body, error = INVALID_HEADS[name]
    with pytest.raises(error):
        encode_head(Request(method, parse_url("http://127.0.0.1/x"), headers, body))


def test_a_target_with_a_space_is_not_written() -> None:
    url = parse_url("http://127.0.0.1/x")._replace(target=b"/x y")
    with pytest.raises(LocalProtocolError):
        encode_head(Request("GET", url, []))


def test_a_port_without_a_listener_is_a_connect_error_as_with_httpx(flavor: str) -> None:
    with serve(respond()) as server:
        url = server.url
    for stock in (False, True):
        with Caller(flavor, url, stock=stock) as caller, pytest.raises(ConnectError):
            caller.call()


def test_an_unknown_host_is_a_connect_error_as_with_httpx(flavor: str) -> None:
    for stock in (False, True):
        with Caller(flavor, UNKNOWN_HOST, stock=stock) as caller, pytest.raises(ConnectError):
            caller.call()


def test_silence_is_a_read_timeout_as_with_httpx(flavor: str) -> None:
    with serve(respond(b"", end="hold")) as server:
        for stock in (False, True):
            with Caller(flavor, server.url, stock=stock) as caller, pytest.raises(ReadTimeout):
                caller.call(deadline=Deadline(0.05))
