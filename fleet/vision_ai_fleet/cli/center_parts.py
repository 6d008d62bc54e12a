"""What runs beside the engine in `vision-ai fleet up`: the controller with its alerts, the sums of events, the page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from vision_ai_fleet.client import Fleet
from vision_ai_fleet.controller.controller import Controller
from vision_ai_fleet.events.quality import Quality, follow_quality
from vision_ai_fleet.observability.alert_part import AlertPart
from vision_ai_fleet.observability.webhook_file import read_webhooks
from vision_ai_fleet.page.part import make_page_part
from vision_ai_fleet.tasks import end_tasks

if TYPE_CHECKING:
    from vision_ai_fleet.engine.center import Center
    from vision_ai_fleet.engine.up import Part
    from vision_ai_fleet.page.server import PageAddress, PageSettings

QUALITY_FILE = "quality.db"


def make_parts(
    quality: Quality, page: PageSettings | None, on_page: Callable[[PageAddress], None]
) -> list[Part]:
    """Return the parts of a center.

    Args:
        quality: The sums of events, which all of them use.
        page: How the page is served; None: there is none.
        on_page: Called with the page's address.
    """

    async def run_controller(center: Center) -> None:
        async with Fleet.connect(center.operator, name="controller") as fleet:
            counting = asyncio.create_task(follow_quality(fleet.connection, quality))
            alerts = AlertPart(fleet, quality, read_webhooks(center.folder))
            try:
                await Controller(fleet, parts=[alerts]).run()
            finally:
                await end_tasks([counting])

    pages = [make_page_part(page, quality=quality, on_ready=on_page)] if page is not None else []
    return [run_controller, *pages]
