"""Build the Debian packages into dist/, in a root folder of their release."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from email.utils import formatdate
from pathlib import Path

from .systems import ROOT, SUITE, DebError, System, open_system

DIST = ROOT / "dist"
VERSION = ROOT / "overrides" / "vision_ai" / "_version.py"
FOLDERS = ("build/first", "build/second")
"""Where the packages are built: twice, in different folders, and the results must be equal."""
CHANGELOG = """\
vision-ai ({version}) {suite}; urgency=medium

  * Release {version}. What changed is in CHANGELOG.md.

 -- {maintainer}  {date}
"""


def main() -> int:
    try:
        packages = build_packages(DIST)
    except DebError as error:
        print(f"make deb: {error}", file=sys.stderr)
        return 1
    for each in packages:
        print(f"{each.relative_to(ROOT)}  {each.stat().st_size / 1e6:.1f} MB")
    print(f"  apt install {' '.join(f'./{each.relative_to(ROOT)}' for each in packages)}")
    return 0


def build_packages(target: Path) -> list[Path]:
    """Build the packages, check them with lintian, and return them. Earlier ones in `target` are replaced.

    Raises:
        DebError: a tool failed, lintian found something, or two builds differ.
    """
    control = (ROOT / "packaging/debian/control").read_text(encoding="utf-8")
    needed = re.findall(r"^ ([a-z0-9-]+)(?: \(.*\))?,$", control.partition("\n\n")[0], re.MULTILINE)
    with open_system("dpkg-dev", "lintian", *(_name_package(each) for each in needed)) as system:
        built = [_build(system, each) for each in FOLDERS]
        digests = [[hashlib.sha256(each.read_bytes()).hexdigest() for each in files] for files in built]
        if digests[0] != digests[1]:
            raise DebError("two builds of the same tree differ")
        options = ["--fail-on", "error,warning", "--display-info", "--pedantic", "--tag-display-limit", "0"]
        changes = next((system.folder / FOLDERS[0]).glob("*.changes")).relative_to(system.folder)
        print(system.run("lintian", *options, "--allow-root", f"/{changes}"), end="")
        target.mkdir(exist_ok=True)
        for each in target.glob("*.deb"):
            each.unlink()
        return [Path(shutil.copy2(each, target)) for each in built[0]]


def _build(system: System, name: str) -> list[Path]:
    folder = system.folder / name
    tree = folder / "vision-ai"
    environment = export_tree(tree)
    # By a user without rights: building needs none.
    system.run("chown", "--recursive", "nobody", f"/{name}")
    # Without the check of dependencies: it wants a compiler, too.
    command = f'cd "/{name}/vision-ai" && exec env {environment} dpkg-buildpackage -b --no-sign --no-check-builddeps'
    system.run("sh", "-c", command, user="nobody")
    return sorted(folder.glob("*.deb"))


def export_tree(tree: Path) -> str:
    """Copy the files that Git knows, as they are in the working tree, and debian/ beside them.

    Returns: The variables with which the result depends on the tree alone.
    """
    for name in run_git("ls-files", "-z").strip("\0").split("\0"):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    shutil.copytree(tree / "packaging" / "debian", tree / "debian")
    found = re.search(r'__version__ = "([^"]+)"', VERSION.read_text(encoding="utf-8"))
    if found is None:
        raise DebError(f"{VERSION.relative_to(ROOT)} names no version")
    seconds, author = run_git("log", "-1", "--format=%ct %an <%ae>").strip().split(" ", 1)
    text = CHANGELOG.format(version=found[1], suite=SUITE, maintainer=author, date=formatdate(int(seconds)))
    (tree / "debian" / "changelog").write_text(text, encoding="utf-8")
    return f"SOURCE_DATE_EPOCH={seconds}"


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


def _name_package(name: str) -> str:
    """Return a package for a virtual one."""
    return {"debhelper-compat": "debhelper", "dh-sequence-python3": "dh-python"}.get(name, name)


if __name__ == "__main__":
    sys.exit(main())
