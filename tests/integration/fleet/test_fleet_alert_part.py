"""The controller raises alerts, and tells others of them and of rollouts that ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from conftest import Center
from shared_fleet_rollouts import open_chain

from vision_ai_fleet.client import Fleet
from vision_ai_fleet.controller import Controller
from vision_ai_fleet.observability.alert_part import AlertPart
from vision_ai_fleet.observability.alert_rules import AlertSettings
from vision_ai_fleet.observability.alerts import Rule
from vision_ai_fleet.observability.webhooks import Webhook
from vision_ai_fleet.rollout import RolloutSpec
from vision_ai_fleet.tasks import end_tasks

Run = Callable[[Any], Any]


def test_a_lost_camera_and_the_end_of_a_rollout_are_told_to_a_webhook(center: Center, run: Run) -> None:
    posts: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posts.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    async def use(url: str) -> None:
        settings = AlertSettings(delays=dict.fromkeys(Rule, 0.0))
        async with open_chain(center, ["0042/01"]) as chain:
            await chain.fleet.bucket("inventory").put(
                "0042.01", {"module": "camera_lost", "device": {}, "time": 1.0}
            )
            async with Fleet.connect(center.operator) as fleet:
                alerts = AlertPart(fleet, None, [Webhook(url, "s" * 32)], settings, interval=0.1)
                task = asyncio.create_task(Controller(fleet, parts=[alerts]).run())
                try:
                    await chain.fleet.submit(RolloutSpec("night", "reboot"))
                    await chain.wait_for_end("night")
                    while len(posts) < 2:
                        await asyncio.sleep(0.02)
                finally:
                    await end_tasks([task])
            assert "camera_lost.0042.01" in await chain.fleet.bucket("alerts").read_all()
        by_type = {post["type"]: post["data"] for post in posts}
        assert by_type["vision_ai.fleet.rollout_ended.v1"]["id"] == "night"
        raised = by_type["vision_ai.fleet.alerts.v1"]["raised"]
        assert ("camera_lost", "0042") in {(alert["rule"], alert["store"]) for alert in raised}

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            run(use(f"http://127.0.0.1:{server.server_port}"))
        finally:
            server.shutdown()
            thread.join()
