"""httpx's transports after a fork, and their end."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

import pytest
from samples import CALIB
from scripted_transport import success_response
from shared_socket_server import GUARD, ok, respond, serve

from vision_ai import AsyncVisionAI, VisionAI
from vision_ai._transports.selection import open_route
from vision_ai.transports import ConnectError, Deadline, Request, parse_url, run_sync

GOOD = success_response(CALIB).content

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork()"),
]


def exits_with_success(work: Callable[[], bool]) -> bool:
    """Whether `work` returns True in a child process."""
    child = os.fork()
    if child == 0:
        success = False
        try:
            signal.alarm(int(GUARD))  # ends a child that hangs
            success = work()
        finally:
            os._exit(0 if success else 1)
    return os.waitpid(child, 0)[1] == 0


def test_a_child_process_opens_a_connection_of_its_own() -> None:
    with serve(respond(ok(GOOD))) as server, VisionAI("http://module", proxy=server.url) as module:
        assert module.get_calib().left == module.get_calib().left == 444
        assert server.connections == 1
        assert exits_with_success(lambda: module.get_calib().left == 444)
        assert server.connections == 2
        assert module.get_calib().left == 444
        assert server.connections == 2


def test_a_child_process_opens_a_connection_for_its_own_event_loop() -> None:
    async def call() -> bool:
        return (await module.get_calib()).left == (await module.get_calib()).left == 444

    with serve(respond(ok(GOOD))) as server:
        module = AsyncVisionAI("http://module", proxy=server.url)
        with asyncio.Runner() as runner:
            assert runner.run(call())
            assert exits_with_success(lambda: asyncio.run(call()))
            assert runner.run(call())
            assert server.connections == 2
            runner.run(module.aclose())


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_closed_transport_opens_nothing(asynchronous: bool) -> None:
    async def close_and_send() -> None:
        await transport.close()
        await transport.close()
        with pytest.raises(ConnectError, match="closed"):
            await transport.send(Request("GET", parse_url("http://module/"), []), Deadline(GUARD))

    with serve(respond(ok(GOOD))) as server:
        transport = open_route("http://module", proxy=server.url, asynchronous=asynchronous).transport
        asyncio.run(close_and_send()) if asynchronous else run_sync(close_and_send())
        assert server.connections == 0
