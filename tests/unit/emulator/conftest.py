from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from emulator_support import EmulatorClient, connect, create_emulator, open_http_client

from vision_ai_emulator import Emulator, EmulatorTransport, serve


@pytest.fixture
def emulator() -> Emulator:
    return create_emulator()


@pytest.fixture
def local_client(emulator: Emulator) -> EmulatorClient:
    """A client that reaches the emulator in this process."""
    return connect(emulator)


@pytest.fixture(params=["in-process", "socket"])
def client(request: pytest.FixtureRequest, emulator: Emulator) -> Iterator[EmulatorClient]:
    """A client that reaches the emulator in this process, and one that reaches it over a socket."""
    if request.param == "in-process":
        with httpx.Client(transport=EmulatorTransport(emulator), base_url="http://module") as http:
            yield EmulatorClient(emulator, http)
        return
    with serve(emulator) as url, open_http_client(url) as http:
        yield EmulatorClient(emulator, http)
