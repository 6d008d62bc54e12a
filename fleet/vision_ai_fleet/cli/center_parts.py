"""What runs beside the engine in `vision-ai fleet up`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_ai_fleet.client import Fleet
from vision_ai_fleet.controller.controller import Controller

if TYPE_CHECKING:
    from vision_ai_fleet.engine.center import Center
    from vision_ai_fleet.engine.up import Part


def make_parts(page_port: int) -> list[Part]:
    """Return the controller, and the web page unless its port is 0."""
    return [run_controller]


async def run_controller(center: Center) -> None:
    """Carry out rollouts and schedules."""
    async with Fleet.connect(center.operator, name="controller") as fleet:
        await Controller(fleet).run()
