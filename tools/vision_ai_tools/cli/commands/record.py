"""`vision-ai record`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..failures import usage_failure
from ..options import Run, command
from ..output import table


@command
def record(
    run: Run,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The recording; one that is there is added to.")
    ],
    listen: Annotated[
        int | None,
        typer.Option(
            "--listen",
            metavar="PORT",
            min=0,
            max=65535,
            help="Stand between a till and the module, on 127.0.0.1 and this port; 0 takes a free one.",
            show_default=False,
        ),
    ] = None,
    keep_secrets: Annotated[
        bool,
        typer.Option(
            "--keep-secrets", help="Keep serial numbers, the store's number and name, and backups' contents."
        ),
    ] = False,
) -> None:
    """Write down what is asked and answered, as a HAR file: for a browser's tools, or for a developer.

    Without --listen everything that changes nothing is asked once. With it, point the till at the port: what
    passes is handed on and written down until Ctrl-C. Pictures are in the file; serial numbers, the store and
    backups are not, unless --keep-secrets says so.
    """
    if run.options.record is not None:
        raise usage_failure("the recording is named twice", "Leave --record out.")
    if listen is None:
        _everything_once(run, file, keep_secrets)
    else:
        from ..relay import relay

        relay(run, file, listen, keep_secrets=keep_secrets)


def _everything_once(run: Run, file: Path, keep_secrets: bool) -> None:
    from vision_ai import UnreachableError, VisionAIError
    from vision_ai_generated.api import OPERATIONS

    asked: list[dict[str, Any]] = []
    with run.client(record=file, record_secrets=keep_secrets) as module:
        for name, operation in OPERATIONS.items():
            if operation.effect != "read" or operation.fields:
                continue
            try:
                getattr(module, name)()
            except UnreachableError:
                raise
            except VisionAIError as error:  # that is recorded too, and may be what the recording is for
                asked.append({"operation": name, "error": str(error)})
            else:
                asked.append({"operation": name, "error": None})
    run.emit(
        {"file": str(file), "asked": asked},
        lambda: table(("Asked", "Answer"), [(each["operation"], each["error"] or "ok") for each in asked]),
    )
    run.note(f"All of it is in {file}.")
