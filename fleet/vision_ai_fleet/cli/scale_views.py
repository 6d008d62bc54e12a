"""Tables of scales, and everything about one."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vision_ai_tools.cli.output import PIPE_WIDTH, make_facts, make_table

from .formats import MODULE_STATES, format_size, format_switch, join_names
from .times import format_age, format_time

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_fleet.scales import Scale

WIDE = 100
"""Columns from which a table of scales shows everything."""
DEVICE_FIELDS = {
    "sn": "Serial number",
    "firmware": "Firmware",
    "engine": "Engine",
    "sdk": "SDK of the module",
    "sync": "Synchronization",
    "clientID": "Store of the module",
    "clientName": "Store name",
    "syncMode": "Sync mode",
    "masterIP": "Master address",
    "masterSN": "Master serial",
    "soldOutLimit": "Sold-out limit",
}


def describe_module(scale: Scale) -> str | None:
    """Return the state of a scale's module, with its error code."""
    state = MODULE_STATES.get(scale.module or "", scale.module)
    return f"{state} ({scale.code})" if state and scale.code and scale.module != "ready" else state


def get_width() -> int:
    """Return the columns that a table may have."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH


def make_scale_table(scales: Sequence[Scale]) -> RenderableType:
    """Make a table of scales. On a narrow terminal it leaves out what is rarely needed."""
    if not scales:
        return "There are no such scales."
    is_wide = get_width() >= WIDE
    columns = ("Scale", "State", "Module", "Engine", "API", "Learning", "Drift", "Backup")
    return make_table(
        (*columns, "Firmware", "Agent") if is_wide else columns,
        ((*_make_row(each), *((each.firmware, each.agent) if is_wide else ())) for each in scales),
    )


def _make_row(scale: Scale) -> tuple[object, ...]:
    return (
        scale.id,
        scale.state,
        describe_module(scale),
        scale.engine,
        scale.api,
        format_switch(scale.learn_mode),
        join_names(each.replace("_", " ") for each in scale.drift),
        format_age(scale.backup_time),
    )


def describe_total(scales: Sequence[Scale], shown: int) -> str:
    """Say how many scales there are, and how many of them are connected."""
    online = sum(each.is_online for each in scales)
    total = f"{len(scales)} {'scale' if len(scales) == 1 else 'scales'}, {online} online"
    return total if shown == len(scales) else f"{total}; {shown} are shown (--limit)"


def make_scale_view(scale: Scale) -> RenderableType:
    """Make a view of everything about one scale."""
    inventory = scale.inventory
    device: dict[str, Any] = inventory.get("device") or {}
    reported: dict[str, Any] = inventory.get("reported") or {}
    desired: dict[str, Any] = inventory.get("desired") or {}
    backup: dict[str, Any] = inventory.get("backup") or {}
    presence = scale.presence
    failing = [
        f"{each.get('step')} {each.get('code') or ''}".strip()
        for each in inventory.get("link") or ()
        if each.get("status") not in ("ok", "skipped", None)
    ]
    facts: dict[str, object] = {
        "Scale": scale.id,
        "State": scale.state,
        "Last report": format_time(scale.reported),
        "Waiting events": presence.outbox if presence else None,
        "Agent": scale.agent,
        "SDK": scale.sdk,
        "Python": inventory.get("python"),
        "Platform": inventory.get("platform"),
        "Module": describe_module(scale),
        "Link": join_names(failing) or ("ok" if inventory.get("link") else None),
        "API": scale.api,
        **{title: device.get(name) for name, title in DEVICE_FIELDS.items()},
        "Products": scale.items,
        "Learning mode": _compare(
            format_switch(scale.learn_mode), format_switch(desired.get("learn_mode")), "learn_mode" in desired
        ),
        "Calibration": _compare(
            _format_area(reported.get("calibration")),
            _format_area(desired.get("calibration")),
            "calibration" in desired,
        ),
        "Drift": join_names(each.replace("_", " ") for each in scale.drift),
        "Enforced": ("yes" if desired.get("enforce") else "no") if desired else None,
        "Backup": join_names(
            each for each in (format_time(scale.backup_time), format_size(backup.get("size"))) if each
        ),
    }
    return make_facts(facts)


def _format_area(area: dict[str, Any] | None) -> str | None:
    names = ("left", "top", "width", "height")
    return ",".join(str(area.get(name)) for name in names) if area else None


def _compare(actual: str | None, desired: str | None, is_desired: bool) -> str | None:
    if not is_desired or actual == desired:
        return actual
    return f"{actual or 'unknown'} (desired: {desired})"
