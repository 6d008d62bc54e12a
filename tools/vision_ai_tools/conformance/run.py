"""A conformance run, from the first request to the report."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from vision_ai import VisionAI
from vision_ai.transports import Transport, open_route, resolve_url
from vision_ai_generated.operation import Effect

from .arguments import check_effects, check_pan, check_seconds, check_writable_folder
from .client import Api, ProbeClient, ProgressHandler, RunStopped
from .observations import EFFECTS, FURTHER, Further, Observations, Pan
from .probes.backups import make_backup, restore_backup
from .probes.empty_pan import recognize_empty_pan
from .probes.products import register_and_delete
from .probes.reads import identify, read_everything
from .probes.restarts import reset, restart
from .probes.settings import write_settings_back
from .probes.v2 import check_v2
from .report import Report
from .report_builder import build_report

if TYPE_CHECKING:
    import httpx


def check_conformance(
    url: str | None = None,
    *,
    transport: Transport | httpx.BaseTransport | None = None,
    api: Api = "auto",
    effects: Effect = "read",
    also: Collection[Further] = (),
    pan: Pan | None = None,
    progress: ProgressHandler | None = None,
    timeout: float = 15.0,
    pause: float = 0.2,
    poll: float = 1.0,
    folder: str | PathLike[str] = ".",
    record: str | PathLike[str] | None = None,
    redact: bool = True,
) -> Report:
    """Check a module's firmware against the contract, one request at a time.

    Args:
        url: Address of the module, as for `VisionAI`; None for its default.
        transport: A transport that carries the requests, as for `VisionAI`. It is closed at the end.
        api: The version of the API, as for `VisionAI`.
        effects: What the run may do to the module. "read" changes nothing. "set" writes the calibration area
            and learning mode back unchanged (V2: the speed of the recognition, and the time). "act" registers
            pictures of a product and deletes them again (V2: templates), and makes a backup. "destructive"
            restores that backup (V2: deletes that product). Each level includes those before it.
        also: What a "destructive" run does in addition: "reboot", and "reset_device", after which the module
            has no store and no products.
        pan: "empty" if nothing is on the pan. The run then finds out what the module returns for an empty pan,
            and which arguments of `watch` follow.
        progress: Called with a few words about each step.
        timeout: Time limit of one response in seconds, above 0.
        pause: Seconds between two requests, 0 or more.
        poll: Seconds between two status queries of a backup or a restore, above 0.
        folder: An existing folder for the backup that a "destructive" run makes. The backup stays there.
        record: Path of a HAR file that records all requests and responses, without secrets.
        redact: Replace serial numbers, the store, and names of backups in the report.

    Returns:
        Report: Also where the module cannot be reached, is not a VISION-AI module, or stops responding;
        see its `outcome`.

    Raises:
        InvalidInputError: An argument is not valid. Nothing was sent.
        OSError: The folder or the recording cannot be written. Nothing was sent.
    """
    check_effects(effects, also)
    check_pan(pan)
    check_seconds("timeout", timeout)
    check_seconds("poll", poll)
    check_seconds("pause", pause, allow_zero=True)
    observations = Observations(
        url=resolve_url(url),
        effects=effects,
        also=tuple(each for each in FURTHER if each in also),
        pan=pan,
        started=datetime.now().astimezone(),
    )
    backup_folder = check_writable_folder(folder) if effects == "destructive" else Path()
    client = ProbeClient(
        observations,
        open_route(url, transport=transport),
        api=api,
        timeout=timeout,
        pause=pause,
        poll=poll,
        record=record,
        progress=progress,
    )
    try:
        _run_probes(client, backup_folder)
    except RunStopped as stopped:
        observations.outcome, observations.stopped_because = stopped.outcome, str(stopped)
    finally:
        client.close()
    return build_report(observations, datetime.now().astimezone(), redact=redact)


def _run_probes(client: ProbeClient, folder: Path) -> None:
    observations = client.observations
    allowed = EFFECTS[: EFFECTS.index(observations.effects) + 1]
    identify(client)
    if observations.pan == "empty":
        recognize_empty_pan(client)
    if observations.version == "v2":
        check_v2(client, allowed)
    else:
        _check_v1(client, allowed, folder)
    if not client.last.is_complete:
        # A single lost response is tolerated. After the last request, another one shows whether it was that.
        client.call(VisionAI.get_device_info)


def _check_v1(client: ProbeClient, allowed: Collection[Effect], folder: Path) -> None:
    observations = client.observations
    read_everything(client)
    if "set" in allowed:
        write_settings_back(client)
    if "act" in allowed:
        register_and_delete(client)
        backup = make_backup(client, folder if "destructive" in allowed else None)
        if backup is not None:
            restore_backup(client, backup)
        elif "destructive" in allowed:
            observations.left_out.append("start_restore: there is no backup to restore")
    if "reboot" in observations.also:
        restart(client)
    if "reset_device" in observations.also:
        reset(client)
