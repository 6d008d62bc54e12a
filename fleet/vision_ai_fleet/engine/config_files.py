"""Write configuration files for servers that somebody else runs: a cluster, and the own servers of stores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vision_ai import InvalidInputError
from vision_ai_fleet.names import check_name

from .center import Center
from .home import parse_address, write_private
from .server_config import Cluster, Leaf, ServerSettings, format_server_config
from .tls import Certificates, make_certificates

CLIENT_PORT, ROUTE_PORT, LEAF_PORT = 4222, 6222, 7422
CONFIG, LEAF_CREDENTIALS = "server.conf", "leaf.creds"


def write_single(center: Center, folder: Path, host: str) -> Path:
    """Write the folder of a single server that the center does not run itself.

    Args:
        center: Its keys sign; its authority signs the certificate.
        folder: Where to write.
        host: The server's name or address: `HOST` or `HOST:PORT`.

    Returns:
        The folder.
    """
    address, port = parse_address(host, CLIENT_PORT)
    target = folder / center.settings.name
    files = _copy_certificates(center, target, [address])
    settings = _make_settings(center, target.name, port, files)
    _write_config(target, format_server_config(settings, center.trust))
    return target


def write_cluster(center: Center, folder: Path, hosts: Sequence[str]) -> list[Path]:
    """Write a folder for each server of a cluster: copy each to its host, and run nats-server -c server.conf there.

    Args:
        center: Its keys sign; its authority signs the certificates. Its settings then name the cluster.
        folder: Where to write.
        hosts: Names or addresses of three or five hosts: `HOST` or `HOST:PORT`.

    Returns:
        The folders.

    Raises:
        InvalidInputError: not an odd number of servers from three on.
    """
    if len(hosts) < 3 or len(hosts) % 2 == 0:
        raise InvalidInputError(f"a cluster has 3 or 5 servers, not {len(hosts)}: most of them must agree")
    addresses = [parse_address(host, CLIENT_PORT) for host in hosts]
    routes = tuple(f"{host}:{ROUTE_PORT}" for host, _ in addresses)
    folders: list[Path] = []
    for number, (host, port) in enumerate(addresses, 1):
        target = folder / f"{center.settings.name}-{number}"
        files = _copy_certificates(center, target, [host])
        settings = _make_settings(center, target.name, port, files)
        cluster = Cluster(center.settings.name, ROUTE_PORT, routes, files.ca)
        _write_config(target, format_server_config(settings, center.trust, cluster=cluster))
        folders.append(target)
    return folders


def write_leaf(center: Center, folder: Path, store: str, host: str, *, center_address: str = "") -> Path:
    """Write the folder of a store's own server, to which its scales connect instead of the center.

    Args:
        center: Its keys sign; its authority signs the certificate.
        folder: Where to write.
        store: Which one.
        host: The server's name or address in the store: `HOST` or `HOST:PORT`.
        center_address: Where the center listens for such servers: `HOST:PORT`; "": its address, port 7422.

    Returns:
        The folder.
    """
    address, port = parse_address(host, CLIENT_PORT)
    target = folder / f"store-{check_name('store', store)}"
    files = _copy_certificates(center, target, [address])
    write_private(target / LEAF_CREDENTIALS, center.trust.make_leaf_credentials(store))
    leaf_port = center.settings.leaf_port or LEAF_PORT
    center_host, center_port = parse_address(center_address or center.settings.public_host, leaf_port)
    leaf = Leaf(store, f"tls://{center_host}:{center_port}", Path(LEAF_CREDENTIALS), files.ca)
    settings = ServerSettings(
        Path(), host="0.0.0.0", port=port, name=target.name, certificate=files.certificate, key=files.key
    )
    _write_config(target, format_server_config(settings, center.trust, leaf=leaf))
    return target


def _make_settings(center: Center, name: str, port: int, files: Certificates) -> ServerSettings:
    """Return how a server runs that takes the own servers of stores too. Its paths are relative to its folder."""
    return ServerSettings(
        Path(),
        host="0.0.0.0",
        port=port,
        name=name,
        certificate=files.certificate,
        key=files.key,
        leaf_port=LEAF_PORT,
        max_file=center.settings.max_file or ServerSettings.max_file,
    )


def _copy_certificates(center: Center, target: Path, names: Sequence[str]) -> Certificates:
    """Make a server's certificate, and leave the authority's key where it is."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = make_certificates(center.folder / "tls", [center.settings.public_host])
    assert own.ca is not None
    authority = own.ca.with_name("ca.key")
    write_private(target / "ca.pem", own.ca.read_bytes())
    write_private(target / "ca.key", authority.read_bytes())
    try:
        files = make_certificates(target, names)
    finally:
        (target / "ca.key").unlink()
    return Certificates(Path(files.certificate.name), Path(files.key.name), Path("ca.pem"))


def _write_config(target: Path, text: str) -> None:
    # The folder is copied to another host: its paths are those beside the configuration.
    write_private(target / CONFIG, text)
