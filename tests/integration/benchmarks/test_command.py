"""The command runs the workloads and writes a report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from suite.registry import (
    CONTENDERS,
    HTTP_CLIENT,
    HTTPX,
    HTTPX_ASYNC,
    RAW,
    RAW_ASYNC,
    ROOT,
    SDK,
    SDK_ASYNC,
    SDK_ASYNC_SERIAL,
    SDK_OVER_HTTPX,
    SDK_SERIAL,
    WORKLOADS,
)
from suite.setup.errors import CannotRunError
from suite.setup.server import compile_server

pytestmark = pytest.mark.slow

COMMAND = ROOT / "benchmarks" / "run.py"
ALWAYS_INSTALLED = {RAW, RAW_ASYNC, HTTP_CLIENT, HTTPX, HTTPX_ASYNC, SDK, SDK_ASYNC, SDK_OVER_HTTPX}
ALWAYS_INSTALLED |= {"openapi-python-client", "openapi-python-client async"}


def run_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, COMMAND, *arguments], capture_output=True, text=True, timeout=600)


def run_and_load_report(folder: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    """Run the command, check that nothing failed, and return its JSON report and its output."""
    small = ("--quick", "--rounds", "2", "--size", "1")
    result = run_command(*small, "--folder", str(folder), "--reports", str(folder), *arguments)
    assert result.returncode == 0, result.stdout + result.stderr
    (report,) = folder.glob("bench-*.json")
    assert report.with_suffix(".md").read_text().strip() in result.stdout
    return json.loads(report.read_text()), result.stdout


def check_report(report: dict[str, Any], printed: str, names: set[str]) -> None:
    """Check that each contender of each workload was measured in each round, or is missing with a reason."""
    for each in report["workloads"]:
        workload = next(workload for workload in WORKLOADS if workload.name == each["workload"])
        accepted = {other.name for other in CONTENDERS if workload.accepts(other)}
        contenders = {row["contender"]: row for row in each["contenders"]}
        assert contenders.keys() == accepted & names
        for name, row in contenders.items():
            assert (row["missing"] is None) == (len(row["rounds"]["seconds"]) == 2)
            assert row["missing"] is None or name not in ALWAYS_INSTALLED
            assert f"| {name} " in printed
        assert contenders[each["reference"]]["reference_ratio"] == 1
        assert each["targets"]


def test_the_report_has_every_selected_contender(compiler: None, tmp_path: Path) -> None:
    workloads, names = ("get_result", "upload"), (RAW, HTTP_CLIENT, SDK)
    report, printed = run_and_load_report(tmp_path, "--workload", *workloads, "--contender", *names)
    assert [each["workload"] for each in report["workloads"]] == ["get_result", "upload"]
    check_report(report, printed, set(names))


@pytest.mark.slow
def test_every_installed_contender_returns_the_correct_output(compiler: None, tmp_path: Path) -> None:
    workloads = ("get_result", "get_result_async", "download", "upload")
    report, printed = run_and_load_report(tmp_path, "--workload", *workloads)
    assert len(report["workloads"]) == 4
    check_report(report, printed, {each.name for each in CONTENDERS})


@pytest.mark.slow
def test_concurrent_calls_and_new_processes_are_measured(compiler: None, tmp_path: Path) -> None:
    names = (HTTP_CLIENT, HTTPX, HTTPX_ASYNC, SDK, SDK_ASYNC, SDK_SERIAL, SDK_ASYNC_SERIAL)
    workloads = ("tasks", "threads", "start")
    report, _ = run_and_load_report(tmp_path, "--workload", *workloads, "--contender", *names)
    rows = {
        each["workload"]: [row["contender"] for row in each["contenders"]] for each in report["workloads"]
    }
    assert set(rows["tasks"]) == {HTTPX_ASYNC, SDK_ASYNC, SDK_ASYNC_SERIAL}
    assert set(rows["threads"]) == {HTTP_CLIENT, HTTPX, SDK, SDK_SERIAL}
    assert set(rows["start"]) == {HTTP_CLIENT, HTTPX, HTTPX_ASYNC, SDK, SDK_ASYNC}
    startups = next(each["contenders"] for each in report["workloads"] if each["workload"] == "start")
    assert all(row["modules"] > 0 and len(row["rounds"]["import"]) == 2 for row in startups)
    assert all(verdict["met"] is not None for each in report["workloads"] for verdict in each["targets"])


def test_a_profile_names_the_layers(compiler: None) -> None:
    result = run_command("--quick", "--profile", "--contender", SDK)
    assert result.returncode == 0, result.stderr
    lines = [line.split() for line in result.stdout.splitlines()]
    bytecodes = {line[0]: float(line[3]) for line in lines if len(line) == 6 and line[2].endswith("%")}
    assert any(layer.startswith("vision_ai.") and count > 0 for layer, count in bytecodes.items())
    assert bytecodes["contenders.sdk"] > 0


def test_frames_lead_from_the_public_method_to_the_socket(compiler: None) -> None:
    result = run_command("--frames", "--contender", SDK, HTTP_CLIENT)
    assert result.returncode == 0, result.stderr
    standard_library, sdk = result.stdout.strip().split("\n\n")
    assert "frames from HTTPConnection.request to socket.send" in standard_library
    heading, *lines = sdk.splitlines()
    assert heading.startswith(f"SDK, get_result: {len(lines)} frames from ")
    assert heading.endswith(".get_result to socket.send")
    assert all(line.split()[2].startswith("vision_ai") for line in lines)


def test_an_unknown_workload_is_rejected() -> None:
    result = run_command("--workload", "get_results")
    assert result.returncode == 2
    assert "invalid choice: 'get_results'" in result.stderr


def test_a_baseline_without_the_sdk_is_rejected(tmp_path: Path) -> None:
    result = run_command("--baseline", str(tmp_path))
    assert result.returncode == 2
    assert f"{tmp_path} is not a checkout of the SDK: it has no overrides/vision_ai" in result.stderr


def test_a_missing_compiler_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotRunError, match="no C compiler"):
        compile_server(tmp_path)
