"""Shared by the emulator's tests: a client for an emulator, and the calls that many tests make."""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import httpx

from vision_ai_emulator import Emulator, EmulatorTransport, ManualClock

# The default context loads all certificates of the system for every client, which takes 20 ms.
_TLS_CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


V2_READS = ("get_image", "get_device_info", "get_result", "get_item_list")
"""The operations of V2 whose method is GET."""


def create_emulator(**options: Any) -> Emulator:
    """Return an emulator with a manual clock."""
    return Emulator(clock=ManualClock(), **options)


def open_http_client(url: str = "", **options: Any) -> httpx.Client:
    """Return a client for plain HTTP that ignores proxy settings."""
    return httpx.Client(base_url=url, verify=_TLS_CONTEXT, trust_env=False, **options)


class EmulatorClient:
    """An emulator and an HTTP client that is connected to it."""

    def __init__(self, emulator: Emulator, http: httpx.Client) -> None:
        self.emulator = emulator
        self.http = http

    def call(self, operation: str, json: Any = None, **request: Any) -> Any:
        """Call an operation and return the JSON of the response."""
        if json is not None:
            request["json"] = json
        method = "GET" if self.emulator.settings.api == "v2" and operation in V2_READS else "POST"
        response = self.http.request(method, f"/api/{operation}", **request)
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/json"
        return response.json()

    def call_code(self, operation: str, json: Any = None, **request: Any) -> int:
        """Call an operation and return its code; an error must be the envelope of errors and nothing else."""
        response = self.call(operation, json, **request)
        if response["code"] != 0:
            assert response == {"code": response["code"], "data": None}
        return response["code"]

    def call_data(self, operation: str, json: Any = None, **request: Any) -> Any:
        """Call an operation, which must succeed, and return its data."""
        response = self.call(operation, json, **request)
        assert response["code"] == 0, response
        return response["data"]

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """Make a control call, which must succeed, and return its JSON."""
        response = self.send_control(method, path, json)
        assert response.status_code == 200, response.text
        return response.json()

    def control_error(self, status: int, method: str, path: str, json: Any = None) -> str:
        """Make a control call, which must fail with a status, and return its error message."""
        response = self.send_control(method, path, json)
        assert response.status_code == status, response.text
        assert list(response.json()) == ["error"]
        return response.json()["error"]

    def send_control(self, method: str, path: str, json: Any = None) -> httpx.Response:
        """Make a control call and return the response."""
        return self.http.request(method, f"/__emulator__{path}", json=json)

    def teach(self, id: str, name: str, kind: str, pictures: int = 2) -> None:
        """Register pictures of different items of a kind, and commit them."""
        for _ in range(pictures):
            self.emulator.put(kind)
            registered = self.call_data("register_item", {"id": id, "name": name})
            assert base64.b64decode(registered["image"]).startswith(b"\xff\xd8\xff")
        assert self.call_code("commit_registered_item", {"id": id}) == 0

    def add_templates(self, id: str, kind: str, count: int = 2) -> list[str]:
        """Add templates of an item of a kind to an item of a V2 device, and return their sids."""
        self.emulator.put(kind)
        return [self.call_data("add_item_template", {"id": id})["sid"] for _ in range(count)]

    def recognize(self) -> str | None:
        """Return the id of the best guess for the item on the pan."""
        items = self.call_data("get_result")["items"]
        return items[0]["id"] if items else None

    def back_up(self) -> bytes:
        """Return the file of a new backup."""
        assert self.call("start_backup") == {"code": 0}
        self.emulator.step(10)
        status = self.call("get_backup_status")
        assert status["status"] == 3
        response = self.http.get(f"/download/{status['filename']}")
        assert response.headers["content-type"] == "application/octet-stream"
        return response.content

    def restore(self, content: bytes) -> dict[str, Any]:
        """Restore a backup and return the final status."""
        assert self.call_code("start_restore", files={"file": ("test.evo", content)}) == 0
        self.emulator.step(10)
        return self.call("get_restore_status")


def connect(emulator: Emulator) -> EmulatorClient:
    """Return a client that reaches an emulator in this process, for tests without a socket."""
    return EmulatorClient(
        emulator, httpx.Client(transport=EmulatorTransport(emulator), base_url="http://module")
    )


@contextmanager
def connect_to_control(client: EmulatorClient) -> Generator[EmulatorClient]:
    """Yield a client for the control interface that also works while the device is unreachable."""
    url = client.emulator.server_info.control_url
    if url is None:
        yield client
        return
    with open_http_client(url.removesuffix("/__emulator__/")) as http:
        yield EmulatorClient(client.emulator, http)


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for an effect of another thread."""
    for _ in range(5000):
        if condition():
            return
        time.sleep(0.002)
    raise AssertionError("the condition did not become true within 10 seconds")
