"""The page of a real center: what agents report, a rollout, alerts, an enrolment, and a scale's console."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from conftest import find_free_port
from shared_fleet_agent import make_settings
from shared_fleet_module import FakeModule

from vision_ai_fleet.agent.agent import Agent
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import connect
from vision_ai_fleet.engine.center import Center, start_center
from vision_ai_fleet.engine.home import CenterSettings
from vision_ai_fleet.enrolment import enrol, make_enrolment_code
from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.names import ALERTS, ScaleId
from vision_ai_fleet.observability.alerts import Alert, Rule
from vision_ai_fleet.page.part import keep_tokens, make_page_part
from vision_ai_fleet.page.server import PageAddress, PageSettings

Run = Callable[[Any], Any]
ID = ScaleId("0042", "07")


@asynccontextmanager
async def open_center(folder: Path, **options: Any) -> AsyncGenerator[tuple[Center, httpx.AsyncClient]]:
    """Run a center with its page."""
    center = await start_center(folder / "home", CenterSettings(port=find_free_port(), sync="2m"))
    ready = asyncio.get_running_loop().create_future()

    def on_ready(address: PageAddress) -> None:
        ready.set_result(address)

    with Quality(folder / "quality.db") as quality:
        part = make_page_part(PageSettings(**options), quality=quality, on_ready=on_ready)
        task = asyncio.ensure_future(part(center))
        try:
            await asyncio.wait({ready, task}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
            async with httpx.AsyncClient(base_url=ready.result().base, trust_env=False, timeout=20) as client:
                yield center, client
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await center.stop()


async def read_until(client: httpx.AsyncClient, path: str, until: Callable[[Any], Any]) -> Any:
    """Read data until it is as it should be. The limit is that of the test."""
    while True:
        body = (await client.get(f"data/{path}")).json()
        if "failure" not in body and until(body):
            return body
        await asyncio.sleep(0.05)


def test_page_shows_scales_and_orders_jobs(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        async with open_center(tmp_path) as (center, client):
            credentials = await enrol(center, ID)
            module = FakeModule("12345678", engine="9.4.2")
            async with Agent(make_settings(credentials, tmp_path / "agent"), module) as agent:
                await agent.ready.wait()
                body = await read_until(client, "scales?where=engine=9.4.2", lambda body: body["total"] == 1)
                assert body["rows"][0]["serial_number"] == "12345678"
                assert body["rows"][0]["status"] == "ready"
                scale = (await client.get("data/scales/0042/07")).json()
                assert scale["presence"]["state"] == "idle"
                assert scale["inventory"]["device"]["sn"] == "12345678"

                order = {
                    "kind": "set_learn_mode",
                    "arguments": {"mode": 0},
                    "confirmed": 1,
                    "where": ["store=0042"],
                }
                response = await client.post("actions/start", json={"key": "1", "arguments": order})
                id = response.json()["done"]
                rollout = await read_until(client, f"rollouts/{id}", lambda body: body["total"] == 1)
                assert (rollout["kind"], rollout["phase"], rollout["where"]) == (
                    "set_learn_mode",
                    "RUNNING",
                    ["store=0042"],
                )
                response = await client.post(
                    "actions/cancel", json={"key": "2", "arguments": {"rollout": id}}
                )
                assert response.json() == {"done": id}
                await read_until(client, f"rollouts/{id}", lambda body: body["phase"] == "CANCELED")
            await read_until(client, "scales?where=online=false", lambda body: body["total"] == 1)

    run(use())


def test_page_shows_alerts_backups_figures_and_metrics(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        async with open_center(tmp_path) as (center, client):
            await enrol(center, ID)
            alert = Alert(Rule.OFFLINE, "0042", "07", time.time(), "offline for an hour")
            async with connect(center.operator) as connection:
                await Bucket(connection, ALERTS).put(alert.key, alert.to_dict())
                body = await read_until(client, "alerts", lambda body: body["total"] == 1)
                assert body["rows"][0]["message"] == "offline for an hour"
                await Bucket(connection, ALERTS).delete(alert.key)
                await read_until(client, "alerts", lambda body: body["total"] == 0)
            assert (await client.get("data/backups")).json()["total"] == 0
            assert (await client.get("data/quality?days=7")).json() == {"overall": None}
            metrics = await client.get("metrics")
            assert "vision_ai_fleet_" in metrics.text

    run(use())


def test_scale_enrols_at_the_page(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        async with open_center(tmp_path) as (center, client):
            code = await make_enrolment_code(center, ID)
            response = await client.post("enrol", json={"code": code})
            assert response.status_code == 200
            assert "role: scale" in response.text
            assert (await client.post("enrol", json={"code": code})).status_code == 403

    run(use())


def test_console_of_a_scale_opens_through_its_agent(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        async with open_center(tmp_path, console_changes=True) as (center, client):
            credentials = await enrol(center, ID)
            module = FakeModule()
            async with Agent(
                make_settings(credentials, tmp_path / "agent", console="allowed"), module
            ) as agent:
                await agent.ready.wait()
                await read_until(client, "scales/0042/07", lambda body: body["inventory"].get("console"))
                page = await client.get("scales/0042/07/console/")
                assert page.status_code == 200
                order = {"key": "1", "arguments": {"mode": 0}}
                response = await client.post("scales/0042/07/console/actions/learn_mode", json=order)
                assert "done" in response.json(), response.text
                assert module.calls
            async with Agent(make_settings(credentials, tmp_path / "agent"), module) as agent:
                await agent.ready.wait()
                await read_until(
                    client, "scales/0042/07", lambda body: body["inventory"].get("console") == "read_only"
                )
                order = {"key": "2", "arguments": {"mode": 1}}
                response = await client.post("scales/0042/07/console/actions/learn_mode", json=order)
                assert response.status_code == 403

    run(use())


def test_tokens_stay_when_the_center_starts_again(tmp_path: Path) -> None:
    path = tmp_path / "page-tokens.json"
    tokens = keep_tokens(path)
    assert keep_tokens(path) == tokens
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("{}")
    assert keep_tokens(path) != tokens
