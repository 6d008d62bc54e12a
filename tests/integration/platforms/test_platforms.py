"""The smoke set in a Python that lacks what other platforms lack, and what cannot be used there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vision_ai_emulator import Emulator, Settings, serve

HERE = Path(__file__).parent
UNIT_TESTS = HERE.parents[1] / "unit"
SIMULATED = HERE / "simulated.py"
FALLBACKS = {
    "Windows": "select.poll is missing",
    "macOS": "",
    "eventlet": "select.poll is missing",
    "without httptools": "httptools is not installed",
}
"""Platform → why httpx carries http:// there; "" where it does not."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    settings = Settings(backup_seconds=0.05, restore_seconds=0.08)
    with serve(Emulator(settings=settings)) as served:
        yield served


def run_simulated(platform: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "faulthandler", str(SIMULATED), platform, *arguments]
    environment = {**os.environ, "VISION_AI_URL": "http://127.0.0.1:9"}
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=environment,
        stdin=subprocess.DEVNULL,
    )


def run_code(platform: str, code: str, folder: Path) -> str:
    """Run code in the Python of that platform, and return what it prints."""
    program = folder / "program.py"
    program.write_text(code)
    done = run_simulated(platform, str(program))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "platform",
    [each if each == "Windows" else pytest.param(each, marks=pytest.mark.slow) for each in FALLBACKS],
)
def test_everything_works_on_the_platform(platform: str, url: str) -> None:
    import smoke

    done = run_simulated(platform, str(HERE / "smoke.py"), url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("passed: ") == len(smoke.CHECKS)
    fallback = FALLBACKS[platform]
    assert (
        f"<VisionAI {url} over httpx: {fallback}>" in done.stdout
        if fallback
        else "over httpx" not in done.stdout
    )


SERVER_TESTS = ("faults", "limits", "server", "state")


@pytest.mark.slow
def test_the_emulators_server_behaves_the_same_without_httptools() -> None:
    program = Path(pytest.__file__).with_name("__main__.py")
    tests = [str(UNIT_TESTS / "emulator" / f"test_emulator_{name}.py") for name in SERVER_TESTS]
    done = run_simulated("without httptools", str(program), "-q", "-p", "no:cacheprovider", *tests)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


OPTIONS = """
import asyncio, socket, vision_ai
for client in (vision_ai.VisionAI, vision_ai.AsyncVisionAI):
    for url, options in (("unix:/run/module.sock", {}), ("http://127.0.0.1:9", {"interface": "usb0"})):
        try:
            print(repr(client(url, **options)))
        except vision_ai.InvalidInputError as error:
            print("refused:", error)
"""


def test_options_that_windows_does_not_have_are_refused(tmp_path: Path) -> None:
    lines = run_code("Windows", OPTIONS, tmp_path).splitlines()
    assert len(lines) == 4 and all(each.startswith("refused: ") for each in lines)
    assert "unix:" in lines[0] and "interface needs Linux" in lines[1] and "local_address" in lines[1]


def test_macos_has_unix_sockets_and_no_interface(tmp_path: Path) -> None:
    lines = run_code("macOS", OPTIONS, tmp_path).splitlines()
    assert ["interface needs Linux" in each for each in lines] == [False, True] * 2
    assert lines[0] == "<VisionAI unix:/run/module.sock>"


PROACTOR = """
import asyncio, sys
import simulated
simulated.use_proactor_like_loop()
import vision_ai

async def call():
    async with vision_ai.AsyncVisionAI(sys.argv[1]) as client:
        assert (await client.get_device_info()).sn == "12345678"
        print(repr(client._pipeline.transport))

asyncio.run(call())
"""


def test_a_loop_that_cannot_watch_sockets_gets_httpx(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROACTOR, url],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(HERE)},
    )
    assert done.returncode == 0, done.stderr
    assert "this event loop cannot watch sockets" in done.stdout


@pytest.mark.parametrize(
    ("version", "used"),
    [("0.1.1", False), ("0.6.3", False), ("0.6.4", True), ("0.10.0", True), ("1.0", True)],
)
def test_an_old_httptools_is_not_used(version: str, used: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    import httptools

    import vision_ai

    monkeypatch.setattr(httptools, "__version__", version)
    with vision_ai.VisionAI("http://127.0.0.1:9") as module:
        assert ("httptools is older than 0.6.4" not in repr(module)) == used
