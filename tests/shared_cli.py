"""Run the command line in tests: in this process, which is the fastest, or as the installed program.

`shared_cli_server` is for tests of signals and terminals.
"""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer.rich_utils  # noqa: F401  # it keeps the titles of panels in the language in which it is imported first

PROGRAM = str(Path(sys.executable).with_name("vision-ai"))
NOT_INHERITED = {
    *("LANGUAGE", "VISION_AI_URL", "PYTHONUTF8", "TERM", "COLUMNS", "LINES", "TERMINAL_WIDTH"),
    *("NO_COLOR", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"),
}
TIMEOUT = 60.0
"""Seconds that a run may take."""


@dataclass
class Result:
    status: int
    out: str
    err: str

    @property
    def json_lines(self) -> list[dict[str, Any]]:
        return parse_json_lines(self.out)

    @property
    def json(self) -> dict[str, Any]:
        """The only line of JSON on standard output."""
        [line] = self.json_lines
        return line

    @property
    def value(self) -> Any:
        """The result in it."""
        assert self.json["event"] == "result", self.json
        return self.json["result"]

    @property
    def error(self) -> dict[str, Any]:
        assert self.json["event"] == "error", self.json
        return self.json["error"]

    @property
    def failure(self) -> tuple[str, str]:
        """The message and the hint of a failure."""
        assert self.out == ""
        lines = self.err.splitlines()[-2:]
        assert lines[0].startswith("vision-ai: ") and lines[1].startswith("  "), self.err
        return lines[0].removeprefix("vision-ai: "), lines[1].strip()


def parse_json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def make_environment(url: str | None = None, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return {**kept, "LC_ALL": "C.UTF-8", **({} if url is None else {"VISION_AI_URL": url}), **more}


def run_cli(
    *arguments: object,
    url: str | None = None,
    cwd: Path | None = None,
    encoding: str = "utf-8",
    **environment: str,
) -> Result:
    """Run the command line without a terminal."""
    status, out, err = run_cli_for_bytes(*arguments, url=url, cwd=cwd, encoding=encoding, **environment)
    return Result(status, out.decode(encoding), err)


def run_cli_for_bytes(
    *arguments: object,
    url: str | None = None,
    cwd: Path | None = None,
    encoding: str = "utf-8",
    **environment: str,
) -> tuple[int, bytes, str]:
    """Return the exit status, the bytes on standard output, and the text on standard error."""
    from vision_ai_tools.cli import main

    out, err = _Stream(encoding), _Stream("utf-8")
    variables = make_environment(url, COLUMNS="80", **environment)
    with (
        _isolated_process_state(),
        patch.dict(os.environ, variables, clear=True),
        patch.object(sys, "argv", ["vision-ai", *map(str, arguments)]),
        patch.object(sys, "stdin", io.StringIO()),
        chdir(cwd or Path()),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            status = main()
        except SystemExit as exit:
            status = exit.code if isinstance(exit.code, int) else 1
    assert "Traceback" not in err.text, err.text
    return status, out.content, err.text


class _Stream(io.TextIOWrapper):
    """A standard stream that keeps what is written."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, write_through=True)

    @property
    def content(self) -> bytes:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue()

    @property
    def text(self) -> str:
        return self.content.decode(self.encoding)


@contextmanager
def _isolated_process_state() -> Iterator[None]:
    """Undo what a run changes in its process."""
    loggers = [logging.getLogger(name) for name in ("vision_ai", "vision_ai_fleet")]
    kept = [(list(logger.handlers), logger.level) for logger in loggers]
    on_terminate = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        for logger, (handlers, level) in zip(loggers, kept, strict=True):
            logger.handlers[:] = handlers
            logger.setLevel(level)
        signal.signal(signal.SIGTERM, on_terminate)


def run_program(
    *arguments: object, url: str | None = None, cwd: Path | None = None, **environment: str
) -> Result:
    """Run the installed program without a terminal."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env=make_environment(url, **environment),
        cwd=cwd,
        timeout=TIMEOUT,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Result(done.returncode, done.stdout, done.stderr)
