"""A device under test: an emulator that is set up for a vector and gets requests as raw bytes.

A vector uses placeholders for texts that the device generates (`image_id`, `sid`, `filename`). `Placeholders`
replaces them by the real texts.
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

TIMEOUT = 30.0
"""Seconds."""


@frozen
class Response:
    """A response of the device. `complete` is false if the connection ended too early."""

    status: int
    content_type: str | None
    body: bytes
    complete: bool = True


@frozen
class Placeholders:
    """The real texts by their placeholders in a vector."""

    texts: dict[bytes, bytes] = field(factory=dict)

    def replace(self, data: bytes) -> bytes:
        for placeholder, text in self.texts.items():
            data = data.replace(placeholder, text)
        return data


class Device:
    """An emulator, known by the URL of the device and the URL of its control interface."""

    def __init__(self, url: str, control_url: str) -> None:
        self._address = urlsplit(url).hostname, urlsplit(url).port
        self._device = httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False)
        self._control = httpx.Client(base_url=control_url, timeout=TIMEOUT, trust_env=False)

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *_: object) -> None:
        self._device.close()
        self._control.close()

    def prepare(self, setup: dict[str, Any], api: str) -> Placeholders:
        """Reset the device, and set its version of the API and the state, the dialect and the fault of a vector."""
        state = setup.get("state", {})
        self._control_request(
            "POST", "reset", {"settings": {"api": api, "pace": "immediate", "require_activation": True}}
        )
        self._control_request("DELETE", "dialect")
        self._control_request("PUT", "camera", {"lost": False})
        placeholders = Placeholders()
        for name in ("products", "cache", "templates", "recognition", "ownBackup", "backup", "restore"):
            if name in state:
                placeholders.texts.update(getattr(self, f"_make_{name}")(state[name]))
        if "learnMode" in state:
            self._control_request("PUT", "learn_mode", {"mode": state["learnMode"]})
        if "calibration" in state:
            self._call("set_calib", state["calibration"])
        if "store" in state:
            self._control_request("DELETE", "store")
        if "pan" in state:
            self._control_request("DELETE", "pan")
        if "camera" in state:
            self._control_request("PUT", "camera", {"lost": True})
        if "dialect" in setup:
            self._control_request("PUT", "dialect", setup["dialect"])
        if "fault" in setup:
            self._control_request("POST", "faults", setup["fault"])
        return placeholders

    def exchange(self, request: dict[str, Any], placeholders: Placeholders) -> Response | None:
        """Send the exact bytes of a request. The result is None if the connection ends without a response."""
        body = placeholders.replace(body_of(request))
        headers = {"Host": "module", **request.get("headers", {})}
        if body:
            headers["Content-Length"] = str(len(body))
        target = placeholders.replace(request["target"].encode()).decode()
        lines = [f"{request['method']} {target} HTTP/1.1", *(f"{n}: {v}" for n, v in headers.items()), "", ""]
        with socket.create_connection(self._address, TIMEOUT) as connection:
            connection.sendall("\r\n".join(lines).encode("latin-1") + body)
            response = http.client.HTTPResponse(connection, method=request["method"])
            try:
                response.begin()
            except (http.client.RemoteDisconnected, ConnectionResetError):
                return None
            try:
                content, complete = response.read(), True
            except http.client.IncompleteRead as cut:
                content, complete = cut.partial, False
            return Response(response.status, response.getheader("Content-Type"), content, complete)

    def _make_products(self, products: list[dict[str, str]]) -> dict[bytes, bytes]:
        for product in products:
            self._control_request("POST", "catalogue", product)
        return {}

    def _make_cache(self, cache: list[dict[str, str]]) -> dict[bytes, bytes]:
        return {
            each["image_id"].encode(): self._call("register_item", {"id": each["id"], "name": each["name"]})[
                "data"
            ]["image_id"].encode()
            for each in cache
        }

    def _make_templates(self, templates: list[dict[str, str]]) -> dict[bytes, bytes]:
        return {
            each["sid"].encode(): self._call("add_item_template", {"id": each["id"]})["data"]["sid"].encode()
            for each in templates
        }

    def _make_recognition(self, sid: str) -> dict[bytes, bytes]:
        return {sid.encode(): self._call("get_result")["data"]["sid"].encode()}

    def _make_ownBackup(self, placeholder: str) -> dict[bytes, bytes]:
        return {placeholder.encode(): self._backup()}

    def _make_backup(self, backup: dict[str, Any]) -> dict[bytes, bytes]:
        if backup["is"] == "generating":
            self._control_request("PUT", "pace", {"pace": "polls"})
        if backup["is"] == "failed":
            self._fail("start_backup", backup["code"])
        self._call("start_backup")
        if backup["is"] != "completed":
            return {}
        return {backup["filename"].encode(): self._call("get_backup_status")["filename"].encode()}

    def _make_restore(self, restore: dict[str, Any]) -> dict[bytes, bytes]:
        content = self._backup()
        if restore["is"] in ("restoring", "verifying"):
            self._control_request("PUT", "pace", {"pace": "polls"})
        if restore["is"] == "failed":
            self._fail("start_restore", restore["code"])
        self._device.post("/api/start_restore", files={"file": ("own.evo", content)}).raise_for_status()
        if restore["is"] == "verifying":
            self._call("get_restore_status")
        return {}

    def _fail(self, operation: str, code: int) -> None:
        self._control_request("POST", "faults", {"kind": "job_fails", "operation": operation, "code": code})

    def _backup(self) -> bytes:
        self._call("start_backup")
        return self._device.get(f"/download/{self._call('get_backup_status')['filename']}").content

    def _call(self, operation: str, body: object = None) -> Any:
        response = self._device.post(f"/api/{operation}", json=body)
        content = json.loads(response.content)
        assert content["code"] == 0, (operation, content)
        return content

    def _control_request(self, method: str, path: str, body: object = None) -> Any:
        response = self._control.request(method, path, json=body)
        assert response.status_code == 200, response.text
        return response.json()
