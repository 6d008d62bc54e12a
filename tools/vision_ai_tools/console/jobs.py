"""Actions that take longer: backup, restore, restart, reset and the doctor. One runs at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from vision_ai import AnswerLostError, AnswerTimeoutError, AsyncVisionAI, Progress, UnreachableError

from .actions import Arguments, get_text
from .backup_origin import save_origin
from .backup_store import BackupStore
from .errors import EXPECTED_ERRORS, ConsoleError, describe_code, describe_error
from .hub import ConnectionHub
from .poller import ModulePoller

if TYPE_CHECKING:
    from vision_ai_tools.doctor import Diagnosis

PROGRESS_INTERVAL = 0.1
"""Seconds between two progress messages of one phase."""


class JobRunner:
    """Starts a job and publishes its progress and outcome as the section "job"."""

    def __init__(
        self,
        module: AsyncVisionAI,
        url: str,
        hub: ConnectionHub,
        poller: ModulePoller,
        store: BackupStore | None,
        lock: asyncio.Lock,
    ) -> None:
        """`lock` is held from the beginning of a job to its end, so that polling pauses.

        Without a `store`, the module is not connected to this computer: there are no jobs with files and no doctor.
        """
        self._module = module
        self._url = url
        self._hub = hub
        self._poller = poller
        self._store = store
        self._lock = lock
        self._task: asyncio.Task[None] | None = None
        self._number = 0
        self.is_busy = False
        self._jobs: dict[str, Callable[[Arguments], Awaitable[Any]]] = {
            "restart": self._restart,
            "reset": self._reset,
        }
        if store is not None:
            self._jobs |= {
                "backup": partial(self._backup, store),
                "restore": partial(self._restore, store),
                "doctor": self._diagnose,
            }
        hub.publish("job", None)
        hub.publish("doctor", None)
        self.publish_backups()

    def publish_backups(self) -> None:
        """Publish the list of backups; none where the folder cannot be read any more."""
        if self._store is None:
            return
        files: list[dict[str, Any]] = []
        with suppress(OSError):
            files = self._store.list_files()
        self._hub.publish("backups", {"folder": str(self._store.folder), "files": files})

    def delete_backup(self, arguments: Arguments) -> None:
        """Delete a backup.

        Raises:
            ConsoleError: there is none of this name.
            OSError: it cannot be deleted.
        """
        if self._store is None:
            raise ConsoleError("no_such_action", name="delete_backup")
        self._store.delete(get_text(arguments, "file"))
        self.publish_backups()

    def has_job(self, kind: str) -> bool:
        return kind in self._jobs

    async def start(self, kind: str, arguments: Arguments) -> int:
        """Start a job and return its number.

        Raises:
            ConsoleError: the arguments do not allow it.
        """
        self.is_busy = True
        await self._lock.acquire()
        try:
            if kind in ("restore", "reset"):
                await self._check_serial_number(get_text(arguments, "serial"))
            if kind == "restore" and self._store is not None:
                self._store.find_backup(get_text(arguments, "file"))
        except BaseException:
            self._release()
            raise
        self._number += 1
        self._publish(kind, state="running")
        self._task = asyncio.create_task(self._run(kind, arguments))
        return self._number

    async def close(self) -> None:
        """Cancel the running job."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _check_serial_number(self, text: str) -> None:
        if text.strip() != (await self._module.get_device_info()).sn:
            raise ConsoleError("serial")

    async def _run(self, kind: str, arguments: Arguments) -> None:
        outcome: dict[str, Any] = {"state": "failed", "failure": {"kind": "unexpected"}}
        try:
            outcome = {"state": "done", "value": await self._jobs[kind](arguments)}
        except (ConsoleError, *EXPECTED_ERRORS) as error:
            outcome = {"state": "failed", "failure": describe_error(error)}
        finally:
            self._release()
            self._publish(kind, **outcome)
            self._poller.schedule()

    def _release(self) -> None:
        self._lock.release()
        self.is_busy = False

    def _publish(self, kind: str, **fields: Any) -> None:
        self._hub.publish("job", {"number": self._number, "kind": kind, **fields})

    def _make_progress_callback(self, kind: str) -> Callable[[Progress], None]:
        last_phase: str | None = None
        last_time = 0.0

        def publish(progress: Progress) -> None:
            nonlocal last_phase, last_time
            now = time.monotonic()
            if progress.phase == last_phase and now - last_time < PROGRESS_INTERVAL:
                return
            last_phase, last_time = progress.phase, now
            self._publish(
                kind,
                state="running",
                phase=progress.phase,
                done=progress.done,
                total=progress.total,
                message=progress.message,
            )

        return publish

    async def _backup(self, store: BackupStore, _: Arguments) -> str:
        path = await self._module.backup(store.folder, progress=self._make_progress_callback("backup"))
        with suppress(*EXPECTED_ERRORS):  # the backup is made, and matters more
            save_origin(path, await self._module.get_device_info())
        self.publish_backups()
        return path.name

    async def _restore(self, store: BackupStore, arguments: Arguments) -> str:
        file = store.find_backup(get_text(arguments, "file"))
        await self._module.restore(file, progress=self._make_progress_callback("restore"))
        return file.name

    async def _restart(self, _: Arguments) -> None:
        with suppress(AnswerLostError, AnswerTimeoutError):  # it may restart before it responds
            await self._module.reboot()
        await self._wait_until_ready("restart")

    async def _reset(self, _: Arguments) -> None:
        with suppress(AnswerLostError, AnswerTimeoutError):  # it may restart before it responds (A13)
            await self._module.reset_device()
        await self._wait_until_ready("reset")

    async def _wait_until_ready(self, kind: str) -> None:
        try:
            await self._module.wait_until_ready(progress=self._make_progress_callback(kind))
        except UnreachableError as error:
            raise ConsoleError("not_back") from error

    async def _diagnose(self, _: Arguments) -> None:
        try:
            from vision_ai_tools.doctor import diagnose
        except ModuleNotFoundError as error:
            raise ConsoleError("no_doctor", module=error.name) from error
        diagnosis = await asyncio.to_thread(diagnose, self._url)
        self._hub.publish("doctor", _describe_diagnosis(diagnosis))


def _describe_diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    """Describe a diagnosis for the page; for an error of the module, with advice in both languages."""
    data = diagnosis.to_dict()
    for finding in data["findings"]:
        values = finding["values"]
        if "error_code" in values:
            finding["failure"] = describe_code(int(values["error_code"]), values["error_operation"])
    return data
