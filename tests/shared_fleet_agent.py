"""Agents for tests of the fleet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from vision_ai_fleet import connection
from vision_ai_fleet.agent import agent, executor, job_run
from vision_ai_fleet.agent.settings import AgentSettings, Limits
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.engine import streams
from vision_ai_fleet.jobs import Execution, Job
from vision_ai_fleet.messages import seal
from vision_ai_fleet.names import EXECUTIONS, ScaleId, get_job_subject


def make_settings(credentials: Credentials, data: Path | None = None, **changes: Any) -> AgentSettings:
    """Return the settings of an agent that does not make a test wait."""
    limits = Limits(quiet_wait=0.1, **changes.pop("limits", {}))
    values: dict[str, Any] = {"heartbeat": 5.0, "reconnect_spread": 0.0, "limits": limits, **changes}
    return AgentSettings(credentials, data=data, **values)


async def send_job(
    center: Connection,
    target: str,
    kind: str,
    id: str = "job-1",
    *,
    secret: bytes | None = None,
    headers: dict[str, str] | None = None,
    more: dict[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Order a job for one scale, as the controller does.

    Args:
        center: An operator's connection.
        target: The scale, as `0042/07`.
        kind, id, fields: The job's.
        secret: What seals it; None: the scale's.
        headers: Of its message.
        more: Fields that this version does not know.
    """
    scale = ScaleId.parse(target)
    subject = get_job_subject(scale, id)
    job = Job(id, kind, created=time.time(), rollout="rollout-1", **fields)
    payload = {**job.to_dict(), **(more or {})}
    sealed = seal(secret or center.credentials.get_scale_secret(scale), subject, payload)
    await center.jetstream.publish(subject, sealed, headers=headers)


async def wait_for_execution(
    center: Connection,
    target: str,
    id: str = "job-1",
    until: Callable[[Execution], bool] = lambda execution: execution.state.is_end,
) -> Execution:
    """Wait until a job is where it should be."""
    bucket, key = Bucket(center, EXECUTIONS), f"{id}.{ScaleId.parse(target).key}"
    async with aclosing(bucket.watch(key)) as watch:
        async for entry in watch:
            if entry is not None and until(execution := Execution.from_dict(entry.value)):
                return execution
    raise AssertionError("the watch ended")


async def wait_for(condition: Callable[[], Any]) -> None:
    """Wait until something holds. The limit is that of the test."""
    while not condition():
        await asyncio.sleep(0.01)


def shorten_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let agents and the engine wait fractions of a second where they wait many. Use it before `center.open`."""
    monkeypatch.setattr(streams, "ACK_WAIT", 1.0)
    monkeypatch.setattr(job_run, "KEEP_INTERVAL", 0.2)
    monkeypatch.setattr(job_run, "REPORT_INTERVAL", 0.05)
    monkeypatch.setattr(job_run, "FIRST_RETRY_PAUSE", 0.1)
    monkeypatch.setattr(job_run, "DISK_PAUSE", 0.1)
    monkeypatch.setattr(job_run, "QUIET_PAUSE", (0.05, 0.1))
    monkeypatch.setattr(job_run, "LONGEST_WINDOW_PAUSE", 0.1)
    monkeypatch.setattr(executor, "STOP_TIMEOUT", 0.0)
    monkeypatch.setattr(agent, "FAULT_PAUSE", (0.1, 0.2))
    monkeypatch.setattr(connection, "LONGEST_PAUSE", 0.4)
