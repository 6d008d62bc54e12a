"""Jobs on a scale: done once whatever breaks, and only when they may be done."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from nats.js.errors import NotFoundError
from shared_fleet_agent import make_settings, send_job, shorten_pauses, wait_for, wait_for_execution
from shared_fleet_module import FakeModule

from vision_ai import AnswerLostError, DeviceError, UnreachableError
from vision_ai_fleet.agent import engine_clock
from vision_ai_fleet.agent.agent import Agent
from vision_ai_fleet.agent.database import FILE
from vision_ai_fleet.agent.earlier_runs import REPLACED
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.jobs import Execution, Job, State
from vision_ai_fleet.messages import seal
from vision_ai_fleet.names import (
    EXECUTIONS,
    ScaleId,
    get_job_subject,
    get_jobs_stream,
    get_schedule_subject,
)

if TYPE_CHECKING:
    from conftest import Center

Run = Callable[[Any], Any]
SCALE = "0042/07"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_pauses(monkeypatch)


async def restart(
    center: Center, connection: Connection, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Kill the server, start it again, and wait until an operator is back."""
    reconnected = asyncio.Event()
    connection.on_reconnect.append(reconnected.set)
    center.server.kill()
    meanwhile()
    center.server.start()
    await reconnected.wait()


def fill(database: sqlite3.Connection) -> None:
    """Leave no space for what the agent will note of the job `act`."""
    used = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {used}")
    for size in (500, 50):
        with pytest.raises(sqlite3.OperationalError):
            for number in range(10_000):
                values = (f"act.0042.07-{size}-{number}", "x" * size)
                database.execute("INSERT INTO jobs VALUES (?, 'ended', 9e9, ?)", values)


async def wait_until_empty(connection: Connection, store: str = "0042") -> None:
    """Wait until every job is acknowledged: nothing will be delivered again."""
    while (await connection.jetstream.stream_info(get_jobs_stream(store))).state.messages:
        await asyncio.sleep(0.05)


