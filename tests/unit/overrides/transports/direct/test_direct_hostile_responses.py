"""Valid responses with bytes changed, removed, repeated, inserted: a known failure, or what h11 or http.client reads.

`TRANSPORT_EXAMPLES` is the number of examples of the slow test.
"""

from __future__ import annotations

import http.client
import io
import os
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, cast

import h11
import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared_socket_server import Peer, ok, serve
from transport_caller import READERS, Caller, Outcome

from vision_ai.transports import (
    Deadline,
    NotSentError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    TransportError,
)

FEW = 75
MANY = int(os.environ.get("TRANSPORT_EXAMPLES", "1000"))
SHORT = 0.05
"""Seconds of patience with a server that keeps a connection open and sends nothing more."""
SECOND = ok(b"the second response")

VALID = (
    ok(),
    ok(more=b"Content-Type: application/json\r\nConnection: keep-alive\r\n"),
    ok(b'{"code":0,"msg":"ok"}', more=b"Connection: close\r\n"),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n there\r\n0\r\nX:1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nuntil the end",
    b"HTTP/1.0 404 Not Found\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\ngone",
    b"HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    b"HTTP/1.1 200 OK\nX: a\n b\nContent-Length: 2\nContent-Length: 2\n\nhi",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nbad",
)
PARTS = (
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\0", b" ", b"\t", b":", b"0", b"5", b"f", b"-1", b"+", b",", b";",
    b"\xff", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 C\r\n\r\n", b"HTTP/1.1 101 S\r\n\r\n",
    b"Content-Length: 2\r\n", b"Content-Length: 18446744073709551616\r\n", b"content-length: 0\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"Connection: close\r\n",
    b"Connection: upgrade\r\nUpgrade: x\r\n", b"0\r\n\r\n", b"ffffffffffffffff", ok(b"evil"),
)  # fmt: skip


@frozen
class Hostile:
    pieces: tuple[bytes, ...]
    holds: bool
    """The connection stays open afterwards."""


@st.composite
def hostile_responses(draw: st.DrawFn) -> Hostile:
    data = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 6))
        match draw(st.sampled_from(("insert", "change", "remove", "repeat", "end"))):
            case "insert":
                data = data[:at] + draw(st.sampled_from(PARTS)) + data[at:]
            case "change":
                data = data[:at] + draw(st.binary(min_size=1, max_size=3)) + data[at + length :]
            case "remove":
                data = data[:at] + data[at + length :]
            case "repeat":
                data = data[: at + length * 5] + data[at:]
            case _:
                data = data[:at]
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=3)))
    pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    return Hostile(tuple(piece for piece in pieces if piece), draw(st.integers(0, 9)) == 0)


def read_by_h11(case: Hostile) -> tuple[int, bytes] | None:
    """Status and body; None where h11 finds no complete response."""
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


class Wire:
    """What http.client takes for a socket."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.data)


def read_by_http_client(case: Hostile) -> tuple[int, bytes] | None:
    """Status and body; None where http.client finds no complete response."""
    response = http.client.HTTPResponse(cast(Any, Wire(b"".join(case.pieces))), method="GET")
    try:
        response.begin()
        return response.status, response.read()
    except (http.client.HTTPException, ValueError):
        return None


class Stage:
    """A server that plays one case after the other, and the transport under test."""

    def __init__(self, flavor: str, reader: str, stack: ExitStack) -> None:
        self.reader = reader
        self.case = Hostile((), False)
        self.played = threading.Event()
        server = stack.enter_context(serve(self._play))
        self.caller = stack.enter_context(Caller(flavor, server.url))

    def _play(self, peer: Peer) -> None:
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
                self.played.set()

    def outcome_of(self, case: Hostile) -> Outcome | TransportError:
        self.case = case
        self.played.clear()
        try:
            return self.call("/first", SHORT if case.holds else 10.0)
        except TransportError as error:
            return error

    def call(self, path: str, seconds: float = 10.0) -> Outcome:
        return self.caller.call(path=path, deadline=Deadline(seconds), reader=self.reader)

    def check(self, case: Hostile) -> None:
        outcome = self.outcome_of(case)
        while case.holds and isinstance(outcome, NotSentError):  # a busy computer needed longer to connect
            outcome = self.outcome_of(case)
        assert self.played.wait(10)
        if isinstance(outcome, Outcome):
            expected_outcome = read_by_h11(case) or read_by_http_client(case)
            assert (outcome.status, outcome.body) == expected_outcome
        else:
            expected = (RemoteProtocolError, ReadError)
            assert isinstance(outcome, (*expected, ReadTimeout) if case.holds else expected)
        assert self.call("/second").body == b"the second response"


@pytest.fixture(params=READERS)
def stage(flavor: str, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with ExitStack() as stack:
        yield Stage(flavor, request.param, stack)


def examples(count: int) -> settings:
    unfit = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=count, deadline=None, suppress_health_check=unfit)


@examples(FEW)
@given(case=hostile_responses())
def test_a_hostile_response_is_an_error_or_read_right_and_never_two_responses(
    stage: Stage, case: Hostile
) -> None:
    stage.check(case)


@pytest.mark.slow
@examples(MANY)
@given(case=hostile_responses())
def test_many_hostile_responses(stage: Stage, case: Hostile) -> None:
    stage.check(case)
