"""`vision-ai fleet config`: the files of an engine that is run elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai_tools.cli.failures import usage_failure
from vision_ai_tools.cli.options import make_group

from .options import FleetOptions, FleetRun, fleet_command, open_center

if TYPE_CHECKING:
    from vision_ai_fleet.engine.center import Center
    from vision_ai_fleet.engine.server_config import ServerSettings

CONFIG, LEAF_CREDENTIALS, TLS, DATA = "server.conf", "leaf.creds", "tls", "data"
LEAF_PORT, CLUSTER_PORT = 7422, 6222

app = make_group(
    "Write the files of nats-server where the fleet does not run it: a service of its own, a cluster, a store's own "
    "server.\n\n"
    "The files hold keys: only you can read them. Copy the folder to that computer, and run nats-server -c server.conf "
    "there.",
    FleetOptions,
)

Target = Annotated[Path, typer.Argument(metavar="DIR", help="The folder for the files.")]
Listen = Annotated[
    str, typer.Option("--listen", metavar="HOST:PORT", help="Where that server listens for clients.")
]
Address = Annotated[
    list[str] | None,
    typer.Option(
        "--address",
        metavar="NAME",
        help="A name or address under which clients reach that server, for its certificate. Can be repeated.",
        show_default=False,
    ),
]
At = Annotated[
    Path | None,
    typer.Option(
        "--at",
        metavar="DIR",
        help="Where the files will be on that computer. Default: where they are written.",
        show_default=False,
    ),
]


@app.command("single")
@fleet_command
def configure_single(
    run: FleetRun, target: Target, listen: Listen = "0.0.0.0:4222", address: Address = None, at: At = None
) -> None:
    """Write the files of one server. It takes the own servers of stores too, on port 7422."""
    center = open_center(run)
    settings = make_server(center, target, at, listen, address, leaf_port=LEAF_PORT)
    write_config(run, center, target, settings)


@app.command("cluster")
@fleet_command
def configure_cluster(
    run: FleetRun,
    target: Target,
    servers: Annotated[
        str,
        typer.Option(
            "--servers", metavar="NAMES", help="The names of all servers: a.example,b.example,c.example."
        ),
    ],
    at: At = None,
) -> None:
    """Write the files of a cluster, in a folder for each server. Run an odd number, three or more.

    They find each other on port 6222. Let the center know them: vision-ai fleet up --server tls://a.example:4222
    """
    from vision_ai_fleet.engine.server_config import Cluster

    names = [each.strip() for each in servers.split(",") if each.strip()]
    if len(names) < 3 or len(names) % 2 == 0 or len(set(names)) != len(names):
        raise usage_failure(
            "a cluster has three servers, or five", "For example: --servers a.example,b.example,c.example"
        )
    center = open_center(run)
    routes = tuple(f"{name}:{CLUSTER_PORT}" for name in names)
    for name in names:
        folder = target / name
        settings = make_server(center, folder, at, "0.0.0.0:4222", [name], name=name, leaf_port=LEAF_PORT)
        ca = settings.certificate and settings.certificate.with_name("ca.pem")
        cluster = Cluster(center.settings.name, CLUSTER_PORT, routes, ca)
        write_config(run, center, folder, settings, cluster=cluster)


@app.command("leaf")
@fleet_command
def configure_leaf(
    run: FleetRun,
    target: Target,
    store: Annotated[str, typer.Argument(metavar="STORE", help="The store, such as 0042.")],
    center_url: Annotated[
        str,
        typer.Option(
            "--center", metavar="URL", help="Where the center takes such servers: tls://center:7422."
        ),
    ],
    listen: Listen = "0.0.0.0:4222",
    address: Address = None,
    at: At = None,
) -> None:
    """Write the files of a store's own server, which keeps the store's backups and works while the center is away.

    Enrol its scales with --leaf and the server's address:
    vision-ai fleet enrol 0042 07 --leaf --server tls://scales.store-0042.example:4222
    """
    from vision_ai_fleet.engine.home import write_private
    from vision_ai_fleet.engine.server_config import Leaf
    from vision_ai_fleet.names import check_name

    check_name("store", store)
    center = open_center(run)
    settings = make_server(center, target, at, listen, address, name=f"store-{store}")
    write_private(target / LEAF_CREDENTIALS, center.trust.make_leaf_credentials(store))
    ca = settings.certificate and settings.certificate.with_name("ca.pem")
    leaf = Leaf(store, center_url, (at or target.absolute()) / LEAF_CREDENTIALS, ca)
    write_config(run, center, target, settings, leaf=leaf)


def make_server(
    center: Center,
    target: Path,
    at: Path | None,
    listen: str,
    addresses: list[str] | None,
    *,
    name: str = "",
    leaf_port: int = 0,
) -> ServerSettings:
    """Make a server's folder with its certificate, by the center's authority, and return its settings."""
    from vision_ai_fleet.engine import home
    from vision_ai_fleet.engine.server_config import ServerSettings
    from vision_ai_fleet.engine.tls import make_certificates

    host, port = home.parse_address(listen, 4222)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = addresses or ([] if host in home.WILDCARDS else [host])
    if not names:
        raise usage_failure(
            "nothing says under which name clients reach that server", "Add it: --address scales.example"
        )
    folder = target / TLS
    folder.mkdir(mode=0o700, exist_ok=True)
    authority = center.folder / home.TLS
    if not (authority / "ca.key").exists():
        make_certificates(authority, [])
    key = folder / "ca.key"
    try:
        for each in ("ca.pem", "ca.key"):
            home.write_private(folder / each, (authority / each).read_bytes())
        make_certificates(folder, names)
    finally:
        key.unlink(missing_ok=True)  # the authority's key stays at the center
    there = at or target.absolute()
    return ServerSettings(
        there / DATA,
        host=host,
        port=port,
        certificate=there / TLS / "server.pem",
        key=there / TLS / "server.key",
        sync=center.settings.sync,
        name=name or center.settings.name,
        leaf_port=leaf_port,
    )


def write_config(run: FleetRun, center: Center, target: Path, settings: ServerSettings, **more: Any) -> None:
    """Write the configuration, and print where it is."""
    from vision_ai_fleet.engine.home import write_private
    from vision_ai_fleet.engine.server_config import format_server_config

    path = target / CONFIG
    write_private(path, format_server_config(settings, center.trust, **more))
    run.emit({"file": str(path), "name": settings.name}, path)
