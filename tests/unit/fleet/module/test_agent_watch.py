"""What wakes an agent, what it remembers, and the program that a service runs."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_journal import START, JournalFile

from vision_ai_fleet.agent import __main__ as program
from vision_ai_fleet.agent.module.journal_watch import JournalWatch
from vision_ai_fleet.agent.module.memory import ModuleMemory

LIMIT = 20.0


@pytest.fixture
def woken() -> threading.Semaphore:
    return threading.Semaphore(0)


@pytest.fixture
def watch(tmp_path: Path, woken: threading.Semaphore) -> Iterator[JournalWatch]:
    watch = JournalWatch(tmp_path / "journal.db", woken.release, interval=0.01)
    yield watch
    watch.close()


def test_a_journal_that_begins_or_grows_wakes_the_agent(
    tmp_path: Path, watch: JournalWatch, woken: threading.Semaphore
) -> None:
    assert watch.till_called_at == float("-inf")
    file = JournalFile(tmp_path / "journal.db")
    assert woken.acquire(timeout=LIMIT)
    while woken.acquire(timeout=0.2):  # until the file is complete
        pass
    written_at = watch.till_called_at
    file.add([("001", 0.9)], at=START, device=None)
    assert woken.acquire(timeout=LIMIT)
    assert watch.till_called_at > written_at
    file.close()


def test_the_agent_is_woken_when_a_recognition_has_waited_long_enough(
    watch: JournalWatch, woken: threading.Semaphore
) -> None:
    watch.wake_at(time.monotonic())
    assert woken.acquire(timeout=LIMIT)
    assert not woken.acquire(timeout=0.1)  # once
    assert watch.till_called_at == float("-inf")  # that was not the till


def test_what_is_remembered_outlives_a_restart_and_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "module.json"
    ModuleMemory(path).set("device", {"sn": "1"})
    assert ModuleMemory(path).get_object("device") == {"sn": "1"}
    path.write_text("[1")
    memory = ModuleMemory(path)
    assert memory.get("device") is None and memory.get_object("device") == {}
    path.unlink()
    path.mkdir()
    memory.set("device", {"sn": "2"})  # cannot be written
    assert memory.get_object("device") == {"sn": "2"}


def test_a_program_without_credentials_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert program.main(["--credentials", str(tmp_path / "missing")]) == 1
    assert "the agent cannot run" in caplog.text


def test_a_task_without_a_console_logs_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    monkeypatch.setattr(sys, "stderr", None)
    root, own = logging.getLogger(), logging.getLogger("vision_ai_fleet")
    before, level = list(root.handlers), own.level
    try:
        assert program.main(["--credentials", str(tmp_path / "missing")]) == 1
    finally:
        for handler in set(root.handlers) - set(before):
            root.removeHandler(handler)
            handler.close()
        own.setLevel(level)
    assert "the agent cannot run" in (tmp_path / "state" / "agent.log").read_text(encoding="utf-8")
