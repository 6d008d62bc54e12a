"""Build the Debian packages into dist/, in a root folder of their release."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from checksums import compute_digest, write_checksums

from .sources import export_project, read_time, unpack_nats
from .systems import ROOT, DebError, System, open_system

DIST = ROOT / "dist"
SOURCES: dict[str, Callable[[Path], None]] = {"vision-ai": export_project, "nats-py": unpack_nats}
"""Name → what makes the tree."""
FOLDERS = ("first", "second")
"""Where the packages are built: twice, in different folders, and the results must be equal."""
TOOLS = ("dpkg-dev", "lintian", "debhelper", "dh-python")
VIRTUAL = ("debhelper-compat", "dh-sequence-python3")
"""What the control files say instead of the last two."""
LINTIAN = ("--fail-on", "error,warning", "--display-info", "--pedantic", "--tag-display-limit", "0")


def main() -> int:
    try:
        packages = build_packages(DIST)
    except DebError as error:
        print(f"make deb: {error}", file=sys.stderr)
        return 1
    write_checksums(DIST)
    for each in packages:
        print(f"{each.relative_to(ROOT)}  {each.stat().st_size / 1e6:.2f} MB")
    return 0


def build_packages(target: Path) -> list[Path]:
    """Build the packages, check them with lintian, and return them. Earlier ones in `target` are replaced.

    Raises:
        DebError: a tool failed, lintian found something, or two builds differ.
    """
    with open_system(*TOOLS, *_list_needed_packages()) as system:
        for each in FOLDERS:
            _make_trees(system, each)
        first, second = (_build(system, each) for each in FOLDERS)
        if [compute_digest(each) for each in first] != [compute_digest(each) for each in second]:
            raise DebError("two builds of the same tree differ")
        changes = [f"/{each.relative_to(system.folder)}" for each in system.folder.glob("first/*.changes")]
        print(system.run("lintian", *LINTIAN, "--allow-root", *changes), end="", flush=True)
        target.mkdir(exist_ok=True)
        for each in target.glob("*.deb"):
            each.unlink()
        return [Path(shutil.copy2(each, target)) for each in first]


def _list_needed_packages() -> list[str]:
    """Return the build dependencies of the control files, without the virtual ones."""
    texts = [
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "packaging").glob("debian*/control"))
    ]
    sources = "".join(text.partition("\n\n")[0] + "\n" for text in texts)
    found = re.findall(r"^ ([a-z0-9-]+)(?: \(.*\))?,$", sources, re.MULTILINE)
    return [each for each in dict.fromkeys(found) if each not in VIRTUAL]


def _make_trees(system: System, name: str) -> None:
    for source, make_tree in SOURCES.items():
        make_tree(system.folder / name / source)
    system.run("find", f"/{name}", "-exec", "touch", f"--date=@{read_time()}", "{}", "+")
    # By a user without rights, because building needs none.
    system.run("chown", "--recursive", "nobody", f"/{name}")


def _build(system: System, name: str) -> list[Path]:
    # The check of dependencies would want a compiler.
    build = f"SOURCE_DATE_EPOCH={read_time()} dpkg-buildpackage --build=binary --no-sign --no-check-builddeps"
    for source in SOURCES:
        system.run("sh", "-c", f"cd /{name}/{source} && {build}", user="nobody")
    return sorted((system.folder / name).glob("*.deb"))


if __name__ == "__main__":
    sys.exit(main())
