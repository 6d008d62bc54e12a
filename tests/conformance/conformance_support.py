"""What the tests of the examination share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from vision_ai_emulator import Dialect, Emulator
from vision_ai_tools.conformance import Report, examine


def make(**options: Any) -> Emulator:
    """An emulator whose jobs get ahead with every question, so that nobody has to wait."""
    return Emulator(pace="polls", reboot_seconds=0.3, **options)


def examined(
    target: Emulator | httpx.BaseTransport, folder: Path, effects: Any = "read", **options: Any
) -> Report:
    """The report on an emulator, or on whatever a transport leads to."""
    if isinstance(target, Emulator):
        options["url"] = target.url
    else:
        options |= {"url": "http://module", "transport": target}
    return examine(effects=effects, pause=0, poll=0.001, folder=folder, **options)


def verdicts(report: Report) -> dict[str, str]:
    return {each.id: each.verdict for each in report.readings}


def otherwise(report: Report) -> set[str]:
    return {each.id for each in report.otherwise}


def speaking(emulator: Emulator, **switches: Any) -> Emulator:
    """The same emulator in another dialect, with its store, which an examination may have cost it."""
    emulator.dialect = Dialect(**switches)
    emulator.activate("11095", "Fruit Store Name")
    return emulator


class Changed(httpx.BaseTransport):
    """An emulator whose answers a function changes, or keeps back by raising."""

    def __init__(self, emulator: Emulator, change: Any) -> None:
        self._transport = emulator.transport()
        self._change = change

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._transport.handle_request(request)
        response.read()
        return self._change(request, response)


def with_json(request: httpx.Request, response: httpx.Response, path: str, value: Any) -> httpx.Response:
    """Another JSON in the answers of one path."""
    return httpx.Response(200, json=value) if request.url.path == path else response
