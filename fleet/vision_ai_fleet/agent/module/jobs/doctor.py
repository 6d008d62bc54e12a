"""Find out why the module does not respond."""

from __future__ import annotations

from typing import Any

from vision_ai_fleet.agent.module_port import JobContext

from .tools import JobTools


async def run_doctor(tools: JobTools, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Run the doctor's checks and return their findings. A module that does not respond is a finding."""
    from vision_ai_tools.doctor import Finding, diagnose

    def report_step(finding: Finding) -> None:
        context.report_progress(finding.step)

    diagnosis = await tools.client.run(
        diagnose,
        tools.url,
        transport=tools.client.transport,
        interface=tools.interface,
        on_finding=report_step,
    )
    return diagnosis.to_dict()
