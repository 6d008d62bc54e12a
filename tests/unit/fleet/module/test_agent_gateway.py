"""One request at a time to a module: the till's before the agent's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from vision_ai.transports import (
    ConnectError,
    Deadline,
    PoolTimeout,
    ReadError,
    Request,
    Response,
    Route,
    Transport,
    parse_url,
    run_sync,
)
from vision_ai_fleet.agent.module.gateway import Caller, Gateway

WAIT = 20.0
"""Seconds that no test needs."""


class FakeResponse(Response):
    def __init__(self) -> None:
        self.status, self.headers, self.length = 200, (), 4
        self.left = [b"ab", b"cd"]
        self.closed = False

    async def read(self, limit: int) -> bytes:
        content, self.left = b"".join(self.left), []
        return content

    async def read_into(self, view: memoryview) -> int:
        piece = self.left.pop(0) if self.left else b""
        view[: len(piece)] = piece
        return len(piece)

    async def close(self) -> None:
        self.closed = True


class FakeModule(Transport):
    """Counts what comes at the same time."""

    asynchronous = False

    def __init__(self) -> None:
        self.names: list[str] = []
        self.failure: Exception | None = None
        self.closed = False

    async def send(self, request: Request, deadline: Deadline) -> Response:
        self.names.append(request.url.text.rpartition("/")[2])
        if self.failure is not None:
            raise self.failure
        return FakeResponse()

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def module() -> FakeModule:
    return FakeModule()


@pytest.fixture
def gateway(module: FakeModule) -> Gateway:
    return Gateway(Route("http://127.0.0.1:9", module))


def send(
    gateway: Gateway, caller: Caller, name: str, *, seconds: float | None = WAIT, file: bool = False
) -> Response:
    request = Request(
        "GET" if file else "POST", parse_url(f"http://127.0.0.1:9/{name}"), (), exact_length=file
    )
    return run_sync(gateway.open_transport(caller).send(request, Deadline(seconds)))


def start(function: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    return thread


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.mark.parametrize("end", ["read", "close", "read_into"])
def test_the_next_request_goes_when_the_response_is_over(
    gateway: Gateway, module: FakeModule, end: str
) -> None:
    response = send(gateway, Caller.AGENT, "first")
    with pytest.raises(PoolTimeout):
        send(gateway, Caller.TILL, "second", seconds=0.01)
    if end == "read":
        run_sync(response.read(100))
    elif end == "close":
        run_sync(response.close())
    else:
        view = memoryview(bytearray(10))
        while run_sync(response.read_into(view)):
            pass
    send(gateway, Caller.TILL, "third")
    assert module.names == ["first", "third"]


def test_a_till_that_waits_goes_before_an_agent_that_came_earlier(
    gateway: Gateway, module: FakeModule
) -> None:
    first = send(gateway, Caller.AGENT, "first")
    agent = start(lambda: run_sync(send(gateway, Caller.AGENT, "agent").read(100)))
    till = start(lambda: run_sync(send(gateway, Caller.TILL, "till").read(100)))
    wait_until(lambda: gateway.till_waits)
    run_sync(first.close())
    till.join(WAIT)
    agent.join(WAIT)
    assert module.names == ["first", "till", "agent"]


def test_a_download_of_the_agent_is_broken_off_for_the_till(gateway: Gateway, module: FakeModule) -> None:
    download = send(gateway, Caller.AGENT, "backup.evo", file=True)
    view = memoryview(bytearray(10))
    assert run_sync(download.read_into(view)) == 2
    till = start(lambda: run_sync(send(gateway, Caller.TILL, "till").read(100)))
    wait_until(lambda: gateway.till_waits)
    with pytest.raises(ReadError, match="till"):
        run_sync(download.read_into(view))
    till.join(WAIT)
    assert module.names == ["backup.evo", "till"] and gateway.interruptions == 1


def test_a_download_of_the_till_is_not_broken_off(gateway: Gateway) -> None:
    download = send(gateway, Caller.TILL, "backup.evo", file=True)
    till = start(lambda: run_sync(send(gateway, Caller.TILL, "till").read(100)))
    wait_until(lambda: gateway.till_waits)
    view = memoryview(bytearray(10))
    assert [run_sync(download.read_into(view)) for _ in range(3)] == [2, 2, 0]
    till.join(WAIT)
    assert gateway.interruptions == 0


def test_a_request_that_failed_leaves_the_way_free(gateway: Gateway, module: FakeModule) -> None:
    module.failure = ConnectError("no module")
    for _ in range(2):
        with pytest.raises(ConnectError):
            send(gateway, Caller.AGENT, "a", seconds=0.5)
    assert module.names == ["a", "a"]


def test_only_calls_of_the_till_count_as_its_calls(gateway: Gateway) -> None:
    run_sync(send(gateway, Caller.AGENT, "a").close())
    assert gateway.till_called_at == float("-inf")
    response = send(gateway, Caller.TILL, "t")
    begun = gateway.till_called_at
    run_sync(response.close())
    assert float("-inf") < begun <= gateway.till_called_at <= time.monotonic()


def test_who_waits_when_the_gateway_is_closed_gets_an_error(gateway: Gateway, module: FakeModule) -> None:
    send(gateway, Caller.AGENT, "first")
    errors: list[Exception] = []

    def call() -> None:
        try:
            send(gateway, Caller.TILL, "till", seconds=None)
        except ConnectError as error:
            errors.append(error)

    till = start(call)
    wait_until(lambda: gateway.till_waits)
    gateway.close()
    till.join(WAIT)
    assert len(errors) == 1 and module.closed
    run_sync(gateway.open_transport(Caller.TILL).close())  # does nothing
