"""Check the module's firmware against the contract, without changing anything on it."""

from __future__ import annotations

import json
from typing import Any

from vision_ai import InvalidInputError
from vision_ai_fleet.agent.module_port import JobContext

from .errors import JobFailedError
from .tools import JobTools

LARGEST_REPORT = 256 * 1024
"""Bytes of a report inside a result."""


async def run_conformance(tools: JobTools, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Run the checks and return their report."""
    if arguments.get("effects", "read") != "read":  # more is for a laboratory
        raise InvalidInputError("a fleet's conformance check only reads: effects must be 'read'")
    try:
        from vision_ai_tools.conformance import check_conformance
    except ImportError as error:
        raise JobFailedError(
            f"this agent cannot check the contract: {error.name} is not installed",
            "Install it on the scale: pip install 'vision-ai-module[cli]'",
        ) from error
    steps = 0

    def report_step(step: str) -> None:
        nonlocal steps
        steps += 1
        context.report_progress(step, steps)

    report = await tools.client.run(
        check_conformance,
        tools.client.gateway.base_url,
        transport=tools.client.transport,
        effects="read",
        progress=report_step,
        folder=context.folder,
    )
    if report.outcome == "unreachable":
        raise JobFailedError("the module cannot be reached", "Run the job `doctor`.")
    result: dict[str, Any] = {"conforms": report.conforms, "outcome": report.outcome}
    document = report.to_dict()
    if len(json.dumps(document)) <= LARGEST_REPORT:
        result["report"] = document
    return result
