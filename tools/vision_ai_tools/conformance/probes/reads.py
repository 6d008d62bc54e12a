"""`read`: everything that changes nothing."""

from __future__ import annotations

from vision_ai import VisionAI

from ..body import shorten, to_text
from ..client import ProbeClient, RunStopped
from ..observations import UNKNOWN_COMMAND

ROUNDS = 3
"""How often each operation is called, to measure its duration."""


def read_everything(client: ProbeClient) -> None:
    """Call every operation that only reads, and one command that no firmware has."""
    client.report_progress("reading the device information")
    info = client.call(VisionAI.get_device_info)
    if not client.last.is_complete:
        info = client.call(VisionAI.get_device_info)
    if "code" not in client.last.fields:
        head = f"HTTP {client.last.status}, {client.last.content_type or 'no Content-Type'}"
        start = shorten(to_text(client.last.body), 80)
        raise RunStopped("not_a_module", f"the response to get_device_info is {head}: {start}")
    if info is not None:
        client.observations.device_info = info.to_dict()
    client.report_progress("sending a command that no firmware has")
    client.send_command(UNKNOWN_COMMAND, "how the module responds to an unknown command")
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
