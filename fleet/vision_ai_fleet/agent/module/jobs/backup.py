"""Back up what the module has learned. A backup that is complete here is not made again after a break."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vision_ai import AnswerLostError, BackupState, UnreachableError
from vision_ai_fleet.agent.module_port import JobContext

from ..memory import BACKUP
from .tools import JobTools, describe_device, forward_progress

DEVICE_FILE = "device.json"
QUIET_TIMEOUT = 1800.0
"""Seconds to wait for a pause of the till after it interrupted the download."""


async def run_backup(tools: JobTools, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Make the backup and upload it. Equal chunks that the center has are not sent again."""
    path = _find_complete(context.folder)
    if path is None:
        device = describe_device(await tools.client.run(tools.module.get_device_info))
        (context.folder / DEVICE_FILE).write_text(json.dumps(device), encoding="utf-8")
        path = await _make_backup(tools, context)
    device = _read_device(context.folder)
    manifest = await context.upload_backup(
        path, serial_number=device.get("serial_number"), engine=device.get("engine")
    )
    last = tools.memory.get_object(BACKUP)
    tools.memory.set(BACKUP, {"digest": manifest.digest, "size": manifest.size})
    return {**device, "file": manifest.to_dict(), "changed": last.get("digest") != manifest.digest}


async def _make_backup(tools: JobTools, context: JobContext) -> Path:
    report, gateway = forward_progress(context), tools.client.gateway
    interruptions = gateway.interruptions
    try:
        return await tools.client.run(tools.module.backup, context.folder, progress=report)
    except (AnswerLostError, UnreachableError):
        if gateway.interruptions == interruptions:
            raise
    # The till came in between, and the backup is still on the module.
    while True:
        context.report_progress("waiting")
        await tools.activity.wait_for_quiet(QUIET_TIMEOUT)
        status = await tools.client.run(tools.module.get_backup_status)
        interruptions = gateway.interruptions
        if status.status != BackupState.COMPLETED or not status.filename:
            return await tools.client.run(tools.module.backup, context.folder, progress=report)
        try:
            return await tools.client.run(
                tools.module.save_backup, status.filename, context.folder, progress=report
            )
        except (AnswerLostError, UnreachableError):
            if gateway.interruptions == interruptions:
                raise


def _find_complete(folder: Path) -> Path | None:
    """Return the backup that an earlier attempt has completed. The SDK gives a file its name only then."""
    files = [each for each in folder.iterdir() if not each.name.startswith(".") and each.name != DEVICE_FILE]
    return max(files, key=lambda each: each.stat().st_mtime, default=None)


def _read_device(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / DEVICE_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
