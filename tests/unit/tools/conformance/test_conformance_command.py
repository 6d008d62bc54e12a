"""`vision-ai conformance`, for people and for programs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance_support import set_dialect
from shared_cli import Result, make_environment, parse_json_lines, run_cli
from shared_cli_server import start_cli

from vision_ai import Profile
from vision_ai_emulator import Emulator, serve


@pytest.fixture(scope="module")
def session_url(session_emulator: Emulator) -> Iterator[str]:
    with serve(session_emulator) as url:
        yield url


@pytest.fixture
def url(emulator: Emulator, session_url: str) -> str:
    return session_url


def check(folder: Path, url: str, *arguments: object) -> Result:
    return run_cli("conformance", "--url", url, "--pause", 0, *arguments, cwd=folder)


def test_a_module_that_conforms(url: str, tmp_path: Path) -> None:
    result = check(tmp_path, url, "--report", "r.json", "--report", "r.md")
    assert result.status == 0, result.err
    assert "A16  as read" in result.out and "reading, round 3 of 3" in result.err
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["conforms"] is True
    assert (tmp_path / "r.md").read_text(encoding="utf-8").startswith("# Conformance report")


def test_a_module_that_departs(emulator: Emulator, url: str, tmp_path: Path) -> None:
    set_dialect(emulator, charset="gbk", field_names="item_id_only")
    result = check(tmp_path, url, "--effects", "act", "--profile", "p.json", "--json")
    assert result.status == 1, result.err
    report = result.value
    assert [each["id"] for each in report["readings"] if each["verdict"] == "otherwise"] == ["A1", "A15"]
    profile = Profile.from_file(tmp_path / "p.json")
    assert profile.field_names == "item_id" and profile.to_dict() == report["profile"]
    assert {line["event"] for line in parse_json_lines(result.err)} == {"progress"}


def test_a_module_that_cannot_be_reached(tmp_path: Path) -> None:
    url = "http://127.0.0.1:9"
    result = check(tmp_path, url, "--report", "r.json", "--profile", "p.json")
    assert result.status == 3
    message, hint = result.failure
    assert message.startswith("get_device_info: the module cannot be reached")
    assert hint == f"Find the cause: vision-ai doctor --url {url}"
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["outcome"] == "unreachable"
    assert not (tmp_path / "p.json").exists()


def test_a_device_that_is_not_a_module(emulator: Emulator, url: str, tmp_path: Path) -> None:
    set_dialect(emulator, unknown_command="http_404")
    result = check(tmp_path, f"{url}/elsewhere", "--report", "r.md", "--json")
    assert result.status == 1
    assert result.error["kind"] == "not_a_module"
    assert "no VISION-AI module" in (tmp_path / "r.md").read_text(encoding="utf-8")


def test_a_module_that_stops_responding(emulator: Emulator, url: str, tmp_path: Path) -> None:
    emulator.change(reboot_seconds=1000.0)
    options = ("--url", url, "--pause", "0.05", "--report", "r.json")
    with start_cli("conformance", *options, cwd=tmp_path) as program:
        assert any("round 2" in line for line in iter(program.err.readline, ""))
        emulator.device.reboot()
        errors = program.err.read()
        assert program.wait() == 3
    assert "The module stopped responding" in errors
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["outcome"] == "broken_off" and report["readings"][5]["verdict"] == "as_read"


def test_destructive_needs_the_serial_number(emulator: Emulator, url: str, tmp_path: Path) -> None:
    refused = check(tmp_path, url, "--effects", "destructive")
    assert refused.status == 2
    assert "conformance --effects destructive cannot be undone" in refused.err
    assert emulator.requests == ()
    assert check(tmp_path, url, "--effects", "destructive", "--yes", "87654321").status == 2
    assert emulator.acted.keys() == {"get_device_info"}
    result = check(tmp_path, url, "--effects", "destructive", "--yes", "12345678", "--folder", tmp_path)
    assert result.status == 0, result.err
    assert emulator.acted["start_restore"] == 2  # with a length, and in chunks
    assert len(list(tmp_path.glob("*.evo"))) == 1


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--report", "r.txt"), "Use a file name that ends in .json or .md"),
        (("--report", "none/r.md"), "there is no folder none"),
        (("--profile", "none/p.json"), "there is no folder none"),
        (("--also", "reboot"), "--also reboot works only with --effects destructive"),
        (("--effects", "everything"), "everything"),
    ],
)
def test_invalid_options_are_reported_before_anything_is_sent(
    emulator: Emulator, url: str, tmp_path: Path, options: tuple[str, ...], text: str
) -> None:
    result = check(tmp_path, url, *options)
    assert result.status == 2 and text in result.err
    assert emulator.requests == ()


def test_a_run_is_recorded_on_request(url: str, tmp_path: Path) -> None:
    result = check(tmp_path, url, "--record", "all.har")
    assert result.status == 0, result.err
    entries = json.loads((tmp_path / "all.har").read_text(encoding="utf-8"))["log"]["entries"]
    assert len(entries) == 30


def test_as_a_python_module(emulator: Emulator, url: str, tmp_path: Path) -> None:
    set_dialect(emulator, trailing_commas=True)
    done = subprocess.run(
        [sys.executable, "-m", "vision_ai_tools.conformance", "--url", url, "--pause", "0"],
        cwd=tmp_path,
        env=make_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1 and "A6   OTHERWISE" in done.stdout
