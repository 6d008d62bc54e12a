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

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def pid_file(self) -> Path:
        return self.folder / "server.pid"


def format_server_config(settings: ServerSettings, trust: Trust) -> str:
    """Return the configuration of a single server."""
    folder = settings.folder.absolute()
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
        "jetstream {",
        f"  store_dir: {_quote(folder / 'jetstream')}",
        f"  max_mem: {settings.max_memory}",
        f"  max_file: {settings.max_file}",
        f'  sync_interval: "{settings.sync}"',
        "}",
        *format_trust(trust, folder),
    ]
    if settings.certificate is not None and settings.key is not None:
        lines += ["tls {", *format_tls(settings.certificate, settings.key), "  timeout: 30", "}"]
    return "\n".join(lines) + "\n"


def format_trust(trust: Trust, folder: Path) -> list[str]:
    """Return the lines that say whose identities a server accepts."""
    accounts = ("system", *ACCOUNTS)
    return [
        f"operator: {trust.sign_operator()}",
        f"system_account: {trust.get_public_key('system')}",
        f'resolver {{ type: full, dir: {_quote(folder / "accounts")}, allow_delete: false, interval: "2m" }}',
        "resolver_preload {",
        *(f"  {trust.get_public_key(name)}: {trust.sign_account(name)}" for name in accounts),
        "}",
    ]


def format_tls(certificate: Path, key: Path) -> list[str]:
    """Return the lines that name a certificate and its key."""
    return [f"  cert_file: {_quote(certificate.absolute())}", f"  key_file: {_quote(key.absolute())}"]


def format_address(host: str, port: int) -> str:
    """Return `host:port`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _quote(value: str | Path) -> str:
    return json.dumps(value.as_posix() if isinstance(value, Path) else value)
