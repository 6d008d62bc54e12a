"""Alerts in a real bucket, the engine's own figures, and webhooks over real sockets."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shared_fleet_scales import NOW, ScaleState

from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.controller.controller import Controller, ControllerSettings
from vision_ai_fleet.engine.server import Server
from vision_ai_fleet.engine.server_config import ServerSettings
from vision_ai_fleet.engine.trust import Trust
from vision_ai_fleet.names import ALERTS
from vision_ai_fleet.observability import webhooks
from vision_ai_fleet.observability.alert_monitor import AlertMonitor, read_alerts, save_alerts
from vision_ai_fleet.observability.alert_rules import AlertSettings
from vision_ai_fleet.observability.engine_figures import make_engine_metrics, read_engine_figures
from vision_ai_fleet.observability.fleet_state import read_center_state
from vision_ai_fleet.observability.webhooks import Webhook, WebhookSender
from vision_ai_fleet.rollout import Rollout, RolloutSpec, RolloutState

if TYPE_CHECKING:
    from conftest import Center

Run = Callable[[Any], Any]


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_alerts_are_in_the_bucket_while_they_are_raised(center: Center, run: Run) -> None:
    async def use() -> None:
        async with center.open("0042/07") as connection:
            bucket = Bucket(connection, ALERTS)
            monitor = AlertMonitor(AlertSettings(delays={}, clear_after=0))
            await save_alerts(bucket, monitor.evaluate([ScaleState(presence=None)], now=NOW))
            [alert] = await read_alerts(bucket)
            assert (alert.key, alert.since) == ("offline.0042.07", NOW)
            await bucket.put("of_a_newer_version.0042.07", {"rule": "of_a_newer_version"})
            again = AlertMonitor(AlertSettings(clear_after=0), await read_alerts(bucket))
            await save_alerts(bucket, again.evaluate([ScaleState()], now=NOW + 1))
            assert await read_alerts(bucket) == []

    run(use())


def test_a_controller_raises_alerts_and_posts_what_happened(center: Center, run: Run) -> None:
    """A scale with a lost camera, and a rollout that was canceled."""
    posts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        [length] = re.findall(r"content-length: (\d+)", head)
        posts.put_nowait(json.loads(await reader.readexactly(int(length))))
        writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        writer.close()

    async def use() -> None:
        receiver = await asyncio.start_server(take, "127.0.0.1", 0)
        port = receiver.sockets[0].getsockname()[1]
        webhook = Webhook(f"http://127.0.0.1:{port}/", "0123456789abcdef")
        async with center.open("0042/07"), Fleet.connect(center.operator) as fleet, receiver:
            assert await read_center_state(fleet.connection) == {"has_lease": False, "engine_figures": {}}
            key, now = "0042.07", time.time()
            inventory = {"module": "camera_lost", "time": now, "backup": {"time": now}}
            await fleet.bucket("inventory").put(key, inventory)
            await fleet.bucket("presence").put(key, {"state": "idle", "time": now})
            settings = ControllerSettings(alerts=AlertSettings(delays={}), webhooks=(webhook,))
            controller = asyncio.create_task(Controller(fleet, settings).run())
            try:
                post = await posts.get()
                assert [(each["rule"], each["scale"]) for each in post["data"]["raised"]] == [
                    ("camera_lost", "07")
                ]
                assert (await read_center_state(fleet.connection))["has_lease"]
                [alert] = await read_alerts(fleet.bucket(ALERTS))
                assert str(alert.id) == "0042/07"
                rollout = await fleet.submit(RolloutSpec("r1", "doctor", targets=("0042/07",)))
                await fleet.cancel(rollout.spec.id)
                post = await posts.get()
                assert (post["data"]["id"], post["data"]["phase"]) == ("r1", "CANCELED")
            finally:
                controller.cancel()
                await asyncio.gather(controller, return_exceptions=True)

    run(use())


def test_the_engine_shows_its_figures(tmp_path: Path, run: Run) -> None:
    port = find_free_port()
    settings = ServerSettings(tmp_path, port=find_free_port(), monitor_port=port, sync="2m")
    server = Server(settings, Trust.create())
    url = f"http://127.0.0.1:{port}"
    assert run(read_engine_figures(url)) == {}
    assert run(read_engine_figures("")) == {}
    server.start()
    try:
        figures = run(read_engine_figures(url))
    finally:
        server.stop()
    names = {metric.name for metric in make_engine_metrics(figures)}
    assert {"gnatsd_varz_connections", "gnatsd_varz_in_msgs", "gnatsd_varz_jetstream_stats_storage"} <= names


@pytest.mark.parametrize("behavior", ["silent", "endless"])
def test_a_receiver_that_never_ends_is_left(behavior: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A receiver that says nothing times out; of one whose response never ends, the status counts."""
    monkeypatch.setattr(webhooks, "TIMEOUT", 0.2)
    monkeypatch.setattr(webhooks, "PAUSES", ())

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.readuntil(b"\r\n\r\n")
            if behavior == "endless":
                writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n")
            await reader.read()
        writer.close()

    async def use() -> int:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        sender = WebhookSender([Webhook(f"http://127.0.0.1:{port}/", "0123456789abcdef")])
        running = asyncio.create_task(sender.run())
        sender.post_rollout(Rollout(RolloutSpec("r1", "backup"), RolloutState()))
        while not sender.sent + sender.dropped:
            await asyncio.sleep(0.01)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        server.close()
        await server.wait_closed()
        return sender.sent

    assert run(use()) == (1 if behavior == "endless" else 0)
