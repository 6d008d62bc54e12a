"""Debian's packages, from where this computer gets its own."""

from __future__ import annotations

import subprocess


def find_mirror() -> str | None:
    """Return the mirror that this computer's apt uses; None where it has no package lists (`apt-get update`)."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    return next((each for each in found if "security" not in each), None)
