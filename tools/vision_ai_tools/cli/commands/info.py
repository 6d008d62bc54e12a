"""`vision-ai info`."""

from __future__ import annotations

from ..options import Run, command
from ..output import facts


@command
def info(run: Run) -> None:
    """Who the module is, what runs on it and how it is set up."""
    with run.client() as module:
        info = module.get_device_info()
    learns = {0: "no, it only recognises", 1: "yes, from feedback"}
    rows: dict[str, object] = {
        "Serial number": info.sn,
        "Store": f"{info.client_name or '–'} ({info.client_id})",
        "Firmware": info.firmware,
        "Engine": info.engine,
        "SDK": info.sdk,
        "Synchronisation": f"{info.sync}, {info.sync_mode.value}",
        "Learns": learns.get(info.learn_mode.value, info.learn_mode.value),
        "Removal threshold": info.sold_out_limit,
    }
    if info.master_sn or info.master_ip:
        rows["Main scale"] = f"{info.master_sn} at {info.master_ip}"
    run.emit(info.to_dict(), lambda: facts(rows))
