"""What the kinds of jobs do with a module, one module for each.

tools.py    what they work with
errors.py   why they fail
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from vision_ai_fleet.agent.module_port import JobContext
from vision_ai_fleet.jobs import get_job_kind

from .backup import run_backup
from .conformance import run_conformance
from .doctor import run_doctor
from .firmware import run_firmware
from .reboot import run_reboot
from .restore import run_restore
from .settings import run_set_calibration, run_set_learn_mode
from .teaching_list import run_teaching_list
from .tools import JobTools

__all__ = ["JobTools", "run_job"]

Work = Callable[[JobTools, dict[str, Any], JobContext], Awaitable[dict[str, Any]]]
WORK: dict[str, Work] = {
    "backup": run_backup,
    "restore": run_restore,
    "teaching_list": run_teaching_list,
    "set_learn_mode": run_set_learn_mode,
    "set_calibration": run_set_calibration,
    "reboot": run_reboot,
    "conformance": run_conformance,
    "doctor": run_doctor,
    "firmware": run_firmware,
}


async def run_job(
    kind: str, tools: JobTools, arguments: dict[str, Any], context: JobContext
) -> dict[str, Any]:
    """Do a job and return its result, in JSON's types.

    Raises:
        InvalidInputError: there is no such kind, or an argument is not possible; nothing was sent.
        UnreachableError: nothing was sent.
        VisionAIError: the job failed.
        OSError: the disk is full, or the like.
    """
    return await WORK[get_job_kind(kind).name](tools, arguments, context)
