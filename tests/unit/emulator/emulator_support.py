"""What the emulator's tests share: a device reached in either way, and the calls that many tests make."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import httpx

from vision_ai_emulator import Emulator, EmulatorTransport, ManualClock


def make(**options: Any) -> Emulator:
    """An emulator on a stepped clock."""
    return Emulator(clock=ManualClock(), **options)


class Channel:
    """A device and a client that reaches it."""

    def __init__(self, emulator: Emulator, client: httpx.Client) -> None:
        self.emulator = emulator
        self.client = client

    def post(self, operation: str, json: Any = None, **request: Any) -> Any:
        """The JSON of an answer."""
        if json is not None:
            request["json"] = json
        response = self.client.post(f"/api/{operation}", **request)
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/json"
        return response.json()

    def code(self, operation: str, json: Any = None, **request: Any) -> int:
        """The code of an answer; a refusal must be the envelope of refusals and nothing else."""
        answer = self.post(operation, json, **request)
        if answer["code"] != 0:
            assert answer == {"code": answer["code"], "data": None}
        return answer["code"]

    def data(self, operation: str, json: Any = None, **request: Any) -> Any:
        """The data of a successful answer."""
        answer = self.post(operation, json, **request)
        assert answer["code"] == 0, answer
        return answer["data"]

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """The JSON that a call of the control interface answers."""
        response = self.ask(method, path, json)
        assert response.status_code == 200, response.text
        return response.json()

    def wrong(self, status: int, method: str, path: str, json: Any = None) -> str:
        """What the control interface says is wrong with a call."""
        response = self.ask(method, path, json)
        assert response.status_code == status, response.text
        assert list(response.json()) == ["error"]
        return response.json()["error"]

    def ask(self, method: str, path: str, json: Any = None) -> httpx.Response:
        """The answer to a call of the control interface."""
        return self.client.request(method, f"/__emulator__{path}", json=json)

    def teach(self, id: str, name: str, kind: str, pictures: int = 2) -> None:
        """Register pictures of freshly laid items, and commit them."""
        for _ in range(pictures):
            self.emulator.put(kind)
            registered = self.data("register_item", {"id": id, "name": name})
            assert base64.b64decode(registered["image"]).startswith(b"\xff\xd8\xff")
        assert self.code("commit_registered_item", {"id": id}) == 0

    def best(self) -> str | None:
        """The id of the best guess for what lies on the pan now."""
        items = self.data("get_result")["items"]
        return items[0]["id"] if items else None

    def backup(self) -> bytes:
        """A whole backup's bytes."""
        assert self.post("start_backup") == {"code": 0}
        self.emulator.step(10)
        status = self.post("get_backup_status")
        assert status["status"] == 3
        response = self.client.get(f"/download/{status['filename']}")
        assert response.headers["content-type"] == "application/octet-stream"
        return response.content

    def restore(self, content: bytes) -> dict[str, Any]:
        """The status that a restore ends with."""
        assert self.code("start_restore", files={"file": ("test.evo", content)}) == 0
        self.emulator.step(10)
        return self.post("get_restore_status")


def in_process(emulator: Emulator) -> Channel:
    """A channel without a socket, for what does not depend on how the device is reached."""
    return Channel(emulator, httpx.Client(transport=EmulatorTransport(emulator), base_url="http://module"))


@contextmanager
def beside(channel: Channel) -> Generator[Channel]:
    """The control interface where it stays reachable while the device is gone."""
    url = channel.emulator.server_info.control_url
    if url is None:
        yield channel
        return
    with httpx.Client(base_url=url.removesuffix("/__emulator__/"), trust_env=False) as client:
        yield Channel(channel.emulator, client)


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something comes true that another thread does."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came true")
