"""Commands of others: run in a folder, written to a log, ended with all that they started."""

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
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class FailedError(Exception):
    """What went wrong, and all that was heard of it."""

    def __init__(self, why: str, output: str = "") -> None:
        super().__init__(why)
        self.output = output

    @property
    def last_lines(self) -> list[str]:
        return [line for line in self.output.splitlines() if line.strip()][-LAST_LINES:]


@frozen
class Shell:
    """Where and how commands run: each for so many seconds at most, and the log has all that they print."""

    folder: Path
    log: Path
    seconds: float
    environment: Mapping[str, str]

    async def run(self, command: str) -> str:
        """What the command printed. Raises `FailedError` where it cannot run, fails, or takes too long."""
        with self.log.open("a+b") as log:
            log.write(f"\n$ {command}\n".encode())
            begin = log.tell()
            try:
                status = await self._run(command, log)
            except TimeoutError:
                why = f"{command}: took longer than {self.seconds:g} s"
                raise FailedError(why, _from(log, begin)) from None
            except OSError as error:
                raise FailedError(f"{command}: {error}") from None
            output = _from(log, begin)
        if status != 0:
            raise FailedError(f"{command}: ended with {status}", output)
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
            async with asyncio.timeout(self.seconds):
                return await process.wait()
        finally:
            if process.returncode is None:
                await _end(process)


def _from(log: BinaryIO, begin: int) -> str:
    log.seek(begin)
    return COLOURS.sub("", log.read().decode(errors="replace"))


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ends it with all that it started, which is of its session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
