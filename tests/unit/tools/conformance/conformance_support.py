"""What the tests of the examination share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from vision_ai_emulator import Dialect, Emulator, EmulatorTransport
from vision_ai_tools.conformance import Report, examine

WITH_RESET = "destructive, reset too"

# Switch and position → the reading that is otherwise, and the first level that can see it. What is not here
# is as this project reads the document: a module that knows only `id`, or says HTTP 404 to an unknown path.
FOUND: dict[tuple[str, Any], tuple[str, str]] = {
    ("field_names", "item_id_only"): ("A1", "act"),
    ("restore_path", "restore"): ("A3", "destructive"),
    ("restore_part", "unnamed"): ("A4", "destructive"),
    ("restore_part", "empty_name"): ("A4", "destructive"),
    ("data_key", "always"): ("A5", "act"),
    ("data_key", "omitted_when_null"): ("A5", "read"),
    ("trailing_commas", True): ("A6", "read"),
    ("list_shape", "one_object_when_single"): ("A7", "act"),
    ("list_shape", "items"): ("A7", "read"),
    ("list_shape", "null_when_empty"): ("A7", "read"),
    ("image_ids", "many"): ("A7", "act"),
    ("extra_statuses", True): ("A12", "act"),
    ("reset_answer", "drop"): ("A13", WITH_RESET),
    ("charset", "gbk"): ("A15", "read"),
    ("content_type", "text"): ("A16", "read"),
    ("content_type", "none"): ("A16", "read"),
}


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
        self._transport = EmulatorTransport(emulator)
        self._change = change

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._transport.handle_request(request)
        response.read()
        return self._change(request, response)


def with_json(request: httpx.Request, response: httpx.Response, path: str, value: Any) -> httpx.Response:
    """Another JSON in the answers of one path."""
    return httpx.Response(200, json=value) if request.url.path == path else response
