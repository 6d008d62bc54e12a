"""The folder of a center: its settings and keys, and the lock that keeps a second program out."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import sys
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field, fields
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from vision_ai import InvalidInputError
from vision_ai_fleet.errors import FleetError

SETTINGS, KEYS, OPERATOR, LOCK = "settings.toml", "keys.json", "operator.creds", "center.lock"
ENGINE, IDENTITIES, TLS = "engine", "identities.db", "tls"
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
WILDCARDS = ("0.0.0.0", "::")
ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+))(?::(?P<port>\d{1,5}))?")


def get_default_folder() -> Path:
    """Return where a center of this user lives: `VISION_AI_FLEET_HOME`, or a folder among the user's data."""
    if given := os.environ.get("VISION_AI_FLEET_HOME"):
        return Path(given)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "vision-ai" / "fleet"


@dataclass(frozen=True)
class CenterSettings:
    """How a center runs: the content of its `settings.toml`.

    Args:
        name: What the center is called; also the server's name in a cluster.
        host, port: Where it listens. Another host than this computer itself needs TLS, which it then has.
        names: Names and addresses under which scales reach it, the most usual one first; empty: the host's.
        monitor_port: Where the engine shows its own figures, on 127.0.0.1; 0 without.
        certificate, key, ca: PEM files of your own authority; None: the center makes its own.
        max_file: Bytes that the engine may store; 0: nine tenths of what is free on the disk.
        max_memory: Bytes of memory that the engine's streams may use.
        sync: When what was acknowledged is on disk: `always`, or a time such as `2m`.
        server: The address of an engine that is run elsewhere, such as a cluster; "": this center runs its own.
        leaf_port: Where the own servers of stores connect, usually 7422; 0 without.
        replicas: On how many servers of a cluster each stream is kept: 1 or 3.
    """

    name: str = "fleet"
    host: str = "127.0.0.1"
    port: int = 4222
    names: tuple[str, ...] = ()
    monitor_port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    ca: Path | None = None
    max_file: int = 0
    max_memory: int = 256 << 20
    sync: str = "always"
    server: str = ""
    leaf_port: int = 0
    replicas: int = 1

    @property
    def is_local(self) -> bool:
        """Whether only this computer reaches it."""
        return self.host in LOCAL_HOSTS and not self.names and self.certificate is None

    @property
    def local_host(self) -> str:
        """Where programs on the center's computer reach it."""
        return "127.0.0.1" if self.host in WILDCARDS else self.host

    @property
    def public_host(self) -> str:
        """Where scales reach it."""
        if self.names:
            return self.names[0]
        return socket.getfqdn() if self.host in WILDCARDS else self.host

    def format(self) -> str:
        """Return the text of the file."""
        lines: list[str] = []
        for each in fields(self):
            value: object = getattr(self, each.name)
            if value is not None:
                text = json.dumps(str(value) if isinstance(value, Path) else value)
                lines.append(f"{each.name} = {text}")
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> CenterSettings:
        """Read the text of a file.

        Raises:
            InvalidInputError: it is no such text.
        """
        try:
            given = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InvalidInputError(f"{SETTINGS} cannot be read: {error}") from None
        known = {each.name for each in fields(cls)}
        if unknown := sorted(given.keys() - known):
            raise InvalidInputError(f"{SETTINGS} has an unknown setting: {', '.join(unknown)}")
        for name in ("certificate", "key", "ca"):
            if name in given:
                given[name] = Path(given[name])
        given["names"] = tuple(given.get("names", ()))
        return cls(**given)


def parse_address(text: str, port: int) -> tuple[str, int]:
    """Read `HOST`, `HOST:PORT` or `[IPv6]:PORT`.

    Args:
        text: What a person wrote.
        port: The port where none is named.

    Raises:
        InvalidInputError: it is not an address.
    """
    match = ADDRESS.fullmatch(text.strip())
    if match is None or not 0 < int(match["port"] or port) < 65536:
        raise InvalidInputError(f"an address must be HOST or HOST:PORT, not {text!r}")
    return match["v6"] or match["host"], int(match["port"] or port)


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that only its owner can read. An existing one is replaced at once or not at all."""
    data = content.encode() if isinstance(content, str) else content
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@dataclass
class HomeLock:
    """Keeps a second `fleet up` off the same folder. The system releases it when this program ends, however it ends."""

    path: Path
    _file: IO[bytes] | None = field(default=None, init=False, repr=False)

    def acquire(self) -> None:
        """Take it.

        Raises:
            FleetError: another program has it.
        """
        file = self.path.open("a+b")
        if not _try_lock(file.fileno()):
            file.seek(0)
            holder = file.read(32).decode("ascii", "replace").strip("\0 \n")
            file.close()
            raise FleetError(
                f"a center already runs in {self.path.parent}" + (f" (process {holder})" if holder else ""),
                "Use it as it is, or end that process first. A second center needs a folder of its own: --folder.",
            )
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give it back. Calling it again does nothing."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _try_lock(number: int) -> bool:
    with suppress(ImportError):
        fcntl: Any = import_module("fcntl")
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # this file system has no locks
        return True
    msvcrt: Any = import_module("msvcrt")
    position = os.lseek(number, 0, os.SEEK_CUR)
    try:
        # Windows locks bytes, which others cannot read then: one that the file does not reach.
        os.lseek(number, 0x7FFFFFFE, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
    except OSError as error:
        return error.errno == errno.EINVAL
    finally:
        os.lseek(number, position, os.SEEK_SET)
    return True
