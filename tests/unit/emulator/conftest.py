from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from emulator_support import Channel, in_process, make

from vision_ai_emulator import Emulator, EmulatorTransport, serve


@pytest.fixture
def emulator() -> Emulator:
    return make()


@pytest.fixture
def direct(emulator: Emulator) -> Channel:
    """The device, reached in this process."""
    return in_process(emulator)


@pytest.fixture(scope="session")
def stopping() -> Iterator[list[Future[None]]]:
    """Servers being stopped meanwhile: uvicorn takes a few tenths of a second for each."""
    stops: list[Future[None]] = []
    yield stops
    for stop in stops:
        stop.result()


@pytest.fixture(scope="session")
def background(stopping: list[Future[None]]) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture(params=["in-process", "socket"])
def channel(
    request: pytest.FixtureRequest,
    emulator: Emulator,
    background: ThreadPoolExecutor,
    stopping: list[Future[None]],
) -> Iterator[Channel]:
    """The device, reached in this process and over a real socket in turn."""
    if request.param == "in-process":
        with httpx.Client(transport=EmulatorTransport(emulator), base_url="http://module") as client:
            yield Channel(emulator, client)
        return
    server = ExitStack()
    url = server.enter_context(serve(emulator))
    with httpx.Client(base_url=url, trust_env=False) as client:
        yield Channel(emulator, client)
    stopping.append(background.submit(server.close))
