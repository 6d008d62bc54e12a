"""Give jobs to scales, take them back, and mark what became of those that nobody began."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from nats.js.errors import NoStreamResponseError

from vision_ai_fleet import names
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import NATS_ERRORS, Connection, translate_error
from vision_ai_fleet.errors import CenterUnreachableError, ConflictError, NotFoundError
from vision_ai_fleet.jobs import Execution, Job, State
from vision_ai_fleet.messages import seal
from vision_ai_fleet.names import ScaleId, get_job_subject, get_jobs_stream

from .lease import Lease, LeaseLostError

PARALLEL = 256
"""Requests to the engine at the same time."""
WITHHELD = "withheld"
"""The message of an execution whose job was taken back while its rollout is paused."""
WAITING = frozenset({State.QUEUED, State.RETRYING})
"""States of a job that no agent is doing at this moment."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a batch of jobs."""

    duplicates: int = 0
    """How many the engine had already."""
    unknown: tuple[ScaleId, ...] = ()
    """Scales whose store has no queue."""


class Dispatcher:
    """Sends and takes back jobs, while the lease is held."""

    def __init__(self, connection: Connection, lease: Lease) -> None:
        self._connection = connection
        self._lease = lease
        self._executions = Bucket(connection, names.EXECUTIONS)

    async def send(self, jobs: Sequence[tuple[ScaleId, Job]], round: int) -> Delivery:
        """Put jobs into the queues of scales. The engine takes each once in an hour for the same round.

        Raises:
            FleetError: the engine refused, or does not respond; some may have been sent.
            LeaseLostError: this controller may no longer act.
        """
        outcomes = await self._for_each(jobs, lambda item: self._send(*item, round))
        unknown = tuple(item[0] for item, each in zip(jobs, outcomes, strict=True) if each is None)
        return Delivery(sum(each is True for each in outcomes), unknown)

    async def take_back(self, job: str, stores: Iterable[str]) -> None:
        """Remove a job from the queues of stores. What an agent has fetched already is not there any more."""
        await self._for_each(sorted(set(stores)), lambda store: self.purge(store, f"jobs.{store}.*.{job}"))

    async def purge(self, store: str, subject: str) -> None:
        """Remove what there is now of a subject in the jobs of a store.

        The request names the last message that it may remove. If it arrives late, after another controller took over,
        it leaves alone what that one sent.
        """
        self.check()
        jetstream, stream = self._connection.jetstream, get_jobs_stream(store)
        try:
            info = await jetstream.stream_info(stream)
            self.check()
            await jetstream.purge_stream(stream, seq=info.state.last_seq + 1, subject=subject)
        except NATS_ERRORS as error:
            failure = translate_error(error)
            if not isinstance(failure, NotFoundError):
                raise failure from error

    def check(self) -> None:
        """Refuse to act without the lease, or without a connection: what is sent then would arrive at any time.

        Raises:
            LeaseLostError: this controller may no longer act.
            CenterUnreachableError: there is no connection.
        """
        self._lease.check()
        if not self._connection.is_connected:
            raise CenterUnreachableError("the connection to the center is broken")

    async def mark(
        self, scales: Sequence[tuple[ScaleId, int | None, Execution]], state: State, message: str
    ) -> None:
        """Write what became of jobs that nobody is doing. Where an agent was quicker, its word stays.

        Args:
            scales: Each with the revision of its execution (None without one), and the execution.
        """

        async def write(item: tuple[ScaleId, int | None, Execution]) -> None:
            scale, revision, execution = item
            self.check()
            now = time.time()
            changed = replace(
                execution,
                state=state,
                message=message,
                time=now,
                progress=None,
                ended=now if state.is_end else None,
            )
            key = f"{execution.job}.{scale.key}"
            try:
                if revision is None:
                    await self._executions.create(key, changed.to_dict())
                else:
                    await self._executions.update(key, changed.to_dict(), revision)
            except ConflictError:
                pass

        await self._for_each(scales, write)

    async def _send(self, scale: ScaleId, job: Job, round: int) -> bool | None:
        self.check()
        subject = get_job_subject(scale, job.id)
        data = seal(self._connection.credentials.get_scale_secret(scale), subject, job.to_dict())
        headers = {"Nats-Msg-Id": f"{job.id}.{scale.key}.{round}"}
        if job.expires is not None:
            headers["Nats-TTL"] = f"{max(1, math.ceil(job.expires - time.time()))}s"
        try:
            acknowledgement = await self._connection.jetstream.publish(
                subject, data, timeout=10.0, headers=headers
            )
        except NoStreamResponseError:
            return None
        except NATS_ERRORS as error:
            raise translate_error(error) from error
        return bool(acknowledgement.duplicate)

    async def _for_each(self, items: Sequence[T], act: Callable[[T], Awaitable[R]]) -> list[R]:
        gate = asyncio.Semaphore(PARALLEL)

        async def run(item: T) -> R:
            async with gate:
                return await act(item)

        outcomes = await asyncio.gather(*map(run, items), return_exceptions=True)
        failures = [each for each in outcomes if isinstance(each, BaseException)]
        for failure in sorted(failures, key=lambda each: not isinstance(each, LeaseLostError)):
            raise failure
        return cast("list[R]", outcomes)
