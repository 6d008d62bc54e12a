"""Starting and stopping `vision-ai console`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

PROGRAM = str(Path(sys.executable).with_name("vision-ai"))
PATIENCE = 60


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables without a module's URL, and with a data folder for the test."""
    inherited = {name: value for name, value in os.environ.items() if name != "VISION_AI_URL"}
    return inherited | {"XDG_DATA_HOME": str(tmp_path), "NO_COLOR": "1"}


@contextmanager
def start_console(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [PROGRAM, "console", "--url", "emulator:", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def run_console(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, "console", "--url", "emulator:", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_console_prints_its_url_and_stops_with_ctrl_c(environment: dict[str, str], tmp_path: Path) -> None:
    with start_console(environment, "--port", "0", "--json") as process:
        assert process.stdout
        url = json.loads(process.stdout.readline())["result"]["url"]
        assert url.startswith("http://127.0.0.1:")
        assert "<title>VISION-AI console" in httpx.get(url, trust_env=False).text
        assert (tmp_path / "vision-ai" / "backups").is_dir()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert "Traceback" not in errors


def test_option_that_requires_a_token(environment: dict[str, str]) -> None:
    with start_console(environment, "--port", "0", "--token", "--json") as process:
        assert process.stdout
        url = json.loads(process.stdout.readline())["result"]["url"]
        assert "/?token=" in url
        assert httpx.get(url, trust_env=False).status_code == 200
        assert httpx.get(url.partition("?")[0], trust_env=False).status_code == 401


def test_port_that_is_in_use(environment: dict[str, str]) -> None:
    with start_console(environment, "--port", "0", "--json") as console:
        assert console.stdout
        port = httpx.URL(json.loads(console.stdout.readline())["result"]["url"]).port
        process = run_console(environment, "--port", str(port))
    assert process.returncode == 1
    assert process.stderr.splitlines() == [
        f"vision-ai: the console cannot listen on 127.0.0.1 port {port}: Address already in use",
        "  Choose another --port or --host.",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--host", "no.such.name.invalid"], "host must be an address of this machine"),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1 port 8080"),
        (["--port", "70000"], "port"),
        (["--port", "0", "--backups", "/dev/null/x"], "cannot store backups in /dev/null"),
    ],
)
def test_invalid_options_are_explained_in_two_lines(
    environment: dict[str, str], arguments: list[str], message: str
) -> None:
    process = run_console(environment, *arguments)
    assert process.returncode in (1, 2)
    assert message in process.stderr
    assert len(process.stderr.splitlines()) <= 2
    assert "Traceback" not in process.stderr
