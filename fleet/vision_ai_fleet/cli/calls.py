"""`vision-ai fleet call`: one operation of the SDK, through a scale's agent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from vision_ai_tools.cli.failures import usage_failure
from vision_ai_tools.cli.output_files import check_output_file
from vision_ai_translations import gettext as _

from .options import FleetRun, fleet_command
from .selection import ScaleName, parse_scales

if TYPE_CHECKING:
    from vision_ai import AsyncVisionAI
    from vision_ai_fleet.client import Fleet
    from vision_ai_generated.operation import Field, Operation

SWITCHES = {
    "true": True,
    "on": True,
    "yes": True,
    "1": True,
    "false": False,
    "off": False,
    "no": False,
    "0": False,
}
JOBS = {
    "start_restore": "restore",
    "start_restore_alias": "restore",
    "start_backup": "backup",
    "download_backup": "backup",
}
"""Operations that carry files, or begin what does: a job does it."""


@fleet_command
def call_operation(
    run: FleetRun,
    scale: ScaleName,
    operation: Annotated[
        str, typer.Argument(metavar="OPERATION", help="A method of the SDK, such as get_device_info.")
    ],
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE ...]", help="Its arguments, such as mode=1.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to save a picture.", show_default=False),
    ] = None,
    yes: Annotated[
        str | None,
        typer.Option(
            "--yes",
            metavar="SERIAL",
            help="Do not ask. SERIAL is the serial number that the module must have; vision-ai fleet show "
            "prints it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Call an operation of one scale's module, through its agent.

    The operations are the methods of the SDK with the vendor's names; the README lists them with their effects. What
    does something each time (act), or loses data (destructive), is confirmed with the module's serial number.

    Backups, restores and firmware are jobs: vision-ai fleet run.
    """
    from vision_ai_fleet.errors import ScaleOfflineError

    [name] = parse_scales([scale])
    found = find_operation(operation)
    values = parse_arguments(found, arguments or ())
    returns_bytes = found.response == "binary"
    if returns_bytes and output is None:
        raise usage_failure(
            _("{operation} returns a file", operation=operation), _("Say where to save it: --output pan.jpg")
        )
    if output is not None and not returns_bytes:
        raise usage_failure(_("{operation} returns no file", operation=operation), _("Leave out --output."))
    target = None if output is None else check_output_file(output)
    is_confirmed = found.effect in ("read", "set")
    if not is_confirmed and yes is None and not run.interactive:
        raise usage_failure(
            _(
                "{operation} has the effect {effect}, and there is no terminal to ask for confirmation",
                operation=operation,
                effect=found.effect,
            ),
            _(
                "Name the module that you mean: vision-ai fleet call {scale} {operation} … --yes SERIAL",
                scale=name,
                operation=operation,
            ),
        )

    async def call(fleet: Fleet) -> object:
        if not (await fleet.scale(name)).is_online:
            raise ScaleOfflineError(f"the scale {name} is offline")
        async with fleet.module(name) as module:
            if not is_confirmed:
                await confirm(run, module, f"{name}: {operation}", yes)
            return await getattr(module, operation)(**values)

    result = run.use(call)
    if target is not None:
        from vision_ai.files import save_file

        data = cast(bytes, result)
        save_file(target, data)
        run.emit({"file": str(target), "bytes": len(data)}, target)
        return
    value = to_json(result)
    run.emit(value, lambda: make_view(value, _("{scale}: {operation} done", scale=name, operation=operation)))


def find_operation(name: str) -> Operation[Any]:
    """Return an operation of the contract.

    Raises:
        Failure: there is none of that name, or a job does it.
    """
    from difflib import get_close_matches

    from vision_ai_generated.api import OPERATIONS

    if name in JOBS:
        raise usage_failure(
            _("{operation} carries a file, which calls do not", operation=name),
            _("A job does it: vision-ai fleet run {kind}", kind=JOBS[name]),
        )
    if name not in OPERATIONS:
        near = ", ".join(get_close_matches(name, OPERATIONS)) or ", ".join(
            sorted(OPERATIONS.keys() - JOBS.keys())
        )
        raise usage_failure(
            _("{name!r} is not an operation", name=name), _("There are {operations}.", operations=near)
        )
    return OPERATIONS[name]


def parse_arguments(operation: Operation[Any], texts: Sequence[str]) -> dict[str, Any]:
    """Read `name=value` as the operation's arguments.

    Raises:
        Failure: the operation has no such argument, or one is missing.
    """
    fields = {field.python_name: field for field in operation.fields}
    given: dict[str, Any] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator or name not in fields:
            known = ", ".join(f"{each}=…" for each in fields) or _("none")
            raise usage_failure(
                _("{operation} has no argument {value!r}", operation=operation.name, value=text),
                _("Its arguments: {arguments}.", arguments=known),
            )
        given[name] = parse_value(fields[name], value)
    missing = [name for name, field in fields.items() if field.required and name not in given]
    if missing:
        raise usage_failure(
            _("{operation} needs {arguments}", operation=operation.name, arguments=", ".join(missing)),
            _("For example: {example}", example=" ".join(f"{name}=…" for name in missing)),
        )
    return given


def parse_value(field: Field, text: str) -> object:
    """Read the value of an argument. The SDK checks its range."""
    try:
        if field.kind == "integer":
            return int(text)
        if field.kind == "number":
            return float(text)
        if field.kind == "boolean":
            return SWITCHES[text.lower()]
    except (ValueError, KeyError):
        raise usage_failure(
            _(
                "{argument}: {value!r} is not a value of the type {type}",
                argument=field.python_name,
                value=text,
                type=field.kind,
            ),
            _("Correct the value."),
        ) from None
    return text


async def confirm(run: FleetRun, module: AsyncVisionAI, action: str, yes: str | None) -> None:
    """Raise unless `--yes` or the user gives the serial number of the scale's module."""
    serial = (await module.get_device_info()).sn
    if yes is None:
        run.note(_("{action}, on the module {serial_number}.", action=action, serial_number=serial))
        yes = run.output.ask(_("Type its serial number to continue:")).strip()
    if yes != serial:
        raise usage_failure(
            _(
                "the serial number of this module is {serial_number}, not {given!r}",
                serial_number=serial,
                given=yes,
            ),
            _("Nothing was changed."),
        )


def to_json(result: object) -> Any:
    """Return a result of the SDK as JSON values."""
    if isinstance(result, list):
        return [to_json(each) for each in cast("list[object]", result)]
    return cast(Any, result).to_dict() if hasattr(result, "to_dict") else result


def make_view(value: Any, done: str) -> Any:
    """Make a view of a result."""
    from vision_ai_tools.cli.output import make_facts, make_table

    if value is None:
        return done
    if isinstance(value, Mapping):
        return make_facts({str(name): each for name, each in cast("Mapping[str, object]", value).items()})
    if isinstance(value, list):
        rows = cast("list[Any]", value)
        if not rows:
            return _("None.")
        if isinstance(rows[0], Mapping):
            names = tuple(dict.fromkeys(str(name) for row in rows for name in row))
            return make_table(names, (tuple(row.get(name) for name in names) for row in rows))
        return "\n".join(map(str, rows))
    return str(value)
