"""The configuration of nats-server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .permissions import ACCOUNTS
from .trust import Trust


@dataclass(frozen=True)
class ServerSettings:
    """How one server runs.

    Args:
        folder: Where it keeps its data.
        host, port: Where it listens for clients.
        monitor_port: Where it shows its own figures, on 127.0.0.1; 0 without.
        certificate, key: Its certificate and key as PEM files; None: no TLS, for this computer alone.
        sync: When what was acknowledged is on disk: `always`, or a time such as `2m`.
        name: The server's name.
        max_file, max_memory: Bytes that its streams may take on disk and in memory.
        leaf_port: Where it listens for the own servers of stores; 0 without.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 4222
    monitor_port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    sync: str = "always"
    name: str = "fleet"
    max_file: int = 4 << 40
    max_memory: int = 256 << 20
    leaf_port: int = 0

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def pid_file(self) -> Path:
        return self.folder / "server.pid"


@dataclass(frozen=True)
class Leaf:
    """What makes a server the own server of a store.

    Args:
        store: Which one.
        center: The center's address for such servers: `tls://host:7422`.
        credentials: The file that `Trust.make_leaf_credentials` made.
        ca: The authority of the center's certificate; None: the system's.
    """

    store: str
    center: str
    credentials: Path
    ca: Path | None = None


@dataclass(frozen=True)
class Cluster:
    """What makes a server one of a cluster.

    Args:
        name: The cluster's.
        port: Where it listens for the others.
        routes: The addresses of all its servers: `host:port`.
        ca: The authority of their certificates.
    """

    name: str
    port: int
    routes: tuple[str, ...]
    ca: Path | None = None


def format_server_config(
    settings: ServerSettings, trust: Trust, *, leaf: Leaf | None = None, cluster: Cluster | None = None
) -> str:
    """Return the configuration of a server: a single one, the own one of a store, or one of a cluster."""
    folder = settings.folder
    lines = [
        f"server_name: {_quote(settings.name)}",
        f"listen: {_quote(format_address(settings.host, settings.port))}",
        *([f'http: "127.0.0.1:{settings.monitor_port}"'] if settings.monitor_port else []),
        f"pid_file: {_quote(folder / settings.pid_file.name)}",
        f"log_file: {_quote(folder / settings.log.name)}",
        "logfile_size_limit: 16MB",
        "logfile_max_num: 4",
        "max_connections: 64K",
        'write_deadline: "30s"',
        # All agents come back at once after a restart; each TLS handshake and signature takes its time.
        "authorization { timeout: 30 }",
    ]
    if leaf is None:  # with JetStream of its own, it would not pass on what is meant for the center's
        lines += [
            "jetstream {",
            f"  store_dir: {_quote(folder / 'jetstream')}",
            f"  max_mem: {settings.max_memory}",
            f"  max_file: {settings.max_file}",
            f'  sync_interval: "{settings.sync}"',
            "}",
        ]
    tls: list[str] = []
    if settings.certificate is not None and settings.key is not None:
        tls = format_tls(settings.certificate, settings.key)
        lines += ["tls {", *tls, "  timeout: 30", "}"]
    if settings.leaf_port and leaf is None:
        address = format_address(settings.host, settings.leaf_port)
        lines += ["leafnodes {", f"  listen: {_quote(address)}", *_format_block("tls", tls), "}"]
    if leaf is not None:
        lines += _format_leaf(leaf, trust)
    if cluster is not None:
        lines += _format_cluster(cluster, settings, tls)
    return "\n".join([*lines, *format_trust(trust, folder, leaf)]) + "\n"


def format_trust(trust: Trust, folder: Path, leaf: Leaf | None = None) -> list[str]:
    """Return the lines that say whose identities a server accepts."""
    resolver = f'{{ type: full, dir: {_quote(folder / "accounts")}, allow_delete: false, interval: "2m" }}'
    return [
        f"operator: {trust.sign_operator()}",
        f"system_account: {trust.get_public_key('system')}",
        # What the center pushes is not what a store's own server needs.
        f"resolver: {'MEMORY' if leaf else resolver}",
        # Else a server does not pass on what stores' own servers ask of the center's JetStream.
        f'default_js_domain {{ {trust.get_public_key("scales")}: "" }}',
        "resolver_preload {",
        *(
            f"  {trust.get_public_key(name)}: {trust.sign_account(name, is_leaf=leaf is not None)}"
            for name in ("system", *ACCOUNTS)
        ),
        "}",
    ]


def _format_leaf(leaf: Leaf, trust: Trust) -> list[str]:
    return [
        "leafnodes {",
        '  reconnect: "2s"',
        "  remotes [ {",
        f"    url: {_quote(leaf.center)}",
        f"    account: {trust.get_public_key('scales')}",
        f"    credentials: {_quote(leaf.credentials)}",
        *_format_block("tls", [f"  ca_file: {_quote(leaf.ca)}"] if leaf.ca else []),
        "  } ]",
        "}",
    ]


def _format_cluster(cluster: Cluster, settings: ServerSettings, tls: list[str]) -> list[str]:
    scheme = "tls" if tls else "nats"
    mutual = [
        *tls,
        *([f"  ca_file: {_quote(cluster.ca)}", "  verify: true"] if cluster.ca else []),
    ]
    return [
        "cluster {",
        f"  name: {_quote(cluster.name)}",
        f"  listen: {_quote(format_address(settings.host, cluster.port))}",
        f"  routes: [{', '.join(_quote(f'{scheme}://{route}') for route in cluster.routes)}]",
        *_format_block("tls", mutual if tls else []),
        "}",
    ]


def _format_block(name: str, lines: list[str]) -> list[str]:
    return [f"  {name} {{", *lines, "  }"] if lines else []


def format_tls(certificate: Path, key: Path) -> list[str]:
    """Return the lines that name a certificate and its key."""
    return [f"  cert_file: {_quote(certificate)}", f"  key_file: {_quote(key)}"]


def format_address(host: str, port: int) -> str:
    """Return `host:port`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _quote(value: str | Path) -> str:
    return json.dumps(value.as_posix() if isinstance(value, Path) else value)
