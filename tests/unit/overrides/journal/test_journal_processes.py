"""Journals of several processes, and of processes that end without closing their clients."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vision_ai import VisionAI
from vision_ai_emulator import Emulator, serve

TIMEOUT = 60

LOOP = """
import sys, time
from vision_ai import VisionAI

url, path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
module = VisionAI(url, journal=path, api="v1")
for number in range(count):
    result = module.get_result()
    module.confirm(result, id="001", name="Apple")
    print(result.sid, time.time(), flush=True)
"""

FORK = """
import os, sys
from vision_ai import VisionAI

url, path = sys.argv[1:]
module = VisionAI(url, journal=path, api="v1")
module.get_result()
if os.fork() == 0:
    module.get_result()
    module.close()
    os._exit(0)
os.wait()
module.get_result()
"""


@pytest.fixture
def flavor() -> str:
    """Both clients write with the same thread."""
    return "sync"


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with VisionAI(emulator.url) as module:
        module.learn(id="001", name="Apple", pictures=1)
    with serve(emulator) as url:
        yield url


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_a_program_that_ends_without_closing_its_client_loses_nothing(
    url: str, path: Path, read: Any
) -> None:
    out, _ = start(LOOP, url, path, 3).communicate(timeout=TIMEOUT)
    assert read("SELECT sid FROM recognitions WHERE choice = '001' ORDER BY id") == [
        line.split()[0] for line in out.splitlines()
    ]
    assert not path.with_name("recognitions.db-wal").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_both_processes_of_a_fork_write(url: str, path: Path, read: Any) -> None:
    out, _ = start(FORK, url, path).communicate(timeout=TIMEOUT)
    assert out == ""
    assert read("SELECT count(*) FROM recognitions") == [3]
    assert read("PRAGMA integrity_check") == ["ok"]


@pytest.mark.slow
def test_several_processes_lose_no_row(url: str, path: Path, read: Any) -> None:
    processes = [start(LOOP, url, path, 100) for _ in range(4)]
    outputs = [process.communicate(timeout=TIMEOUT)[0] for process in processes]
    sids = sorted(line.split()[0] for out in outputs for line in out.splitlines())
    assert len(sids) == 400
    assert sorted(read("SELECT sid FROM recognitions WHERE choice = '001' AND place = 1")) == sids


@pytest.mark.slow
def test_a_killed_process_loses_at_most_its_last_second(url: str, path: Path, read: Any) -> None:
    process = start(LOOP, url, path, 100_000)
    assert process.stdout is not None
    first = process.stdout.readline()
    while not path.exists() or time.time() - float(first.split()[1]) < 2.5:
        time.sleep(0.05)
    killed = time.time()
    process.kill()
    lines = [first, *process.communicate(timeout=TIMEOUT)[0].splitlines()]
    calls = [line.split() for line in lines if len(line.split()) == 2]
    kept = {sid for sid, moment in calls if float(moment) < killed - 1.0}
    assert len(kept) > 10
    assert kept <= set(read("SELECT sid FROM recognitions WHERE choice = '001'"))
    assert read("PRAGMA integrity_check") == ["ok"]
