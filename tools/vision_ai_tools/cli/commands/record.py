"""`vision-ai record`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vision_ai_translations import gettext as _

from ..confirmation import has_operation
from ..failures import usage_failure
from ..options import Run, command
from ..output import make_table
from ..printable import format_parts


@command
def record(
    run: Run,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The recording. An existing one is continued.")
    ],
    listen: Annotated[
        int | None,
        typer.Option(
            "--listen",
            metavar="PORT",
            min=0,
            max=65535,
            help="Relay a till to the module: listen on 127.0.0.1 and this port (0 for a free one).",
            show_default=False,
        ),
    ] = None,
    keep_secrets: Annotated[
        bool,
        typer.Option(
            "--keep-secrets",
            help="Keep serial numbers, the store's number and name, and the contents of backups.",
        ),
    ] = False,
) -> None:
    """Record requests and responses in a HAR file, for a browser's developer tools or a bug report.

    Without --listen, the command calls every operation that changes nothing, once. With --listen, it relays
    a till to the module and records until Ctrl-C: set the till's address of the module to the one that is
    printed.

    The recording contains pictures. It contains serial numbers, the store and backups only with
    --keep-secrets.
    """
    if run.options.record is not None:
        raise usage_failure(_("the recording is named twice"), _("Leave out --record."))
    if listen is None:
        _call_each_read_operation(run, file, keep_secrets)
    else:
        from ..relay import run_relay

        run_relay(run, file, listen, keep_secrets=keep_secrets)


def _call_each_read_operation(run: Run, file: Path, keep_secrets: bool) -> None:
    from vision_ai import UnreachableError, VisionAIError
    from vision_ai_generated.api import OPERATIONS

    calls: list[dict[str, Any]] = []
    with run.client(record=file, record_secrets=keep_secrets) as module:
        for name, operation in OPERATIONS.items():
            if operation.effect != "read" or operation.fields or not has_operation(module, name):
                continue
            try:
                getattr(module, name)()
            except UnreachableError:
                raise
            except VisionAIError as error:  # the recording shows it, and may be made for it
                calls.append({"operation": name, "error": str(error)})
            else:
                calls.append({"operation": name, "error": None})
    run.emit(
        {"file": str(file), "asked": calls},
        lambda: make_table(
            (_("Call"), _("Result")), [(each["operation"], each["error"] or "ok") for each in calls]
        ),
    )
    run.note(format_parts(_("Saved in {file}."), file=file))
