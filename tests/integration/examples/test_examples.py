"""The programs of examples/ run as a reader would run them."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Queue
from typing import IO

import httpx
import pytest

from vision_ai_emulator import Emulator, serve

EXAMPLES = Path(__file__).parents[3] / "examples"
PATIENCE = 60


class Program:
    """A running example. Its lines of output are read as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: Queue[str | None] = Queue()
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()
        self.output: list[str] = []

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def wait_for(self, text: str) -> str:
        """Return the next line that has the text."""
        while True:
            line = self._lines.get(timeout=PATIENCE)
            assert line is not None, f"ended without {text!r}: {self.output}"
            self.output.append(line)
            if text in line:
                return line

    def type(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()


@contextmanager
def run_example(name: str, *arguments: str) -> Iterator[Program]:
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLES / name), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Program(process)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def find_free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return server.getsockname()[1]


def test_the_till_in_a_terminal_sells(tmp_path: Path) -> None:
    journal = tmp_path / "recognitions.db"
    with run_example("till.py", "--journal", str(journal)) as till:
        till.wait_for("Ready.")
        till.type("put apple")
        till.wait_for("1  Apple")
        till.type("1")
        till.wait_for("Sold: 001 Apple, 180 g")
        till.type("unplug")
        till.wait_for("No recognition:")
        till.type("lemon")
        till.wait_for("Sold: 004 Lemon")
        till.type("plug")
        till.wait_for("Recognition works again.")
        till.type("clear")
        till.type("put pear")
        till.wait_for("1  Pear")
        till.type("gala")
        till.wait_for("Sold: 001 Apple")
        till.type("quit")
        assert till.process.wait(PATIENCE) == 0
    with closing(sqlite3.connect(journal)) as database:
        rows = database.execute("SELECT choice, place FROM recognitions ORDER BY id").fetchall()
    assert [choice for choice, _ in rows] == ["001", "001"]
    assert rows[0][1] == 1
    assert rows[1][1] != 1


def test_the_till_in_a_terminal_works_with_a_served_module(emulator: Emulator, url: str) -> None:
    emulator.put("banana")
    with run_example("till.py", url) as till:
        till.wait_for("1  Banana")
        till.type("1")
        till.wait_for("Sold: 003 Banana")
        till.type("nothing like it")
        till.wait_for("There is no product")
    assert emulator.acted["result_feedback"] == 1


def test_two_modules_report_their_events_apart(emulator: Emulator, url: str) -> None:
    other = Emulator(pan="empty")
    with (
        serve(other) as other_url,
        run_example("two_modules.py", f"left={url}", f"right={other_url}") as service,
    ):
        service.wait_for('"right"')
        emulator.put("apple")
        line = json.loads(service.wait_for("recognized"))
        assert line["module"] == "left"
        assert line["items"][0]["id"] == "001"
        other.unplug()
        assert json.loads(service.wait_for("connection_lost"))["module"] == "right"
        other.plug_in()
        line = json.loads(service.wait_for("connection_restored"))
        assert line["module"] == "right"
        assert line["serial_number"] == other.settings.sn
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(PATIENCE) == 0


def test_the_service_says_how_to_call_it() -> None:
    with run_example("two_modules.py", "left") as service:
        service.wait_for("usage: two_modules.py NAME=URL|INTERFACE")
        assert service.process.wait(PATIENCE) == 1


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_unit_of_the_service_is_valid(tmp_path: Path) -> None:
    unit = tmp_path / "vision-ai-events.service"
    text = (EXAMPLES / "vision-ai-events.service").read_text(encoding="utf-8")
    text, count = re.subn(r"/opt/till/venv/bin/python /opt/till/", f"{sys.executable} {EXAMPLES}/", text)
    assert count == 1
    unit.write_text(text, encoding="utf-8")
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    about_it = [line for line in run.stderr.splitlines() if "vision-ai-events" in line]
    assert about_it == [], run.stderr


def test_the_till_as_a_web_page_sells(emulator: Emulator, url: str) -> None:
    port = find_free_port()
    with run_example("web_till.py", url, str(port)) as till:
        till.wait_for("Open ")
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            transport=httpx.HTTPTransport(retries=10),
            timeout=PATIENCE,
        ) as browser:
            assert "Another product" in browser.get("/").text
            products = {each["id"] for each in browser.get("/products").json()}
            assert {"001", "002", "003"} <= products
            with browser.stream("GET", "/states") as response:
                states = (json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: "))
                assert next(each for each in states if each["state"] == "empty")["guesses"] == []
                emulator.put("pear")
                state = next(each for each in states if each["state"] == "recognized")
                assert state["guesses"][0]["name"] == "Pear"
                assert browser.post("/sales", json={"id": "002"}).json()["warning"] == ""
                assert next(each for each in states if each["state"] == "sold")["sale"]["name"] == "Pear"
            assert browser.post("/sales", json={"id": "none such"}).status_code == 400
            assert browser.post("/sales", content=b"{").status_code == 400
    assert emulator.acted["result_feedback"] == 1
