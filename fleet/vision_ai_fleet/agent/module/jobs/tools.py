"""What a job works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from vision_ai import DeviceInfo, InvalidInputError, Progress, VisionAI
from vision_ai_fleet.agent.module_port import JobContext
from vision_ai_fleet.objects import DigestError, Manifest, describe_file

from ..memory import ModuleMemory
from ..module_client import ModuleClient
from ..quiet import TillActivity


@dataclass(frozen=True, slots=True)
class JobTools:
    """The module, and what the agent knows of it and of the till."""

    url: str
    interface: str | None
    """The network interface of a module on USB, where it was given."""
    client: ModuleClient
    memory: ModuleMemory
    activity: TillActivity

    @property
    def module(self) -> VisionAI:
        """The agent's client. It blocks: call its methods by `client.run`."""
        return self.client.sdk


def forward_progress(context: JobContext) -> Callable[[Progress], None]:
    """Return what the SDK calls with its progress."""

    def report(progress: Progress) -> None:
        context.report_progress(progress.phase, progress.done, progress.total or 0)

    return report


def describe_device(info: DeviceInfo) -> dict[str, Any]:
    """Return what a result says of a module."""
    return {"serial_number": info.sn, "engine": info.engine, "firmware": info.firmware}


async def download_file(
    tools: JobTools, arguments: dict[str, Any], context: JobContext, suffix: str = ""
) -> tuple[Path, Manifest]:
    """Fetch the file that a job names, and check it before anything is sent to the module.

    Args:
        tools: What a job works with.
        arguments: The job's.
        context: The job's.
        suffix: Of the local file's name, where the file in the center has none: a module may go by it.

    Raises:
        InvalidInputError: the job names no file.
        DigestError: it is not the one that the job means.
    """
    manifest = Manifest.from_dict(arguments.get("file"))
    path = await context.download(manifest, _make_local_name(manifest.name, suffix))
    context.report_progress("checking", 0, manifest.size)
    found = await tools.client.run(describe_file, path, "", "", manifest.name)
    if found.digest != manifest.digest:
        raise DigestError(
            f"the file {manifest.name} is not the one that this job means: its digest is another one",
            "Nothing was sent to the module. Upload the file again, and make a new job.",
        )
    return path, manifest


def _make_local_name(name: str, suffix: str) -> str:
    """Return the last part of a file's name in the center."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    if not last or last in (".", "..") or not last.isprintable() or ":" in last:
        raise InvalidInputError(f"a file cannot be named {name!r}")
    return last if PurePosixPath(last).suffix else f"{last}{suffix}"
