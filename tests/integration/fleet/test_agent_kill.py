"""An agent as a program: killed in the middle of jobs, and stopped by a signal."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shared_fleet_agent_program
from shared_fleet_agent import send_job, shorten_pauses, wait_for, wait_for_execution

from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.jobs import State

if TYPE_CHECKING:
    from conftest import Center

Run = Callable[[Any], Any]
SCALE = "0042/07"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_pauses(monkeypatch)


@asynccontextmanager
async def start_agent(folder: Path) -> AsyncGenerator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, shared_fleet_agent_program.__file__, str(folder)),
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(shared_fleet_agent_program.__file__).parent,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def test_a_killed_agent_repeats_a_set_and_not_an_act(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        center.enrol(SCALE).write(tmp_path / "scale.creds")
        effects, gate = tmp_path / "effects", tmp_path / "gate"
        effects.touch()
        async with center.open(SCALE) as connection:
            for id, kind in (("job-1", "reboot"), ("job-2", "set_learn_mode")):
                gate.touch()
                async with start_agent(tmp_path) as process:
                    await send_job(connection, SCALE, kind, id, arguments={"mode": 0})
                    await wait_for(lambda id=id: id in effects.read_text())
                    process.kill()
                    await process.wait()
                gate.unlink()
            async with start_agent(tmp_path):
                first = await wait_for_execution(connection, SCALE, "job-1")
                second = await wait_for_execution(connection, SCALE, "job-2")
        assert (first.state, second.state) == (State.INTERRUPTED, State.SUCCEEDED)
        assert effects.read_text().split() == ["reboot/job-1", "set_learn_mode/job-2", "set_learn_mode/job-2"]

    run(use())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM for other programs")
def test_an_agent_that_is_told_to_stop_lets_an_act_end_and_says_that_it_left(
    center: Center, run: Run, tmp_path: Path
) -> None:
    async def use() -> None:
        center.enrol(SCALE).write(tmp_path / "scale.creds")
        effects, gate = tmp_path / "effects", tmp_path / "gate"
        effects.touch()
        gate.touch()
        async with center.open(SCALE) as connection, start_agent(tmp_path) as process:
            await send_job(connection, SCALE, "reboot")
            await wait_for(effects.read_text)
            process.send_signal(signal.SIGTERM)
            assert process.stderr is not None
            while b"stops" not in await process.stderr.readline():
                pass
            gate.unlink()
            execution = await wait_for_execution(connection, SCALE)
            assert execution.state == State.SUCCEEDED
            assert await process.wait() == 0
            assert await Bucket(connection, "presence").get("0042.07") is None

    run(use())
