"""What an agent needs of its module. The real one is `vision_ai_fleet.agent.module`; tests use others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from vision_ai_fleet.objects import Manifest


class JobContext(Protocol):
    """What a running job may use."""

    @property
    def job(self) -> str:
        """The job's id. A scheduled job has another one each time."""
        ...

    @property
    def attempt(self) -> int:
        """1, and more after a break."""
        ...

    @property
    def folder(self) -> Path:
        """A folder for this job alone. It is there again when the job is repeated, and removed when it ended."""
        ...

    def report_progress(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Show how far the job is. Callable from any thread, and often: about one report a second is sent."""

    async def upload_backup(self, path: Path, **more: Any) -> Manifest:
        """Store a file as this scale's backup, named by the job. `more` are fields of the manifest."""
        ...

    async def download(self, manifest: Manifest, name: str) -> Path:
        """Fetch a file from the center into the folder. Its digest is checked."""
        ...


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Events that a module recorded, and where the next ones follow."""

    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """CloudEvents, see `vision_ai_fleet.events`."""
    position: str = ""
    """Pass it to the next call, once the events are safe."""


class ModulePort(Protocol):
    """One module. Its methods raise VisionAIError for what it refuses."""

    async def read_inventory(self) -> dict[str, Any]:
        """Return what the module is, as the bucket `inventory` has it, without `agent`, `desired` and `drift`."""
        ...

    async def apply(self, desired: dict[str, Any]) -> None:
        """Set what a desired state names: `learn_mode`, `calibration`."""
        ...

    async def send(self, call: dict[str, Any], effect: str) -> dict[str, Any]:
        """Carry one call of the SDK to the module, and return its response. See `vision_ai_fleet.transport`."""
        ...

    async def run(self, kind: str, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
        """Do a job and return its result.

        Raises:
            UnreachableError: nothing was sent, so that the agent tries again later, whatever the job's effect. After
                anything was sent, raise another error.
            VisionAIError: the job failed; `code` is shown where the error has one.
        """
        ...

    async def wait_for_quiet(self, timeout: float) -> bool:
        """Wait until the till makes a pause in its calls; False if it made none in time (seconds)."""
        ...

    async def read_events(self, position: str) -> EventBatch:
        """Return recorded events after a position ("" is the beginning), at most a few hundred."""
        ...

    def watch_events(self, wake: Callable[[], None]) -> None:
        """Call `wake` (from any thread) when there may be new events."""

    @property
    def is_busy(self) -> bool:
        """Whether the till is selling."""
        ...

    async def close(self) -> None:
        """Release the module."""
