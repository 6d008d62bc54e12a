"""The digests of everything that is handed out."""

from __future__ import annotations

import hashlib
from pathlib import Path

NAME = "SHA256SUMS"


def compute_digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_checksums(folder: Path) -> None:
    """Write the digest of each file of a folder, as `sha256sum --check` reads them."""
    files = sorted(each for each in folder.iterdir() if each.is_file() and each.name != NAME)
    text = "".join(f"{compute_digest(each)}  {each.name}\n" for each in files)
    (folder / NAME).write_text(text, encoding="utf-8", newline="\n")
