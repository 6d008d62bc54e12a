"""`vision-ai fleet up`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai_tools.cli.failures import missing_extra_failure, usage_failure
from vision_ai_tools.cli.output import make_facts

from .options import FleetRun, fleet_command

if TYPE_CHECKING:
    from vision_ai_fleet.engine.center import Center
    from vision_ai_fleet.engine.home import CenterSettings

PAGE_PORT = 8180


@fleet_command
def run_center(
    run: FleetRun,
    listen: Annotated[
        str | None,
        typer.Option(
            "--listen",
            metavar="HOST:PORT",
            help="Where scales connect, with TLS: 0.0.0.0:4222 for all networks. Default: 127.0.0.1:4222, this "
            "computer alone.",
            show_default=False,
        ),
    ] = None,
    address: Annotated[
        list[str] | None,
        typer.Option(
            "--address",
            metavar="NAME",
            help="A name or address under which scales reach this computer. Can be repeated; the first one "
            "stands in their credentials.",
            show_default=False,
        ),
    ] = None,
    page: Annotated[
        int,
        typer.Option(
            "--page", metavar="PORT", min=0, max=65535, help="The port of the web page on 127.0.0.1."
        ),
    ] = PAGE_PORT,
    certificate: Annotated[
        Path | None,
        typer.Option(
            "--certificate",
            metavar="FILE",
            help="A certificate of your own, as PEM. Default: the center makes one.",
            show_default=False,
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", help="The key of --certificate.", show_default=False),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="What the center is called.", show_default=False),
    ] = None,
) -> None:
    """Run a center: the engine, the controller of rollouts, and the web page.

    The first start makes the fleet's keys in --folder: keep a copy of this folder in a safe place. Options are kept
    there too; the next start needs none. --server says that the engine is run elsewhere, such as a cluster.

    Ctrl-C ends the center; the scales wait until it is back.
    """
    if (certificate is None) is not (key is None):
        raise usage_failure("--certificate and --key belong together", "Give both, or neither.")
    try:
        from vision_ai_fleet.engine.up import run_center as run_parts
    except ModuleNotFoundError as error:
        raise missing_extra_failure("fleet up", "fleet", error.name) from error
    from .center_parts import make_parts

    changes: dict[str, Any] = {
        "names": tuple(address) if address else None,
        "certificate": certificate and certificate.absolute(),
        "key": key and key.absolute(),
        "name": name,
        "server": run.options.server,
    }
    settings = change_settings(run.folder, listen, {key: value for key, value in changes.items() if value})
    asyncio.run(
        run_parts(
            run.folder,
            make_parts(page),
            settings=settings,
            on_ready=lambda center: show_center(run, center, page),
        )
    )


def change_settings(folder: Path, listen: str | None, changes: dict[str, Any]) -> CenterSettings:
    """Return the settings of a folder with what the options change."""
    from vision_ai_fleet.engine import home

    try:
        settings = home.CenterSettings.parse((folder / home.SETTINGS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        settings = home.CenterSettings()
    if listen is not None:
        host, port = home.parse_address(listen, settings.port)
        changes = {**changes, "host": host, "port": port}
    return replace(settings, **changes)


def show_center(run: FleetRun, center: Center, page: int) -> None:
    """Print where a center is, and how a scale comes to it."""
    from .identities import get_fingerprint

    fingerprint = get_fingerprint(center)
    page_url = f"http://127.0.0.1:{page}" if page else None
    enrol = "vision-ai fleet enrol STORE SCALE --code"
    run.emit(
        {
            "address": center.public_url,
            "page": page_url,
            "fingerprint": fingerprint,
            "folder": str(center.folder),
            "enrol": enrol,
        },
        lambda: make_facts(
            {
                "Address": center.public_url,
                "Page": page_url,
                "Fingerprint": fingerprint or "none: only this computer connects",
                "Folder": center.folder,
                "Add a scale": enrol,
            }
        ),
    )
