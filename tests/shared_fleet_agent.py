"""Agents for tests of the fleet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from vision_ai_fleet.agent.settings import AgentSettings, Limits
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.jobs import Execution, Job
from vision_ai_fleet.messages import seal
from vision_ai_fleet.names import EXECUTIONS, ScaleId, get_job_subject


def make_settings(credentials: Credentials, data: Path | None = None, **changes: Any) -> AgentSettings:
    """Return the settings of an agent that does not make a test wait."""
    limits = Limits(quiet_wait=0.1, **changes.pop("limits", {}))
    values: dict[str, Any] = {"heartbeat": 5.0, "reconnect_spread": 0.0, "limits": limits, **changes}
    return AgentSettings(credentials, data=data, **values)


async def send_job(
    connection: Connection,
    target: str,
    kind: str,
    id: str = "job-1",
    secret: bytes | None = None,
    **fields: Any,
) -> None:
    """Order a job for one scale, as the controller does."""
    scale = ScaleId.parse(target)
    subject = get_job_subject(scale, id)
    job = Job(id, kind, created=time.time(), rollout="rollout-1", **fields)
    sealed = seal(secret or connection.credentials.get_scale_secret(scale), subject, job.to_dict())
    await connection.jetstream.publish(subject, sealed)


async def wait_for_execution(
    connection: Connection,
    target: str,
    id: str = "job-1",
    until: Callable[[Execution], bool] = lambda execution: execution.state.is_end,
) -> Execution:
    """Wait until a job is where it should be."""
    bucket, key = Bucket(connection, EXECUTIONS), f"{id}.{ScaleId.parse(target).key}"
    async with aclosing(bucket.watch(key)) as watch:
        async for entry in watch:
            if entry is not None and until(execution := Execution.from_dict(entry.value)):
                return execution
    raise AssertionError("the watch ended")


async def wait_for(condition: Callable[[], Any]) -> None:
    """Wait until something holds. The limit is that of the test."""
    while not condition():
        await asyncio.sleep(0.01)
