"""Tables of scales, and everything about one."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vision_ai_tools.cli.output import PIPE_WIDTH, make_facts, make_table
from vision_ai_translations import N_, ngettext
from vision_ai_translations import gettext as _

from .formats import MODULE_STATES, format_drift, format_size, format_switch, join_names
from .texts import get_page_text
from .times import format_age, format_time

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_fleet.scales import Scale

WIDE = 100
"""Columns from which a table of scales shows everything."""
DEVICE_FIELDS = {
    "sdk": N_("SDK of the module"),
    "sync": N_("Synchronization"),
    "clientID": N_("Store of the module"),
    "clientName": N_("Store name"),
    "syncMode": N_("Sync mode"),
    "masterIP": N_("Master address"),
    "masterSN": N_("Master serial"),
    "soldOutLimit": N_("Sold-out limit"),
}


SCALE_STATES = {
    "idle": "activity.idle",
    "busy": "activity.busy",
    "job": "activity.job",
    "offline": "status.offline",
    "never": "status.no_report",
}


def format_scale_state(state: str) -> str:
    """Return the state of a scale as people read it."""
    return get_page_text(SCALE_STATES.get(state, state), state)


def describe_module(scale: Scale) -> str | None:
    """Return the state of a scale's module, with its error code."""
    state = _(MODULE_STATES.get(scale.module or "", scale.module or ""))
    return f"{state} ({scale.code})" if state and scale.code and scale.module != "ready" else state


def get_width() -> int:
    """Return the columns that a table may have."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH


def make_scale_table(scales: Sequence[Scale]) -> RenderableType:
    """Make a table of scales. On a narrow terminal it leaves out what is rarely needed."""
    if not scales:
        return _("There are no such scales.")
    is_wide = get_width() >= WIDE
    columns = (
        *(_("Scale"), _("State"), _("Module"), get_page_text("column.engine", "Engine")),
        *(get_page_text("column.api", "API"), _("Learning"), _("Drift"), _("Backup")),
    )
    return make_table(
        (*columns, get_page_text("column.firmware", "Firmware"), _("Agent")) if is_wide else columns,
        ((*_make_row(each), *((each.firmware, each.agent) if is_wide else ())) for each in scales),
    )


def _make_row(scale: Scale) -> tuple[object, ...]:
    return (
        scale.id,
        format_scale_state(scale.state),
        describe_module(scale),
        scale.engine,
        scale.api,
        format_switch(scale.learn_mode),
        format_drift(scale.drift),
        format_age(scale.backup_time),
    )


def describe_total(scales: Sequence[Scale], shown: int) -> str:
    """Say how many scales there are, and how many of them are connected."""
    online = sum(each.is_online for each in scales)
    count = len(scales)
    total = ngettext(
        "{count} scale, {online} online", "{count} scales, {online} online", count, count=count, online=online
    )
    if shown == count:
        return total
    return _("{total}; {shown} are shown (--limit)", total=total, shown=shown)


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
        _("Scale"): scale.id,
        _("State"): format_scale_state(scale.state),
        _("Last report"): format_time(scale.reported),
        _("Waiting events"): presence.outbox if presence else None,
        _("Agent"): scale.agent,
        _("SDK"): scale.sdk,
        _("Python"): inventory.get("python"),
        _("Platform"): inventory.get("platform"),
        _("Module"): describe_module(scale),
        _("Link"): join_names(failing) or (_("ok") if inventory.get("link") else None),
        get_page_text("column.api", "API"): scale.api,
        _("Serial number"): device.get("sn"),
        get_page_text("column.firmware", "Firmware"): device.get("firmware"),
        get_page_text("column.engine", "Engine"): device.get("engine"),
        **{_(title): device.get(name) for name, title in DEVICE_FIELDS.items()},
        _("Products"): scale.items,
        _("Learning mode"): _compare(
            format_switch(scale.learn_mode), format_switch(desired.get("learn_mode")), "learn_mode" in desired
        ),
        _("Calibration"): _compare(
            _format_area(reported.get("calibration")),
            _format_area(desired.get("calibration")),
            "calibration" in desired,
        ),
        _("Drift"): format_drift(scale.drift),
        _("Enforced"): (_("yes") if desired.get("enforce") else _("no")) if desired else None,
        _("Backup"): join_names(
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
    return _("{actual} (desired: {desired})", actual=actual or _("unknown"), desired=desired)
