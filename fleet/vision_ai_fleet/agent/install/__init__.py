"""Start an agent with its scale: as a service of systemd, or as a scheduled task of Windows.

    plan = plan_install("/etc/vision-ai/agent.toml", "/etc/vision-ai/scale.creds")
    print(plan.describe())
    plan.apply()

plan.py           files to write and commands to run
systemd.py        the unit
windows_task.py   the task's XML
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from os import PathLike
from pathlib import Path, PurePath
from typing import Literal, NamedTuple

from vision_ai import InvalidInputError
from vision_ai_fleet.credentials import Credentials

from . import systemd, windows_task
from .plan import InstallError, InstallPlan, run_program

__all__ = [
    "InstallError",
    "InstallPlan",
    "InstallStatus",
    "find_system",
    "plan_install",
    "plan_uninstall",
    "read_status",
]

ROOT = Path("/")
System = Literal["systemd", "windows"]
RunProgram = Callable[[tuple[str, ...]], str]


class InstallStatus(NamedTuple):
    """Whether an agent is installed, and runs."""

    system: System
    path: Path
    """The unit, or the task's file."""
    installed: bool
    state: str
    """In the system's words: `active`, `failed`, `Running` …; "" where it does not tell."""


def find_system() -> System:
    """Return what starts programs on this computer.

    Raises:
        InstallError: neither systemd nor Windows does.
    """
    if sys.platform == "win32":
        return "windows"
    if Path("/run/systemd/system").is_dir():
        return "systemd"
    raise InstallError(
        "an agent is installed with systemd or on Windows",
        "Let this computer's own supervisor run `python -m vision_ai_fleet.agent --credentials FILE`, or give a "
        "mounted system by --root.",
    )


def plan_install(
    config: str | PathLike[str] | None,
    credentials: str | PathLike[str],
    *,
    system: System | None = None,
    root: Path = ROOT,
    program: tuple[str, ...] | None = None,
    user: str | None = None,
    writable: tuple[str | PathLike[str], ...] = (),
) -> InstallPlan:
    """Plan what makes an agent start with its computer, and again after a failure.

    Args:
        config: The agent's settings, as an absolute path; None for the defaults.
        credentials: The scale's credentials, as an absolute path. The agent alone can read them: they are in no command
            line and in no environment variable.
        system: "systemd" or "windows"; None for this computer's.
        root: The root folder of the system, for example a mounted image. Nothing is started there.
        program: The command that runs the agent, before `--config` and `--credentials`; None for this Python's.
        user: Who runs it: the till's user, where the till's journal belongs to it. None for a user of its own (Windows:
            the local service account).
        writable: Folders outside the agent's own that it may write to, such as the one of the till's journal.

    Raises:
        InvalidInputError: a path is not absolute or has a character that a unit cannot have, or the file has no
            credentials of a scale.
        OSError: the credentials cannot be read.
    """
    chosen = system or find_system()
    paths = [PurePath(each) for each in (config, credentials, *writable) if each is not None]
    for path in paths:
        _check_path(path)
    identity = Credentials.read(_inside(root, Path(credentials)))
    if identity.role != "scale":
        raise InvalidInputError(
            f"{credentials} has the role {identity.role}; an agent needs that of its scale"
        )
    command = program or (sys.executable, "-m", "vision_ai_fleet.agent")
    settings = None if config is None else str(config)
    if chosen == "windows":
        return windows_task.plan(command, settings, str(credentials), root, user)
    return systemd.plan(command, settings, str(credentials), root, user, tuple(map(str, writable)))


def plan_uninstall(*, system: System | None = None, root: Path = ROOT) -> InstallPlan:
    """Plan the removal of what `plan_install` planned. Settings, credentials and data stay."""
    chosen = system or find_system()
    return windows_task.plan_removal(root) if chosen == "windows" else systemd.plan_removal(root)


def read_status(
    *, system: System | None = None, root: Path = ROOT, run: RunProgram = run_program
) -> InstallStatus:
    """Return whether an agent is installed, and what the system says of it.

    Args:
        system: As for `plan_install`.
        root: As for `plan_install`. Of another system than this one only the files are looked at.
        run: Runs a program and returns its output.
    """
    chosen = system or find_system()
    part = windows_task if chosen == "windows" else systemd
    path = part.find_path(root)
    state = ""
    if root == ROOT and path.exists():
        try:
            state = part.parse_state(run(part.STATUS))
        except InstallError:
            state = ""
    return InstallStatus(chosen, path, path.exists(), state)


def _inside(root: Path, path: Path) -> Path:
    return path if root == ROOT else root / path.relative_to(path.anchor)


def _check_path(path: PurePath) -> None:
    text = str(path)
    if not path.is_absolute():
        raise InvalidInputError(f"{text} must be an absolute path: the agent runs in another folder")
    if any(character in text for character in '"\n\r%$') or not text.isprintable():
        raise InvalidInputError(f"{text!r} has a character that a service's settings cannot have")
