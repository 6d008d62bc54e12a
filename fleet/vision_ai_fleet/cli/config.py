"""`vision-ai fleet config`: configuration of servers that somebody else runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vision_ai_tools.cli.options import make_group

from .options import FleetOptions, FleetRun, fleet_command, open_center

Output = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Write the folders into this one.")
]

app = make_group(
    "Write the configuration of an engine that is run elsewhere.\n\n"
    "Each server gets a folder with its configuration, certificate and key: copy it to its host, and run "
    "`nats-server -c server.conf` in it. The fleet's keys stay on this computer.",
    FleetOptions,
)


@app.command("single")
@fleet_command
def write_single(
    run: FleetRun,
    host: Annotated[str, typer.Argument(metavar="HOST", help="The server's name or address.")],
    output: Output = Path(),
) -> None:
    """Write the folder of one server, which takes the own servers of stores too.

    Then run the center with it: `vision-ai fleet up --server tls://HOST:4222`.
    """
    from vision_ai_fleet.engine import config_files

    _show(run, [config_files.write_single(open_center(run), output, host)])


@app.command("cluster")
@fleet_command
def write_cluster(
    run: FleetRun,
    hosts: Annotated[
        list[str], typer.Argument(metavar="HOST...", help="Names or addresses of 3 or 5 hosts.")
    ],
    output: Output = Path(),
) -> None:
    """Write a folder for each server of a cluster, which goes on when one of them is lost.

    Then run the center with it: `vision-ai fleet up --server tls://HOST1:4222,tls://HOST2:4222,tls://HOST3:4222`.
    """
    from vision_ai_fleet.engine import config_files

    _show(run, config_files.write_cluster(open_center(run), output, hosts))


@app.command("leaf")
@fleet_command
def write_leaf(
    run: FleetRun,
    store: Annotated[str, typer.Argument(metavar="STORE", help="The store, such as 0042.")],
    host: Annotated[str, typer.Argument(metavar="HOST", help="The server's name or address in the store.")],
    output: Output = Path(),
    center: Annotated[
        str,
        typer.Option(
            "--center",
            metavar="HOST:PORT",
            help="Where the center listens for such servers. Default: its address, and leaf_port of settings.toml.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Write the folder of a store's own server: the store's scales connect to it, and it alone to the center."""
    from vision_ai_fleet.engine import config_files

    _show(run, [config_files.write_leaf(open_center(run), output, store, host, center_address=center)])


def _show(run: FleetRun, folders: list[Path]) -> None:
    names = [str(folder) for folder in folders]
    run.emit({"folders": names}, lambda: "\n".join(names))
