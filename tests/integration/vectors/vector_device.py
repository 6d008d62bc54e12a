"""A device under test: an emulator reached by its URLs, prepared as a vector says and asked with raw bytes.

What a vector calls by a number or name that a device makes itself (`image_id`, `sid`, `filename`) stands for
the real one: `Prepared.actual` puts the real ones in.
"""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
from attrs import field, frozen

from vectors import body_of

SECONDS = 10.0


@frozen
class Answer:
    """What a device answered; `whole` is false where the connection ended too soon."""

    status: int
    content_type: str | None
    body: bytes
    whole: bool = True


@frozen
class Prepared:
    """The real texts for those that stand in a vector."""

    actual: dict[bytes, bytes] = field(factory=dict)

    def put_in(self, data: bytes) -> bytes:
        for stands, real in self.actual.items():
            data = data.replace(stands, real)
        return data


class Device:
    """An emulator, by the URL of the device and the URL of its control interface."""

    def __init__(self, url: str, control_url: str) -> None:
        self._address = urlsplit(url).hostname, urlsplit(url).port
        self._device = httpx.Client(base_url=url, trust_env=False)
        self._control = httpx.Client(base_url=control_url, trust_env=False)

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *_: object) -> None:
        self._device.close()
        self._control.close()

    def prepare(self, wanted: dict[str, Any]) -> Prepared:
        """Make the device anew, with the state, the dialect and the fault that a vector asks for."""
        state = wanted.get("state", {})
        self._ask("POST", "reset", {"settings": {"pace": "immediate", "require_activation": True}})
        self._ask("DELETE", "dialect")
        self._ask("PUT", "camera", {"lost": False})
        prepared = Prepared()
        for name in ("products", "cache", "recognition", "ownBackup", "backup", "restore"):
            if name in state:
                prepared.actual.update(getattr(self, f"_make_{name}")(state[name]))
        if "learnMode" in state:
            self._call("set_learnmode", {"mode": state["learnMode"]})
        if "calibration" in state:
            self._call("set_calib", state["calibration"])
        if "store" in state:
            self._ask("DELETE", "store")
        if "pan" in state:
            self._ask("DELETE", "pan")
        if "camera" in state:
            self._ask("PUT", "camera", {"lost": True})
        if "dialect" in wanted:
            self._ask("PUT", "dialect", wanted["dialect"])
        if "fault" in wanted:
            self._ask("POST", "faults", wanted["fault"])
        return prepared

    def exchange(self, request: dict[str, Any], prepared: Prepared) -> Answer | None:
        """Send a vector's request byte for byte; None where the connection ends without an answer."""
        body = prepared.put_in(body_of(request))
        headers = {"Host": "module", **request.get("headers", {})}
        if body:
            headers["Content-Length"] = str(len(body))
        target = prepared.put_in(request["target"].encode()).decode()
        lines = [f"{request['method']} {target} HTTP/1.1", *(f"{n}: {v}" for n, v in headers.items()), "", ""]
        with socket.create_connection(self._address, SECONDS) as connection:
            connection.sendall("\r\n".join(lines).encode("latin-1") + body)
            response = http.client.HTTPResponse(connection, method=request["method"])
            try:
                response.begin()
            except (http.client.RemoteDisconnected, ConnectionResetError):
                return None
            try:
                content, whole = response.read(), True
            except http.client.IncompleteRead as cut:
                content, whole = cut.partial, False
            return Answer(response.status, response.getheader("Content-Type"), content, whole)

    def acted(self, operation: str) -> int:
        """How often the device really did what it was asked."""
        return self._ask("GET", "requests")["acted"].get(operation, 0)

    def _make_products(self, products: list[dict[str, str]]) -> dict[bytes, bytes]:
        for product in products:
            self._ask("POST", "catalogue", product)
        return {}

    def _make_cache(self, cache: list[dict[str, str]]) -> dict[bytes, bytes]:
        return {
            each["image_id"].encode(): self._call("register_item", {"id": each["id"], "name": each["name"]})[
                "data"
            ]["image_id"].encode()
            for each in cache
        }

    def _make_recognition(self, sid: str) -> dict[bytes, bytes]:
        return {sid.encode(): self._call("get_result")["data"]["sid"].encode()}

    def _make_ownBackup(self, stands: str) -> dict[bytes, bytes]:
        return {stands.encode(): self._backup()}

    def _make_backup(self, backup: dict[str, Any]) -> dict[bytes, bytes]:
        if backup["is"] == "generating":
            self._ask("PUT", "pace", {"pace": "polls"})
        if backup["is"] == "failed":
            self._fail("start_backup", backup["code"])
        self._call("start_backup")
        if backup["is"] != "completed":
            return {}
        return {backup["filename"].encode(): self._call("get_backup_status")["filename"].encode()}

    def _make_restore(self, restore: dict[str, Any]) -> dict[bytes, bytes]:
        content = self._backup()
        if restore["is"] in ("restoring", "verifying"):
            self._ask("PUT", "pace", {"pace": "polls"})
        if restore["is"] == "failed":
            self._fail("start_restore", restore["code"])
        self._device.post("/api/start_restore", files={"file": ("own.evo", content)}).raise_for_status()
        if restore["is"] == "verifying":
            self._call("get_restore_status")
        return {}

    def _fail(self, operation: str, code: int) -> None:
        self._ask("POST", "faults", {"kind": "job_fails", "operation": operation, "code": code})

    def _backup(self) -> bytes:
        self._call("start_backup")
        return self._device.get(f"/download/{self._call('get_backup_status')['filename']}").content

    def _call(self, operation: str, body: object = None) -> Any:
        response = self._device.post(f"/api/{operation}", json=body)
        answer = json.loads(response.content)
        assert answer["code"] == 0, (operation, answer)
        return answer

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        response = self._control.request(method, path, json=body)
        assert response.status_code == 200, response.text
        return response.json()
