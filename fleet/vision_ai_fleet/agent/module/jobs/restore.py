"""Restore a backup of this module, or a data set of another one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vision_ai import InvalidInputError, Progress, UnreachableError, VisionAIError
from vision_ai_fleet.agent.module_port import JobContext

from .errors import JobFailedError, make_restore_error
from .tools import JobTools, describe_device, download_file, forward_progress

SUFFIX = ".evo"
"""Of a backup's name. In the center it has its job's."""
READY_TIMEOUT = 180.0
"""Seconds that the module gets to respond after a restore."""


async def run_restore(tools: JobTools, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Download the file, check it, and restore it. Whether it fits the module is for the module to say."""
    path, manifest = await download_file(tools, arguments, context, SUFFIX)
    await upload_to_module(tools, path, context)
    info = await wait_until_ready(tools, context)
    return {**describe_device(info), "digest": manifest.digest, "size": manifest.size}


async def upload_to_module(tools: JobTools, path: Path, context: JobContext) -> None:
    """Send a file as a restore.

    Raises:
        UnreachableError: nothing was sent.
        InvalidInputError: it is no such file; nothing was sent.
        JobFailedError: the module refused it, or the outcome is not known.
    """
    report, has_begun = forward_progress(context), False

    def note_progress(progress: Progress) -> None:
        nonlocal has_begun
        has_begun = has_begun or progress.phase != "uploading" or progress.done > 0
        report(progress)

    try:
        await tools.client.run(tools.module.restore, path, progress=note_progress)
    except InvalidInputError:
        raise
    except VisionAIError as error:
        if isinstance(error, UnreachableError) and not has_begun:
            raise
        raise make_restore_error(error) from error


async def wait_until_ready(tools: JobTools, context: JobContext, timeout: float = READY_TIMEOUT) -> Any:
    """Wait until the module responds, and return its device information.

    Raises:
        JobFailedError: it does not.
    """
    try:
        return await tools.client.run(
            tools.module.wait_until_ready, timeout=timeout, progress=forward_progress(context)
        )
    except VisionAIError as error:
        raise JobFailedError(
            f"the module did not come back: {error}",
            "Check the module's power and cable, or run the job `doctor`.",
            getattr(error, "code", None),
        ) from error
