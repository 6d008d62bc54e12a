"""Confirm an irreversible command with the serial number of the module that it is meant for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_translations import gettext as _

from .failures import Failure, usage_failure
from .options import Run

if TYPE_CHECKING:
    from vision_ai import VisionAI

Yes = Annotated[
    str | None,
    typer.Option(
        "--yes",
        metavar="SERIAL",
        help="Do not ask. SERIAL is the serial number that the module must have; vision-ai info shows it.",
        show_default=False,
    ),
]


def has_operation(module: VisionAI, operation: str) -> bool:
    """Whether the version of the API that a module speaks has an operation. Only what is known counts."""
    from vision_ai_generated.api import OPERATIONS, find_form

    version = module.api_version
    return version is None or find_form(OPERATIONS[operation], version) is not None


def require_confirmation(run: Run, yes: str | None, *, options: str = "") -> None:
    """Raise a usage failure where nobody can be asked and `--yes` was not given.

    `options` are those that make the command irreversible.
    """
    if yes is None and not run.interactive:
        command = f"{run.command} {options}".strip()
        example = f"vision-ai {command} … --yes SERIAL"
        raise usage_failure(
            _(
                "{command} cannot be undone, and there is no terminal to ask for confirmation",
                command=command,
            ),
            _("Name the module that you mean: {command}", command=example),
        )


def confirm_serial_number(
    run: Run, module: VisionAI, yes: str | None, consequence: str, operation: str
) -> None:
    """Raise unless `--yes` or the user gives the serial number of this module.

    Nobody is asked about an operation that the module is not known to have.
    """
    serial = module.get_device_info().sn
    if not has_operation(module, operation):
        version = module.api_version or ""
        raise Failure(
            _(
                "{operation}: the module speaks version {version} of the API, of which no such operation is known. "
                "Nothing was sent.",
                operation=operation,
                version=version.upper(),
            ),
            kind="unsupported",
            operation=operation,
            api_version=version,
        )
    if not serial:
        raise Failure(
            _("the module reports no serial number, so it cannot be told apart from another"),
            _("Nothing was changed."),
        )
    if yes is None:
        run.note(_("This is the module {serial}. {consequence}", serial=serial, consequence=consequence))
        yes = run.output.ask(_("Type its serial number to continue:")).strip()
    if yes != serial:
        raise usage_failure(
            _("the serial number of this module is {serial}, not {other}", serial=serial, other=repr(yes)),
            _("Nothing was changed."),
        )
