"""Clients of either flavor that record or replay, and helpers that read recordings."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import httpx
from blocking_facade import BlockingFacade
from vision_ai._direct import http_transport
from vision_ai._har.recording import recorded
from vision_ai._har.replay import ReplayTransport

from vision_ai import AsyncVisionAI, VisionAI

CONNECTION_KINDS = ("in-process", "direct", "httpx")


class Clients:
    """Makes clients of one flavor; closes them all."""

    def __init__(self, flavor: str) -> None:
        self.asynchronous = flavor == "async"
        self.url = "http://module"
        self._clients: list[Any] = []

    def to(self, transport: Any, **settings: Any) -> Any:
        settings = {"timeout": 10, "retries": 0, **settings}
        if self.asynchronous:
            client: Any = BlockingFacade(AsyncVisionAI(self.url, transport=transport, **settings))
        else:
            client = VisionAI(self.url, transport=transport, **settings)
        self._clients.append(client)
        return client

    def recording(self, path: Path, inner: Any, *, secrets: bool = False, **settings: Any) -> Any:
        transport = recorded(inner, path, asynchronous=self.asynchronous, secrets=secrets)
        return self.to(transport, **settings)

    def replaying(self, path: Path, **settings: Any) -> Any:
        return self.to(ReplayTransport(path), **settings)

    def transport(self, kind: str, url: str) -> Any:
        """Make a transport to the module at that URL, which becomes the URL of the next clients."""
        self.url = url
        if kind == "direct":
            return http_transport(url, asynchronous=self.asynchronous)
        return httpx.AsyncHTTPTransport() if self.asynchronous else httpx.HTTPTransport()

    def close(self) -> None:
        while self._clients:
            client = self._clients.pop()
            client.close()
            if self.asynchronous:
                client.close_loop()


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
