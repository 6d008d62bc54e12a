"""`vision-ai conformance`, as people and programs call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance_support import make, speaking

from vision_ai import Profile
from vision_ai_emulator import Emulator, serve

PROGRAM = Path(sys.executable).with_name("vision-ai")


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Emulator, str]]:
    emulator = make()
    with serve(emulator) as url:
        yield emulator, url


def run(folder: Path, *arguments: object, program: tuple[object, ...] = (PROGRAM, "conformance")) -> Any:
    return subprocess.run(
        [*map(str, program), *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "VISION_AI_URL": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_a_module_that_conforms(served: tuple[Emulator, str], tmp_path: Path) -> None:
    speaking(served[0])
    done = run(tmp_path, "--url", served[1], "--pause", 0, "--report", "r.json", "--report", "r.md")
    assert done.returncode == 0, done.stderr
    assert "A16  as read" in done.stdout and "reading, round 3 of 3" in done.stderr
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["conforms"] is True
    assert (tmp_path / "r.md").read_text(encoding="utf-8").startswith("# Conformance of a module")


def test_one_that_departs(served: tuple[Emulator, str], tmp_path: Path) -> None:
    speaking(served[0], charset="gbk", field_names="item_id_only")
    options = ("--url", served[1], "--pause", 0, "--effects", "act", "--profile", "p.json", "--json")
    done = run(tmp_path, *options)
    assert done.returncode == 1, done.stderr
    [line] = done.stdout.splitlines()
    told = json.loads(line)["result"]
    assert [each["id"] for each in told["readings"] if each["verdict"] == "otherwise"] == ["A1", "A15"]
    profile = Profile.from_file(tmp_path / "p.json")
    assert profile.field_names == "item_id" and profile.to_dict() == told["profile"]
    assert {json.loads(each)["event"] for each in done.stderr.splitlines()} == {"progress"}


def test_a_module_that_cannot_be_reached(tmp_path: Path) -> None:
    done = run(tmp_path, "--report", "r.json", "--profile", "p.json")
    assert done.returncode == 3 and done.stdout == ""
    assert done.stderr.splitlines()[-2].startswith("vision-ai: get_device_info: the module cannot be reached")
    assert done.stderr.splitlines()[-1] == "  Find the cause: vision-ai doctor"
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["outcome"] == "unreachable"
    assert not (tmp_path / "p.json").exists()


def test_what_is_no_module(served: tuple[Emulator, str], tmp_path: Path) -> None:
    speaking(served[0], unknown_command="http_404")
    done = run(tmp_path, "--url", f"{served[1]}/elsewhere", "--report", "r.md", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["kind"] == "not_a_module"
    assert "no VISION-AI module" in (tmp_path / "r.md").read_text(encoding="utf-8")


def test_a_module_that_goes_away(tmp_path: Path) -> None:
    emulator = make()
    emulator.change(reboot_seconds=1000.0)
    with serve(emulator) as url:
        process = subprocess.Popen(
            [PROGRAM, "conformance", "--url", url, "--pause", "0.05", "--report", "r.json"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        for line in process.stderr:
            if "round 2" in line:
                emulator.device.reboot()
                break
        _, errors = process.communicate()
    assert process.returncode == 3
    assert "It went away in the middle" in errors
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["outcome"] == "broken_off" and report["readings"][5]["verdict"] == "as_read"


def test_destructive_asks_for_the_serial_number(served: tuple[Emulator, str], tmp_path: Path) -> None:
    speaking(served[0])
    options = ("--url", served[1], "--pause", 0, "--effects", "destructive")
    served[0].clear_log()
    refused = run(tmp_path, *options)
    assert refused.returncode == 2
    assert "conformance --effects destructive cannot be undone" in refused.stderr
    assert served[0].requests == ()
    assert run(tmp_path, *options, "--yes", "87654321").returncode == 2
    assert served[0].acted.keys() == {"get_device_info"}
    done = run(tmp_path, *options, "--yes", "12345678", "--folder", tmp_path)
    assert done.returncode == 0, done.stderr
    assert served[0].acted["start_restore"] == 1
    assert len(list(tmp_path.glob("*.evo"))) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--report", "r.txt"), "End it with .json or .md"),
        (("--report", "none/r.md"), "there is no folder none"),
        (("--profile", "none/p.json"), "there is no folder none"),
        (("--also", "reboot"), "--also reboot is for --effects destructive"),
        (("--effects", "everything"), "everything"),
    ],
)
def test_what_is_not_possible_is_said_before_anything_is_sent(
    served: tuple[Emulator, str], tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    served[0].clear_log()
    done = run(tmp_path, "--url", served[1], *options)
    assert done.returncode == 2 and words in done.stderr
    assert served[0].requests == ()


def test_it_is_recorded_when_that_is_asked(served: tuple[Emulator, str], tmp_path: Path) -> None:
    speaking(served[0])
    done = run(tmp_path, "--url", served[1], "--pause", 0, "--record", "all.har")
    assert done.returncode == 0, done.stderr
    entries = json.loads((tmp_path / "all.har").read_text(encoding="utf-8"))["log"]["entries"]
    assert len(entries) == 29


def test_as_a_module_of_python(served: tuple[Emulator, str], tmp_path: Path) -> None:
    speaking(served[0], trailing_commas=True)
    module = (sys.executable, "-m", "vision_ai_tools.conformance")
    done = run(tmp_path, "--url", served[1], "--pause", 0, program=module)
    assert done.returncode == 1 and "A6   OTHERWISE" in done.stdout
