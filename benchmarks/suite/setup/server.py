"""Compile and run server.c."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from .errors import CannotRunError
from .fixture_data import FixtureData

SOURCE = Path(__file__).with_name("server.c")


@dataclass(frozen=True)
class Server:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def compare_next_upload(self) -> None:
        self._send("POST", "/bench/compare_next")

    def equal_uploads(self) -> int:
        """Return how many of the compared uploads were equal to the backup."""
        return self._send("GET", "/bench/uploads")["equal"]

    def _send(self, method: str, path: str) -> dict[str, int]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


def compile_server(folder: Path) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise CannotRunError(
            "no C compiler (cc) found. The server of the benchmark is written in C, so that its own time is "
            "small. On Debian: apt-get install gcc libc6-dev"
        )
    program = folder / "server"
    result = subprocess.run(
        [compiler, "-O2", "-pthread", "-o", program, SOURCE], capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        raise CannotRunError(f"{compiler} cannot compile {SOURCE.name}:\n{result.stderr}")
    return program


@contextmanager
def run_server(program: Path, data: FixtureData, core: int | None) -> Iterator[Server]:
    process = subprocess.Popen(
        [program, data.result, data.picture, data.backup],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        if not port:
            raise CannotRunError(f"the server did not start (exit status {process.wait()})")
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        yield Server(int(port))
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
