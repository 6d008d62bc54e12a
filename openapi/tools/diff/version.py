"""The version number that a set of changes requires."""

from __future__ import annotations

import re

from diff.changes import Change, Impact

REQUIRED_VERSION = {
    Impact.EDITORIAL: "a patch version (only descriptions and examples changed)",
    Impact.ADDITION: "a minor version (there are additions, and no consumer breaks)",
    Impact.BREAKING: "a major version (consumers break)",
}

Version = tuple[int, int, int]


def impact_of(changes: list[Change]) -> Impact | None:
    """Return the highest impact of the changes, or None if there are no changes."""
    return max((change.impact for change in changes), default=None)


def check_version(old: str, new: str, impact: Impact | None) -> str | None:
    """Return a message if the new version is too low for the changes, else None."""
    before, after = _parse(old), _parse(new)
    if before is None or after is None:
        return f"info.version must be three numbers such as 1.2.0. It changed from {old} to {new}."
    if after < before:
        return f"info.version decreased from {old} to {new}."
    if impact is None or after >= (required := _increment(before, impact)):
        return None
    state = f"is still {old}" if new == old else f"increased only from {old} to {new}"
    lowest = ".".join(map(str, required))
    reason = f"the changes require {REQUIRED_VERSION[impact]}"
    return f"info.version {state}, but {reason}. Set it to {lowest} or higher."


def _parse(version: str) -> Version | None:
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _increment(version: Version, impact: Impact) -> Version:
    major, minor, patch = version
    match impact:
        case Impact.BREAKING:
            return (major + 1, 0, 0)
        case Impact.ADDITION:
            return (major, minor + 1, 0)
        case Impact.EDITORIAL:
            return (major, minor, patch + 1)
