"""A scale's module as its agent uses it: the relay and its journal, the inventory, calls of people."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest
from shared_fleet_scale import SCALE, JobFolder, open_scale

from vision_ai import CameraError, InvalidInputError, VisionAI, transports
from vision_ai.journal import JournalReader
from vision_ai_emulator import Emulator, Fault
from vision_ai_fleet.agent.module import ModuleSettings, ScaleModule, open_module
from vision_ai_fleet.agent.module import inventory as inventory_module
from vision_ai_fleet.errors import FleetError

LIMIT = 60.0
"""Seconds that no test needs."""


@pytest.fixture(autouse=True)
def always_looks_closer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory_module, "SLOW_INTERVAL", 0.0)


def run(
    folder: Path, work: Callable[[Emulator, ScaleModule], Coroutine[Any, Any, Any]], **settings: Any
) -> Any:
    """Run a coroutine with a served emulator and the agent's side of it."""

    async def run_and_close() -> Any:
        with open_scale(folder, **settings) as (emulator, module):
            try:
                return await asyncio.wait_for(work(emulator, module), LIMIT)
            finally:
                await module.close()

    return asyncio.run(run_and_close())


def sell(url: str | None, *, journal: Path | None = None) -> None:
    """Be a till: teach an apple, recognize it and confirm it."""
    with VisionAI(url, journal=journal) as till:
        till.learn("001", "Apple", pictures=1)
        till.confirm(till.get_result(), "001", "Apple")


async def read_events(module: ScaleModule, count: int) -> list[dict[str, Any]]:
    """Read events, as an agent does, until there are so many."""
    changed, loop = asyncio.Event(), asyncio.get_running_loop()
    module.watch_events(lambda: loop.call_soon_threadsafe(changed.set))
    events: list[dict[str, Any]] = []
    position = ""
    while True:
        batch = await module.read_events(position)
        position = batch.position
        events += batch.events
        if len(events) >= count:
            return events
        await changed.wait()
        changed.clear()


def test_a_till_behind_the_relay_sells_as_before_and_its_recognitions_are_seen(tmp_path: Path) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> list[dict[str, Any]]:
        await asyncio.to_thread(sell, module.relay_url)
        assert module.is_busy
        return await read_events(module, 2)

    events = run(tmp_path, work)
    found = {event["type"]: event for event in events}
    recognition = found["vision_ai.recognition.v1"]
    assert found.keys() == {"vision_ai.recognition.v1", "vision_ai.taught.v1"}
    assert (recognition["source"], recognition["id"]) == ("/stores/0042/scales/07", "instance.0-1")
    data = recognition["data"]
    assert (data["guess"], data["choice"], data["place"], data["intop"]) == ("001", "001", 1, True)
    assert (data["serial_number"], data["engine"], data["api"]) == ("12345678", "9.5.0", "v1")
    assert data["latency"] > 0


def test_a_till_that_asks_all_the_time_makes_one_recognition(tmp_path: Path) -> None:
    def ask(url: str | None) -> None:
        with VisionAI(url) as till:
            till.learn("001", "Apple", pictures=1)
            results = [till.get_result() for _ in range(20)]
            assert len({result.sid for result in results}) == 20
            till.confirm(results[-1], "001", "Apple")
            till.get_result()

    async def work(emulator: Emulator, module: ScaleModule) -> list[dict[str, Any]]:
        await asyncio.to_thread(ask, module.relay_url)
        return await read_events(module, 2)

    run(tmp_path, work)
    with JournalReader(tmp_path / "relay.db") as journal:
        assert [row.choice for row in journal.recognitions()] == ["001", None]


def test_a_till_without_the_sdk_is_relayed_byte_by_byte(tmp_path: Path) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> None:
        found: list[httpx.Response] = []
        for url in (emulator.server_info.url, module.relay_url):
            found.append(await asyncio.to_thread(httpx.post, f"{url}/api/get_device_info", trust_env=False))
        direct, relayed = found
        assert direct.content == relayed.content and relayed.status_code == 200

    run(tmp_path, work)


def test_a_port_that_is_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        settings = ModuleSettings(SCALE, "instance", tmp_path, url="http://127.0.0.1:9", relay_port=port)
        with pytest.raises(FleetError, match=str(port)) as failure:
            open_module(settings)
    assert "relay_port" in failure.value.hint


def test_a_journal_that_cannot_be_written_does_not_fail_the_till(tmp_path: Path) -> None:
    (tmp_path / "relay.db").mkdir()

    async def work(emulator: Emulator, module: ScaleModule) -> None:
        await asyncio.to_thread(sell, module.relay_url)
        assert (await module.read_events("")).events == []
        assert emulator.acted["result_feedback"] == 1

    run(tmp_path, work)


