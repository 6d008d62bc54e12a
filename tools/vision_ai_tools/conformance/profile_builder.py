"""Makes the profile for the SDK from the observations of a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from vision_ai import Profile

from .contract import get_contract_version
from .empty_pan import find_empty_pan, format_watch
from .observations import FIELD_NAMES, FieldNames, Observations
from .readings.field_names import understands_field_names

RESTORE_PATHS: Mapping[str, Literal["/api/start_restore", "/api/restore"]] = {
    "start_restore": "/api/start_restore",
    "start_restore_alias": "/api/restore",
}


def make_profile(observations: Observations, finished: datetime) -> Profile:
    """Make the profile. What was not tried keeps its default, and the note says so; and how to watch the module."""
    names = _find_field_names(observations)
    restore = next((each for each in observations.restores if each.completed), None)
    unknown: list[str] = []
    if observations.version != "v2":  # these concern operations of V1
        unknown += [] if names else ["field_names"]
        unknown += [] if restore else ["part_name", "restore_path"]
    info = observations.device_info or {}
    return Profile(
        field_names=names or "both",
        part_name=restore.part_name if restore else "file",
        restore_path=RESTORE_PATHS[restore.exchanges[-1].operation or ""] if restore else None,
        firmware=_get_text(info.get("firmware")),
        engine=_get_text(info.get("engine")),
        api=observations.version,
        contract=get_contract_version(observations.version or "v1"),
        taken_on=finished.date().isoformat(),
        note=_make_note(observations, unknown),
    )


def _make_note(observations: Observations, unknown: list[str]) -> str | None:
    empty_pan = find_empty_pan(observations)
    notes = [f"Not tried, so the default applies: {', '.join(unknown)}."] if unknown else []
    if empty_pan is not None and empty_pan.watch is not None:
        notes.append(f"Notices an empty pan: {format_watch(empty_pan.watch)}.")
    return " ".join(notes) or None


def _get_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _find_field_names(observations: Observations) -> FieldNames | None:
    understood = {names: understands_field_names(observations, names) for names in FIELD_NAMES}
    if understood["both"] and understood["id"] == understood["item_id"]:
        return "both"
    return next((names for names in FIELD_NAMES if understood[names]), None)
