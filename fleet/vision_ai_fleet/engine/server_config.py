"""The configuration of nats-server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 4222
    monitor_port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    sync: str = "always"
    name: str = "fleet"


def format_server_config(settings: ServerSettings, trust: Trust) -> str:
    """Return the configuration of a single server."""
    system, account = trust.get_public_key("system"), trust.get_public_key("account")
    lines = [
        f"server_name: {settings.name}",
        f'listen: "{settings.host}:{settings.port}"',
        *([f'http: "127.0.0.1:{settings.monitor_port}"'] if settings.monitor_port else []),
        "max_connections: 64K",
        'write_deadline: "30s"',
        "authorization { timeout: 30 }",
        "jetstream {",
        f'  store_dir: "{settings.folder.as_posix()}/jetstream"',
        "  max_mem: 1G",
        "  max_file: 4T",
        f'  sync_interval: "{settings.sync}"',
        "}",
        f"operator: {trust.sign_operator()}",
        f"system_account: {system}",
        f'resolver {{ type: full, dir: "{settings.folder.as_posix()}/accounts", allow_delete: false, interval: "2m" }}',
        "resolver_preload {",
        f"  {system}: {trust.sign_account('system')}",
        f"  {account}: {trust.sign_account('account')}",
        "}",
    ]
    if settings.certificate is not None and settings.key is not None:
        lines += [
            "tls {",
            f'  cert_file: "{settings.certificate.as_posix()}"',
            f'  key_file: "{settings.key.as_posix()}"',
            "}",
        ]
    return "\n".join(lines) + "\n"
