"""Runs the real `vision-ai`, with or without a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = str(Path(sys.executable).with_name("vision-ai"))
NOT_INHERITED = {
    *("VISION_AI_URL", "PYTHONUTF8", "TERM", "COLUMNS", "LINES", "TERMINAL_WIDTH"),
    *("NO_COLOR", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"),
}
PATIENCE = 60.0


@dataclass
class Result:
    status: int
    out: str
    err: str

    @property
    def answers(self) -> list[dict[str, Any]]:
        return json_lines(self.out)

    @property
    def answer(self) -> dict[str, Any]:
        """The one line of JSON on standard output."""
        [answer] = self.answers
        return answer

    @property
    def value(self) -> Any:
        """The result in it."""
        assert self.answer["event"] == "result", self.answer
        return self.answer["result"]

    @property
    def error(self) -> dict[str, Any]:
        assert self.answer["event"] == "error", self.answer
        return self.answer["error"]

    @property
    def told(self) -> tuple[str, str]:
        """The two lines of a failure."""
        assert self.out == ""
        lines = self.err.splitlines()[-2:]
        assert lines[0].startswith("vision-ai: ") and lines[1].startswith("  "), self.err
        return lines[0].removeprefix("vision-ai: "), lines[1].strip()


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return {**kept, "LC_ALL": "C.UTF-8", **more}


def vision_ai(*arguments: object, url: str | None = None, cwd: Path | None = None, **env: str) -> Result:
    """The program without a terminal, its output read through pipes."""
    if url is not None:
        env["VISION_AI_URL"] = url
    command = [PROGRAM, *map(str, arguments)]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env=environment(**env),
        cwd=cwd,
        timeout=PATIENCE,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Result(done.returncode, done.stdout, done.stderr)


@contextmanager
def started(
    *arguments: object, url: str | None = None, cwd: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """The program while it runs; ended at the end."""
    env = environment(**({} if url is None else {"VISION_AI_URL": url}))
    command = [PROGRAM, *map(str, arguments)]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        cwd=cwd,
    ) as program:
        patience = threading.Timer(PATIENCE, program.kill)
        patience.start()
        try:
            yield program
        finally:
            patience.cancel()
            program.terminate()


class Terminal:
    """The program on a terminal of its own."""

    def __init__(self, program: subprocess.Popen[bytes], master: int) -> None:
        self.program = program
        self._master = master
        self.screen = ""

    def wait_for(self, text: str) -> None:
        """Reads until the text has come."""
        until = time.monotonic() + PATIENCE
        while text not in self.screen:
            assert time.monotonic() < until and self._read(), f"{text!r} never came:\n{self.screen}"

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        self.type("\x03")

    def end(self) -> int:
        """Reads on to the end; the exit status."""
        while self._read():
            pass
        return self.program.wait(PATIENCE)

    def _read(self) -> bool:
        if not select.select([self._master], [], [], PATIENCE)[0]:
            return False
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # the other end is closed
            return False
        self.screen += piece.decode("utf-8", "replace")
        return bool(piece)


@contextmanager
def terminal(
    *arguments: object, url: str | None = None, cwd: Path | None = None, columns: int = 80, **env: str
) -> Iterator[Terminal]:
    """The program with a terminal as its input, output and errors."""
    master, slave = pty.openpty()
    if url is not None:
        env["VISION_AI_URL"] = url
    size = {"COLUMNS": str(columns), "LINES": "40", "TERM": "xterm-256color"}
    try:
        program = subprocess.Popen(
            [PROGRAM, *map(str, arguments)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(**{**size, **env}),
            cwd=cwd,
            preexec_fn=_own_terminal,
        )
    finally:
        os.close(slave)
    try:
        yield Terminal(program, master)
    finally:
        program.send_signal(signal.SIGKILL)
        program.wait()
        os.close(master)


def _own_terminal() -> None:
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
