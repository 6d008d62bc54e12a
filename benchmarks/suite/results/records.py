"""The measurements of one contender, and of all contenders in one workload."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..registry import Contender, Workload

MEGABYTE = 1024 * 1024


@dataclass
class ContenderResult:
    """One contender's measurements in one workload: a value for each round."""

    contender: Contender
    wall: list[float] = field(default_factory=list)
    """Seconds of a call or a transfer; in the startup workload, of import and first call together."""
    processor: list[float] = field(default_factory=list)
    memory: int | None = None
    """Bytes by which the process grew during its first transfer; in the startup workload, its peak."""
    imported: list[float] = field(default_factory=list)
    """Seconds of the import, in the startup workload."""
    modules: int | None = None
    missing: str | None = None
    """Why the contender could not take part."""
    failed: str | None = None
    """How its output was wrong, or why there was none."""

    @property
    def active(self) -> bool:
        return self.missing is None and self.failed is None

    @property
    def measured(self) -> bool:
        return self.active and bool(self.wall)


@dataclass(frozen=True)
class WorkloadResult:
    workload: Workload
    contenders: list[ContenderResult]
    file_size: int
    """Bytes of the file, where the workload transfers one."""
