"""The tree that is released: what Git has committed, and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

VERSION_FILE = "overrides/vision_ai/_version.py"


class ReleaseError(Exception):
    """The release cannot be made. The message says what to do."""


@dataclass(frozen=True)
class Source:
    """A commit."""

    root: Path
    version: str
    commit: str
    time: int
    """Seconds since 1970-01-01 UTC; files in the archives bear it."""

    @property
    def files(self) -> list[str]:
        """The committed files."""
        return run_git(self.root, "ls-tree", "-r", "--name-only", "-z", self.commit).strip("\0").split("\0")

    def export(self, folder: Path) -> None:
        """Write the committed files into a folder."""
        archive = subprocess.run(
            ["git", "archive", "--format=tar", self.commit], cwd=self.root, check=True, capture_output=True
        )
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as tar:
            tar.extractall(folder, filter="data")

    @property
    def environment(self) -> dict[str, str]:
        """The environment of programs that build: it makes their output depend on the commit alone."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return {**inherited, "SOURCE_DATE_EPOCH": str(self.time), "PYTHONDONTWRITEBYTECODE": "1"}


def read_source(root: Path) -> Source:
    """Return the commit of a checkout.

    Raises:
        ReleaseError: files differ from the commit, or the version cannot be found.
    """
    changes = run_git(root, "status", "--porcelain").strip()
    if changes:
        raise ReleaseError(f"the tree is not clean; commit or remove these files first:\n{changes}")
    found = re.search(r'__version__ = "([^"]+)"', (root / VERSION_FILE).read_text(encoding="utf-8"))
    if found is None:
        raise ReleaseError(f"{VERSION_FILE} names no version")
    commit = run_git(root, "rev-parse", "HEAD").strip()
    return Source(root, found[1], commit, int(run_git(root, "log", "-1", "--format=%ct", commit)))


def find_last_release(source: Source) -> str | None:
    """Return the newest tag `v…` before this version that is part of the history; None for the first release."""
    tags = run_git(source.root, "tag", "--list", "v*", "--merged", source.commit, "--sort=-v:refname").split()
    return next((tag for tag in tags if tag != f"v{source.version}"), None)


def is_released_elsewhere(source: Source) -> bool:
    """Whether the tag of this version is at another commit."""
    tag = f"v{source.version}"
    tags = run_git(source.root, "tag", "--list", tag).split()
    return bool(tags) and run_git(source.root, "rev-list", "-n", "1", tag).strip() != source.commit


def run_git(root: Path, *arguments: str) -> str:
    """Return what Git prints."""
    return subprocess.run(
        ["git", *arguments], cwd=root, check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout
