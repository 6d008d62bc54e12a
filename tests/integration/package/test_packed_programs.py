"""The command line, the emulator and the console in one file (shiv) and frozen (PyInstaller), away from the sources."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
PROGRAM = "import sys\nfrom vision_ai_tools.cli import main\nsys.exit(main())\n"
PICTURES = sorted(path.stem for path in (ROOT / "emulator/vision_ai_emulator/camera/pictures").glob("*.webp"))


def run(*command: str | Path, folder: Path) -> str:
    """Run a command in a folder without the sources, and return what it prints."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=make_environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def make_environment(folder: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "VISION_AI_URL": "http://127.0.0.1:9",
        "SHIV_ROOT": str(folder / "shiv"),
    }


def install(folder: Path, *packages: str | Path) -> Path:
    """Make a virtual environment with packages, and return the folder with its programs."""
    run(sys.executable, "-m", "venv", folder / "venv", folder=folder)
    programs = folder / "venv" / "bin"
    pip = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, *packages, folder=folder)
    return programs


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    run(*pip, "--wheel-dir", folder, ROOT, folder=folder)
    return next(folder.glob("*.whl"))


def make_zipapp(wheel: Path, folder: Path) -> Path:
    programs = install(folder, "shiv")
    program = folder / "vision-ai.pyz"
    run(
        *(programs / "shiv", "--quiet", "--console-script", "vision-ai", "--output-file", program),
        *("--python", sys.executable, f"{wheel}[all]"),
        folder=folder,
    )
    return program


def freeze(wheel: Path, folder: Path) -> Path:
    programs = install(folder, "pyinstaller", f"{wheel}[all]")
    source = folder / "till.py"
    source.write_text(PROGRAM)
    run(programs / "pyinstaller", "--noconfirm", "--log-level", "ERROR", source, folder=folder)
    return folder / "dist" / "till" / "till"


@contextmanager
def start(program: tuple[Path, ...], *arguments: str, folder: Path) -> Iterator[dict[str, str]]:
    """Start a server until the end of the block, and yield the addresses that it prints."""
    with subprocess.Popen(
        [*program, *arguments, "--port", "0", "--json"],
        cwd=folder,
        env=make_environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout
            yield json.loads(server.stdout.readline())["result"]
        finally:
            server.terminate()
        assert server.wait(60) in (0, 143)


def fetch(url: str, method: str = "GET", body: bytes | None = None) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(
        url, body, {"Content-Type": "application/json"} if body else {}, method=method
    )
    with opener.open(request, timeout=30) as response:
        return response.read()


def check_page(url: str) -> str:
    """Fetch a page and all its files, and return the page."""
    page = fetch(url).decode()
    files = {each for each in re.findall(r'(?:src|href)="([^"#:]+)"', page) if "." in each}
    assert any(each.endswith(".js") for each in files) and any(each.endswith(".css") for each in files)
    for each in files:
        assert fetch(url + each.removeprefix("/"))
    return page


def check_commands(program: tuple[Path, ...], folder: Path) -> None:
    assert "12345678" in run(*program, "info", "--url", "emulator:", folder=folder)
    assert "vision-ai " in run(*program, "--version", folder=folder)
    run(*program, "image", "pan.jpg", "--url", "emulator:", folder=folder)
    assert (folder / "pan.jpg").read_bytes().startswith(b"\xff\xd8\xff")
    # It reads the contract and the doctor's texts.
    assert "A16" in run(*program, "conformance", "--url", "emulator:", folder=folder)
    assert "✓ http" in run(*program, "doctor", "--url", "emulator:", folder=folder)


def check_emulator(program: tuple[Path, ...], folder: Path) -> None:
    with start(program, "emulator", folder=folder) as urls:
        check_page(urls["control_url"])
        empty = fetch(f"{urls['url']}/api/get_image", "POST")
        assert empty.startswith(b"\xff\xd8\xff")
        for kind in PICTURES:
            fetch(f"{urls['control_url']}pan", "PUT", json.dumps({"kind": kind}).encode())
            assert fetch(f"{urls['url']}/api/get_image", "POST") != empty, kind


def check_console(program: tuple[Path, ...], folder: Path) -> None:
    backups = str(folder / "backups")
    with start(program, "console", "--url", "emulator:", "--backups", backups, folder=folder) as urls:
        assert "VISION-AI" in check_page(urls["url"])
        assert json.loads(fetch(f"{urls['url']}page/texts/console.json"))
        assert json.loads(fetch(f"{urls['url']}page/texts/doctor.json"))


# One test for each: making a program takes long.
@pytest.mark.parametrize("make", [make_zipapp, freeze])
def test_everything_works_in_a_packed_program(
    make: Callable[[Path, Path], Path], wheel: Path, tmp_path: Path
) -> None:
    made = make(wheel, tmp_path)
    # A zipapp not by its first line, which some systems limit.
    program = (Path(sys.executable), made) if made.suffix else (made,)
    folder = tmp_path / "till"
    folder.mkdir()
    check_commands(program, folder)
    check_emulator(program, folder)
    check_console(program, folder)


def test_a_bare_install_says_what_the_emulator_needs(wheel: Path, tmp_path: Path) -> None:
    programs = install(tmp_path, wheel)
    commands = {
        (str(programs / "python"), "-m", "vision_ai_emulator"): "vision-ai-module[emulator]",
        (str(programs / "vision-ai"), "emulator"): "vision-ai-module[cli]",
    }
    for command, extra in commands.items():
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 2
        assert extra in done.stderr and "Traceback" not in done.stderr
    pip = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, f"{wheel}[cli]", folder=tmp_path)
    command = [programs / "vision-ai", "emulator"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "vision-ai-module[emulator]" in done.stderr and "Traceback" not in done.stderr
