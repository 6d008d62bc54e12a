"""What has to be known of a computer to read its figures."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

BUSY = 0.3
"""Cores in use by others from which on a report says so."""

LIBRARIES = (
    *("vision-ai-module", "httptools", "attrs", "anyio"),
    *("httpx", "httpcore", "h11", "sniffio", "click", "rich", "httpx2", "aiohttp", "uvloop"),
    *("requests", "urllib3", "pyreqwest", "pydantic", "openapi-generator-cli"),
)
"""Also those that make others slower or faster where they are installed."""


@dataclass(frozen=True)
class Cores:
    """A core for the contenders and one for the server; None where there is only one."""

    contenders: int | None
    server: int | None


@dataclass(frozen=True)
class Machine:
    date: str
    python: str
    system: str
    processor: str
    cores: Cores
    used_by_others: float
    """Cores that were busy before the benchmark began."""
    versions: dict[str, str]

    def heading(self) -> str:
        pinned = (
            "ONE core for the contenders and the server together: the figures say little"
            if self.cores.server is None
            else "contenders on one core, the server on another"
        )
        installed = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        parts = [
            f"## Benchmark of {self.date}",
            f"Python {self.python}, {self.processor}, {pinned}; loopback.\n{installed}.",
            "The raw ones are the floor: prepared bytes sent, the answer received but not read.\n"
            "The ratios carry over to other computers; the other figures do not.",
        ]
        if "sniffio" not in self.versions:
            parts.append("Without sniffio, as here, httpx's asynchronous client is slower.")
        if self.used_by_others > BUSY:
            busy = f"Other programs used {self.used_by_others:.1f} cores when this began"
            parts.append(f"**{busy}: measure again when it is quiet.**")
        return "\n\n".join(parts)


def this_machine() -> Machine:
    return Machine(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        python=platform.python_version(),
        system=platform.platform(),
        processor=_processor(),
        cores=cores(),
        used_by_others=_used_by_others(),
        versions=dict(_versions()),
    )


def cores() -> Cores:
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[-1], usable[0]) if len(usable) > 1 else Cores(None, None)


def _versions() -> list[tuple[str, str]]:
    found = []
    for name in LIBRARIES:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _used_by_others() -> float:
    """Measured for a second in which this program does nothing."""
    busy, begun = _busy_seconds(), time.monotonic()
    time.sleep(1)
    return (_busy_seconds() - busy) / (time.monotonic() - begun)


def _busy_seconds() -> float:
    user, nice, system = (int(text) for text in Path("/proc/stat").read_text().split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")
