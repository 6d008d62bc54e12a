"""What a running job may use: a folder, transfers, progress."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from vision_ai_fleet.names import get_backups_prefix, get_backups_stream
from vision_ai_fleet.objects import Manifest, describe_file, download, upload

from .session import Session

FOLDER = "jobs"


class RunningJob:
    """The `JobContext` of one job.

    Args:
        session: The agent's. Without a folder of its own, the job gets a temporary one.
        job: The job's id.
        attempt: 1, and more after a break.
    """

    def __init__(self, session: Session, job: str, attempt: int) -> None:
        self.job = job
        self.attempt = attempt
        self.progress: dict[str, Any] | None = None
        self.changed = asyncio.Event()
        self._connection = session.connection
        self._scale = session.scale
        self._loop = asyncio.get_running_loop()
        self._data = session.settings.data
        self._folder: Path | None = None

    @property
    def folder(self) -> Path:
        if self._folder is None:
            if self._data is None:
                self._folder = Path(tempfile.mkdtemp(prefix="vision-ai-agent-"))
            else:
                self._folder = get_job_folder(self._data, self.job)
                self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def report_progress(self, phase: str, done: int = 0, total: int = 0) -> None:
        self.progress = {"phase": phase, "done": done, "total": total}
        self._loop.call_soon_threadsafe(self.changed.set)

    async def upload_backup(self, path: Path, **more: Any) -> Manifest:
        store = self._scale.store
        domain = self._connection.credentials.domain
        manifest = await asyncio.to_thread(
            describe_file,
            path,
            get_backups_stream(store),
            get_backups_prefix(self._scale),
            self.job,
            **{"domain": domain, **more},
        )
        await upload(
            self._connection.get_domain(domain),
            path,
            manifest,
            lambda done, total: self.report_progress("upload", done, total),
        )
        return manifest

    async def download(self, manifest: Manifest, name: str) -> Path:
        return await download(
            self._connection.get_domain(manifest.domain),
            manifest,
            self.folder / Path(name).name,
            lambda done, total: self.report_progress("download", done, total),
        )

    def remove_folder(self) -> None:
        """Remove the folder of a job that ended."""
        folder = self._folder or (get_job_folder(self._data, self.job) if self._data is not None else None)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def get_job_folder(data: Path, job: str) -> Path:
    """Return the folder of a job."""
    return data / FOLDER / job


def remove_old_folders(data: Path | None, open_jobs: set[str]) -> None:
    """Remove the folders of jobs that are over."""
    if data is None or not (data / FOLDER).is_dir():
        return
    for folder in (data / FOLDER).iterdir():
        if folder.name not in open_jobs:
            shutil.rmtree(folder, ignore_errors=True)
