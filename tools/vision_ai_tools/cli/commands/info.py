"""`vision-ai info`."""

from __future__ import annotations

from ..options import Run, command
from ..output import make_facts


@command
def info(run: Run) -> None:
    """Show device information: serial number, store, versions and settings."""
    with run.client() as module:
        info = module.get_device_info()
    learning = {0: "off", 1: "on (learns from feedback)", None: None}
    rows: dict[str, object] = {
        "Serial number": info.sn,
        "Store": f"{info.client_name or '–'} ({info.client_id or '–'})",
        "Firmware": info.firmware,
        "Engine": info.engine,
        "SDK": info.sdk,
        "Synchronization": ", ".join(each for each in (info.sync, info.sync_mode) if each),
        "Learning mode": learning.get(info.learn_mode, info.learn_mode),
        "Removal threshold": info.sold_out_limit,
    }
    if info.master_sn or info.master_ip:
        rows["Main scale"] = f"{info.master_sn or '–'} at {info.master_ip or '–'}"
    run.emit(info.to_dict(), lambda: make_facts(rows))
