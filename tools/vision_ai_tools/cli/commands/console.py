"""`vision-ai console`."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..failures import Failure, missing_module
from ..options import Run, command

if TYPE_CHECKING:
    from vision_ai import AsyncVisionAI


def _module(run: Run) -> tuple[str, AsyncVisionAI]:
    """Where the module is, and its client, as the global options have it."""
    from vision_ai import DEFAULT_URL, AsyncVisionAI

    url = run.url or os.environ.get("VISION_AI_URL") or DEFAULT_URL
    if run.options.timeout is None:
        return url, AsyncVisionAI(url, record=run.options.record)
    return url, AsyncVisionAI(url, record=run.options.record, timeout=run.options.timeout)


@command
def console(
    run: Run,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Any but this machine's own asks who comes for a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes any free one.")] = 8080,
    backups: Annotated[
        Path | None,
        typer.Option(
            "--backups", help="Folder for backups.", show_default="vision-ai/backups in your data folder"
        ),
    ] = None,
    token: Annotated[
        bool, typer.Option("--token", help="Ask who comes from this machine for a token too.")
    ] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in this browser.")] = False,
) -> None:
    """Serve a page to look at a module and to set it up with.

    Live picture and recognition, the calibration area, teaching products, backups, restart and reset, in
    English and Chinese. It needs nothing from the internet. Ctrl-C ends it.
    """
    try:
        from vision_ai_tools.console.server import ConsoleServer
        from vision_ai_tools.console.shelf import Shelf, default_folder
    except ModuleNotFoundError as error:
        raise missing_module("console", "console", error) from error
    url, module = _module(run)
    try:
        shelf = Shelf(backups or default_folder())
    except OSError as error:
        raise Failure(
            f"backups cannot be kept in {error.filename}: {error.strerror}", "Choose a folder with --backups"
        ) from error
    try:
        server = ConsoleServer(module, url, host, port, shelf, ask_for_token=token)
    except OSError as error:
        raise Failure(
            f"the console cannot listen on {host} port {port}: {error.strerror}",
            "Choose another with --port or --host",
        ) from error
    run.emit(
        {"url": server.url, "module": url},
        f"Module   {url}\nConsole  {server.url}\nCtrl-C ends it.",
    )
    if open_browser:
        typer.launch(server.url)
    with suppress(KeyboardInterrupt):  # its ordinary end; some versions of uvicorn raise it once more
        server.run()
