"""`vision-ai fleet conformance`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import typer

from vision_ai_tools.cli.failures import FAILED
from vision_ai_tools.cli.output import make_table
from vision_ai_translations import gettext as _

from .options import FleetRun, fleet_command
from .rollouts import read_rollout
from .run import Scales, prepare, submit
from .selection import Store, Where, describe_scales, parse_scales
from .texts import get_page_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_fleet.jobs import Execution
    from vision_ai_fleet.names import ScaleId
    from vision_ai_fleet.scales import Scale

EXPIRY = 3600.0
"""Seconds that a scale may take to begin."""


@dataclass
class FirmwareResult:
    """What the modules of one firmware did."""

    firmware: str | None
    engine: str | None
    api: str | None
    scales: int = 0
    conform: int = 0
    differ: int = 0
    failed: int = 0
    """Scales on which the check could not be made."""


@fleet_command
def check_conformance(run: FleetRun, store: Store = None, where: Where = None, scales: Scales = None) -> None:
    """Check the firmware of the scales that are online against the contract, and compare the versions.

    The check only reads. It is a job: its reports stay in the center, see vision-ai fleet status ID --json.

    Exit status: 0 if all modules conform, 1 if one differs or could not be checked.
    """
    from vision_ai_fleet.names import CHAIN
    from vision_ai_fleet.rollout import RolloutSpec

    from .follow import follow_rollout

    order = RolloutSpec(
        "",
        "conformance",
        {"effects": "read"},
        scope=store or CHAIN,
        where=(*(where or ()), "online=true"),
        targets=tuple(map(str, parse_scales(scales))) if scales else None,
        stages=("100%",),
        max_failures="100%",
        expires_after=EXPIRY,
        created=time.time(),
    )
    spec, meant = run.use(lambda fleet: prepare(fleet, order, None, None))[:2]
    id = submit(run, spec, None).spec.id
    run.note(_("Job {id} on {scales}", id=id, scales=describe_scales(meant)))
    follow_rollout(run, id)
    rollout, executions = read_rollout(run, id)
    store_read = None if spec.scope == CHAIN else spec.scope
    known = {each.id: each for each in run.use(lambda fleet: fleet.scales(store=store_read))}
    results = group_results(meant, executions, known)
    run.emit(
        {
            "id": id,
            "state": rollout.state.phase.value,
            "firmwares": [asdict(each) for each in results],
            "scales": [describe_scale(each, executions.get(each)) for each in meant],
        },
        lambda: make_view(results),
    )
    if any(each.differ or each.failed for each in results):
        raise typer.Exit(FAILED)


def group_results(
    meant: Sequence[ScaleId], executions: Mapping[ScaleId, Execution], known: Mapping[ScaleId, Scale]
) -> list[FirmwareResult]:
    """Count the results by firmware, engine and version of the API."""
    groups: dict[tuple[str, ...], FirmwareResult] = {}
    for id in meant:
        scale = known.get(id)
        versions = (scale.firmware, scale.engine, scale.api) if scale else (None, None, None)
        group = groups.setdefault(tuple(each or "" for each in versions), FirmwareResult(*versions))
        group.scales += 1
        conforms = get_verdict(executions.get(id))
        if conforms is None:
            group.failed += 1
        elif conforms:
            group.conform += 1
        else:
            group.differ += 1
    return [groups[key] for key in sorted(groups)]


def get_verdict(execution: Execution | None) -> bool | None:
    """Return whether a module conforms; None if the check could not be made."""
    result = execution.result if execution else None
    return bool(result["conforms"]) if result and result.get("conforms") is not None else None


def describe_scale(scale: ScaleId, execution: Execution | None) -> dict[str, Any]:
    """Return one scale's result as JSON values."""
    return {
        "store": scale.store,
        "scale": scale.scale,
        "conforms": get_verdict(execution),
        "state": execution.state.value if execution else None,
        "message": execution.message if execution else None,
    }


def make_view(results: Sequence[FirmwareResult]) -> RenderableType:
    """Make a table by firmware."""
    return make_table(
        (
            get_page_text("column.firmware", "Firmware"),
            get_page_text("column.engine", "Engine"),
            get_page_text("column.api", "API"),
            *(_("Scales"), _("Conform"), _("Differ"), _("Not checked")),
        ),
        (
            (each.firmware, each.engine, each.api, each.scales, each.conform, each.differ, each.failed)
            for each in results
        ),
    )
