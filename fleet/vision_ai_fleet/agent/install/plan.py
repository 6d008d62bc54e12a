"""Files to write or remove, and commands to run, which are shown first and then carried out."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from vision_ai_fleet.errors import FleetError
from vision_ai_translations import gettext as _

MODE = 0o644
"""Nothing in these files is secret."""
COMMAND_TIMEOUT = 60.0
"""Seconds."""


class InstallError(FleetError):
    """The agent cannot be installed, started or removed."""


@dataclass(frozen=True, slots=True)
class InstallPlan:
    """What an installation or a removal does."""

    path: Path
    """The unit, or the task's file."""
    text: str | None
    """Its text; None to remove it."""
    before: tuple[tuple[str, ...], ...] = ()
    """Commands to run first. They may fail: what they end may not run."""
    after: tuple[tuple[str, ...], ...] = ()
    """Commands to run when the file is there, or gone."""
    encoding: str = "utf-8"

    def describe(self) -> str:
        """Return the file and the commands as text."""
        commands = [" ".join(command) for command in (*self.before, *self.after)]
        line = str(self.path) if self.text is not None else _("{path} is removed", path=self.path)
        head = f"# {line}\n"
        return head + (self.text or "") + "".join(f"# {command}\n" for command in commands)

    def apply(self, run: Callable[[tuple[str, ...]], object] | None = None) -> None:
        """Carry it out.

        Args:
            run: Runs a command; None for the real one.

        Raises:
            InstallError: a file cannot be written, or a command failed.
        """
        run = run or run_program
        for command in self.before:
            with suppress(InstallError):
                run(command)
        try:
            self._write()
        except OSError as error:
            raise InstallError(
                f"{self.path} cannot be written: {error.strerror}",
                "Run the command as root, or as an administrator on Windows.",
            ) from error
        for command in self.after:
            run(command)

    def _write(self) -> None:
        if self.text is None:
            self.path.unlink(missing_ok=True)
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_name(f".{self.path.name}.new")
        try:
            new.write_text(self.text, encoding=self.encoding, newline="")
            new.chmod(MODE)
            new.replace(self.path)
        finally:
            new.unlink(missing_ok=True)


def run_program(command: tuple[str, ...]) -> str:
    """Run a program and return its output.

    Raises:
        InstallError: it is missing, fails, or does not end.
    """
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=COMMAND_TIMEOUT, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise InstallError(f"{command[0]} cannot be run: {type(error).__name__}") from error
    if done.returncode != 0:
        reason = (done.stderr or done.stdout).strip() or f"status {done.returncode}"
        raise InstallError(f"{' '.join(command)} failed: {reason}")
    return done.stdout
