"""The agent as a scheduled task of Windows: at each start of the computer, and again after a failure."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath
from xml.sax.saxutils import escape

from .plan import InstallPlan

NAME = "vision-ai-agent"
STATUS = ("schtasks", "/Query", "/TN", NAME, "/FO", "CSV", "/NH")
LOCAL_SERVICE = "S-1-5-19"
"""The account of services that need no rights of their own."""
TEXT = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Agent of a VISION-AI scale. Written by `vision-ai agent install`.</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger><Enabled>true</Enabled></BootTrigger>
    <TimeTrigger>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
      <Repetition><Interval>PT5M</Interval><StopAtDurationEnd>false</StopAtDurationEnd></Repetition>
      <Enabled>true</Enabled>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Agent">
      <UserId>{user}</UserId>
      <LogonType>{logon}</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>8</Priority>
    <Hidden>true</Hidden>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Agent">
    <Exec>
      <Command>{command}</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def find_path(root: Path) -> Path:
    """Return where the task's XML is kept."""
    data = os.environ.get("PROGRAMDATA") or "ProgramData"
    folder = Path(data) if root == Path("/") else root / "ProgramData"
    return folder / NAME / "task.xml"


def plan(
    program: tuple[str, ...], config: str | None, credentials: str, root: Path, user: str | None
) -> InstallPlan:
    """Plan the task, and on this computer its start."""
    options = (*(("--config", config) if config else ()), "--credentials", credentials)
    text = TEXT.format(
        user=escape(user or LOCAL_SERVICE),
        logon="S4U" if user else "ServiceAccount",
        command=escape(_without_console(program[0])),
        arguments=escape(" ".join(map(_quote, (*program[1:], *options)))),
    )
    path = find_path(root)
    after: tuple[tuple[str, ...], ...] = ()
    if root == Path("/"):
        account = user or f"*{LOCAL_SERVICE}"
        after = (
            (
                "icacls",
                credentials,
                "/inheritance:r",
                "/grant:r",
                "*S-1-5-32-544:F",
                "*S-1-5-18:F",
                f"{account}:R",
            ),
            ("schtasks", "/Create", "/TN", NAME, "/XML", str(path), "/F"),
            ("schtasks", "/Run", "/TN", NAME),
        )
    return InstallPlan(path, text.replace("\n", "\r\n"), after=after, encoding="utf-16")


def plan_removal(root: Path) -> InstallPlan:
    """Plan the end of the task."""
    if root != Path("/"):
        return InstallPlan(find_path(root), None)
    return InstallPlan(
        find_path(root),
        None,
        before=(("schtasks", "/End", "/TN", NAME), ("schtasks", "/Delete", "/TN", NAME, "/F")),
    )


def parse_state(output: str) -> str:
    """Return the state in what `STATUS` prints: the last column."""
    line = output.strip().splitlines()[-1:] or [""]
    return line[0].rpartition(",")[2].strip('" ')


def _without_console(program: str) -> str:
    """Return the Python that opens no console window."""
    path = PureWindowsPath(program)
    return str(path.with_name("pythonw.exe")) if path.name.lower() == "python.exe" else program


def _quote(word: str) -> str:
    return f'"{word}"' if " " in word or not word else word
