"""An `http_client` of the program's own: its headers, hooks, authentication and redirects stay in effect."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from samples import CALIB
from scripted_transport import success_response

from vision_ai import AsyncVisionAI, InvalidInputError, UnreachableError, VisionAI

GOOD = success_response(CALIB).content
FILE = bytes(range(256)) * 1200


class SigningAuth(httpx.Auth):
    """Signs request bodies, as some gateways require."""

    requires_request_body = True

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["X-Digest"] = hashlib.sha256(request.content).hexdigest()
        yield request


def client_of(respond_to: Any, **options: Any) -> tuple[httpx.Client, list[httpx.Request]]:
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return respond_to(request)

    return httpx.Client(transport=httpx.MockTransport(handle), **options), requests


def test_an_http_client_can_sign_request_bodies(tmp_path: Path) -> None:
    (tmp_path / "a.evo").write_bytes(b"a backup")
    client, requests = client_of(lambda request: httpx.Response(200, content=GOOD), auth=SigningAuth())
    with VisionAI("http://127.0.0.1:9", http_client=client) as module:
        module.set_learnmode(mode=1)
        module.start_restore(file=tmp_path / "a.evo")
    assert len(requests) == 2
    for request in requests:
        assert request.headers["X-Digest"] == hashlib.sha256(request.content).hexdigest()
    assert b"a backup" in requests[1].content


def test_an_http_clients_hook_may_read_the_response() -> None:
    hooks = {"response": [lambda response: response.read()]}
    client, _ = client_of(lambda request: httpx.Response(200, content=GOOD), event_hooks=hooks)
    with VisionAI("http://127.0.0.1:9", http_client=client) as module:
        assert module.get_calib().left == 444


def test_an_http_client_sends_the_file_again_after_a_redirect(tmp_path: Path) -> None:
    (tmp_path / "a.evo").write_bytes(b"a backup")

    def elsewhere(request: httpx.Request) -> httpx.Response:
        request.read()
        if request.url.path == "/api/start_restore":
            return httpx.Response(307, headers={"Location": "http://127.0.0.1:9/moved"})
        return httpx.Response(200, content=success_response().content)

    client, requests = client_of(elsewhere, follow_redirects=True)
    with VisionAI("http://127.0.0.1:9", http_client=client) as module:
        module.start_restore(file=tmp_path / "a.evo")
    assert [request.url.path for request in requests] == ["/api/start_restore", "/moved"]
    assert b"a backup" in requests[1].content


def test_a_compressed_download_is_decompressed(tmp_path: Path) -> None:
    content = os.urandom(20_000)
    compressed = httpx.Response(200, content=gzip.compress(content), headers={"Content-Encoding": "gzip"})
    client, _ = client_of(lambda request: compressed)
    with VisionAI("http://127.0.0.1:9", http_client=client, retries=0) as module:
        assert module.save_backup("a.evo", tmp_path).read_bytes() == content


def test_an_http_client_keeps_its_user_agent() -> None:
    client, requests = client_of(
        lambda request: httpx.Response(200, content=GOOD), headers={"User-Agent": "till/7"}
    )
    with VisionAI("http://127.0.0.1:9", http_client=client) as module:
        module.get_calib()
    assert requests[0].headers["User-Agent"] == "till/7"


def test_an_http_client_adds_its_headers_and_stays_open(served: str) -> None:
    header_values: list[str] = []
    hooks: dict[str, list[Callable[..., Any]]] = {
        "request": [lambda request: header_values.append(request.headers["x-till"])]
    }
    with httpx.Client(base_url=served, headers={"X-Till": "7"}, event_hooks=hooks) as client:
        with VisionAI(http_client=client) as module:
            assert module.get_device_info().firmware
        assert not client.is_closed
    assert header_values == ["7"]


def test_an_asynchronous_http_client_stays_open(served: str) -> None:
    async def main() -> str:
        async with httpx.AsyncClient() as client:
            async with AsyncVisionAI(served, http_client=client) as module:
                firmware = (await module.get_device_info()).firmware
            assert not client.is_closed
            return firmware

    assert asyncio.run(main())


def test_a_closed_http_client_is_unreachable() -> None:
    client = httpx.Client()
    client.close()
    module = VisionAI("http://127.0.0.1:9", http_client=client, retries=0)
    with module, pytest.raises(UnreachableError, match="http_client is closed"):
        module.get_calib()


@pytest.mark.parametrize(
    ("client", "given"), [(VisionAI, httpx.AsyncClient), (AsyncVisionAI, httpx.Client), (VisionAI, object)]
)
def test_an_http_client_of_the_wrong_kind_is_rejected(client: Any, given: Any) -> None:
    with pytest.raises(InvalidInputError, match="as its http_client"):
        client("http://127.0.0.1:9", http_client=given())


@pytest.mark.parametrize("settings", [{"proxy": "http://127.0.0.1:9"}, {"interface": "lo"}], ids=repr)
def test_an_http_client_cannot_be_combined_with_connection_options(settings: dict[str, Any]) -> None:
    with (
        httpx.Client() as client,
        pytest.raises(InvalidInputError, match="cannot be combined with an http_client"),
    ):
        VisionAI("http://127.0.0.1:9", http_client=client, **settings)


def test_every_response_is_closed_so_that_its_connection_can_be_used_again() -> None:
    class Body(httpx.SyncByteStream):
        closed = False

        def __iter__(self) -> Generator[bytes]:
            yield GOOD

        def close(self) -> None:
            self.closed = True

    bodies = [Body(), Body()]
    left = iter(bodies)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=next(left)))
    with VisionAI("http://127.0.0.1:9", transport=transport) as module:
        for body in bodies:
            module.get_calib()
            assert body.closed
