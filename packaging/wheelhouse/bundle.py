"""The bundle: a folder with wheels and what installs them, and the archive of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checksums import write_checksums

from .pins import ROOT, WheelhouseError, choose_pins, read_extras
from .targets import TARGETS

CONTENTS = Path(__file__).with_name("contents")
SOURCE_ONLY = ("nkeys",)
"""Packages that are published as source alone. They are pure Python: their wheels, built here, run anywhere."""
NO_WHEEL = re.compile(r"No matching distribution found for (\S+?)==(\S+)")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
FIRST_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of all files in the archive, so that it depends on their contents alone. It is zip's earliest."""


@dataclass(frozen=True)
class Bundle:
    """What is bundled, and for which computers."""

    platform: str
    python_version: str
    extras: Sequence[str]


def make_bundle(bundle: Bundle, dist: Path) -> Path:
    """Make the folder and the archive in `dist`, replace earlier ones, and return the archive.

    Raises:
        WheelhouseError: a package has no wheel for the platform, or a download failed.
    """
    with tempfile.TemporaryDirectory() as name:
        wheels = Path(name)
        project = build_project(wheels)
        version = project.name.split("-")[1]
        pins = choose_pins(bundle.extras, TARGETS[bundle.platform], bundle.python_version)
        download_wheels(pins, bundle, wheels)
        python = bundle.python_version.replace(".", "")
        folder = dist / f"vision-ai-wheelhouse-{version}-{bundle.platform}-py{python}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(wheels, folder)
    write_contents(bundle, version, folder)
    return write_archive(folder)


def build_project(folder: Path) -> Path:
    """Build the wheel of this tree."""
    options = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
    # The time of the files in the wheel: hatchling's own default, whatever the environment says.
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    _run([*PIP, *options, str(ROOT)], environment)
    return next(folder.glob("*.whl"))


def download_wheels(pins: Mapping[str, str], bundle: Bundle, folder: Path) -> None:
    """Download the wheels of all pins for the platform, and check their hashes.

    Raises:
        WheelhouseError: one has no wheel for the platform.
    """
    options = ["download", "--dest", str(folder), *list_platform_options(bundle)]
    run_with_pins(options, [pin for name, pin in pins.items() if name not in SOURCE_ONLY], bundle)
    sources = [pin for name, pin in pins.items() if name in SOURCE_ONLY]
    if sources:
        run_with_pins(["wheel", "--wheel-dir", str(folder)], sources, bundle)
        if built := [
            each for name in SOURCE_ONLY for each in folder.glob(f"{name}-*") if "none-any" not in each.name
        ]:
            raise WheelhouseError(f"{built[0].name} is not pure Python: it was built for this computer alone")


def list_platform_options(bundle: Bundle) -> list[str]:
    """Return the options with which pip chooses files for the platform."""
    options = ["--only-binary", ":all:", "--python-version", bundle.python_version, "--implementation", "cp"]
    return options + [part for tag in TARGETS[bundle.platform].tags for part in ("--platform", tag)]


def run_with_pins(options: Sequence[str], pins: Sequence[str], bundle: Bundle) -> None:
    """Run pip with a file of pins."""
    with tempfile.TemporaryDirectory() as name:
        requirements = Path(name, "requirements.txt")
        requirements.write_text("".join(pins), encoding="ascii")
        try:
            _run([*PIP, *options, "--no-deps", "--require-hashes", "--requirement", str(requirements)])
        except WheelhouseError as error:
            if found := NO_WHEEL.search(str(error)):
                raise WheelhouseError(_explain_missing_wheel(found[1], found[2], bundle)) from None
            raise


def _explain_missing_wheel(name: str, version: str, bundle: Bundle) -> str:
    extras = read_extras()
    needing = [each for each in bundle.extras if any(re.match(rf"{name}\b", one) for one in extras[each])]
    rest = [each for each in bundle.extras if each not in needing]
    reason = f"{name} {version} has no wheel for {bundle.platform} and Python {bundle.python_version}"
    if needing:
        reason += f", and the extra {needing[0]} needs it"
    if needing and rest:
        return f"{reason}: leave it out with EXTRAS={','.join(rest)}"
    return f"{reason}: choose other EXTRAS, or another PYTHON_VERSION"


def write_contents(bundle: Bundle, version: str, folder: Path) -> None:
    """Add the programs that install the wheels, what they have to know, and the checksums."""
    shutil.copytree(CONTENTS, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    settings = {
        "version": version,
        "platform": bundle.platform,
        "python": bundle.python_version,
        "extras": list(bundle.extras),
    }
    (folder / "wheelhouse.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="ascii")
    for path in (each for each in CONTENTS.iterdir() if each.suffix in (".txt", ".sh", ".cmd")):
        text = path.read_bytes().decode("ascii")
        for name, value in {**settings, "extras": ",".join(bundle.extras)}.items():
            text = text.replace(f"{{{name}}}", str(value))
        (folder / path.name).write_bytes(text.encode("ascii"))
    write_checksums(folder)


def write_archive(folder: Path) -> Path:
    """Write the folder into a zip file beside it. The wheels are compressed already."""
    archive = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(folder.iterdir()):
            info = zipfile.ZipInfo(f"{folder.name}/{path.name}", FIRST_TIME)
            info.external_attr = (0o755 if path.suffix == ".sh" else 0o644) << 16
            file.writestr(info, path.read_bytes())
    return archive


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if process.returncode:
        raise WheelhouseError(f"{' '.join(command[2:6])} failed:\n{process.stdout}{process.stderr}")
