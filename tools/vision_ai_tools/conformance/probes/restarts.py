"""What a run does only when it is named: restart the module, and reset it to its factory settings."""

from __future__ import annotations

from vision_ai import VisionAI, VisionAIError

from ..client import ProbeClient, RunStopped


def restart(client: ProbeClient) -> None:
    """Restart the module and wait until it responds again."""
    client.report_progress("restarting the module")
    module = client.make_client()
    client.call(lambda _: module.reboot(), by=module, may_restart=True)
    client.reset_losses()
    try:
        module.wait_until_ready(poll=client.poll)
    except VisionAIError as error:
        raise RunStopped("broken_off", f"the module did not come back: {error}") from error


def reset(client: ProbeClient) -> None:
    """Reset the module to its factory settings (A13). This comes last: nothing restores its store."""
    client.report_progress("resetting the module to its factory settings")
    client.observations.traces.append(
        "The module was reset to its factory settings. Activate it for its store, then restore a backup."
    )
    client.call(VisionAI.reset_device, may_restart=True)
    client.reset_losses()
    client.call(VisionAI.get_device_info, may_restart=True)
    while not client.last.is_complete:
        client.wait()
        client.call(VisionAI.get_device_info, may_restart=True)
