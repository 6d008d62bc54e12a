"""The relay between a till and a module, as other programs use it."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from vision_ai import AnswerLostError, VisionAI
from vision_ai.transports import (
    ConnectError,
    Deadline,
    Request,
    Response,
    Transport,
    open_route,
    run_sync,
)
from vision_ai_emulator import Emulator, Fault, Settings, serve
from vision_ai_tools.relay import Relay


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    return Emulator(settings=Settings(backup_seconds=0.05, restore_seconds=0.05))


@pytest.fixture(scope="module")
def module_url(emulator: Emulator) -> Iterator[str]:
    with serve(emulator) as url:
        yield url


@pytest.fixture
def transport(module_url: str) -> Iterator[Transport]:
    route = open_route(module_url)
    yield route.transport
    run_sync(route.transport.close())


class LockedTransport(Transport):
    """Lets one call through at a time, as an agent does, and notes whether that held."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self.is_busy = False
        self.overlaps = 0

    async def send(self, request: Request, deadline: Deadline) -> Response:
        with self._lock:
            self.overlaps += self.is_busy
            self.is_busy = True
            response = await self._transport.send(request, deadline)
            self.is_busy = False
            return response

    async def close(self) -> None: ...


class UnreachableTransport(Transport):
    async def send(self, request: Request, deadline: Deadline) -> Response:
        raise ConnectError("nobody listens there")

    async def close(self) -> None: ...


def connect(relay: Relay) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(relay.host, relay.port, timeout=30)


def test_a_till_uses_the_module_through_it(
    emulator: Emulator, module_url: str, transport: Transport, tmp_path: Path
) -> None:
    calls: list[tuple[str, str]] = []
    with Relay(transport, module_url + "/", on_call=lambda *call: calls.append(call)) as relay:
        assert relay.url == f"http://127.0.0.1:{relay.port}"
        with VisionAI(relay.url, api="v1") as till:
            till.learn(id="001", name="Apple", pictures=1)
            assert till.get_result().items[0].id == "001"
            assert till.get_image().startswith(b"\xff\xd8\xff")
            till.restore(till.backup(tmp_path, poll=0.02), poll=0.02)
    assert ("POST", "/api/get_result") in calls or ("GET", "/api/get_result") in calls
    assert relay.calls == len(calls)
    assert emulator.acted["start_restore"] == 1


def test_tills_take_turns_where_the_transport_makes_them(module_url: str, transport: Transport) -> None:
    locked = LockedTransport(transport)
    with Relay(locked, module_url) as relay:

        def ask() -> None:
            with VisionAI(relay.url, api="v1") as till:
                for _ in range(5):
                    assert till.get_calib().to_dict()

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert (relay.calls, locked.overlaps) == (20, 0)


def test_a_lost_response_is_lost_for_the_till_and_reported(
    emulator: Emulator, module_url: str, transport: Transport
) -> None:
    errors: list[tuple[str, str, Exception]] = []
    emulator.faults.add(Fault("drop_before_answer", "set_learnmode"))
    with (
        Relay(transport, module_url, on_error=lambda *error: errors.append(error)) as relay,
        VisionAI(relay.url, api="v1") as till,
    ):
        with pytest.raises(AnswerLostError):
            till.with_options(retries=0).set_learnmode(mode=0)
        assert till.get_device_info().sn == "12345678"
    [(method, path, error)] = errors
    assert (method, path) == ("POST", "/api/set_learnmode") and str(error)


def test_a_module_that_cannot_be_reached_closes_the_connection_of_the_till() -> None:
    errors: list[Exception] = []
    with Relay(
        UnreachableTransport(), "http://module", on_error=lambda *error: errors.append(error[2])
    ) as relay:
        till = connect(relay)
        till.request("POST", "/api/get_calib", b"{}")
        with pytest.raises(http.client.RemoteDisconnected):
            till.getresponse()
        till.close()
    assert [str(each) for each in errors] == ["nobody listens there"]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (("Content-Length", "x"), 400),
        (("Content-Length", "-5"), 400),
        (("Transfer-Encoding", "chunked"), 411),
    ],
)
def test_what_cannot_be_relayed_is_refused(
    module_url: str, transport: Transport, header: tuple[str, str], status: int
) -> None:
    errors: list[tuple[str, str, Exception]] = []
    with Relay(transport, module_url, on_error=lambda *error: errors.append(error)) as relay:
        till = connect(relay)
        till.putrequest("POST", "/api/get_calib")
        till.putheader(*header)
        till.endheaders()
        answer = till.getresponse()
        assert answer.status == status
        answer.read()
        till.close()
    assert relay.calls == 0
    assert [each[:2] for each in errors] == [("POST", "/api/get_calib")]


def test_closing_it_ends_idle_connections_and_frees_the_port(module_url: str, transport: Transport) -> None:
    relay = Relay(transport, module_url)
    relay.start()
    till = connect(relay)
    till.request("GET", "/api/get_device_info")
    assert till.getresponse().read()
    relay.close()
    assert till.sock is not None and till.sock.recv(1) == b""
    till.close()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", relay.port))
    relay.close()  # it may be closed twice
    # The transport is the caller's: another relay continues with it.
    with Relay(transport, module_url) as second, VisionAI(second.url, api="v1") as till:
        assert till.get_device_info().sn == "12345678"


def test_it_is_started_once(module_url: str, transport: Transport) -> None:
    with Relay(transport, module_url) as relay, pytest.raises(RuntimeError):
        relay.start()


def test_it_can_be_closed_without_having_served(module_url: str, transport: Transport) -> None:
    relay = Relay(transport, module_url)
    relay.close()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", relay.port), timeout=1)


def test_a_port_that_is_in_use(module_url: str, transport: Transport) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OSError):
            Relay(transport, module_url, port=other.getsockname()[1])
