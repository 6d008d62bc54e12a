"""Run shell commands in a folder with a log and a timeout, and stop all processes that they started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shlex
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

LAST_LINES = 15
COLORS = re.compile(r"\x1b\[[0-9;]*m")


class CommandError(Exception):
    """A command failed. `output` is all that it printed."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output

    @property
    def last_lines(self) -> list[str]:
        return [line for line in self.output.splitlines() if line.strip()][-LAST_LINES:]


@frozen
class Shell:
    """Runs commands in a folder. Each has a timeout in seconds, and its output goes to the log."""

    folder: Path
    log: Path
    timeout: float
    environment: Mapping[str, str]

    async def run(self, command: str) -> str:
        """Run a command and return its output.

        Raises:
            CommandError: The command cannot start, fails, or times out.
        """
        with self.log.open("a+b") as log:
            log.write(f"\n$ {command}\n".encode())
            begin = log.tell()
            try:
                status = await self._run(command, log)
            except TimeoutError:
                message = f"{command}: timeout after {self.timeout:g} s"
                raise CommandError(message, _read_from(log, begin)) from None
            except OSError as error:
                raise CommandError(f"{command}: {error}") from None
            output = _read_from(log, begin)
        if status != 0:
            raise CommandError(f"{command}: exit status {status}", output)
        return output

    async def _run(self, command: str, log: BinaryIO) -> int:
        log.flush()
        process = await asyncio.create_subprocess_exec(
            *shlex.split(command),
            cwd=self.folder,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(self.timeout):
                return await process.wait()
        finally:
            if process.returncode is None:
                await _kill(process)


def _read_from(log: BinaryIO, begin: int) -> str:
    log.seek(begin)
    return COLORS.sub("", log.read().decode(errors="replace"))


async def _kill(process: asyncio.subprocess.Process) -> None:
    """Kill a process and all processes of its session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
