"""Run `vision-ai` in a process that is forked from one which has imported everything already.

Starting Python and importing the program takes ten times as long as most commands. `PreloadedProgram` starts
a server once and puts a small `vision-ai` into a folder. It sends its arguments, environment, open files and
namespaces to the server, which forks; the child enters the namespaces and runs the command line.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMESPACES = {"mnt": 0x0002_0000, "net": 0x4000_0000}
"""Kinds of namespaces, with their flags for setns(2)."""
PRELOADED = (
    "pyroute2",
    "rich.table",
    "vision_ai_tools.cli.app",
    "vision_ai_tools.cli.commands.doctor",
    "vision_ai_tools.cli.commands.info",
    "vision_ai_tools.cli.commands.link",
    "vision_ai_tools.doctor",
    "vision_ai_tools.link",
)
CLIENT = """\
#!{python} -IS
import json, os, socket, sys

connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
connection.connect({path!r})
request = json.dumps([sys.argv, dict(os.environ), os.getcwd()]).encode()
files = [os.open(f"/proc/self/ns/{{kind}}", os.O_RDONLY) for kind in {namespaces!r}]
socket.send_fds(connection, [request], [0, 1, 2, *files])
sys.exit(int(connection.recv(16) or 70))
"""


class PreloadedProgram:
    """A `vision-ai` that starts quickly, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        path = str(folder / "socket")
        self._server = subprocess.Popen([sys.executable, __file__, path], stdout=subprocess.PIPE)
        assert self._server.stdout is not None
        assert self._server.stdout.readline(), "the server did not start"
        self.path = folder / "vision-ai"
        self.path.write_text(CLIENT.format(python=sys.executable, path=path, namespaces=list(NAMESPACES)))
        self.path.chmod(0o755)

    def close(self) -> None:
        self._server.kill()
        self._server.communicate()


def serve(path: str) -> None:
    for name in PRELOADED:
        __import__(name)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(path)
    listener.listen()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children need not be waited for
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        message, files, _, _ = socket.recv_fds(connection, 1 << 20, 3 + len(NAMESPACES))
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            status = run_command(json.loads(message), files)
            connection.send(str(status).encode())
            os._exit(0)
        connection.close()
        for each in files:
            os.close(each)


def enter_namespace(descriptor: int, kind: str) -> None:
    """Enter a namespace with the calling thread; this needs root unless the thread is in it already."""
    if os.fstat(descriptor).st_ino == Path(f"/proc/thread-self/ns/{kind}").stat().st_ino:
        return
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, NAMESPACES[kind]) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def run_command(request: list[Any], files: list[int]) -> int:
    """Run the command line as the client was called; return the exit status."""
    sys.argv, environment, folder = request
    for descriptor, kind in zip(files[3:], NAMESPACES, strict=True):
        enter_namespace(descriptor, kind)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, descriptor in enumerate(files[:3]):
        os.dup2(descriptor, number)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    from vision_ai_tools.cli import main

    try:
        status = main()
    except SystemExit as exit:
        status = exit.code if isinstance(exit.code, int) else int(exit.code is not None)
    sys.stdout.flush()
    sys.stderr.flush()
    return status or 0


if __name__ == "__main__":
    serve(sys.argv[1])
