"""`vision-ai fleet config`: the files of an engine that is run elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vision_ai_tools.cli.options import make_group

from .options import FleetOptions, FleetRun, fleet_command, open_center

app = make_group(
    "Write the files of nats-server where the fleet does not run it: a service of its own, a cluster, a store's own "
    "server.\n\n"
    "The files hold keys: only you can read them. Copy each folder to its computer, and run nats-server -c server.conf "
    "in it.",
    FleetOptions,
)

Target = Annotated[Path, typer.Argument(metavar="DIR", help="Where to make the folders.")]


@app.command("single")
@fleet_command
def configure_single(
    run: FleetRun,
    target: Target,
    host: Annotated[
        str, typer.Argument(metavar="HOST", help="The server's name or address, such as nats.example:4222.")
    ],
) -> None:
    """Write the files of one server. The own servers of stores connect to its port 7422."""
    from vision_ai_fleet.engine.config_files import write_single

    print_folders(run, [write_single(open_center(run), target, host)])


@app.command("cluster")
@fleet_command
def configure_cluster(
    run: FleetRun,
    target: Target,
    hosts: Annotated[
        list[str],
        typer.Argument(metavar="HOST ...", help="The names or addresses of three servers, or five."),
    ],
) -> None:
    """Write the files of a cluster: a folder for each server. They find each other on port 6222.

    Then let the center use it: vision-ai fleet up --server tls://a.example:4222
    """
    from vision_ai_fleet.engine.config_files import write_cluster

    print_folders(run, write_cluster(open_center(run), target, hosts))


@app.command("leaf")
@fleet_command
def configure_leaf(
    run: FleetRun,
    target: Target,
    store: Annotated[str, typer.Argument(metavar="STORE", help="The store, such as 0042.")],
    host: Annotated[str, typer.Argument(metavar="HOST", help="The server's name or address in the store.")],
    center: Annotated[
        str,
        typer.Option(
            "--center",
            metavar="HOST:PORT",
            help="Where the center takes such servers. Default: its own address, port 7422.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Write the files of a store's own server, which passes everything on to the center over one connection.

    Its scales connect to it: vision-ai fleet enrol 0042 07 --server tls://HOST:4222
    """
    from vision_ai_fleet.engine.config_files import write_leaf

    print_folders(run, [write_leaf(open_center(run), target, store, host, center_address=center)])


def print_folders(run: FleetRun, folders: list[Path]) -> None:
    """Print the folders that were written."""
    run.emit({"folders": [str(each) for each in folders]}, "\n".join(map(str, folders)))
