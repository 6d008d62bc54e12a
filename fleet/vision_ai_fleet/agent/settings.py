"""The agent's settings: a TOML file. Everything but the credentials has a default."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, Literal, cast

from vision_ai import InvalidInputError
from vision_ai_fleet.credentials import Credentials

Console = Literal["read_only", "allowed", "off"]
CONSOLES: tuple[Console, ...] = ("read_only", "allowed", "off")
Api = Literal["auto", "v1", "v2"]
APIS: tuple[Api, ...] = ("auto", "v1", "v2")
FOLDER = "vision-ai-agent"
TABLES = ("center", "module", "till", "agent", "limits")


@dataclass(frozen=True)
class ModuleAddress:
    """Where the module is, as the SDK takes it.

    Args:
        url: None: where a module is that is connected over USB.
        interface: The network interface that it is connected to; None: any.
        api: `auto`, `v1` or `v2`.
    """

    url: str | None = None
    interface: str | None = None
    api: Api = "auto"


@dataclass(frozen=True)
class TillSettings:
    """How the till reaches the module.

    Args:
        relay_port: Where the agent listens for a till that does not use the SDK, on 127.0.0.1; None: not; 0: on any.
        journal: The journal of a till that uses the SDK; None: without.
        quiet: Seconds without a call of the till that count as a pause.
    """

    relay_port: int | None = None
    journal: Path | None = None
    quiet: float = 30.0


@dataclass(frozen=True)
class Limits:
    """What the agent keeps and how fast it goes.

    Args:
        outbox_rows, outbox_bytes: Events that wait for the center; beyond, the oldest recognitions are dropped.
        events_per_second: How fast the agent catches up after the center was away.
        quiet_wait: Seconds that a job waits for a pause of the till before others have their turn.
        calls: How many calls from the center are carried out at the same time.
    """

    outbox_rows: int = 200_000
    outbox_bytes: int = 64 * 1024 * 1024
    events_per_second: float = 200.0
    quiet_wait: float = 30.0
    calls: int = 8


@dataclass(frozen=True)
class AgentSettings:
    """How one agent runs.

    Args:
        credentials: Of its scale.
        credentials_path: Their file, which is read again when the center refuses them; None: not from a file.
        data: The folder of its database and of unfinished transfers; None: in memory, which a restart forgets.
        heartbeat: Seconds between two signs of life.
        inventory_interval: Seconds after which the module is read again.
        console: What the scale's console on the center's page may do. The page reads it from the inventory.
        reconnect_spread: Seconds over which agents spread what they send after the center was away.
    """

    credentials: Credentials
    credentials_path: Path | None = None
    data: Path | None = None
    heartbeat: float = 30.0
    inventory_interval: float = 300.0
    console: Console = "read_only"
    reconnect_spread: float = 5.0
    module: ModuleAddress = field(default_factory=ModuleAddress)
    till: TillSettings = field(default_factory=TillSettings)
    limits: Limits = field(default_factory=Limits)


def load_settings(
    path: str | PathLike[str] | None = None, *, credentials: str | PathLike[str] | None = None
) -> AgentSettings:
    """Read the settings of an agent.

    Args:
        path: A TOML file; None: the defaults. Paths in it are relative to its folder.
        credentials: The file of the scale's credentials, instead of the one that the settings name.

    Raises:
        InvalidInputError: a key or a value is wrong, or there are no credentials of a scale.
        OSError: a file cannot be read.
    """
    file = _File(Path(path)) if path is not None else _File(None)
    center = file.take_table("center")
    given = center.take("credentials", _check_text, None)
    source = Path(credentials) if credentials is not None else None
    if source is None and given is not None and "BEGIN NATS USER JWT" not in given:
        source = file.folder / given
    if source is not None:
        identity = Credentials.read(source)
    elif given is not None:
        identity = Credentials.parse(given)
    else:
        raise InvalidInputError(
            "the agent needs the credentials of its scale: --credentials scale.creds, or [center] credentials = …"
        )
    if identity.role != "scale":
        raise InvalidInputError(
            f"these are the credentials of the role {identity.role}; an agent needs those of its scale: "
            "`vision-ai fleet enrol STORE SCALE` makes them"
        )
    module, till, agent, limits = (file.take_table(name) for name in TABLES[1:])
    journal = till.take("journal", _check_text, None)
    data = agent.take("data", _check_text, None)
    default = Limits()
    settings = AgentSettings(
        credentials=identity,
        credentials_path=source,
        data=file.folder / data if data else find_data_folder() / f"{identity.store}-{identity.scale}",
        heartbeat=agent.take("heartbeat", _check_number(1, 60), 30.0),
        inventory_interval=agent.take("inventory_interval", _check_number(10, 86400), 300.0),
        console=cast(Console, agent.take("console", _check_choice(CONSOLES), "read_only")),
        module=ModuleAddress(
            url=module.take("url", _check_text, None),
            interface=module.take("interface", _check_text, None),
            api=cast(Api, module.take("api", _check_choice(APIS), "auto")),
        ),
        till=TillSettings(
            relay_port=till.take("relay_port", _check_integer(0, 65535), None),
            journal=file.folder / journal if journal else None,
            quiet=till.take("quiet", _check_number(1, 3600), 30.0),
        ),
        limits=Limits(
            outbox_rows=limits.take("outbox_rows", _check_integer(100, 100_000_000), default.outbox_rows),
            outbox_bytes=limits.take("outbox_bytes", _check_integer(1 << 20, 1 << 40), default.outbox_bytes),
            events_per_second=limits.take(
                "events_per_second", _check_number(1, 100_000), default.events_per_second
            ),
            quiet_wait=limits.take("quiet_wait", _check_number(1, 3600), default.quiet_wait),
            calls=limits.take("calls", _check_integer(1, 100), default.calls),
        ),
    )
    for table in (center, module, till, agent, limits):
        table.check_empty()
    return settings


def find_data_folder() -> Path:
    """Return the folder where agents of this user keep their data."""
    if given := os.environ.get("STATE_DIRECTORY"):  # systemd makes it
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA") or Path.home()) / FOLDER
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / FOLDER


class _File:
    """A TOML file, whose tables are taken one by one."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.folder = path.parent if path is not None else Path()
        self.text = path.read_text(encoding="utf-8") if path is not None else ""
        try:
            self._content = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise InvalidInputError(f"{path} is not valid TOML: {error}") from None
        for name, value in self._content.items():
            if name not in TABLES or not isinstance(value, dict):
                known = ", ".join(f"[{table}]" for table in TABLES)
                raise InvalidInputError(
                    f"{self.locate('', name)}: there is no setting {name!r} here; there are {known}"
                )

    def take_table(self, name: str) -> _Table:
        return _Table(self, name, cast("dict[str, Any]", self._content.get(name, {})))

    def locate(self, table: str, key: str) -> str:
        """Return where a key stands, as `agent.toml:3`."""
        current, pattern = "", re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
        for number, line in enumerate(self.text.splitlines(), 1):
            header = re.match(r"\s*\[+\s*([\w-]+)", line)
            if pattern.match(line) and (current == table or (header and not table)):
                return f"{self.path}:{number}"
            if header:
                current = header[1]
        return f"{self.path}"


class _Table:
    """One table. What is left in it at the end is unknown."""

    def __init__(self, file: _File, name: str, content: Mapping[str, Any]) -> None:
        self._file = file
        self._name = name
        self._content = dict(content)
        self._known: list[str] = []

    def take(self, key: str, check: Callable[[Any], Any], default: Any) -> Any:
        self._known.append(key)
        if key not in self._content:
            return default
        try:
            return check(self._content.pop(key))
        except ValueError as error:
            raise InvalidInputError(
                f"{self._file.locate(self._name, key)}: [{self._name}] {key} must be {error}"
            ) from None

    def check_empty(self) -> None:
        for key in self._content:
            raise InvalidInputError(
                f"{self._file.locate(self._name, key)}: [{self._name}] has no setting {key!r}; "
                f"there are {', '.join(self._known)}"
            )


def _check_text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text")
    return value


def _check_choice(choices: tuple[str, ...]) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}, not {value!r}")
        return value

    return check


def _check_number(lowest: float, highest: float) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
            raise ValueError(f"a number from {lowest:g} to {highest:g}, not {value!r}")
        return float(value)

    return check


def _check_integer(lowest: int, highest: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise ValueError(f"a whole number from {lowest} to {highest}, not {value!r}")
        return value

    return check
