"""`vision-ai info`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..options import Run, command
from ..output import make_facts

if TYPE_CHECKING:
    from vision_ai import DeviceInfo

VERSIONS = {
    "v1": "V1, which this program knows completely",
    "v2": "V2, of which 13 of 31 operations are known: no backup, restore, restart, reset, learning mode or feedback",
}
LEARNING = {0: "off", 1: "on (learns from feedback)", None: None}


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
    rows: dict[str, object] = {"API": VERSIONS[version], "Serial number": info.sn}
    if version == "v1" or info.client_name or info.client_id:
        rows["Store"] = f"{info.client_name or '–'} ({info.client_id or '–'})"
    rows |= {"Firmware": info.firmware, "Engine": info.engine}
    if version == "v1" or info.sdk:
        rows["SDK"] = info.sdk
    if version == "v2":
        rows |= {
            "Application": info.app,
            "Board": info.board,
            "Products": info.item_count,
            "Recognition speed": info.predict_speed,
            "Most guesses": info.max_result_num,
        }
    rows["Synchronization"] = ", ".join(each for each in (info.sync, info.sync_mode) if each)
    if version == "v2":
        rows |= {
            "  shares, takes": f"{_format_flag(info.upload)}, {_format_flag(info.download)}",
            "  limit, port": f"{_format(info.sync_limit)}, {_format(info.mastersync_port)}",
        }
    if info.master_sn or info.master_ip:
        rows["Main scale"] = f"{info.master_sn or '–'} at {info.master_ip or '–'}"
    learning = info.learn_mode if version == "v2" else LEARNING.get(info.learn_mode, info.learn_mode)
    return {**rows, "Learning mode": learning, "Removal threshold": info.sold_out_limit}


def _format(value: object) -> str:
    return "–" if value is None else str(value)


def _format_flag(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else _format(value)
