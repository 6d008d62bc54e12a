"""`make wheelhouse`: what it bundles is complete, and it installs on a computer without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLATFORM_TESTS = ROOT / "tests/integration/platforms"
sys.path.insert(0, str(PLATFORM_TESTS))

import windows  # noqa: E402

MAKER = ROOT / ".venv-release/bin/python"
HOST_PYTHON = "{}.{}".format(*sys.version_info[:2])
PLATFORMS = {
    "linux_x86_64": "Linux x86_64",
    "linux_aarch64": "Linux aarch64",
    "linux_armv7l": "Linux armv7l",
    "win_amd64": "Windows 64-bit",
    "win_arm64": "Windows ARM64",
    "win32": "Windows 32-bit",
}
"""The platform of the bundle → its name in resolve.py, which has the names and markers of platforms from elsewhere."""
EVERY_EXTRA = "emulator,cli,console,report,agent,fleet"


def run_maker(folder: Path, platform: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(MAKER), "-m", "wheelhouse", platform, "--dist", str(folder), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "packaging")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=500)


def make_wheelhouse(folder: Path, platform: str, *options: str) -> Path:
    """Bundle the wheels, unpack the archive as a user does, and return the folder."""
    done = run_maker(folder / "dist", platform, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    (archive,) = (folder / "dist").glob("*.zip")
    # Python's zipfile does not restore that a file may be executed.
    subprocess.run(["unzip", "-q", str(archive), "-d", str(folder / "copy")], check=True)
    return folder / "copy" / archive.stem


def list_wheels(folder: Path) -> set[str]:
    return {each.name.split("-")[0].lower().replace("_", "-") for each in folder.glob("*.whl")}


def resolve_offline(folder: Path, platform: str, extras: str, python: str) -> set[str]:
    """Return what pip installs from the folder alone on that platform, whose markers it evaluates."""
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    command = [sys.executable, str(PLATFORM_TESTS / "resolve.py"), "--python-version", python]
    done = subprocess.run(
        [*command, PLATFORMS[platform], f"vision-ai-module[{extras}]"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return {line.split()[0].replace("_", "-") for line in done.stdout.splitlines()}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_platform_needs_these_wheels_and_no_others(platform: str, tmp_path: Path) -> None:
    extras = "cli,console" if platform == "linux_armv7l" else "emulator,cli,console"
    folder = make_wheelhouse(tmp_path, platform)
    assert resolve_offline(folder, platform, extras, "3.13") == list_wheels(folder)


@pytest.mark.parametrize("platform", ["linux_x86_64", "win_amd64"])
def test_every_extra_can_be_bundled(platform: str, tmp_path: Path) -> None:
    folder = make_wheelhouse(tmp_path, platform, "--extras", EVERY_EXTRA, "--python-version", "3.12")
    assert resolve_offline(folder, platform, EVERY_EXTRA, "3.12") == list_wheels(folder)


def test_a_package_without_a_wheel_is_named(tmp_path: Path) -> None:
    done = run_maker(tmp_path, "linux_armv7l", "--extras", "emulator,cli")
    assert done.returncode == 1
    assert "pillow" in done.stderr and "EXTRAS=cli" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def for_this_computer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_wheelhouse(
        tmp_path_factory.mktemp("wheelhouse"), "linux_x86_64", "--python-version", HOST_PYTHON
    )


def run_without_network(*command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHON": sys.executable}
    return subprocess.run(
        ["unshare", "--net", *command], env=environment, capture_output=True, text=True, check=False
    )


def test_it_installs_without_a_network(for_this_computer: Path, tmp_path: Path) -> None:
    done = run_without_network(for_this_computer / "install.sh", tmp_path / "sdk")
    assert done.returncode == 0, done.stdout + done.stderr
    program = tmp_path / "sdk/bin/vision-ai"
    assert str(program) in done.stdout
    info = run_without_network(program, "--url", "emulator:", "info")
    assert info.returncode == 0 and "9.9.4.2" in info.stdout, info.stdout + info.stderr


def test_a_damaged_file_is_named(for_this_computer: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(for_this_computer, folder)
    wheel = next(folder.glob("httpx-*.whl"))
    wheel.write_bytes(wheel.read_bytes()[:-1])
    done = run_without_network(folder / "install.sh", tmp_path / "sdk")
    assert done.returncode == 1 and f"{wheel.name} is missing or damaged" in done.stderr
    assert not (tmp_path / "sdk").exists()


def test_another_platform_is_refused(tmp_path: Path) -> None:
    folder = make_wheelhouse(tmp_path, "win_amd64", "--python-version", HOST_PYTHON)
    done = run_without_network(folder / "install.sh", tmp_path / "sdk")
    assert done.returncode == 1
    assert f"these wheels are for Python {HOST_PYTHON} on win_amd64" in done.stderr


def test_two_bundles_of_one_tree_are_equal(tmp_path: Path) -> None:
    archives: list[bytes] = []
    for name in ("first", "second"):
        assert run_maker(tmp_path / name, "linux_armv7l").returncode == 0
        archives += [each.read_bytes() for each in (tmp_path / name).glob("*.zip")]
    assert len(archives) == 2 and archives[0] == archives[1]


def test_it_installs_on_windows(tmp_path: Path) -> None:
    """With pip alone: wine lacks a function that `venv` uses."""
    version = "3.13.5-1.5.12"
    with windows.lock_folder():
        windows.make_prefix()
        python = windows.unpack_python(version) / "python.exe"
    folder = make_wheelhouse(tmp_path, "win_amd64", "--python-version", "3.13")
    target = name_in_wine(tmp_path / "sdk")
    pip = [
        "-m",
        "pip",
        "--isolated",
        "install",
        "--no-index",
        "--find-links",
        name_in_wine(folder),
        "--target",
        target,
    ]
    run_in_wine(str(python), *pip, "vision-ai-module[emulator,cli,console]")
    program = rf"{target}\bin\vision-ai.exe"
    assert run_in_wine(program, "--version", PYTHONPATH=target).startswith("vision-ai ")
    assert "9.9.4.2" in run_in_wine(program, "--url", "emulator:", "info", PYTHONPATH=target)


def name_in_wine(path: Path) -> str:
    """Return the name that a program of Windows uses: drive Z: is the whole file system."""
    return "Z:" + str(path).replace("/", "\\")


def run_in_wine(*command: str, **variables: str) -> str:
    done = subprocess.run(
        ["unshare", "--net", "wine", *command],
        env={**os.environ, **windows.WINE, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
