"""One job from its delivery to its end, and none twice that must not be done twice.

The engine delivers a job at least once. What this computer begins is in its ledger before the module hears of it, and
what ended is there before the center hears of it. So a job that was begun and has no end is known as such, whatever
broke off: those that may be repeated are, and the others wait for a person.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from vision_ai import AnswerLostError, AnswerTimeoutError, UnreachableError, VisionAIError
from vision_ai_fleet.errors import ConflictError, FleetError
from vision_ai_fleet.jobs import Execution, Job, JobKind, State
from vision_ai_fleet.messages import encode
from vision_ai_fleet.tasks import end_tasks

from .database import DiskFullError
from .execution_entry import ExecutionEntry
from .job_context import RunningJob
from .ledger import KEEP, Phase, Record
from .queue import Delivery
from .session import Session
from .window import count_seconds_until_open

logger = logging.getLogger("vision_ai_fleet")

REPORT_INTERVAL = 1.0
"""Seconds between two reports of progress. A job that ends sooner has none."""
KEEP_INTERVAL = 10.0
"""Seconds between two signs to the engine that a job is still worked on; it waits for three of them."""
LONGEST_WINDOW_PAUSE = 3600.0
"""Seconds after which a closed window is looked at again: somebody may have changed the time zone."""
FIRST_RETRY_PAUSE, LONGEST_RETRY_PAUSE = 10.0, 600.0
DISK_PAUSE = 300.0
QUIET_PAUSE = (5.0, 15.0)
LOST_ANSWER_ATTEMPTS = 3
"""How often a repeatable job is tried whose module stopped responding in the middle."""
LARGEST_RESULT = 512 * 1024
"""Bytes."""
INTERRUPTED = "it was begun and broken off: check the scale, then order it again if it is needed"
FORGED = "forged"
STARTED = (State.CLAIMED, State.RUNNING)


class JobRun:
    """One delivery of one job.

    Args:
        session: The agent's.
        delivery: The job.
        id: The job's; a scheduled one has another each time.
        on_backup: Called with the manifest of a new backup.
    """

    def __init__(
        self, session: Session, delivery: Delivery, id: str, on_backup: Callable[[dict[str, Any]], None]
    ) -> None:
        self.running: JobKind | None = None
        """Its kind, while the module works on it."""
        self.has_run = False
        """Whether the module worked on it."""
        self._session = session
        self._on_backup = on_backup
        self._delivery = delivery
        self._key = f"{id}.{session.scale.key}"
        execution = Execution(State.QUEUED, "", id, instance=session.ledger.instance)
        self._entry = ExecutionEntry(session.connection, session.clock, self._key, execution)
        self._folder_owner: RunningJob | None = None

    async def refuse(self, kind: str, message: str) -> None:
        """End a job that is none, or not for this agent. An execution of the same name keeps its end."""
        self._entry.change(kind=kind)
        previous = await self._entry.load()
        if previous is None or previous.state == State.QUEUED:
            with suppress(ConflictError):
                await self._entry.swap(State.FAILED, message=message, ended=self._session.clock.now)
        self._session.metrics.jobs_failed += 1
        await self._delivery.reject()

    async def carry_out(self, job: Job, kind: JobKind) -> None:
        """Do a job as far as it may be done now."""
        self._entry.change(kind=kind.name)
        try:
            record = self._find_record(kind)
            while True:
                previous = await self._entry.load()
                if await self._settle(job, kind, record, previous):
                    return
                try:
                    if await self._wait(job, kind):
                        return
                    await self._claim(previous)
                    break
                except ConflictError:  # it was canceled in the meantime
                    continue
            self._begin(kind)
        except DiskFullError as error:
            await self._postpone(State.RETRYING, str(error), DISK_PAUSE)
            return
        await self._work(job, kind)

    def _find_record(self, kind: JobKind) -> Record | None:
        try:
            return self._session.ledger.find(self._key)
        except DiskFullError:
            if kind.is_repeatable:
                return None
            raise

    async def _settle(
        self, job: Job, kind: JobKind, record: Record | None, previous: Execution | None
    ) -> bool:
        """End a job that has its end already, or can no longer begin."""
        if record is not None and record.phase is Phase.ENDED:
            self._entry.value = record.execution
            await self._end()
            return True
        if previous is not None and previous.state.is_end and previous.message != FORGED:
            await self._delivery.finish()
            return True
        was_begun = record is not None and record.phase is Phase.BEGUN
        if not kind.is_repeatable and (was_begun or self._is_begun_elsewhere(record, previous)):
            started = record.execution.started if record is not None else None
            await self._end(State.INTERRUPTED, message=INTERRUPTED, started=started)
            return True
        now = self._session.clock.now
        latest = job.expires
        if latest is None and not self._delivery.is_scheduled and job.created:
            latest = job.created + KEEP  # the ledger no longer knows whether it was done
        if not was_begun and latest is not None and now > latest:
            await self._end(State.EXPIRED, message="the scale could not begin it in time")
            return True
        return False

    def _is_begun_elsewhere(self, record: Record | None, previous: Execution | None) -> bool:
        """Whether an installation that is gone, or whose ledger is, may have begun it."""
        if previous is None or record is not None:
            return False
        if previous.instance == self._session.ledger.instance:
            return previous.state == State.RUNNING
        return previous.state in STARTED

    async def _wait(self, job: Job, kind: JobKind) -> bool:
        """Put a job off that must not run now."""
        pause = count_seconds_until_open(job.window, self._session.clock.now)
        if pause:
            reason = f"waits for its window {job.window}"
            await self._postpone(State.QUEUED, reason, min(pause, LONGEST_WINDOW_PAUSE) + random.random())
            return True
        if kind.needs_module:
            async with self._keep_delivery():
                is_quiet = await self._session.module.wait_for_quiet(self._session.settings.limits.quiet_wait)
            if not is_quiet:
                await self._postpone(
                    State.QUEUED, "waits for a pause of the till", random.uniform(*QUIET_PAUSE)
                )
                return True
        return False

    async def _claim(self, previous: Execution | None) -> None:
        attempt = 1
        if previous is not None and previous.state != State.QUEUED:
            attempt = previous.attempt + 1
        await self._entry.swap(State.CLAIMED, attempt=attempt, message=None)

    def _begin(self, kind: JobKind) -> None:
        now = self._session.clock.now
        self._entry.change(state=State.RUNNING, started=now)
        try:
            self._session.ledger.write(self._key, Phase.BEGUN, self._entry.value, now)
        except DiskFullError:
            if not kind.is_repeatable:  # nobody would know that it was begun
                raise

    async def _work(self, job: Job, kind: JobKind) -> None:
        execution, session = self._entry.value, self._session
        context = RunningJob(session, execution.job, execution.attempt)
        self._folder_owner = context
        end: dict[str, Any]
        self.running, self.has_run = kind, True
        try:
            async with self._keep_delivery(), self._report(context):
                result = await session.module.run(kind.name, job.arguments, context)
            end = {"state": State.SUCCEEDED, "result": _limit_result(result)}
            if kind.name == "backup" and isinstance(result.get("file"), dict):
                self._on_backup(result["file"])
        except UnreachableError as error:
            await self._retry_later(str(error))
            return
        except (AnswerLostError, AnswerTimeoutError) as error:
            if kind.is_repeatable and execution.attempt < LOST_ANSWER_ATTEMPTS:
                await self._retry_later(str(error))
                return
            state = State.FAILED if kind.is_repeatable else State.INTERRUPTED
            end = {"state": state, "message": str(error)}
        except (VisionAIError, OSError) as error:
            end = {"state": State.FAILED, "code": _find_code(error), "message": _describe(error)}
        except Exception as error:  # a fault of this program ends one job, not the agent
            logger.exception("the job %s failed", execution.job)
            end = {"state": State.FAILED, "message": f"the agent failed: {type(error).__name__}: {error}"}
        finally:
            self.running = None
        await self._end(**end)

    async def _retry_later(self, message: str) -> None:
        """Nothing was sent, or the job may be repeated: try again, after longer and longer pauses."""
        self._entry.change(progress=None)
        self._note_waiting(State.RETRYING, message)
        exponent = min(self._entry.value.attempt - 1, 8)
        pause = min(LONGEST_RETRY_PAUSE, FIRST_RETRY_PAUSE * 2**exponent) * random.uniform(0.75, 1.25)
        await self._entry.put()
        await self._delivery.postpone(pause)

    async def _postpone(self, state: State, message: str, pause: float) -> None:
        if (self._entry.value.state, self._entry.value.message) != (state, message):
            if self._delivery.is_scheduled:  # the next run, which replaces it, finds it there
                self._note_waiting(state, message)
            with suppress(ConflictError):
                await self._entry.swap(state, message=message)
        await self._delivery.postpone(pause)

    def _note_waiting(self, state: State, message: str) -> None:
        self._entry.change(state=state, message=message)
        with suppress(DiskFullError):
            self._session.ledger.write(self._key, Phase.WAITING, self._entry.value, self._session.clock.now)

    async def _end(self, state: State | None = None, **changes: Any) -> None:
        if state is not None:
            now = self._session.clock.now
            self._entry.change(state=state, **{"progress": None, "ended": now, **changes})
            with suppress(DiskFullError):
                self._session.ledger.write(self._key, Phase.ENDED, self._entry.value, now)
            if state == State.SUCCEEDED:
                self._session.metrics.jobs_succeeded += 1
            else:
                self._session.metrics.jobs_failed += 1
        await self._entry.put()
        await self._delivery.finish()
        if self._folder_owner is not None:
            self._folder_owner.remove_folder()

    @asynccontextmanager
    async def _keep_delivery(self) -> AsyncGenerator[None]:
        async def keep() -> None:
            while True:
                await asyncio.sleep(KEEP_INTERVAL)
                await self._delivery.keep()

        async with _in_background(keep()):
            yield

    @asynccontextmanager
    async def _report(self, context: RunningJob) -> AsyncGenerator[None]:
        async def report() -> None:
            while True:
                await asyncio.sleep(REPORT_INTERVAL)
                context.changed.clear()
                self._entry.change(progress=context.progress)
                with suppress(FleetError):
                    await self._entry.put_once()
                await context.changed.wait()

        async with _in_background(report()):
            yield


@asynccontextmanager
async def _in_background(coroutine: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    task = asyncio.create_task(coroutine)
    try:
        yield
    finally:
        await end_tasks([task])


def _limit_result(result: dict[str, Any]) -> dict[str, Any]:
    if len(encode(result)) <= LARGEST_RESULT:
        return result
    return {"omitted": f"the result has more than {LARGEST_RESULT // 1024} KiB"}


def _find_code(error: Exception) -> int | None:
    code = getattr(error, "code", None)
    return code if isinstance(code, int) else None


def _describe(error: Exception) -> str:
    hint = getattr(error, "hint", "")
    return f"{error}. {hint}" if hint else str(error) or type(error).__name__
