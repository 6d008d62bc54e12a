"""`vision-ai fleet doctor`."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

import typer

from vision_ai_tools.cli.failures import FAILED, UNREACHABLE
from vision_ai_tools.cli.output import make_table
from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from .messages import translate_message
from .options import FleetRun, fleet_command
from .texts import get_page_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.credentials import Credentials

BACKUP_AGE = 3 * 86400.0
"""Seconds after which a backup is old."""
LEASE = "controller"
WORDS = {"right": N_("ok"), "wrong": N_("PROBLEM"), "unknown": N_("unknown")}
STEPS = {
    "credentials": N_("credentials"),
    "certificate": N_("certificate"),
    "disk": N_("disk"),
    "keys": N_("keys"),
    "identities": N_("identities"),
    "center": N_("center"),
    "controller": N_("controller"),
    "scales": N_("scales"),
    "modules": N_("modules"),
    "settings": N_("settings"),
    "backups": N_("backups"),
    "alerts": N_("alerts"),
}
"""The names of the checks, as people read them."""


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    step: str
    state: Literal["right", "wrong", "unknown"]
    what: str
    fix: str = ""
    """What to do about it."""


@fleet_command
def check_fleet(run: FleetRun) -> None:
    """Find out what is wrong with the center: credentials, connection, controller, scales, backups, alerts.

    Nothing is changed. `vision-ai fleet run doctor` checks the scales themselves.

    Exit status: 0 if everything is in order, 1 if there is a problem, 3 if the center cannot be reached.
    """
    from vision_ai_fleet.errors import CenterUnreachableError

    credentials = run.read_credentials()
    findings = [describe_credentials(credentials), *check_folder(run)]
    is_reached = True
    try:
        findings += run.use(check_center)
    except CenterUnreachableError as error:
        is_reached = False
        findings.append(
            Finding("center", "wrong", translate_message(str(error)), translate_message(error.hint))
        )
    run.emit({"findings": [asdict(each) for each in findings]}, lambda: make_view(findings))
    if not is_reached:
        raise typer.Exit(UNREACHABLE)
    if any(each.state == "wrong" for each in findings):
        raise typer.Exit(FAILED)


def describe_credentials(credentials: Credentials) -> Finding:
    """Say who asks."""
    values = {"name": credentials.name or _("unnamed"), "role": credentials.role, "store": credentials.store}
    text = (
        _("{name}, {role} of store {store}", **values) if credentials.store else _("{name}, {role}", **values)
    )
    return Finding("credentials", "right", text)


def check_folder(run: FleetRun) -> list[Finding]:
    """Check the center's folder, where this computer has it."""
    from vision_ai_fleet.errors import NotFoundError

    try:
        from vision_ai_fleet.engine.center import Center
        from vision_ai_fleet.engine.doctor import check_home

        center = Center.open(run.folder)
    except (ModuleNotFoundError, NotFoundError):
        return []
    return [
        Finding(each.step, each.state, translate_message(each.what), translate_message(each.fix))
        for each in check_home(center)
    ]


async def check_center(fleet: Fleet) -> list[Finding]:
    """Check a center that can be reached."""
    return [
        await check_response(fleet),
        await check_controller(fleet),
        *await check_scales(fleet),
        await check_alerts(fleet),
    ]


async def check_response(fleet: Fleet) -> Finding:
    started = time.monotonic()
    await fleet.rollouts()
    elapsed = (time.monotonic() - started) * 1000
    text = _("{server} responds in {elapsed:.0f} ms", server=fleet.credentials.server, elapsed=elapsed)
    return Finding("center", "right", text)


async def check_controller(fleet: Fleet) -> Finding:
    """Check that someone carries out rollouts."""
    from vision_ai_fleet import names

    if fleet.credentials.role != "operator":
        return Finding("controller", "unknown", _("only an operator can see it"))
    if await fleet.bucket(names.LEASES).get(LEASE) is None:
        return Finding(
            "controller",
            "wrong",
            _("no controller runs: jobs are kept, and not given to scales"),
            _("Run one: vision-ai fleet up"),
        )
    return Finding("controller", "right", _("runs"))


async def check_scales(fleet: Fleet) -> list[Finding]:
    """Check the scales and their backups, by what they reported."""
    scales = await fleet.scales()
    if not scales:
        return [
            Finding(
                "scales",
                "unknown",
                _("there are none yet"),
                _("Add one: vision-ai fleet enrol STORE SCALE"),
            )
        ]
    online = [each for each in scales if each.is_online]
    failing = sum(each.module not in ("ready", None) for each in online)
    drifting = sum(bool(each.drift) for each in scales)
    limit = time.time() - BACKUP_AGE
    old = sum(each.backup_time is None or each.backup_time < limit for each in scales)
    return [
        Finding(
            "scales",
            "right" if online else "wrong",
            _("{online} of {count} are online", online=len(online), count=len(scales)),
            "" if len(online) == len(scales) else _("See: vision-ai fleet list --where online=false"),
        ),
        Finding(
            "modules",
            "wrong" if failing else "right",
            _("{failing} of the {online} that are online are not ready", failing=failing, online=len(online))
            if failing
            else _("all are ready"),
            _("See: vision-ai fleet list --where online=true --where module!=ready") if failing else "",
        ),
        Finding(
            "settings",
            "wrong" if drifting else "right",
            _("{count} differ from the desired state", count=drifting)
            if drifting
            else _("none differ from the desired state"),
            _("See: vision-ai fleet list --where drift=true") if drifting else "",
        ),
        Finding(
            "backups",
            "wrong" if old else "right",
            _("{count} scales have none of the last 3 days", count=old)
            if old
            else _("all scales have one of the last 3 days"),
            _("Make them each night: vision-ai fleet schedule backup --at 02:30") if old else "",
        ),
    ]


async def check_alerts(fleet: Fleet) -> Finding:
    """Count the alerts."""
    from vision_ai_fleet import names
    from vision_ai_fleet.errors import FleetError

    store = fleet.credentials.store if fleet.credentials.role == "manager" else "*"
    try:
        alerts = await fleet.bucket(names.ALERTS).read_all(f"*.{store}.*")
    except FleetError:
        return Finding("alerts", "unknown", _("these credentials may not read them"))
    rules = {key.partition(".")[0] for key in alerts}
    shown = sorted(get_page_text(f"rule.{rule}", rule.replace("_", " ")) for rule in rules)
    return Finding(
        "alerts",
        "wrong" if alerts else "right",
        f"{len(alerts)}: {', '.join(shown)}" if alerts else _("none"),
        _("Look at them on the web page.") if alerts else "",
    )


def make_view(findings: list[Finding]) -> RenderableType:
    """Make a table of findings."""
    return make_table(
        (_("Check"), "", _("Found")),
        (
            (
                _(STEPS.get(each.step, each.step)),
                _(WORDS[each.state]),
                _("{what}. {fix}", what=each.what, fix=each.fix) if each.fix else each.what,
            )
            for each in findings
        ),
    )
