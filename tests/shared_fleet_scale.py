"""A scale for tests: an emulated module that is served on 127.0.0.1, and the agent's side of it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vision_ai_emulator import Emulator, serve
from vision_ai_fleet.agent.module import ModuleSettings, ScaleModule, open_module
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.objects import DigestError, Manifest, describe_file

SCALE = ScaleId("0042", "07")


@dataclass
class JobFolder:
    """A job's context whose center is a folder. It counts what is uploaded."""

    root: Path
    job: str = "job1"
    attempt: int = 1
    progress: list[tuple[str, int, int]] = field(default_factory=list)
    uploads: list[Manifest] = field(default_factory=list)
    lie: bytes | None = None
    """What a download brings in place of the file."""

    @property
    def folder(self) -> Path:
        folder = self.root / self.job
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def center(self) -> Path:
        folder = self.root / "center"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def phases(self) -> set[str]:
        return {phase for phase, _, _ in self.progress}

    def report_progress(self, phase: str, done: int = 0, total: int = 0) -> None:
        self.progress.append((phase, done, total))

    async def upload_backup(self, path: Path, **more: Any) -> Manifest:
        manifest = self.put(path.name, path.read_bytes(), **more)
        self.uploads.append(manifest)
        return manifest

    async def download(self, manifest: Manifest, name: str) -> Path:
        content = (self.center / manifest.name).read_bytes() if self.lie is None else self.lie
        path = self.folder / name
        path.write_bytes(content)
        return path

    def put(self, name: str, content: bytes, **more: Any) -> Manifest:
        """Put a file into the center."""
        path = self.center / name
        path.write_bytes(content)
        return describe_file(path, "FILES", "files", name, **more)


@contextmanager
def open_scale(
    folder: Path, *, emulator: Emulator | None = None, **changes: Any
) -> Generator[tuple[Emulator, ScaleModule]]:
    """Serve an emulator and open the module of its scale; close it yourself, in the test's event loop."""
    emulator = emulator or Emulator(pan="apple", pace="immediate")
    with serve(emulator) as url:
        settings = ModuleSettings(SCALE, "instance", folder, **{"url": url, "relay_port": 0, **changes})
        yield emulator, open_module(settings)


__all__ = ["SCALE", "DigestError", "JobFolder", "open_scale"]
