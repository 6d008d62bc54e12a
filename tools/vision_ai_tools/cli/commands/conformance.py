"""`vision-ai conformance`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..confirmation import Yes, can_ask, make_sure
from ..failures import FAILED, UNREACHABLE, Failure, usage_failure
from ..options import Run, command
from ..output import facts, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_tools.conformance.report import DepartureReport, ReadingReport, Report

DIFFERS = 4
"""Examined to the end, and something departs from the contract."""
ENDINGS = (".json", ".md")


class Effects(StrEnum):
    """How far to go."""

    read = "read"
    set = "set"
    act = "act"
    destructive = "destructive"


class Also(StrEnum):
    """What has to be named to be done."""

    reboot = "reboot"
    reset_device = "reset_device"


@command
def conformance(
    run: Run,
    effects: Annotated[
        Effects,
        typer.Option(
            help="How far to go. read changes nothing; set sets the settings to what they are; act registers "
            "pictures and deletes them again, and makes a backup; destructive puts that backup back.",
        ),
    ] = Effects.read,
    also: Annotated[
        list[Also] | None,
        typer.Option(
            help="What destructive does only when it is named. After reset_device the module belongs to no "
            "store and knows no product.",
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Write the report to a file, .json or .md; may be given twice.",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write what was found as a profile for the SDK.", show_default=False
        ),
    ] = None,
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="Where destructive leaves the backup that it makes.")
    ] = Path(),
    pause: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="The pause between two requests.")
    ] = 0.2,
    keep_secrets: Annotated[
        bool, typer.Option("--keep-secrets", help="Keep serial numbers, the store's number and name.")
    ] = False,
    yes: Yes = None,
) -> None:
    """Examine how a module's firmware speaks, and where it departs from the contract.

    One request at a time; nothing is changed unless --effects allows it.

    What is changed is put back. destructive asks for the serial number first.

    Serial numbers and the store are not in the report: it can be sent on.

    Exit status: 0 as the contract has it; 1 something departs from it,
    or it is no VISION-AI module; 3 it cannot be reached, or went away.
    A report is written in any case.
    """
    from vision_ai_tools.conformance import examine

    reports = report or []
    for file in reports:
        _check_ending(file)
    for file in (*reports, *([profile] if profile else [])):
        _check_folder(file)
    if also and effects is not Effects.destructive:
        raise usage_failure(
            f"--also {also[0].value} is for --effects destructive", "Add it, or leave --also out."
        )
    if effects is Effects.destructive:
        can_ask(run, yes, options="--effects destructive")
        with run.client() as module:
            make_sure(run, module, yes, f"It will be backed up and restored{_named(also)}.")
    options: dict[str, Any] = {} if run.options.timeout is None else {"timeout": run.options.timeout}
    found = examine(
        run.url,
        effects=effects.value,
        also=[each.value for each in also or ()],
        progress=_shown(run),
        pause=pause,
        folder=folder,
        record=run.options.record,
        redact=not keep_secrets,
        **options,
    )
    if found.outcome in ("complete", "broken_off"):
        run.emit(found.to_dict(), lambda: _view(found))
    for file in reports:
        file.write_text(found.to_json() if file.suffix == ".json" else found.to_markdown(), encoding="utf-8")
        run.note(f"the report is in {file}")
    if profile is not None and found.profile is not None:
        found.profile.save(profile)
        run.note(f"the profile is in {profile}")
    if not found.complete:
        raise _failure(found)
    if not found.conforms:
        raise typer.Exit(FAILED)


def _check_ending(file: Path) -> None:
    if file.suffix not in ENDINGS:
        raise usage_failure(
            f"--report {file}: its ending does not say what it is to be",
            f"End it with {' or '.join(ENDINGS)}",
        )


def _check_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise usage_failure(f"{file}: there is no folder {file.parent}", "Make the folder first.")


def _named(also: list[Also] | None) -> str:
    words = {
        Also.reboot: "it will restart",
        Also.reset_device: "its store and all it has learned will be gone",
    }
    return "".join(f", and {words[each]}" for each in also or ())


def _shown(run: Run) -> Callable[[str], None]:
    if run.json:
        return lambda doing: run.output.line("progress", {"doing": doing}, to=sys.stderr)
    return run.note


def _failure(found: Report) -> Failure:
    mend, status = MENDS[found.outcome]
    return Failure(found.stopped_because, mend, status=status, kind=found.outcome)


MENDS = {
    "unreachable": ("Find the cause: vision-ai doctor", UNREACHABLE),
    "broken_off": ("It went away in the middle. Find the cause: vision-ai doctor", UNREACHABLE),
    "not_a_module": ("Is it a VISION-AI module that answers there? vision-ai doctor", FAILED),
}
VERDICTS = {"as_read": "as read", "otherwise": "OTHERWISE", "not_tried": "not tried"}
COPES = {"by_itself": "The SDK copes.", "with_profile": "Use the profile.", "no": "The SDK cannot cope."}


def _view(found: Report) -> RenderableType:
    """The gist; all of it is in the report."""
    from rich.console import Group

    info = found.device_info or {}
    readings = [(each.id, VERDICTS[each.verdict], _found(each)) for each in found.readings]
    parts: list[RenderableType] = [
        facts(
            {
                "Module": found.url,
                "Firmware": f"{info.get('firmware', 'unknown')}, engine {info.get('engine', 'unknown')}",
                "Asked": f"{len(found.exchanges)} requests, --effects {found.effects}",
                "Contract": found.contract,
            }
        ),
        "",
        table(("", "", "Found"), readings),
    ]
    if found.departures:
        parts += ["", table(("Departs from the contract", "", "Operations", "Times"), _departures(found))]
    for title, lines in (("Not as it was before:", found.traces), ("Not possible:", found.left_out)):
        if lines:
            parts += ["", title, *(f"  {line}" for line in lines)]
    return Group(*parts)


def _departures(found: Report) -> list[tuple[str, str, str, int]]:
    """The same in many operations in one line."""
    alike: dict[tuple[str, str], list[DepartureReport]] = {}
    for each in found.departures:
        what = f"{each.where} {each.found}".strip()
        alike.setdefault((each.kind.replace("_", " "), what), []).append(each)
    return [
        (
            kind,
            what,
            ", ".join(each.operation for each in group) if len(group) <= SHOWN else f"{len(group)} of them",
            sum(each.count for each in group),
        )
        for (kind, what), group in alike.items()
    ]


SHOWN = 2
"""Operations that are named where they all depart in the same way; the report names all."""


def _found(reading: ReadingReport) -> str:
    further = [COPES[reading.copes]] if reading.copes else []
    further += [f"({reading.tried_by} tries it)"] if reading.tried_by else []
    return " ".join([reading.found, *further])
