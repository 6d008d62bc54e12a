"""Clients of either flavor that record or replay, and helpers that read recordings."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import httpx
from blocking_facade import BlockingFacade

from vision_ai import AsyncVisionAI, VisionAI
from vision_ai._transports.httpx_adapter import AsyncHttpxAdapter, HttpxAdapter
from vision_ai.recording import Player, Recorder
from vision_ai.transports import Deadline, Request, Response, Transport, open_route, parse_url, run_sync
from vision_ai_emulator import Emulator, EmulatorTransport

CONNECTION_KINDS = ("in-process", "direct", "httpx")


class Clients:
    """Makes clients of one flavor; closes them all."""

    def __init__(self, flavor: str) -> None:
        self.asynchronous = flavor == "async"
        self.url = "http://module"
        self._clients: list[Any] = []

    def to(self, transport: Any, **settings: Any) -> Any:
        settings = {"timeout": 60, "retries": 0, **settings}
        if self.asynchronous:
            client: Any = BlockingFacade(AsyncVisionAI(self.url, transport=transport, **settings))
        else:
            client = VisionAI(self.url, transport=transport, **settings)
        self._clients.append(client)
        return client

    def record(self, path: Path, inner: Any, *, secrets: bool = False, **settings: Any) -> Any:
        recorder = open_recorder(inner, path, asynchronous=self.asynchronous, secrets=secrets)
        return self.to(recorder, **settings)

    def replay(self, path: Path, **settings: Any) -> Any:
        return self.to(Player(path), **settings)

    def transport(self, kind: str, url: str) -> Any:
        """Make a transport to the module at that URL, which becomes the URL of the next clients."""
        self.url = url
        if kind == "direct":
            return open_route(url, asynchronous=self.asynchronous).transport
        return httpx.AsyncHTTPTransport() if self.asynchronous else httpx.HTTPTransport()

    def close(self) -> None:
        while self._clients:
            client = self._clients.pop()
            client.close()
            if self.asynchronous:
                client.close_loop()


def open_recorder(
    transport: Any, path: Path, *, asynchronous: bool = False, secrets: bool = False
) -> Recorder:
    """Return a recorder around a transport of the SDK or of httpx."""
    if not isinstance(transport, Transport):
        transport = AsyncHttpxAdapter(transport) if asynchronous else HttpxAdapter(transport)
    return Recorder(transport, path, asynchronous=asynchronous, secrets=secrets)


def open_recording(path: Path, emulator: Emulator, *, secrets: bool = False) -> VisionAI:
    """Return a synchronous client of an emulator that records."""
    recorder = open_recorder(EmulatorTransport(emulator), path, secrets=secrets)
    return VisionAI("http://module", transport=recorder, timeout=60, retries=0)


def send(transport: Transport, method: str, url: str, body: bytes = b"") -> Response:
    """Send a request over a synchronous transport; return the response before its body is read."""
    return run_sync(transport.send(Request(method, parse_url(url), [], body), Deadline(10)))


def entries(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a recording, which must be complete."""
    return json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]


def paths(path: Path) -> list[str]:
    return [httpx.URL(entry["request"]["url"]).path for entry in entries(path)]


def content(part: dict[str, Any]) -> bytes:
    """Decode a response's content or a request's postData."""
    text = part.get("text", "")
    return b64decode(text) if part.get("encoding") == "base64" else text.encode()


def run_day(module: Any, folder: Path) -> list[Any]:
    """Do everything that a till does with a module in a day; return what it gets."""
    results = [module.get_device_info(), module.get_calib(), module.get_learnmode()]
    module.set_calib(left=444, top=39, width=348, height=482)
    results.append(module.learn(id="7", name="Banane – reif", pictures=2))
    results.append(module.get_item_list())
    result = module.get_result()
    module.confirm(result, id="7", name="Banane – reif")
    results += [result, module.get_image().data]
    results.append(module.backup(folder, poll=0.01).read_bytes())
    module.restore(folder / "to-restore.evo", poll=0.01)
    return results
