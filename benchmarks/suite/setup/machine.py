"""The facts about a computer that a reader needs to judge its figures."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

BUSY_CORES_LIMIT = 0.3
"""The report warns when other programs use more cores than this."""

LIBRARIES = (
    *("vision-ai-module", "httptools", "attrs", "anyio"),
    *("httpx", "httpcore", "h11", "sniffio", "click", "rich", "httpx2", "aiohttp", "uvloop"),
    *("requests", "urllib3", "pyreqwest", "pydantic", "openapi-generator-cli", "openapi-python-client"),
)
"""Includes libraries that make others faster or slower when they are installed."""


@dataclass(frozen=True)
class Cores:
    """One core for the contenders and one for the server; None where the computer has only one."""

    contenders: int | None
    server: int | None


@dataclass(frozen=True)
class Machine:
    date: str
    python: str
    system: str
    processor: str
    cores: Cores
    busy_cores: float
    """Cores that other programs used before the benchmark started."""
    versions: dict[str, str]

    def heading(self) -> str:
        pinned = (
            "contenders and server share ONE core, so the figures say little"
            if self.cores.server is None
            else "contenders on one core, the server on another"
        )
        installed = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        parts = [
            f"## Benchmark of {self.date}",
            f"Python {self.python}, {self.processor}, {pinned}; loopback.\n{installed}.",
            "The raw contenders are the lower bound: they send prepared bytes and do not parse responses.\n"
            "Compare ratios only: the other figures depend on this computer.",
        ]
        if "sniffio" not in self.versions:
            parts.append("sniffio is not installed, which makes the asynchronous client of httpx slower.")
        if self.busy_cores > BUSY_CORES_LIMIT:
            parts.append(
                f"**Other programs used {self.busy_cores:.1f} cores when the benchmark started. "
                "Run it again on an idle computer.**"
            )
        return "\n\n".join(parts)


def this_machine() -> Machine:
    return Machine(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        python=platform.python_version(),
        system=platform.platform(),
        processor=_processor(),
        cores=assign_cores(),
        busy_cores=_busy_cores(),
        versions=dict(_versions()),
    )


def assign_cores() -> Cores:
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[-1], usable[0]) if len(usable) > 1 else Cores(None, None)


def _versions() -> list[tuple[str, str]]:
    versions = []
    for name in LIBRARIES:
        try:
            versions.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return versions


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _busy_cores() -> float:
    """Measure for a second in which this program does nothing."""
    busy, start = _busy_seconds(), time.monotonic()
    time.sleep(1)
    return (_busy_seconds() - busy) / (time.monotonic() - start)


def _busy_seconds() -> float:
    user, nice, system = (int(text) for text in Path("/proc/stat").read_text().split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")
