"""Damaged responses raise an error or are read as h11 reads them.

The slow variant tries more; `TRANSPORT_EXAMPLES` sets how many.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack
from typing import Any

import h11
import httpx
import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from socket_server import Peer, ok, serve
from transport_caller import Caller, Outcome

from vision_ai import _failures
from vision_ai._deadline import Deadline
from vision_ai._message import Message, message
from vision_ai._wire import run

EXAMPLES = 50
MANY_EXAMPLES = int(os.environ.get("TRANSPORT_EXAMPLES", "500"))
SHORT_TIMEOUT = 0.05
"""Seconds to wait for a server that keeps a connection open and sends nothing more."""
SECOND = ok(b"the second response")

GOOD = (
    ok(),
    ok(more=b"Content-Type: application/json\r\nConnection: keep-alive\r\n"),
    ok(b'{"code":0,"msg":"ok"}', more=b"Connection: close\r\n"),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n there\r\n0\r\nX:1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nuntil the end",
    b"HTTP/1.0 404 Not Found\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\ngone",
    b"HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nbad",
)
PARTS = (
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\0", b" ", b"\t", b":", b"0", b"5", b"f", b"-1", b"+", b",", b";",
    b"\xff",     b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 C\r\n\r\n", b"HTTP/1.1 101 S\r\n\r\n",
    b"Content-Length: 2\r\n", b"Content-Length: 18446744073709551616\r\n", b"content-length: 0\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"Connection: close\r\n",
    b"Connection: upgrade\r\nUpgrade: x\r\n", b"0\r\n\r\n", b"ffffffffffffffff", ok(b"evil"),
)  # fmt: skip


@frozen
class Hostile:
    pieces: tuple[bytes, ...]
    holds: bool
    """Whether the connection stays open afterwards."""


@st.composite
def hostile(draw: st.DrawFn) -> Hostile:
    data = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 6))
        match draw(st.sampled_from(("put", "change", "take", "double", "end"))):
            case "put":
                data = data[:at] + draw(st.sampled_from(PARTS)) + data[at:]
            case "change":
                data = data[:at] + draw(st.binary(min_size=1, max_size=3)) + data[at + length :]
            case "take":
                data = data[:at] + data[at + length :]
            case "double":
                data = data[: at + length * 5] + data[at:]
            case _:
                data = data[:at]
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=3)))
    pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    return Hostile(tuple(piece for piece in pieces if piece), draw(st.integers(0, 9)) == 0)


def read_with_h11(case: Hostile) -> tuple[int, bytes] | None:
    """Return status and body, or None where h11 finds no complete response."""
    # llhttp skips empty lines after an informational response.
    data = re.sub(rb"^(HTTP/1.. 1[^\r]*(?:\r\n[^\r]+)*\r\n\r\n)[\r\n]+", rb"\1", b"".join(case.pieces))
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    status, body = 0, b""
    try:
        connection.receive_data(data)
        if not case.holds:
            connection.receive_data(b"")
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return status, body
            elif not isinstance(event, h11.InformationalResponse) or event.status_code == 101:
                return None
    except h11.RemoteProtocolError:
        return None


class HostileServer:
    """A server that sends one case after the other, and the transport, called through one of its APIs."""

    def __init__(self, flavor: str, api: str, stack: ExitStack) -> None:
        self.api = api
        self.errors: Any = httpx if api == "interface" else _failures
        self.case = Hostile((), False)
        self.sent = threading.Event()
        server = stack.enter_context(serve(self._send_case))
        self.caller = stack.enter_context(Caller(flavor, server.url))

    def _send_case(self, peer: Peer) -> None:
        while request := peer.read_request():
            if b"/second" in request:
                peer.send(SECOND)
                continue
            case = self.case
            try:
                peer.send(*case.pieces)
                if not case.holds:
                    peer.connection.shutdown(1)
            finally:
                self.sent.set()

    def outcome(self, case: Hostile) -> Any:
        self.case = case
        self.sent.clear()
        try:
            return self.call("/first", SHORT_TIMEOUT if case.holds else 10.0)
        except (httpx.HTTPError, _failures.Failure) as error:
            return error

    def call(self, path: str, timeout: float = 10.0) -> Outcome:
        if self.api == "interface":
            return self.caller.call(path=path, read=timeout, deadline=15.0)
        request_message = message("GET", self.caller.url, path, None)
        read_response = self._whole if self.api == "whole" else self._in_parts
        status, body = self._run(read_response(request_message, Deadline(timeout)))
        return Outcome(status, [], body, {})

    def _run(self, coroutine: Coroutine[Any, Any, tuple[int, bytes]]) -> tuple[int, bytes]:
        return run(coroutine) if self.caller.runner is None else self.caller.runner.run(coroutine)

    async def _whole(self, request_message: Message, until: Deadline) -> tuple[int, bytes]:
        whole = await self.caller.transport.ask(request_message, until, 10**6)
        return whole.status, whole.content

    async def _in_parts(self, request_message: Message, until: Deadline) -> tuple[int, bytes]:
        incoming = await self.caller.transport.open(request_message, until)
        body, buffer = b"", memoryview(bytearray(7))
        try:
            while count := await incoming.read(buffer):
                body += buffer[:count]
            return incoming.status, body
        finally:
            incoming.close()


@pytest.fixture(params=["interface", "whole", "parts"])
def hostile_server(flavor: str, request: pytest.FixtureRequest) -> Iterator[HostileServer]:
    with ExitStack() as stack:
        yield HostileServer(flavor, request.param, stack)


try_examples = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@try_examples
@given(case=hostile())
def test_a_hostile_response_is_an_error_or_read_as_h11_reads_it(
    hostile_server: HostileServer, case: Hostile
) -> None:
    assert_harmless(hostile_server, case)


@pytest.mark.slow
@settings(try_examples, max_examples=MANY_EXAMPLES)
@given(case=hostile())
def test_many_hostile_responses_are_errors_or_read_as_h11_reads_them(
    hostile_server: HostileServer, case: Hostile
) -> None:
    assert_harmless(hostile_server, case)


def assert_harmless(hostile_server: HostileServer, case: Hostile) -> None:
    """Check the outcome of a hostile response, and that the next response is not a part of it."""
    outcome = hostile_server.outcome(case)
    assert hostile_server.sent.wait(10)
    read = read_with_h11(case)
    if isinstance(outcome, Outcome):
        assert (outcome.status, outcome.body) == read
    else:
        expected = (hostile_server.errors.RemoteProtocolError, hostile_server.errors.ReadError)
        assert isinstance(outcome, (*expected, hostile_server.errors.ReadTimeout) if case.holds else expected)
    assert hostile_server.call("/second").body == b"the second response"
