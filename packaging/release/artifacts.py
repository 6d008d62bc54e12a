"""The sdist and the wheel: built twice, compared, and their contents checked."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from checksums import compute_digest

from .source import ReleaseError, Source

PACKAGES = {
    "generated/vision_ai_generated",
    "overrides/vision_ai",
    "emulator/vision_ai_emulator",
    "tools/vision_ai_pytest",
    "tools/vision_ai_tools",
    "fleet/vision_ai_fleet",
    "translations/vision_ai_translations",
}
"""The folders whose files are the wheel."""
ADDED_TO_WHEEL = {"vision_ai_tools/conformance/contract.json", "vision_ai_tools/conformance/contract-v2.json"}
SOURCES_OF_CATALOGS = ".po"
"""What is in the sdist, and not in the wheel."""
NOT_RELEASED = (".ci/", ".git", ".github/")
"""Files of the project's own workshop."""


def build_artifacts(source: Source, target: Path) -> list[Path]:
    """Build the sdist, and the wheel from it, twice in different folders, and store one of each.

    Raises:
        ReleaseError: the two differ, or something is missing in them or too much.
    """
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        built = [_build(source, Path(folder)) for folder in (first, second)]
        for one, other in zip(*built, strict=True):
            if compute_digest(one) != compute_digest(other):
                raise ReleaseError(f"{one.name} is not reproducible: two builds of the same commit differ")
        sdist, wheel = built[0]
        check_sdist(sdist, source.files)
        check_wheel(wheel, source.files)
        artifacts = [target / each.name for each in built[0]]
        for origin, artifact in zip(built[0], artifacts, strict=True):
            artifact.write_bytes(origin.read_bytes())
    _run([sys.executable, "-m", "twine", "check", "--strict", *map(str, artifacts)], "twine check")
    return artifacts


def check_sdist(sdist: Path, files: Iterable[str]) -> None:
    """Check that an sdist has every committed file, and no other.

    Raises:
        ReleaseError: names the first ones.
    """
    with tarfile.open(sdist) as archive:
        names = {each.name.partition("/")[2] for each in archive.getmembers() if each.isfile()}
    wanted = {name for name in files if not name.startswith(NOT_RELEASED)}
    _compare(sdist.name, names, wanted | {"PKG-INFO"} | (names & {".gitignore"}))


def check_wheel(wheel: Path, files: Iterable[str]) -> None:
    """Check that a wheel has every committed file of the packages, and no other.

    Raises:
        ReleaseError: names the first ones.
    """
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    packages = tuple(f"{package}/" for package in PACKAGES)
    wanted = {
        name.partition("/")[2]
        for name in files
        if name.startswith(packages) and not name.endswith(SOURCES_OF_CATALOGS)
    }
    _compare(wheel.name, names, wanted | ADDED_TO_WHEEL)


def _compare(name: str, found: set[str], wanted: set[str]) -> None:
    for kind, files in (("lacks", wanted - found), ("has, against expectation,", found - wanted)):
        if files:
            few = ", ".join(sorted(files)[:5])
            raise ReleaseError(f"{name} {kind} {len(files)} files: {few}")


def _build(source: Source, folder: Path) -> tuple[Path, Path]:
    tree, output = folder / "tree", folder / "dist"
    tree.mkdir()
    source.export(tree)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(output), str(tree)]
    _run(command, "the build", source.environment)
    return next(output.glob("*.tar.gz")), next(output.glob("*.whl"))


def _run(command: list[str], what: str, environment: dict[str, str] | None = None) -> None:
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if process.returncode:
        raise ReleaseError(f"{what} failed:\n{process.stdout}{process.stderr}")
