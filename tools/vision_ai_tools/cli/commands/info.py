"""`vision-ai info`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from ..options import Run, command
from ..output import make_facts

if TYPE_CHECKING:
    from vision_ai import DeviceInfo

VERSIONS = {
    "v1": N_("V1, which this program knows completely"),
    "v2": N_(
        "V2, of which 13 of 31 operations are known: no backup, restore, restart, reset, learning mode or feedback"
    ),
}
LEARNING = {0: N_("off"), 1: N_("on (learns from feedback)")}


@command
def info(run: Run) -> None:
    """Show device information: the version of the API, serial number, store, versions and settings."""
    with run.client() as module:
        info = module.get_device_info()
        version = module.api_version
    run.emit(
        {"api_version": version, **info.to_dict()}, lambda: make_facts(_list_facts(info, version or "v1"))
    )


def _list_facts(info: DeviceInfo, version: str) -> dict[str, object]:
    rows: dict[str, object] = {_("API"): _(VERSIONS[version]), _("Serial number"): info.sn}
    if version == "v1" or info.client_name or info.client_id:
        rows[_("Store")] = f"{info.client_name or '–'} ({info.client_id or '–'})"
    rows |= {_("Firmware"): info.firmware, _("Engine"): info.engine}
    if version == "v1" or info.sdk:
        rows[_("SDK")] = info.sdk
    if version == "v2":
        rows |= {
            _("Application"): info.app,
            _("Board"): info.board,
            _("Products"): info.item_count,
            _("Recognition speed"): info.predict_speed,
            _("Most guesses"): info.max_result_num,
        }
    rows[_("Synchronization")] = ", ".join(each for each in (info.sync, info.sync_mode) if each)
    if version == "v2":
        rows |= {
            _("  shares, takes"): f"{_format_flag(info.upload)}, {_format_flag(info.download)}",
            _("  limit, port"): f"{_format(info.sync_limit)}, {_format(info.mastersync_port)}",
        }
    if info.master_sn or info.master_ip:
        rows[_("Main scale")] = _(
            "{serial} at {address}", serial=info.master_sn or "–", address=info.master_ip or "–"
        )
    learning: object = info.learn_mode
    if version != "v2" and info.learn_mode in LEARNING:
        learning = _(LEARNING[info.learn_mode])
    return {**rows, _("Learning mode"): learning, _("Removal threshold"): info.sold_out_limit}


def _format(value: object) -> str:
    return "–" if value is None else str(value)


def _format_flag(value: object) -> str:
    if not isinstance(value, bool):
        return _format(value)
    return _("yes") if value else _("no")