def test_a_till_with_the_sdk_has_its_journal_read(tmp_path: Path) -> None:
    journal = tmp_path / "till.db"

    async def work(emulator: Emulator, module: ScaleModule) -> list[dict[str, Any]]:
        assert (await module.read_events("")).events == [] and not module.is_busy
        await asyncio.to_thread(sell, module.relay_url, journal=journal)
        return await read_events(module, 2)

    events = run(tmp_path, work, journal=journal)
    assert [event["data"].get("choice") for event in events if "recognition" in event["type"]] == ["001"]
    assert not (tmp_path / "relay.db").exists()  # else everything would be there twice


def test_a_v2_module_is_relayed_too(tmp_path: Path) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> list[dict[str, Any]]:
        def recognize() -> None:
            with VisionAI(module.relay_url) as till:
                till.learn("001", pictures=1)
                till.get_result()

        await asyncio.to_thread(recognize)
        return await read_events(module, 1)

    [taught] = run(tmp_path, work, emulator=Emulator(pan="apple", api="v2"))
    assert taught["type"] == "vision_ai.taught.v1"
    with JournalReader(tmp_path / "relay.db") as journal:
        [row] = journal.recognitions()
    assert row.guesses[0].id == "001" and row.device is not None and row.device.api == "v2"


def test_what_a_till_sends_wrongly_is_relayed_and_left_out_of_the_journal(tmp_path: Path) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> None:
        def send_nonsense() -> list[int]:
            with httpx.Client(trust_env=False) as till:
                feedback = f"{module.relay_url}/api/result_feedback"
                return [
                    till.post(feedback, content=content).status_code
                    for content in (b"nonsense", b"[]", b'{"sid": 1}')
                ]

        assert len(await asyncio.to_thread(send_nonsense)) == 3
        await asyncio.to_thread(sell, module.relay_url)  # what comes after it is noted
        assert len(await read_events(module, 2)) == 2

    run(tmp_path, work)


@pytest.mark.parametrize(
    ("harm", "state", "code"),
    [
        (lambda emulator: None, "ready", None),
        (lambda emulator: emulator.unplug(), "unreachable", None),
        (lambda emulator: setattr(emulator, "camera_lost", True), "camera_lost", -6103),
        (lambda emulator: emulator.deactivate(), "not_activated", None),
        (lambda emulator: emulator.fail_next(-6210, "get_device_info", 9), "error", -6210),
    ],
)
def test_the_inventory_tells_what_is_wrong(
    tmp_path: Path, harm: Callable[[Emulator], None], state: str, code: int | None
) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> dict[str, Any]:
        before = await module.read_inventory()
        assert before["module"] == "ready"
        harm(emulator)
        after = await module.read_inventory()
        json.dumps(after)
        assert after["device"]["sn"] == "12345678"  # also of one that cannot be reached now
        return after

    after = run(tmp_path, work)
    assert (after["module"], after["code"]) == (state, code)


def test_the_inventory_has_everything_that_the_center_shows(tmp_path: Path) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> dict[str, Any]:
        await asyncio.to_thread(sell, emulator.url)
        return await module.read_inventory()

    found = run(tmp_path, work)
    assert (found["api"], found["items"], found["link"]) == ("v1", 1, [])
    assert found["device"]["firmware"] == "9.9.4.2" and found["device"]["clientID"] == "11095"
    assert found["reported"]["learn_mode"] == 1
    assert found["reported"]["calibration"].keys() == {"left", "top", "width", "height"}


def test_a_selling_till_is_only_disturbed_by_one_short_question(tmp_path: Path) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> list[str]:
        await asyncio.to_thread(sell, module.relay_url)
        await read_events(module, 2)
        emulator.clear_log()
        await module.read_inventory()
        return [path for _, path in emulator.requests]

    assert run(tmp_path, work) == ["/api/get_device_info"]


def test_a_module_that_the_till_uses_for_long_counts_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> str:
        await module.read_inventory()
        monkeypatch.setattr(inventory_module, "TIMEOUT", 0.3)
        emulator.faults.add(Fault("slow_first_byte", "get_result", seconds=3.0))
        till = asyncio.create_task(asyncio.to_thread(ask_slowly, module.relay_url))
        while "/api/get_result" not in [path for _, path in emulator.requests]:
            await asyncio.sleep(0.01)
        state = (await module.read_inventory())["module"]
        assert not till.done()
        await till
        return state

    def ask_slowly(url: str | None) -> None:
        with VisionAI(url) as till:
            till.get_result()

    assert run(tmp_path, work) == "ready"


