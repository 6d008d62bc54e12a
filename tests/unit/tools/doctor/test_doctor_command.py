"""The command `vision-ai doctor` and its output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vision_ai_tools.cli.commands.doctor import FindingPrinter
from vision_ai_tools.doctor.findings import Finding, Step

VISION_AI = Path(sys.executable).with_name("vision-ai")


def run_doctor(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: text for name, text in os.environ.items() if "proxy" not in name.lower()}
    return subprocess.run(
        [VISION_AI, "doctor", *words],
        capture_output=True,
        text=True,
        env={**clean, **environment},
        timeout=60,
        check=False,
    )


def test_output_when_all_is_well() -> None:
    run = run_doctor("--url", "emulator:")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines[0].startswith("– usb …")  # steps skipped for the same reason share a line
    assert [line.split()[:2] for line in lines[2:8]] == [
        ["✓", "http"],
        ["✓", "protocol"],
        ["✓", "api"],
        ["–", "clock"],
        ["✓", "activation"],
        ["✓", "camera"],
    ]
    assert lines[-1] == "The module at emulator: is in order."


def test_the_clock_of_a_module_that_speaks_v2() -> None:
    url = "emulator:?api=v2"
    assert "✓ clock        The module's clock was set" in run_doctor("--url", url).stdout
    run = run_doctor("--url", url, "--no-set-clock")
    assert run.returncode == 0 and "? clock        The module's clock was not set" in run.stdout


def test_output_when_the_module_cannot_be_reached() -> None:
    run = run_doctor("--url", "http://127.0.0.1:1")
    assert run.returncode == 3
    assert "✗ port" in run.stdout
    assert "cannot be reached. Problems: port." in run.stdout.splitlines()[-1]
    assert run.stderr == ""


def test_output_on_a_terminal_without_unicode() -> None:
    lines = run_doctor("--url", "emulator:", PYTHONIOENCODING="ascii").stdout.splitlines()
    assert [line[0] for line in lines[:3]] == ["-", "-", "+"]
    assert lines[0].startswith("- usb ... ")


CABLE: tuple[Step, ...] = ("usb", "interface", "up", "address", "network", "route")


@pytest.mark.parametrize(
    ("code", "command"), [("cable.windows", "netsh interface"), ("cable.macos", "networksetup -setmanual")]
)
def test_what_to_do_by_hand_is_printed_once(
    code: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    printer = FindingPrinter()
    for step in CABLE:
        printer.add(Finding(step, "unknown", code))
    printer.add(Finding("proxy", "unknown", "cable.no_pyroute2"))
    printer.add(Finding("neighbor", "unknown", code, fix="sudo do"))
    printer.add(Finding("port", "unknown", code, fix="sudo do"))
    printer.finish()
    out = " ".join(capsys.readouterr().out.split())
    assert out.count(command) == 3 and out.count("$ sudo do") == 2
    assert [out.count(f"? {step} ") for step in ("usb …", "interface", "proxy", "neighbor", "port")] == [
        1,
        0,
        1,
        1,
        1,
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("--url", "nowhere"),
        ("--url", "emulator:", "--interface", "usb1"),
        ("--timeout", "0", "--url", "emulator:"),
    ],
)
def test_invalid_command_lines(words: tuple[str, ...]) -> None:
    run = run_doctor(*words)
    assert run.returncode == 2
    assert run.stderr.startswith("vision-ai: ")
    assert run.stdout == ""
