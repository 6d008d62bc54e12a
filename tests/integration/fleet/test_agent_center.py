"""An agent and its center: presence, inventory, desired state, calls, events."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shared_fleet_agent import make_settings, send_job, shorten_pauses, wait_for, wait_for_execution
from shared_fleet_module import FakeModule

from vision_ai import CameraError
from vision_ai_fleet.agent.agent import Agent
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.jobs import State
from vision_ai_fleet.messages import decode, encode, seal
from vision_ai_fleet.names import ScaleId, get_bucket_subject, get_call_subject

if TYPE_CHECKING:
    from conftest import Center

Run = Callable[[Any], Any]
SCALE = "0042/07"
ID = ScaleId("0042", "07")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_pauses(monkeypatch)


async def wait_for_entry(
    connection: Connection, bucket: str, condition: Callable[[dict[str, Any]], Any]
) -> dict[str, Any]:
    async with aclosing(Bucket(connection, bucket).watch(ID.key)) as watch:
        async for entry in watch:
            if entry is not None and not entry.is_removed and condition(entry.value):
                return entry.value
    raise AssertionError("the watch ended")


async def set_desired(connection: Connection, secret: bytes | None = None, **desired: Any) -> None:
    subject = get_bucket_subject("desired", ID.key)
    secret = secret or connection.credentials.get_scale_secret(ID)
    await Bucket(connection, "desired").put(ID.key, seal(secret, subject, desired))


async def call(
    connection: Connection, operation: str, effect: str, secret: bytes | None = None, **more: Any
) -> dict[str, Any]:
    body = more.pop("body", {})
    payload = {
        "method": "POST",
        "path": f"/api/{operation}",
        "headers": [["Content-Type", "application/json"]],
        "body": base64.b64encode(json.dumps(body).encode()).decode(),
        "id": "call-1",
        **more,
    }
    subject = get_call_subject(ID, effect, operation)
    data = (
        encode(payload)
        if effect == "read"
        else seal(secret or connection.credentials.get_scale_secret(ID), subject, payload)
    )
    return decode(await connection.request(subject, data, timeout=5))


def test_an_agent_shows_its_scale_and_does_jobs(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        module = FakeModule()
        settings = make_settings(center.enrol(SCALE), tmp_path / "agent")
        async with center.open(SCALE) as connection:
            async with Agent(settings, module) as agent:
                await agent.ready.wait()
                presence = await Bucket(connection, "presence").get(ID.key)
                assert presence is not None and presence.value["state"] == "idle"
                assert presence.value["instance"] == agent.instance and presence.value["outbox"] == 0
                inventory = await wait_for_entry(connection, "inventory", lambda value: "device" in value)
                assert inventory["device"]["engine"] == "9.5.0" and inventory["module"] == "ready"
                assert inventory["drift"] == [] and inventory["backup"] is None
                await send_job(connection, SCALE, "backup")
                execution = await wait_for_execution(connection, SCALE)
                assert execution.state == State.SUCCEEDED and execution.result is not None
                assert execution.instance == agent.instance
                inventory = await wait_for_entry(connection, "inventory", lambda value: value.get("backup"))
                assert inventory["backup"]["digest"] == execution.result["file"]["digest"]
            assert await Bucket(connection, "presence").get(ID.key) is None

    run(use())


def test_a_module_that_fails_is_shown_and_its_last_data_stay(center: Center, run: Run) -> None:
    async def use() -> None:
        module = FakeModule()
        settings = make_settings(center.enrol(SCALE), inventory_interval=0.05)
        async with center.open(SCALE) as connection, Agent(settings, module):
            await wait_for_entry(connection, "inventory", lambda value: value.get("module") == "ready")
            module.inventory_failure = CameraError(-6100)
            value = await wait_for_entry(
                connection, "inventory", lambda value: value.get("module") == "error"
            )
            assert value["code"] == -6100 and value["device"]["sn"] == module.serial_number

    run(use())


def test_drift_is_shown_and_mended_only_when_asked(center: Center, run: Run) -> None:
    async def use() -> None:
        module = FakeModule()
        async with (
            center.open(SCALE, "0042/08") as connection,
            Agent(make_settings(center.enrol(SCALE)), module) as agent,
        ):
            await agent.ready.wait()
            await set_desired(connection, learn_mode=0, calibration=module.calibration)
            value = await wait_for_entry(connection, "inventory", lambda value: value.get("drift"))
            assert value["drift"] == ["learn_mode"] and value["desired"]["learn_mode"] == 0
            assert module.learn_mode == 1
            other = connection.credentials.get_scale_secret(ScaleId("0042", "08"))
            await set_desired(connection, other, learn_mode=0, enforce=True)
            value = await wait_for_entry(connection, "inventory", lambda value: value.get("problem"))
            assert value["problem"] == "the desired state is forged" and value["desired"] is None
            assert module.learn_mode == 1 and agent.metrics.forged == 1
            await set_desired(connection, learn_mode=0, enforce=True)
            value = await wait_for_entry(
                connection, "inventory", lambda value: value.get("reported", {}).get("learn_mode") == 0
            )
            assert value["drift"] == [] and module.calls["apply"] == 1

    run(use())


def test_calls_reach_the_module_when_they_are_what_they_say(center: Center, run: Run) -> None:
    async def use() -> None:
        module = FakeModule()
        async with (
            center.open(SCALE, "0042/08") as connection,
            Agent(make_settings(center.enrol(SCALE)), module) as agent,
        ):
            await agent.ready.wait()
            reply = await call(connection, "get_device_info", "read")
            assert json.loads(base64.b64decode(reply["body"]))["data"]["sn"] == module.serial_number
            # An effect that is not the operation's; another operation's path; another scale's seal; none.
            for reply in (
                await call(connection, "reboot", "read"),
                await call(connection, "get_device_info", "read", path="/api/reboot"),
                await call(connection, "get_device_info", "read", method="DELETE"),
                await call(connection, "dance", "read"),
                await call(
                    connection,
                    "reboot",
                    "act",
                    secret=connection.credentials.get_scale_secret(ScaleId("0042", "08")),
                ),
                decode(await connection.request(get_call_subject(ID, "act", "reboot"), b"{}", timeout=5)),
                await call(connection, "reboot", "act", id=""),
            ):
                assert reply["error"]["kind"] == "NotSentError"
            assert module.calls == {"/api/get_device_info": 1}
            await call(connection, "set_learnmode", "set", body={"mode": 0})
            await wait_for_entry(
                connection, "inventory", lambda value: value.get("reported", {}).get("learn_mode") == 0
            )
            assert agent.metrics.calls == 9 and agent.metrics.calls_failed == 7

    run(use())


def test_a_repeated_call_acts_once_also_after_a_restart_of_the_agent(
    center: Center, run: Run, tmp_path: Path
) -> None:
    async def use() -> None:
        module = FakeModule()
        settings = make_settings(center.enrol(SCALE), tmp_path / "agent")
        async with center.open(SCALE) as connection:
            async with Agent(settings, module) as agent:
                await agent.ready.wait()
                replies = await asyncio.gather(*(call(connection, "reboot", "act") for _ in range(3)))
                assert replies[0]["status"] == 200 and replies[1] == replies[2] == replies[0]
            async with Agent(settings, module) as agent:
                await agent.ready.wait()
                reply = await call(connection, "reboot", "act")
                assert reply["error"]["kind"] == "ReadError" and "before" in reply["error"]["message"]
            assert module.calls == {"/api/reboot": 1}

    run(use())


def test_a_response_that_is_too_large_for_a_call_says_so(center: Center, run: Run) -> None:
    class LargeModule(FakeModule):
        async def send(self, call: dict[str, Any], effect: str) -> dict[str, Any]:
            return {"status": 200, "headers": [], "body": "x" * (2 << 20)}

    async def use() -> None:
        async with (
            center.open(SCALE) as connection,
            Agent(make_settings(center.enrol(SCALE)), LargeModule()) as agent,
        ):
            await agent.ready.wait()
            reply = await call(connection, "get_item_list", "read")
            assert "the most that a call can carry" in reply["error"]["message"]

    run(use())


def test_events_of_days_offline_arrive_once_and_in_order(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        module = FakeModule()
        settings = make_settings(
            center.enrol(SCALE), tmp_path / "agent", limits={"events_per_second": 10_000.0}
        )
        async with center.open(SCALE) as connection:
            center.server.kill()
            for number in range(500):
                module.record(number=number)
            async with Agent(settings, module) as agent:
                await wait_for(lambda: agent._forwarder.waiting == 500)
            async with Agent(settings, module) as agent:  # the outbox outlives the agent
                assert agent._forwarder.waiting == 500
                center.server.start()
                await wait_for(lambda: agent.metrics.events_sent >= 500)
                module.record(number=500)
                await wait_for(lambda: agent.metrics.events_sent >= 501 and not agent._forwarder.waiting)
            messages = [
                await connection.jetstream.get_msg("EVENTS", seq=number, direct=False)
                for number in (1, 250, 501)
            ]
            assert [json.loads(each.data or b"")["data"]["number"] for each in messages] == [0, 249, 500]
            assert messages[0].subject == "events.0042.07.recognition"
            assert (await connection.jetstream.stream_info("EVENTS")).state.messages == 501

    run(use())


def test_events_that_had_to_be_dropped_are_counted_and_reported(
    center: Center, run: Run, tmp_path: Path
) -> None:
    async def use() -> None:
        module = FakeModule()
        settings = make_settings(center.enrol(SCALE), tmp_path / "agent", limits={"outbox_rows": 100})
        async with center.open(SCALE) as connection:
            center.server.kill()
            for number in range(250):
                module.record(number=number)
            async with Agent(settings, module) as agent:
                await wait_for(lambda: agent._outbox.position == "250")
                kept = agent._forwarder.waiting
                assert kept <= 100
                center.server.start()
                await wait_for(lambda: agent.metrics.events_sent == kept + 1)
                assert agent.metrics.events_dropped == 250 - kept
            last = await connection.jetstream.get_last_msg("EVENTS", "events.0042.07.outbox_overflow")
            assert f"{250 - kept} events" in json.loads(last.data or b"")["data"]["detail"]

    run(use())


def test_an_agent_whose_connection_is_closed_for_good_comes_back_with_new_credentials(
    center: Center, run: Run, tmp_path: Path
) -> None:
    async def use() -> None:
        path = tmp_path / "scale.creds"
        first, second = center.enrol(SCALE), center.enrol(SCALE)
        first.write(path)
        settings = replace(make_settings(first), credentials_path=path)
        async with center.open(SCALE), Agent(settings, FakeModule()) as agent:
            await agent.ready.wait()
            assert agent.connection is not None
            # What nats-py does when the server revokes an identity.
            old = agent.connection
            second.write(path)
            await old.client.close()
            await wait_for(lambda: agent.connection not in (None, old))
            assert agent.connection is not None and agent.connection.credentials == second

    run(use())