def test_a_lost_camera_is_learned_from_the_tills_own_calls(tmp_path: Path) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> str:
        emulator.camera_lost = True

        def recognize() -> None:
            with VisionAI(module.relay_url) as till, pytest.raises(CameraError):
                till.get_result()

        await asyncio.to_thread(recognize)
        await read_events(module, 1)
        inventory = await module.read_inventory()
        assert "/api/get_image" not in [path for _, path in emulator.requests]
        return inventory["module"]

    assert run(tmp_path, work) == "camera_lost"


def test_a_desired_state_is_set_once(tmp_path: Path) -> None:
    desired = {"learn_mode": 0, "calibration": {"left": 1, "top": 2, "width": 300, "height": 400}}

    async def work(emulator: Emulator, module: ScaleModule) -> dict[str, Any]:
        await module.apply(desired)
        await module.apply(desired)
        assert (emulator.acted["set_learnmode"], emulator.acted["set_calib"]) == (1, 1)
        return (await module.read_inventory())["reported"]

    assert run(tmp_path, work) == desired


def test_a_v2_module_that_does_not_return_its_calibration_area_is_set_once(tmp_path: Path) -> None:
    area = {"left": 1, "top": 2, "width": 300, "height": 400}

    async def work(emulator: Emulator, module: ScaleModule) -> dict[str, Any]:
        for _ in range(2):
            await module.apply({"calibration": area})
        assert emulator.acted["set_calib"] == 1
        return (await module.read_inventory())["reported"]

    assert run(tmp_path, work, emulator=Emulator(api="v2"))["calibration"] == area


def test_a_call_of_a_person_is_carried_as_it_is(tmp_path: Path) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> None:
        call = {"method": "POST", "path": "/api/get_learnmode", "headers": [["Accept", "*/*"]], "body": ""}
        response = await module.send(call, "read")
        assert response["status"] == 200
        assert json.loads(base64.b64decode(response["body"]))["data"] == {"mode": 1}
        body = base64.b64encode(b'{"mode": 0}').decode()
        await module.send({**call, "path": "/api/set_learnmode", "body": body}, "set")
        assert emulator.learn_mode == 0
        emulator.unplug()
        kind = (await module.send(call, "read"))["error"]["kind"]
        assert issubclass(getattr(transports, kind), transports.TransportError)

    run(tmp_path, work)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "DELETE"},
        {"path": "@evil/"},
        {"path": "api"},
        {"body": "?"},
        {"headers": [1]},
        {"path": None},
    ],
)
def test_what_is_no_call_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> None:
        call = {"method": "POST", "path": "/api/reboot", "headers": [], "body": "", **change}
        with pytest.raises(InvalidInputError):
            await module.send(call, "act")
        assert emulator.requests == ()

    run(tmp_path, work)


def test_a_job_waits_for_a_pause_of_the_till(tmp_path: Path) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> None:
        assert await module.wait_for_quiet(0)
        await asyncio.to_thread(sell, module.relay_url)
        assert not await module.wait_for_quiet(0.05)
        assert await module.wait_for_quiet(LIMIT)

    run(tmp_path, work, quiet_seconds=0.5)


def test_a_backup_that_the_till_interrupts_is_fetched_in_its_next_pause(tmp_path: Path) -> None:
    emulator = Emulator(pan="apple", pace="immediate", backup_padding=3_000_000)

    async def work(emulator: Emulator, module: ScaleModule) -> dict[str, Any]:
        downloads, stop = threading.Event(), threading.Event()
        gateway = module._gateway  # pyright: ignore[reportPrivateUsage]

        class Watched(JobFolder):
            def report_progress(self, phase: str, done: int = 0, total: int = 0) -> None:
                super().report_progress(phase, done, total)
                if phase == "downloading" and 0 < done < total:
                    downloads.set()
                    while not (gateway.till_waits or stop.is_set()):  # in the thread that downloads
                        time.sleep(0.001)
                if phase == "waiting":
                    stop.set()

        def recognize() -> None:
            downloads.wait(LIMIT)
            with VisionAI(module.relay_url) as till:
                while not stop.is_set():
                    till.get_device_info()

        context = Watched(tmp_path)
        till = asyncio.create_task(asyncio.to_thread(recognize))
        result = await module.run("backup", {}, context)
        await till
        assert emulator.acted["start_backup"] == 1
        return result

    result = run(tmp_path, work, emulator=emulator, quiet_seconds=0.2)
    assert result["file"]["size"] > 3_000_000


def test_the_journal_of_a_relay_is_bounded(tmp_path: Path) -> None:
    async def work(emulator: Emulator, module: ScaleModule) -> None:
        await asyncio.to_thread(sell, module.relay_url)
        await read_events(module, 2)

    run(tmp_path, work)
    with sqlite3.connect(tmp_path / "relay.db") as file:
        assert file.execute("SELECT count(*) FROM recognitions").fetchone() == (1,)
    file.close()
