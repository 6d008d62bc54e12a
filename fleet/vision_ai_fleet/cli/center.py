"""`vision-ai fleet up`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai_tools.cli.failures import missing_extra_failure, usage_failure
from vision_ai_tools.cli.output import make_facts
from vision_ai_translations import gettext as _

from .options import FleetRun, fleet_command
from .page_address import remove_page_url, write_page_url

if TYPE_CHECKING:
    from vision_ai_fleet.engine.center import Center
    from vision_ai_fleet.engine.home import CenterSettings
    from vision_ai_fleet.page.server import PageAddress

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
            "--page", metavar="PORT", min=0, max=65535, help="The port of the web page; 0 for a free one."
        ),
    ] = PAGE_PORT,
    no_page: Annotated[
        bool, typer.Option("--no-page", help="Serve no page. Codes of enrol --code need one.")
    ] = False,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Let nobody change anything on the page.")
    ] = False,
    console_changes: Annotated[
        bool,
        typer.Option(
            "--console-changes",
            help="Let operators change a module on the page's console of its scale, where the agent permits it too.",
        ),
    ] = False,
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
    leaf_port: Annotated[
        int | None,
        typer.Option(
            "--leaf-port",
            metavar="PORT",
            min=0,
            max=65535,
            help="Where the own servers of stores connect, usually 7422; 0: they do not.",
            show_default=False,
        ),
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
        raise usage_failure(_("--certificate and --key belong together"), _("Give both, or neither."))
    try:
        from vision_ai_fleet.engine.up import run_center as run_parts
        from vision_ai_fleet.events.quality import Quality
        from vision_ai_fleet.page.server import PageSettings

        from .center_parts import QUALITY_FILE, make_parts
    except ModuleNotFoundError as error:
        raise missing_extra_failure("fleet up", "fleet", error.name) from error
    changes: dict[str, Any] = {
        "names": tuple(address) if address else None,
        "certificate": certificate and certificate.absolute(),
        "key": key and key.absolute(),
        "name": name,
        "server": run.options.server,
        "leaf_port": leaf_port,
    }
    folder = run.folder.absolute()
    settings = change_settings(
        folder, listen, {key: value for key, value in changes.items() if value is not None}
    )
    page_settings = PageSettings(
        settings.host,
        page,
        names=settings.names,
        read_only=read_only,
        console_changes=console_changes,
    )
    view = CenterView(run)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with Quality(folder / QUALITY_FILE) as quality:
            parts = make_parts(quality, None if no_page else page_settings, view.show_page)
            on_ready = view.show if no_page else view.keep
            asyncio.run(run_parts(folder, parts, settings=settings, on_ready=on_ready))
    finally:
        remove_page_url(folder)


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


class CenterView:
    """Prints where a center is, once everything runs."""

    def __init__(self, run: FleetRun) -> None:
        self._run = run
        self._center: Center | None = None

    def keep(self, center: Center) -> None:
        """Remember the center until its page runs."""
        self._center = center

    def show_page(self, page: PageAddress) -> None:
        """Print everything, with the page."""
        assert self._center is not None
        write_page_url(self._center.folder, page.base)
        self.show(self._center, page)

    def show(self, center: Center, page: PageAddress | None = None) -> None:
        """Print where the center is, and how a scale comes to it."""
        from .enrolment import get_fingerprint

        fingerprint = get_fingerprint(center)
        viewers = page.viewer_url if page and page.tokens else None
        enrol = f"vision-ai fleet enrol STORE SCALE{' --code' if page else ' > scale.creds'}"
        self._run.emit(
            {
                "address": center.public_url,
                "page": page and page.operator_url,
                "viewer_page": viewers,
                "fingerprint": fingerprint,
                "folder": str(center.folder),
                "enrol": enrol,
            },
            lambda: make_facts(
                {
                    _("Address"): center.public_url,
                    _("Page"): page.operator_url if page else _("none"),
                    **({_("Page to look at"): viewers} if viewers else {}),
                    _("Fingerprint"): fingerprint or _("none: only this computer connects"),
                    _("Folder"): center.folder,
                    _("Add a scale"): enrol,
                }
            ),
        )
