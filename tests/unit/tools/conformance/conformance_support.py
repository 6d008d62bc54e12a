"""What the tests of conformance runs share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from vision_ai_emulator import Dialect, Emulator, EmulatorTransport, Settings
from vision_ai_tools.conformance import Report, check_conformance

WITH_RESET = "destructive with reset"

# Switch and position → the reading that is otherwise, and the first level that can see it. What is missing here
# is as this project reads the document: for example a module that knows only `id`, or returns HTTP 404 for an
# unknown path.
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
    ("restore_end", "no_task"): ("A17", "destructive"),
    ("sync_mode_field", "renamed"): ("A20", "read"),
    ("sync_mode_field", "capitalized"): ("A20", "read"),
    ("guesses", "null_when_empty"): ("A21", "read"),
    ("whole_numbers", "float"): ("A22", "read"),
}


SETTINGS = Settings(pace="polls", reboot_seconds=0.3)
"""Jobs advance with every status query, so that a run does not wait."""


def make_emulator(**options: Any) -> Emulator:
    return Emulator(pace=SETTINGS.pace, reboot_seconds=SETTINGS.reboot_seconds, **options)


def check(
    target: Emulator | httpx.BaseTransport, folder: Path, effects: Any = "read", **options: Any
) -> Report:
    """Run the check on an emulator, or on what a transport reaches, without pauses."""
    transport = EmulatorTransport(target) if isinstance(target, Emulator) else target
    return check_conformance(
        "http://module",
        transport=transport,
        effects=effects,
        pause=0,
        poll=0.001,
        folder=folder,
        **options,
    )


def get_verdicts(report: Report) -> dict[str, str]:
    return {each.id: each.verdict for each in report.readings}


def list_otherwise(report: Report) -> set[str]:
    return {each.id for each in report.otherwise}


def set_dialect(emulator: Emulator, **switches: Any) -> Emulator:
    """Give the emulator another dialect, and its store, which a reset may have removed."""
    emulator.dialect = Dialect(**switches)
    emulator.activate("11095", "Fruit Store Name")
    return emulator


class ChangedTransport(httpx.BaseTransport):
    """Reaches an emulator. A function changes its responses, or raises instead."""

    def __init__(self, emulator: Emulator, change: Any) -> None:
        self._transport = EmulatorTransport(emulator)
        self._change = change

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._transport.handle_request(request)
        response.read()
        return self._change(request, response)
