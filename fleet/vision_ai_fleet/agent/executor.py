"""Takes jobs out of the queue, one at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from vision_ai import InvalidInputError
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.jobs import JOB_KINDS, Job, JobKind
from vision_ai_fleet.messages import ForgedMessageError, unseal

from .earlier_runs import end_earlier_runs
from .job_run import FORGED, JobRun
from .queue import Delivery, JobQueue
from .session import Session
from .tasks import wait_until_set

logger = logging.getLogger("vision_ai_fleet")

STOP_TIMEOUT = 20.0
"""Seconds that a stopping agent gives a job that cannot be repeated."""


class Executor:
    """Carries out the jobs of one scale.

    Args:
        session: The agent's.
        on_end: Called after each job that the module worked on.
        on_backup: Called with the manifest of a new backup.
    """

    def __init__(
        self, session: Session, on_end: Callable[[], None], on_backup: Callable[[dict[str, Any]], None]
    ) -> None:
        self._session = session
        self._on_end = on_end
        self._on_backup = on_backup
        self._run: JobRun | None = None
        self._allowed = asyncio.Event()
        self._allowed.set()
        self._free = asyncio.Event()

    @property
    def current(self) -> JobKind | None:
        """The kind of the job that the module works on."""
        return self._run.running if self._run is not None else None

    async def run(self, queue: JobQueue) -> None:
        """Do what the queue has, until it is canceled."""
        await self._session.clock.measured.wait()  # else a job could seem expired
        while True:
            await self._allowed.wait()
            delivery = await queue.take()
            self._free.clear()
            try:
                await self.handle(delivery)
            except FleetError as error:
                logger.warning("a job could not be handled, the engine sends it again: %s", error)
            except asyncio.CancelledError:
                await delivery.postpone(0.1)  # for whoever comes next
                raise
            finally:
                self._free.set()

    async def stop(self) -> None:
        """Begin nothing any more, and give a job that cannot be repeated some seconds to end."""
        self._allowed.clear()
        if self.current is not None and not self.current.is_repeatable:
            await wait_until_set(self._free, STOP_TIMEOUT)

    async def handle(self, delivery: Delivery) -> None:
        """Do one job, unless it was done, must not be done now, or must not be done at all."""
        token = delivery.subject.rpartition(".")[2]
        # Each run of a schedule is a job of its own; the engine counts them.
        id = f"{token}-{delivery.sequence}" if delivery.is_scheduled else token
        self._run = run = JobRun(self._session, delivery, id, self._on_backup)
        try:
            job = self._read_job(delivery, token)
            kind = JOB_KINDS.get(job.kind)
            if kind is None:
                await run.refuse(job.kind, f"this agent is too old for the job {job.kind!r}: update it")
            else:
                if delivery.is_scheduled:
                    await end_earlier_runs(self._session, token, delivery.sequence)
                await run.carry_out(job, kind)
        except ForgedMessageError:
            self._session.metrics.forged += 1
            logger.error("the job %s is forged: it has no valid seal, and was not done", id)
            await run.refuse("", FORGED)
        except InvalidInputError as error:
            await run.refuse("", str(error))
        finally:
            self._run = None
            if run.has_run:
                self._on_end()

    def _read_job(self, delivery: Delivery, token: str) -> Job:
        job = Job.from_dict(unseal(self._session.secret, delivery.subject, delivery.data))
        # A seal holds for one subject and thus for one job. As a schedule's job it would count as a new one each time.
        if job.id != token or (delivery.is_scheduled and job.rollout is not None):
            raise ForgedMessageError
        types: tuple[tuple[object, Any], ...] = (
            (job.kind, str),
            (job.arguments, dict),
            (job.window, str | None),
            (job.expires, int | float | None),
            (job.created, int | float),
        )
        if not all(isinstance(value, type) for value, type in types):
            raise InvalidInputError("the job's fields have other types than this agent knows: update it")
        return job
