"""`read`: everything that changes nothing."""

from __future__ import annotations

from vision_ai import VisionAI
from vision_ai_generated.api import GET_DEVICE_INFO, GET_DEVICE_INFO_V2

from ..body import shorten, to_text
from ..client import ProbeClient, RunStopped
from ..observations import OTHER_METHOD, UNKNOWN_COMMAND

ROUNDS = 3
"""How often each operation is called, to measure its duration."""


def identify(client: ProbeClient) -> None:
    """Read the device information and find out the version of the API; send what no firmware of it has (A3, B1)."""
    client.report_progress("reading the device information")
    info = client.call(VisionAI.get_device_info)
    if not client.last.is_complete:
        info = client.call(VisionAI.get_device_info)
    client.note_version()
    if "code" not in client.last.fields:
        first = next(each for each in client.observations.exchanges if each.is_complete)
        head = f"HTTP {first.status}, {first.content_type or 'no Content-Type'}"
        start = shorten(to_text(first.body), 80)
        raise RunStopped("not_a_module", f"the response to get_device_info is {head}: {start}")
    if info is not None:
        client.observations.device_info = info.to_dict()
    client.report_progress("sending a command that no firmware has")
    client.send_command(UNKNOWN_COMMAND, "how the module responds to an unknown command")
    other = GET_DEVICE_INFO if client.observations.version == "v2" else GET_DEVICE_INFO_V2
    client.send_command(other.path, OTHER_METHOD, method=other.method)


def read_everything(client: ProbeClient) -> None:
    """Call every operation of V1 that only reads."""
    for number in range(1, ROUNDS + 1):
        client.report_progress(f"reading, round {number} of {ROUNDS}")
        client.call(VisionAI.get_device_info)
        client.call(VisionAI.get_calib)
        client.call(VisionAI.get_learnmode)
        client.call(VisionAI.get_item_list)
        client.call(VisionAI.get_registered_item_list)
        client.call(VisionAI.get_backup_status)
        client.call(VisionAI.get_restore_status)
        client.call(VisionAI.get_result)
        client.call(VisionAI.get_image)
