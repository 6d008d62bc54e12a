"""Set the learning mode and the calibration area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vision_ai import InvalidInputError
from vision_ai_fleet.agent.module_port import JobContext

from ..memory import CALIBRATION
from .tools import JobTools

AREA = ("left", "top", "width", "height")


async def run_set_learn_mode(
    tools: JobTools, arguments: dict[str, Any], context: JobContext
) -> dict[str, Any]:
    """Set whether the module learns from feedback."""
    mode = arguments.get("mode")
    if mode not in (0, 1):
        raise InvalidInputError(f"mode must be 0 or 1, not {mode!r}")
    context.report_progress("setting")
    await tools.client.run(tools.module.set_learnmode, mode=mode)
    return {"learn_mode": mode}


async def run_set_calibration(
    tools: JobTools, arguments: dict[str, Any], context: JobContext
) -> dict[str, Any]:
    """Set the part of the picture in which products are recognized."""
    area = read_area(arguments)
    context.report_progress("setting")
    await tools.client.run(tools.module.set_calib, **area)
    tools.memory.set(CALIBRATION, area)
    return {"calibration": area}


def read_area(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the calibration area in a job's arguments or in a desired state.

    Raises:
        InvalidInputError: a part of it is missing.
    """
    missing = [name for name in AREA if name not in values]
    if missing:
        raise InvalidInputError(f"the calibration area lacks {', '.join(missing)}")
    return {name: values[name] for name in AREA}
