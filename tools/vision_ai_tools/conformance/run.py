"""The examination of a module, from the first question to the report."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from os import PathLike
from pathlib import Path

import httpx

from vision_ai import InvalidInputError, VisionAI
from vision_ai._files import writable_folder
from vision_ai._settings import is_number, positive_seconds
from vision_ai._transports import Way, chosen_url
from vision_ai_generated.operation import Effect

from .client import Asker, Say, Stopped
from .observations import EFFECTS, FURTHER, Further, Seen
from .probes.backups import back_up, reset, restart, restore_own_backup
from .probes.products import register_and_delete
from .probes.settings import confirm_settings, look
from .report import Report
from .report_builder import report_on


def _silent(_: str) -> None:
    pass


def examine(
    url: str | None = None,
    *,
    transport: httpx.BaseTransport | None = None,
    effects: Effect = "read",
    also: Collection[Further] = (),
    progress: Say | None = None,
    timeout: float = 15.0,
    pause: float = 0.2,
    poll: float = 1.0,
    folder: str | PathLike[str] = ".",
    record: str | PathLike[str] | None = None,
    redact: bool = True,
) -> Report:
    """Find out how a module's firmware speaks, one request at a time.

    Args:
        url: The module, as `VisionAI` takes it; None for its default.
        transport: An httpx transport that carries the requests; it is closed in the end.
        effects: How far it may go. "read" changes nothing; "set" sets the calibration area and learning mode
            to what they are; "act" registers pictures of a product and deletes them again, and makes a
            backup; "destructive" puts that backup back. Each includes those before it.
        also: What "destructive" does only when it is named: "reboot", and "reset_device", after which
            the module belongs to no store and knows no product.
        progress: Called with a few words on what is being done.
        timeout: Seconds that an answer may take, above 0.
        pause: Seconds between two requests, 0 or more.
        poll: Seconds between two questions about a backup or a restore, above 0.
        folder: An existing folder, for the backup that "destructive" makes; it is left there.
        record: The path of a HAR file in which everything that passes is recorded; secrets are left out.
        redact: Whether serial numbers, the store and names of backups are replaced in the report.

    Returns:
        Report: also where the module cannot be reached, is none, or goes away: `outcome` tells.

    Raises:
        InvalidInputError: one of these is not possible; nothing was sent.
        OSError: the folder or the recording cannot be written; nothing was sent.
    """
    if effects not in EFFECTS:
        raise InvalidInputError(f"effects must be one of {', '.join(EFFECTS)}, not {effects!r}")
    unknown = [each for each in also if each not in FURTHER]
    if unknown:
        raise InvalidInputError(f"also must be from {', '.join(FURTHER)}, not {unknown[0]!r}")
    if also and effects != "destructive":
        raise InvalidInputError(f"{', '.join(also)} needs effects=destructive")
    seen = Seen(
        url=chosen_url(url, None),
        effects=effects,
        further=tuple(each for each in FURTHER if each in also),
        started=datetime.now().astimezone(),
    )
    positive_seconds("timeout", timeout)
    positive_seconds("poll", poll)
    if not is_number(pause) or pause < 0:
        raise InvalidInputError(f"pause must be a number of seconds from 0 up, not {pause!r}")
    kept_in = writable_folder(folder) if effects == "destructive" else Path()
    asker = Asker(seen, Way(transport=transport), timeout=timeout, pause=pause, poll=poll, record=record)
    try:
        _go(asker, progress or _silent, kept_in)
    except Stopped as stopped:
        seen.outcome, seen.stopped_because = stopped.outcome, str(stopped)
    finally:
        asker.close()
    return report_on(seen, datetime.now().astimezone(), redact=redact)


def _go(asker: Asker, say: Say, folder: Path) -> None:
    allowed = EFFECTS[: EFFECTS.index(asker.seen.effects) + 1]
    look(asker, say)
    if "set" in allowed:
        confirm_settings(asker, say)
    if "act" in allowed:
        register_and_delete(asker, say)
        backup = back_up(asker, say, folder if "destructive" in allowed else None)
        if backup is not None:
            restore_own_backup(asker, say, backup)
        elif "destructive" in allowed:
            asker.seen.left_out.append("start_restore: there is no backup to put back")
    if "reboot" in asker.seen.further:
        restart(asker, say)
    if "reset_device" in asker.seen.further:
        reset(asker, say)
    if not asker.last.whole:
        # One lost answer is forgiven; after the last one only another tells whether the module is there.
        asker.ask(VisionAI.get_device_info)
