"""Run the command line in processes of their own, to test signals and terminals.

Starting Python and importing the program takes ten times as long as most commands. A server imports everything
once, and forks a process for each run.
"""

from __future__ import annotations

import atexit
import errno
import fcntl
import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from shared_cli import TIMEOUT, make_environment


class Process:
    """One run of the command line in a forked process."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.pid = int(self._receive())

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def wait(self) -> int:
        """Return the exit status."""
        return int(self._receive() or -signal.SIGKILL)

    def kill(self) -> None:
        with self._connection:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                return
            self._connection.recv(64)  # the connection ends with the process

    def _receive(self) -> str:
        self._connection.settimeout(TIMEOUT)
        return self._connection.recv(64).decode()


class CliServer:
    """Forks processes in which the command line is imported already."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
            )
        self._connection = ours
        atexit.register(self.close)

    def start(
        self,
        arguments: tuple[object, ...],
        files: tuple[int, int, int],
        *,
        environment: dict[str, str],
        cwd: Path | None,
        in_terminal: bool = False,
    ) -> Process:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        argv = ["vision-ai", *map(str, arguments)]
        request = json.dumps([argv, environment, str(cwd or Path.cwd()), in_terminal]).encode()
        with theirs:
            socket.send_fds(self._connection, [request], [*files, theirs.fileno()])
        return Process(ours)

    def close(self) -> None:
        self._connection.close()  # ends the server
        self._server.wait(TIMEOUT)


@cache
def get_cli_server() -> CliServer:
    return CliServer()


@dataclass
class RunningProgram:
    """A run whose output can be read while it goes on."""

    process: Process
    out: TextIO
    err: TextIO

    def send_signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self) -> int:
        return self.process.wait()


@contextmanager
def start_cli(
    *arguments: object, url: str | None = None, cwd: Path | None = None
) -> Iterator[RunningProgram]:
    """Start the command line without a terminal. It is killed at the end of the `with` block."""
    null = os.open(os.devnull, os.O_RDONLY)
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    try:
        process = get_cli_server().start(
            arguments, (null, out_write, err_write), environment=make_environment(url), cwd=cwd
        )
    finally:
        for each in (null, out_write, err_write):
            os.close(each)
    with os.fdopen(out_read, encoding="utf-8") as out, os.fdopen(err_read, encoding="utf-8") as err:
        try:
            yield RunningProgram(process, out, err)
        finally:
            process.kill()


class Terminal:
    """The command line on a terminal of its own."""

    def __init__(self, process: Process, master: int) -> None:
        self.process = process
        self._master = master
        self.screen = ""

    def wait_for(self, text: str) -> None:
        """Read until the text appears."""
        deadline = time.monotonic() + TIMEOUT
        while text not in self.screen:
            assert time.monotonic() < deadline and self._read(), (
                f"{text!r} never appeared:\n{self.screen[-2000:]}"
            )

    def wait_for_next(self, text: str) -> None:
        """Read until the text appears once more."""
        number = self.screen.count(text)
        deadline = time.monotonic() + TIMEOUT
        while self.screen.count(text) == number:
            assert time.monotonic() < deadline and self._read(), (
                f"{text!r} did not appear again:\n{self.screen[-2000:]}"
            )

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        self.type("\x03")

    def finish(self) -> int:
        """Read to the end and return the exit status."""
        while self._read():
            pass
        return self.process.wait()

    def _read(self) -> bool:
        if not select.select([self._master], [], [], TIMEOUT)[0]:
            return False
        try:
            chunk = os.read(self._master, 65536)
        except OSError as error:
            assert error.errno == errno.EIO  # the other end is closed
            return False
        self.screen += chunk.decode("utf-8", "replace")
        return bool(chunk)


@contextmanager
def open_terminal(
    *arguments: object, url: str | None = None, cwd: Path | None = None, columns: int = 80, **environment: str
) -> Iterator[Terminal]:
    """Start the command line on a terminal. It is killed at the end of the `with` block."""
    master, slave = pty.openpty()
    size = {"COLUMNS": str(columns), "LINES": "40", "TERM": "xterm-256color"}
    try:
        process = get_cli_server().start(
            arguments,
            (slave, slave, slave),
            environment=make_environment(url, **{**size, **environment}),
            cwd=cwd,
            in_terminal=True,
        )
    finally:
        os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        os.close(master)


# What follows runs in the server


def _serve(connection: socket.socket) -> None:
    import rich.live
    import rich.progress
    import rich.table

    import vision_ai
    from vision_ai_tools.cli.app import COMMANDS

    _ = rich, vision_ai
    for entry in COMMANDS:
        __import__(f"vision_ai_tools.cli.commands.{entry.target.partition(':')[0]}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombies
    # Shells start what runs in the background without it, and tests may run there.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    while True:
        message, files, _, _ = socket.recv_fds(connection, 1 << 20, 4)
        if not message:
            return
        if os.fork() == 0:
            connection.close()
            with socket.socket(fileno=files.pop()) as caller:
                caller.send(str(os.getpid()).encode())
                status = _run_request(json.loads(message), files)
                caller.send(str(status).encode())
            os._exit(0)
        for each in files:
            os.close(each)


def _run_request(request: list[Any], files: list[int]) -> int:
    from vision_ai_tools.cli import main

    sys.argv, environment, folder, in_terminal = request
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    if in_terminal:
        fcntl.ioctl(files[0], termios.TIOCSCTTY, 0)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, descriptor in enumerate(files):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    try:
        status = main()
    except SystemExit as exit:
        status = exit.code if isinstance(exit.code, int) else 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.close(stream.fileno())  # the reader sees the end before the exit status arrives
    return status


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as server_connection:
        _serve(server_connection)
