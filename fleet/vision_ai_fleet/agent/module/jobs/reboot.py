"""Restart the module."""

from __future__ import annotations

import time
from typing import Any

from vision_ai import AnswerLostError, AnswerTimeoutError, InvalidAnswerError
from vision_ai_fleet.agent.module_port import JobContext

from .restore import wait_until_ready
from .tools import JobTools, describe_device


async def run_reboot(tools: JobTools, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Restart the module and wait until it is ready."""
    started = time.monotonic()
    context.report_progress("restarting")
    try:
        await tools.client.run(tools.module.reboot)
    except (AnswerLostError, AnswerTimeoutError):
        pass  # it may restart before its response has left
    except InvalidAnswerError as error:
        if 400 <= error.status < 500:  # it did not take the request
            raise
    info = await wait_until_ready(tools, context)
    return {**describe_device(info), "seconds": round(time.monotonic() - started, 1)}