def test_a_restart_that_the_server_dies_in_happens_once(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        module = FakeModule(gate=asyncio.Event())
        settings = make_settings(center.enrol(SCALE), tmp_path / "agent")
        async with center.open(SCALE) as connection, Agent(settings, module):
            await send_job(connection, SCALE, "reboot")
            await module.started.wait()
            await restart(center, connection, module.gate.set)
            execution = await wait_for_execution(connection, SCALE)
            await wait_until_empty(connection)
            assert execution.state == State.SUCCEEDED
            assert module.effects == {"reboot/job-1": 1}

    run(use())


@pytest.mark.parametrize(
    ("kind", "state", "effects"), [("reboot", "INTERRUPTED", 1), ("backup", "SUCCEEDED", 2)]
)
def test_an_agent_that_ends_in_the_middle_repeats_only_what_may_be(
    center: Center, run: Run, tmp_path: Path, kind: str, state: str, effects: int
) -> None:
    async def use() -> None:
        module = FakeModule(gate=asyncio.Event())
        settings = make_settings(center.enrol(SCALE), tmp_path / "agent")
        async with center.open(SCALE) as connection:
            async with Agent(settings, module):
                await send_job(connection, SCALE, kind)
                await module.started.wait()
            module.gate = None
            async with Agent(settings, module):
                execution = await wait_for_execution(connection, SCALE)
                await wait_until_empty(connection)
            assert execution.state == state
            assert module.effects == {f"{kind}/job-1": effects}
            assert not list((tmp_path / "agent" / "jobs").glob("*"))

    run(use())


@pytest.mark.parametrize("damage", ["another computer", "a damaged file"])
def test_another_installation_does_not_repeat_what_the_first_began(
    center: Center, run: Run, tmp_path: Path, damage: str
) -> None:
    async def use() -> None:
        module = FakeModule(gate=asyncio.Event())
        credentials = center.enrol(SCALE)
        async with center.open(SCALE) as connection:
            async with Agent(make_settings(credentials, tmp_path / "agent"), module):
                await send_job(connection, SCALE, "reboot")
                await module.started.wait()
            folder = tmp_path / "agent"
            if damage == "another computer":
                folder = tmp_path / "other"
            else:
                (folder / FILE).write_bytes(b"\xff" * 5000)
            module.gate = None
            async with Agent(make_settings(credentials, folder), module):
                execution = await wait_for_execution(connection, SCALE)
                await wait_until_empty(connection)
            assert execution.state == State.INTERRUPTED
            assert module.effects == {"reboot/job-1": 1}

    run(use())


def test_a_job_that_ended_unheard_is_told_and_not_done_again(
    center: Center, run: Run, tmp_path: Path
) -> None:
    """The agent did it while the center was away, and was started again before the center came back."""

    async def use() -> None:
        module = FakeModule(gate=asyncio.Event())
        settings = make_settings(center.enrol(SCALE), tmp_path / "agent")
        async with center.open(SCALE) as connection:
            async with Agent(settings, module) as agent:
                await send_job(connection, SCALE, "reboot")
                await module.started.wait()
                center.server.kill()
                module.gate.set()
                await wait_for(lambda: agent.metrics.jobs_succeeded)
            async with Agent(settings, module):
                await restart(center, connection)
                execution = await wait_for_execution(connection, SCALE)
                await wait_until_empty(connection)
            assert execution.state == State.SUCCEEDED
            assert module.effects == {"reboot/job-1": 1}

    run(use())


@pytest.mark.parametrize(
    ("error", "kind", "state", "code"),
    [
        (DeviceError.of(-6142), "restart", "FAILED", -6142),
        (UnreachableError("the module is away"), "reboot", "SUCCEEDED", None),
        (AnswerLostError("no response"), "set_learn_mode", "SUCCEEDED", None),
        (AnswerLostError("no response"), "reboot", "INTERRUPTED", None),
        (OSError(28, "No space left on device"), "backup", "FAILED", None),
        (RuntimeError("a fault"), "backup", "FAILED", None),
    ],
)
def test_an_error_of_the_module_decides_what_becomes_of_the_job(
    center: Center, run: Run, error: Exception, kind: str, state: str, code: int | None
) -> None:
    async def use() -> None:
        module = FakeModule(failures=[error])
        kind_name = "reboot" if kind == "restart" else kind
        async with center.open(SCALE) as connection, Agent(make_settings(center.enrol(SCALE)), module):
            await send_job(connection, SCALE, kind_name, arguments={"mode": 0})
            execution = await wait_for_execution(connection, SCALE)
            assert (execution.state, execution.code) == (state, code)
            assert execution.attempt == (2 if state == "SUCCEEDED" else 1)
            assert not module.twice

    run(use())


def test_jobs_wait_for_their_window_and_for_the_till_and_hold_up_nobody(center: Center, run: Run) -> None:
    async def use() -> None:
        module = FakeModule(is_busy=True)
        opening = datetime.now() + timedelta(hours=2)
        window = f"{opening:%H:%M}-{opening + timedelta(hours=1):%H:%M}"
        async with center.open(SCALE) as connection, Agent(make_settings(center.enrol(SCALE)), module):
            await send_job(connection, SCALE, "backup", "night", window=window)
            await send_job(connection, SCALE, "backup", "pause")
            night = await wait_for_execution(connection, SCALE, "night", lambda each: bool(each.message))
            pause = await wait_for_execution(connection, SCALE, "pause", lambda each: bool(each.message))
            assert night.state == pause.state == State.QUEUED
            assert night.message == f"waits for its window {window}"
            assert pause.message == "waits for a pause of the till"
            await send_job(connection, SCALE, "doctor", "doctor")
            assert (await wait_for_execution(connection, SCALE, "doctor")).state == State.SUCCEEDED
            assert set(module.effects) == {"doctor/doctor"}
            module.quiet.set()
            assert (await wait_for_execution(connection, SCALE, "pause")).state == State.SUCCEEDED
            assert set(module.effects) == {"doctor/doctor", "backup/pause"}

    run(use())


def test_a_run_of_a_schedule_that_the_next_one_replaces_has_an_end(
    center: Center, run: Run, tmp_path: Path
) -> None:
    """Also where the agent was started again between the two."""

    async def send_run(connection: Connection) -> str:
        """Let the engine's clock start a run, and return its id."""
        scale = ScaleId.parse(SCALE)
        target, stream = get_job_subject(scale, "night"), get_jobs_stream(scale.store)
        job = Job("night", "backup").to_dict()
        sealed = seal(connection.credentials.get_scale_secret(scale), target, job)
        headers = {"Nats-Schedule": "@at 2026-01-01T00:00:00Z", "Nats-Schedule-Target": target}
        sent = await connection.jetstream.publish(
            get_schedule_subject(scale, "night"), sealed, headers=headers
        )
        while True:
            with suppress(NotFoundError):
                run = await connection.jetstream.get_last_msg(stream, target)
                if (run.seq or 0) > sent.seq:
                    return f"night-{run.seq}"
            await asyncio.sleep(0.02)

    async def use() -> None:
        module = FakeModule(is_busy=True)
        settings = make_settings(center.enrol(SCALE), tmp_path / "agent")
        async with center.open(SCALE) as connection:
            async with Agent(settings, module):
                first = await send_run(connection)
                waiting = await wait_for_execution(connection, SCALE, first, lambda each: bool(each.message))
                assert waiting.state is State.QUEUED
            async with Agent(settings, module):
                second = await send_run(connection)
                replaced = await wait_for_execution(connection, SCALE, first)
                assert (replaced.state, replaced.message) == (State.EXPIRED, REPLACED)
                assert replaced.ended
                module.quiet.set()
                assert (await wait_for_execution(connection, SCALE, second)).state is State.SUCCEEDED
            assert set(module.effects) == {f"backup/{second}"}

    run(use())


def test_the_time_is_the_centers_where_the_scales_clock_is_an_hour_off(
    center: Center, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = engine_clock.time
    ahead = SimpleNamespace(time=lambda: real.time() + 3600, monotonic=real.monotonic)
    monkeypatch.setattr(engine_clock, "time", ahead)

    async def use() -> None:
        module = FakeModule()
        async with (
            center.open(SCALE) as connection,
            Agent(make_settings(center.enrol(SCALE)), module) as agent,
        ):
            await agent.ready.wait()
            assert -3610 < agent.clock.offset < -3590
            await send_job(connection, SCALE, "reboot", "in-time", expires=real.time() + 600)
            await send_job(connection, SCALE, "reboot", "late", expires=real.time() - 1)
            assert (await wait_for_execution(connection, SCALE, "in-time")).state == State.SUCCEEDED
            assert (await wait_for_execution(connection, SCALE, "late")).state == State.EXPIRED
            assert module.effects == {"reboot/in-time": 1}

    run(use())


def test_a_forged_job_is_not_done(center: Center, run: Run) -> None:
    async def use() -> None:
        module = FakeModule()
        async with (
            center.open(SCALE, "0042/08") as connection,
            Agent(make_settings(center.enrol(SCALE)), module) as agent,
        ):
            other = connection.credentials.get_scale_secret(ScaleId("0042", "08"))
            await send_job(connection, SCALE, "reboot", secret=other)
            execution = await wait_for_execution(connection, SCALE)
            assert (execution.state, execution.message) == (State.FAILED, "forged")
            await wait_until_empty(connection)
            await send_job(
                connection, SCALE, "reboot"
            )  # whoever forged it does not keep the true one from being done
            execution = await wait_for_execution(
                connection, SCALE, until=lambda each: each.state == State.SUCCEEDED
            )
            assert module.effects == {"reboot/job-1": 1} and agent.metrics.forged == 1

    run(use())


def test_a_newer_center_is_told_that_the_agent_is_older(center: Center, run: Run) -> None:
    async def use() -> None:
        module = FakeModule()
        async with center.open(SCALE) as connection, Agent(make_settings(center.enrol(SCALE)), module):
            await send_job(connection, SCALE, "dance", "new-kind")
            await send_job(connection, SCALE, "reboot", "new-type", arguments=[1])
            await send_job(connection, SCALE, "reboot", "new-field", more={"priority": 3})
            kind = await wait_for_execution(connection, SCALE, "new-kind")
            assert kind.state == State.FAILED and "too old for the job 'dance'" in str(kind.message)
            assert (await wait_for_execution(connection, SCALE, "new-type")).state == State.FAILED
            assert (await wait_for_execution(connection, SCALE, "new-field")).state == State.SUCCEEDED
            await wait_until_empty(connection)

    run(use())


def test_a_canceled_job_is_not_begun(center: Center, run: Run) -> None:
    async def use() -> None:
        module = FakeModule()
        async with center.open(SCALE) as connection:
            canceled = Execution(State.CANCELED, "reboot", "job-1")
            await Bucket(connection, EXECUTIONS).put("job-1.0042.07", canceled.to_dict())
            await send_job(connection, SCALE, "reboot")
            async with Agent(make_settings(center.enrol(SCALE)), module):
                await wait_until_empty(connection)
            assert not module.effects
            assert (await wait_for_execution(connection, SCALE)).state == State.CANCELED

    run(use())


def test_a_full_disk_puts_off_what_could_be_done_twice_and_nothing_else(
    center: Center, run: Run, tmp_path: Path
) -> None:
    async def use() -> None:
        module = FakeModule()
        settings = make_settings(center.enrol(SCALE), tmp_path / "agent")
        async with center.open(SCALE) as connection, Agent(settings, module) as agent:
            await agent.ready.wait()
            database = agent._database.connection  # a disk that is full in the middle of the work
            fill(database)
            await send_job(connection, SCALE, "set_learn_mode", "set", arguments={"mode": 0})
            await send_job(connection, SCALE, "reboot", "act")
            for number in range(300):
                module.record(text="x" * 300, number=number)
            assert (await wait_for_execution(connection, SCALE, "set")).state == State.SUCCEEDED
            act = await wait_for_execution(connection, SCALE, "act", lambda each: bool(each.message))
            assert act.state == State.RETRYING and "disk" in str(act.message)
            await wait_for(lambda: agent.metrics.events_sent == 300)
            assert (await connection.jetstream.stream_info("EVENTS")).state.messages == 300
            assert "reboot/act" not in module.effects
            database.execute("PRAGMA max_page_count = 1000000")
            assert (await wait_for_execution(connection, SCALE, "act")).state == State.SUCCEEDED

    run(use())


def test_progress_of_a_long_job_is_seen(center: Center, run: Run) -> None:
    async def use() -> None:
        module = FakeModule(gate=asyncio.Event(), backup_size=3 << 20)
        async with (
            center.open(SCALE) as connection,
            Agent(make_settings(center.enrol(SCALE)), module) as agent,
        ):
            await send_job(connection, SCALE, "backup")
            running = await wait_for_execution(
                connection, SCALE, until=lambda each: (each.progress or {}).get("done") == 3 << 20
            )
            assert running.state == State.RUNNING and running.started
            assert running.progress == {"phase": "upload", "done": 3 << 20, "total": 3 << 20}
            assert agent._describe()["state"] == "job"
            await asyncio.sleep(1.5)  # longer than the engine waits for a sign
            module.gate.set()
            ended = await wait_for_execution(connection, SCALE)
            await wait_until_empty(connection)
            assert ended.state == State.SUCCEEDED and ended.progress is None
            assert ended.result is not None and ended.result["file"]["size"] == 3 << 20
            assert module.effects == {"backup/job-1": 1}

    run(use())
