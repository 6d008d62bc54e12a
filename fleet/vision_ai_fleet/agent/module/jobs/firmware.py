"""Install firmware: the module takes its file as it takes a backup, and restarts."""

from __future__ import annotations

from typing import Any

from vision_ai import InvalidInputError
from vision_ai_fleet.agent.module_port import JobContext

from .restore import upload_to_module, wait_until_ready
from .tools import JobTools, describe_device, download_file

NAME_PART = "_firmware_"
"""In the names of the vendor's firmware files, by which the module and the SDK know them."""
READY_TIMEOUT = 900.0
"""Seconds that the module gets to install it and restart."""


async def run_firmware(tools: JobTools, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Install the file, and say which versions the module had and has."""
    path, manifest = await download_file(tools, arguments, context)
    if NAME_PART not in path.name:
        raise InvalidInputError(
            f"{manifest.name} is not a firmware file: those of the vendor have {NAME_PART!r} in their names"
        )
    before = await _describe(tools, await tools.client.run(tools.module.get_device_info))
    await upload_to_module(tools, path, context)
    await wait_until_ready(tools, context, READY_TIMEOUT)
    tools.client.forget_version()
    after = await _describe(tools, await wait_until_ready(tools, context, READY_TIMEOUT))
    return {"before": before, "after": after, "digest": manifest.digest, "size": manifest.size}


async def _describe(tools: JobTools, info: Any) -> dict[str, Any]:
    return {**describe_device(info), "api": tools.module.api_version}
