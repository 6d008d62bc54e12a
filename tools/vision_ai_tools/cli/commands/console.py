"""`vision-ai console`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_translations import gettext as _

from ..english_messages import translate_message
from ..failures import Failure, missing_extra_failure
from ..options import ClientArguments, Run, command

if TYPE_CHECKING:
    from vision_ai import AsyncVisionAI


def _make_client(run: Run, journal: Path | None) -> tuple[str, AsyncVisionAI]:
    """Return the module's address and a client for it that keeps a journal."""
    from vision_ai import AsyncVisionAI
    from vision_ai.transports import resolve_url

    url = resolve_url(run.url)
    arguments: ClientArguments = {**run.client_arguments}
    if journal is not None:
        arguments["journal"] = journal
    return url, AsyncVisionAI(url, **arguments)


@command
def console(
    run: Run,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Visitors from other computers need a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 for a free one.")] = 8080,
    backups: Annotated[
        Path | None,
        typer.Option(
            "--backups", help="Folder for backups.", show_default="vision-ai/backups in your data folder"
        ),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(
            "--journal",
            help="Journal of recognitions, for the view Quality.",
            show_default="vision-ai/recognitions.db in your data folder",
        ),
    ] = None,
    no_journal: Annotated[bool, typer.Option("--no-journal", help="Keep no journal.")] = False,
    token: Annotated[
        bool, typer.Option("--token", help="Require the token from visitors on this computer too.")
    ] = False,
    read_only: Annotated[
        bool,
        typer.Option("--read-only", help="Only show the module: refuse every action that changes something."),
    ] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Serve a web page to inspect and set up a module, until Ctrl-C.

    The page shows the live picture and recognition, and how often the recognition was right. It sets the
    calibration area, teaches products, makes and restores backups, and restarts or resets the module. It is in
    English, Russian and Chinese and needs no internet connection.
    """
    try:
        from vision_ai_tools.console.backup_store import BackupStore, get_data_folder
        from vision_ai_tools.console.server import ConsoleServer
    except ModuleNotFoundError as error:
        raise missing_extra_failure("console", "console", error.name) from error
    file = None if no_journal else journal or get_data_folder() / "recognitions.db"
    try:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(
            _(
                "cannot keep a journal in {file}: {reason}",
                file=error.filename,
                reason=translate_message(str(error.strerror)),
            ),
            _("Choose another file: {option}, or use {other}", option="--journal FILE", other="--no-journal"),
        ) from error
    url, module = _make_client(run, file)
    try:
        store = BackupStore(backups or get_data_folder() / "backups")
    except OSError as error:
        raise Failure(
            _(
                "cannot store backups in {folder}: {reason}",
                folder=error.filename,
                reason=translate_message(str(error.strerror)),
            ),
            _("Choose a folder: {option}", option="--backups DIR"),
        ) from error
    try:
        server = ConsoleServer(
            module, url, host, port, store, journal=file, require_token=token, read_only=read_only
        )
    except OSError as error:
        raise Failure(
            _(
                "the console cannot listen on {host} port {port}: {reason}",
                host=host,
                port=port,
                reason=translate_message(str(error.strerror)),
            ),
            _("Choose another --port or --host."),
        ) from error
    run.emit(
        {"url": server.url, "module": url},
        _("Module   {url}\nConsole  {console}\nPress Ctrl-C to stop.", url=url, console=server.url),
    )
    if open_browser:
        typer.launch(server.url)
    with suppress(KeyboardInterrupt):  # some versions of uvicorn raise it again at the end
        server.run()
