"""server.c, compiled and running."""

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

from .material import Material

SOURCE = Path(__file__).parent.parent / "server.c"


class CannotRunError(Exception):
    """The benchmark cannot run here; the message says what is missing."""


@dataclass(frozen=True)
class Server:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def compare_next_upload(self) -> None:
        self._ask("POST", "/bench/compare_next")

    def uploads_found_equal(self) -> int:
        return self._ask("GET", "/bench/uploads")["equal"]

    def _ask(self, method: str, path: str) -> dict[str, int]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


def build(folder: Path) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise CannotRunError(
            "no C compiler (cc) found: the server of the benchmark is C, so that it does not hide what is "
            "measured. On Debian: apt-get install gcc libc6-dev"
        )
    program = folder / "server"
    built = subprocess.run(
        [compiler, "-O2", "-pthread", "-o", program, SOURCE], capture_output=True, text=True, check=False
    )
    if built.returncode != 0:
        raise CannotRunError(f"{compiler} cannot compile {SOURCE.name}:\n{built.stderr}")
    return program


@contextmanager
def serving(program: Path, material: Material, core: int | None) -> Iterator[Server]:
    process = subprocess.Popen(
        [program, material.result, material.picture, material.backup],
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
