"""`vision-ai conformance`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai.files import save_file
from vision_ai_translations import N_, ngettext
from vision_ai_translations import gettext as _

from ..confirmation import Yes, confirm_serial_number, require_confirmation
from ..conformance_messages import translate_report_text
from ..failures import FAILED, UNREACHABLE, Failure, usage_failure
from ..options import Run, command
from ..output import make_facts, make_table
from ..printable import format_parts, join_sentences, make_printable

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_tools.conformance import Report
    from vision_ai_tools.conformance.report_data import DepartureReport, ReadingReport

REPORT_SUFFIXES = (".json", ".md")
MAX_NAMED_OPERATIONS = 2
"""Operations with the same departure that are named; of more, only the number is shown."""


class Effects(StrEnum):
    """What the run may do to the module."""

    read = "read"
    set = "set"
    act = "act"
    destructive = "destructive"


class Also(StrEnum):
    """What a destructive run does only when it is named."""

    reboot = "reboot"
    reset_device = "reset_device"


class Pan(StrEnum):
    """What the operator says about the pan."""

    empty = "empty"


@command
def conformance(
    run: Run,
    effects: Annotated[
        Effects,
        typer.Option(
            help="What the run may do to the module. read: change nothing. set: also write settings back "
            "unchanged. act: also register pictures and delete them again, and make a backup. destructive: "
            "also restore that backup.",
        ),
    ] = Effects.read,
    also: Annotated[
        list[Also] | None,
        typer.Option(
            help="With --effects destructive: also restart the module, or reset it to its factory settings. "
            "After reset_device the module has no store and no products.",
            show_default=False,
        ),
    ] = None,
    pan: Annotated[
        Pan | None,
        typer.Option(
            help="Say that nothing is on the pan: the run then finds out what the module returns for an empty "
            "pan, and which arguments of watch() follow. Teach a product first.",
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Write the report to a .json or .md file. Can be given twice.",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a firmware profile for the SDK from the results.", show_default=False
        ),
    ] = None,
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="With --effects destructive: folder for the backup.")
    ] = Path(),
    pause: Annotated[float, typer.Option(metavar="SECONDS", min=0, help="Time between two requests.")] = 0.2,
    keep_secrets: Annotated[
        bool,
        typer.Option(
            "--keep-secrets", help="Keep serial numbers and the store's number and name in the report."
        ),
    ] = False,
    yes: Yes = None,
) -> None:
    """Check a module's firmware against the contract.

    The command sends one request at a time and changes nothing unless --effects allows it. It reverts its
    changes. With --effects destructive it asks for the serial number first.

    Of a module that speaks V2, not everything is known. The report lists each field that the contract does not
    know, in a form to paste into an issue. --effects set writes the speed and the time, act adds templates and
    deletes them again, destructive deletes that product.

    The report contains no serial numbers and no store, and of unknown fields only the form of their values, so
    you can pass it on.

    Exit status: 0 if the module conforms; 1 if it differs from the contract, or if the device is not a
    VISION-AI module; 3 if it cannot be reached or stops responding. The report is written in all cases.
    """
    from vision_ai_tools.conformance import check_conformance

    report_files = report or []
    _check_files(report_files, profile)
    if also and effects is not Effects.destructive:
        raise usage_failure(
            _(
                "{option} works only with {switch}",
                option="--also " + also[0].value,
                switch="--effects destructive",
            ),
            _("Add it, or leave out {option}.", option="--also"),
        )
    if effects is Effects.destructive:
        require_confirmation(run, yes, options="--effects destructive")
        with run.client() as module:
            confirm_serial_number(run, module, yes, _describe_consequences(also or []), "get_device_info")
    options: dict[str, Any] = {} if run.options.timeout is None else {"timeout": run.options.timeout}
    if run.options.api is not None:
        options["api"] = run.options.api.value
    result = check_conformance(
        run.url,
        effects=effects.value,
        also=[each.value for each in also or ()],
        pan=None if pan is None else pan.value,
        progress=_make_progress_handler(run),
        pause=pause,
        folder=folder,
        record=run.options.record,
        redact=not keep_secrets,
        **options,
    )
    if result.outcome in ("complete", "broken_off"):
        run.emit(result.to_dict(), lambda: _make_view(result))
    _write_files(run, result, report_files, profile)
    if not result.complete:
        raise _make_failure(result)
    if not result.conforms:
        raise typer.Exit(FAILED)


def _check_files(reports: list[Path], profile: Path | None) -> None:
    for file in reports:
        if file.suffix not in REPORT_SUFFIXES:
            raise usage_failure(
                _("{option} {file}: the format of the report is not clear", option="--report", file=file),
                _("Use a file name that ends in {suffix} or {other}", suffix=".json", other=".md"),
            )
    for file in (*reports, *([profile] if profile else [])):
        if not file.parent.is_dir():
            raise usage_failure(
                _("{file}: there is no folder {folder}", file=file, folder=file.parent),
                _("Make the folder first."),
            )


def _write_files(run: Run, result: Report, reports: list[Path], profile: Path | None) -> None:
    for file in reports:
        text = result.to_json() if file.suffix == ".json" else result.to_markdown()
        save_file(file, text.encode())
        run.note(format_parts(_("Report written to {file}"), file=file))
    if profile is not None and result.profile is not None:
        result.profile.save(profile)
        run.note(format_parts(_("Profile written to {file}"), file=profile))


def _describe_consequences(also: list[Also]) -> str:
    texts = {
        Also.reboot: _("It will restart."),
        Also.reset_device: _("Its store and everything that it has learned will be deleted."),
    }
    return join_sentences(_("It will be backed up and restored."), *(texts[each] for each in also))


def _make_progress_handler(run: Run) -> Callable[[str], None]:
    if run.json:
        return lambda text: run.output.print_json_line("progress", {"doing": text}, to=sys.stderr)
    return lambda text: run.note(translate_report_text(text))


def _make_failure(result: Report) -> Failure:
    hint, status = HINTS[result.outcome]
    return Failure(
        translate_report_text(result.stopped_because),
        _(hint, command="vision-ai doctor"),
        status=status,
        kind=result.outcome,
    )


HINTS = {
    "unreachable": (N_("Find the cause: {command}"), UNREACHABLE),
    "broken_off": (N_("The module stopped responding. Find the cause: {command}"), UNREACHABLE),
    "not_a_module": (N_("Check that a VISION-AI module responds at this address: {command}"), FAILED),
}
VERDICTS = {"as_read": N_("as read"), "otherwise": N_("OTHERWISE"), "not_tried": N_("not tried")}
COPES = {
    "by_itself": N_("The SDK copes with it."),
    "with_profile": N_("Use the profile."),
    "no": N_("The SDK cannot cope with it."),
}


def _make_view(result: Report) -> RenderableType:
    """Make a summary. The report has the details."""
    from rich.console import Group

    from vision_ai_tools.conformance.empty_pan import format_watch

    info = result.device_info or {}
    readings = [(each.id, _(VERDICTS[each.verdict]), _describe_finding(each)) for each in result.readings]
    parts: list[RenderableType] = [
        make_facts(
            {
                _("Module"): result.url,
                _("Firmware"): _(
                    "{firmware}, engine {engine}",
                    firmware=info.get("firmware", _("unknown")),
                    engine=info.get("engine", _("unknown")),
                ),
                _("API"): (result.api or _("unknown")).upper(),
                _("Requests"): f"{len(result.exchanges)}, --effects {result.effects}",
                _("Contract"): result.contract,
            }
        ),
        "",
        make_table(("", "", _("Found")), readings),
    ]
    if result.empty_pan is not None:
        parts += [
            "",
            _("An empty pan:"),
            f"  {make_printable(translate_report_text(result.empty_pan.found))}",
        ]
        if result.empty_pan.watch is not None:
            parts += [f"  module.{format_watch(result.empty_pan.watch)}"]
    if result.departures:
        columns = (_("Departs from the contract"), "", _("Operations"), _("Times"))
        parts += ["", make_table(columns, _group_departures(result))]
    if result.unknown_fields:
        columns = (_("Unknown to the contract"), _("Field"), _("JSON type"), _("Example"))
        unknown = [
            (each.request, each.where, ", ".join(each.types), each.example) for each in result.unknown_fields
        ]
        hint = _(
            "To pass this on, paste the chapter of the same name of {option} into an issue.",
            option="--report report.md",
        )
        parts += ["", make_table(columns, unknown), hint]
    for title, lines in (
        (_("Changed on the module:"), result.traces),
        (_("Not possible:"), result.left_out),
    ):
        if lines:
            parts += ["", title, *(f"  {make_printable(translate_report_text(line))}" for line in lines)]
    return Group(*parts)


def _group_departures(result: Report) -> list[tuple[str, str, str, int]]:
    """Return one row for the same departure of several operations."""
    groups: dict[tuple[str, str], list[DepartureReport]] = {}
    for each in result.departures:
        description = f"{each.where} {each.found}".strip()
        groups.setdefault((translate_report_text(each.kind.replace("_", " ")), description), []).append(each)
    return [
        (kind, description, _name_operations(group), sum(each.count for each in group))
        for (kind, description), group in groups.items()
    ]


def _name_operations(group: list[DepartureReport]) -> str:
    if len(group) > MAX_NAMED_OPERATIONS:
        return ngettext("{number} operation", "{number} operations", len(group))
    return ", ".join(each.operation for each in group)


def _describe_finding(reading: ReadingReport) -> str:
    further = [_(COPES[reading.copes])] if reading.copes else []
    further += [_("(to try it: {option})", option=reading.tried_by)] if reading.tried_by else []
    return join_sentences(translate_report_text(reading.found), *further)
