"""`vision-ai fleet run`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_fleet.jobs import get_job_kind
from vision_ai_tools.cli.failures import usage_failure
from vision_ai_tools.cli.progress import show_progress
from vision_ai_tools.cli.time_arguments import parse_days
from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from .files import make_progress
from .job_arguments import Area, Kind, Mode, Window, check_options, make_arguments
from .job_files import JobFile, describe_local_file, find_dataset
from .options import FleetRun, fleet_command
from .rollouts import follow_and_show
from .selection import Store, Where, Yes, confirm_scales, describe_scales, parse_scales
from .texts import get_page_text, insert_path

if TYPE_CHECKING:
    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.names import ScaleId
    from vision_ai_fleet.rollout import Rollout, RolloutSpec

DAY = 86400.0


class Order(StrEnum):
    """In which order scales get a job."""

    spread = "spread"
    store = "store"
    within_store = "within-store"


Wait = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Follow it until it ends. Ctrl-C ends only the following.")
]
Scales = Annotated[
    list[str] | None,
    typer.Option("--scales", metavar="NAMES", help="Only these scales: 0042/07,0042/08.", show_default=False),
]
File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE",
        help="teaching-list: a CSV file with the products (columns id, name). firmware: the file to install.",
        show_default=False,
    ),
]


@fleet_command
def run_job(
    run: FleetRun,
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="The job.")],
    store: Store = None,
    where: Where = None,
    scales: Scales = None,
    stages: Annotated[
        str,
        typer.Option(
            "--stages",
            metavar="LIST",
            help="After how many scales to look at the failures: numbers and percentages.",
        ),
    ] = "1,10%,100%",
    max_failures: Annotated[
        str,
        typer.Option(
            "--max-failures",
            metavar="NUMBER",
            help="Abort if it failed on more scales than this: a number, or a percentage of those that were "
            "given the job.",
        ),
    ] = "5%",
    window: Window = None,
    order: Annotated[
        Order,
        typer.Option(
            "--order",
            help="spread: stores in turn. store: one store after the other. within-store: one scale of a "
            "store at a time.",
        ),
    ] = Order.spread,
    expires: Annotated[
        str,
        typer.Option(
            "--expires", metavar="AGE", help="How long a scale that is off may still begin the job: 7d, 12h."
        ),
    ] = "7d",
    dataset: Annotated[
        str | None,
        typer.Option(
            "--dataset",
            metavar="SOURCE",
            help="restore: the backup to restore: own (of each scale its newest), a file, a scale (0042/07: its "
            "newest), or 0042/07@2026-11-27.",
            show_default=False,
        ),
    ] = None,
    file: File = None,
    mode: Mode = None,
    area: Area = None,
    yes: Yes = False,
    wait: Wait = True,
) -> None:
    """Do a job on many scales, in stages.

    The first stage is a canary: if the job fails there, or later on too many scales, the rollout is aborted, and the
    other scales are left alone. The position of a rollout is kept by the center, so it goes on when this program ends.

    A data set is never restored first on the scale that it is from: some firmware ties a data set to its device, and
    the canary is to find that out. --dataset own restores on each scale its own newest backup.

    Exit status: 0 if the rollout is completed, 1 if it was aborted or canceled.
    """
    check_options(kind, {"--mode": mode, "--area": area, "--file": file, "--dataset": dataset})
    arguments = make_arguments(kind, mode, area)
    if file is not None and not file.is_file():
        raise usage_failure(
            insert_path(N_("--file: there is no file {path}"), file), _("Name a file of this computer.")
        )
    from vision_ai_fleet.names import CHAIN
    from vision_ai_fleet.rollout import RolloutSpec

    order_of_job = RolloutSpec(
        "",
        kind.replace("-", "_"),
        arguments,
        scope=store or CHAIN,
        where=tuple(where or ()),
        targets=tuple(map(str, parse_scales(scales))) if scales else None,
        stages=tuple(each.strip() for each in stages.split(",")),
        max_failures=max_failures,
        window=window,
        order=order.value,
        expires_after=parse_days("--expires", expires) * DAY,
        created=time.time(),
    )
    spec, meant, job_file = run.use(lambda fleet: prepare(fleet, order_of_job, dataset, file))
    action = describe_action(kind, dataset, file)
    if get_job_kind(kind).effect != "read":
        is_final = get_job_kind(kind).effect == "destructive"
        confirm_scales(run, meant, action, is_final=is_final, yes=yes)
    rollout = submit(run, spec, job_file)
    if not wait:
        id = rollout.spec.id
        run.emit(
            rollout.to_dict(), _("{id}: submitted. Follow it: vision-ai fleet status {id} --wait", id=id)
        )
        return
    run.note(_("Job {id} on {scales}", id=rollout.spec.id, scales=describe_scales(meant)))
    note_offline(run, meant, expires)
    follow_and_show(run, rollout.spec.id)


async def prepare(
    fleet: Fleet, spec: RolloutSpec, dataset: str | None, file: Path | None
) -> tuple[RolloutSpec, list[ScaleId], JobFile | None]:
    """Check an order, and find its scales and its file. Nothing is sent yet.

    Raises:
        InvalidInputError: it cannot be carried out, or no scale is meant.
    """
    from vision_ai_fleet.names import CHAIN
    from vision_ai_fleet.orders import OWN

    credentials = fleet.credentials
    if spec.scope == CHAIN and credentials.role == "manager":
        spec = replace(spec, scope=credentials.store)
    store = None if spec.scope == CHAIN else spec.scope
    job_file = None
    if dataset == OWN:
        spec = replace(spec, arguments={"file": OWN})
    elif dataset is not None:
        job_file = await find_dataset(fleet, dataset, spec.targets or (), store)
    elif file is not None:
        job_file = await describe_local_file(file)
    if job_file is not None:
        is_own = spec.targets == (str(job_file.source),)
        excluded = () if job_file.source is None or is_own else (str(job_file.source),)
        spec = replace(spec, arguments={"file": job_file.manifest.to_dict()}, canary_excludes=excluded)
    return spec, await fleet.select(spec), job_file


def submit(run: FleetRun, spec: RolloutSpec, job_file: JobFile | None) -> Rollout:
    """Give an order to the center, after its file."""

    if job_file is None:
        return run.use(lambda fleet: fleet.submit(spec))

    async def send(fleet: Fleet) -> Rollout:
        manifest = await job_file.provide(fleet, make_progress(show, _("uploading")))
        return await fleet.submit(replace(spec, arguments={"file": manifest.to_dict()}))

    with show_progress(run.output) as show:
        return run.use(send)


def note_offline(run: FleetRun, meant: Sequence[ScaleId], expires: str) -> None:
    """Say how many scales are off: a job waits for them."""
    stores = {each.store for each in meant}
    store = next(iter(stores)) if len(stores) == 1 else None
    wanted = set(meant)
    online = sum(each.is_online and each.id in wanted for each in run.use(lambda fleet: fleet.scales(store)))
    if online < len(meant):
        run.note(
            _(
                "{count} offline: the job waits for them, at most {expires}.",
                count=len(meant) - online,
                expires=expires,
            )
        )


def describe_action(kind: Kind, dataset: str | None, file: Path | None) -> str:
    """Say what a job does, for the question before it."""
    job_kind = get_job_kind(kind)
    title = get_page_text(f"kind.{job_kind.name}", job_kind.title)
    what = dataset or (file and file.name)
    return f"{title} ({what})" if what else title
