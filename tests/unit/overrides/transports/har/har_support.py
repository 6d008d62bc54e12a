"""Both clients behind one face, each over every road to a module, and a look into recordings."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import httpx

from vision_ai import AsyncVisionAI, VisionAI
from vision_ai._direct import http_transport
from vision_ai._har.recording import recorded
from vision_ai._har.replay import ReplayTransport

ROADS = ("in-process", "direct", "httpx")


class Awaited:
    """An asynchronous client whose calls are run to their end, all on one loop of its own."""

    def __init__(self, client: AsyncVisionAI) -> None:
        self._client = client
        self._runner = asyncio.Runner()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._client, name)
        if not inspect.iscoroutinefunction(value):
            return value

        @functools.wraps(value)
        def awaited(*args: Any, **kwargs: Any) -> Any:
            return self._runner.run(value(*args, **kwargs))

        return awaited

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


class Clients:
    """Makes clients of one flavour."""

    def __init__(self, flavour: str) -> None:
        self.asynchronous = flavour == "async"
        self.url = "http://module"
        self._made: list[Any] = []

    def to(self, transport: Any, **settings: Any) -> Any:
        settings = {"timeout": 10, "retries": 0, **settings}
        if self.asynchronous:
            client: Any = Awaited(AsyncVisionAI(self.url, transport=transport, **settings))
        else:
            client = VisionAI(self.url, transport=transport, **settings)
        self._made.append(client)
        return client

    def recording(self, path: Path, carrier: Any, *, secrets: bool = False, **settings: Any) -> Any:
        transport = recorded(carrier, path, asynchronous=self.asynchronous, secrets=secrets)
        return self.to(transport, **settings)

    def replaying(self, path: Path, **settings: Any) -> Any:
        return self.to(ReplayTransport(path), **settings)

    def carrier(self, road: str, url: str) -> Any:
        """A transport to the module at that URL, which clients made from now on are told of."""
        self.url = url
        if road == "direct":
            return http_transport(url, asynchronous=self.asynchronous)
        return httpx.AsyncHTTPTransport() if self.asynchronous else httpx.HTTPTransport()

    def close(self) -> None:
        while self._made:
            self._made.pop().close()


def entries(path: Path) -> list[dict[str, Any]]:
    """Of a recording, which must be whole."""
    return json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]


def paths(path: Path) -> list[str]:
    return [httpx.URL(entry["request"]["url"]).path for entry in entries(path)]


def content(part: dict[str, Any]) -> bytes:
    """Of an answer's content or a request's postData."""
    text = part.get("text", "")
    return b64decode(text) if part.get("encoding") == "base64" else text.encode()


def a_day(module: Any, folder: Path) -> list[Any]:
    """Everything that a till does with a module in a day, and what it gets for it."""
    got = [module.get_device_info(), module.get_calib(), module.get_learnmode()]
    module.set_calib(left=444, top=39, width=348, height=482)
    got.append(module.learn(id="7", name="Banane – reif", pictures=2))
    got.append(module.get_item_list())
    result = module.get_result()
    module.confirm(result, id="7", name="Banane – reif")
    got += [result, module.get_image().data]
    got.append(module.backup(folder, poll=0.01).read_bytes())
    module.restore(folder / "to-restore.evo", poll=0.01)
    return got
