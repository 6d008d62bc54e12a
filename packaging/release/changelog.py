"""The section of CHANGELOG.md that describes a version."""

from __future__ import annotations

import re

from .source import ReleaseError

HEADING = re.compile(r"^## (?P<version>\S+)(?: – (?P<date>\d{4}-\d\d-\d\d))?$", re.MULTILINE)


def cut_section(text: str, version: str) -> str:
    """Return the section of a version, without its heading.

    Raises:
        ReleaseError: it is missing, has no date, or is empty; or something waits under `Unreleased`.
    """
    headings = list(HEADING.finditer(text))
    sections = {
        each["version"]: (
            each["date"],
            text[each.end() : following.start() if following else len(text)].strip(),
        )
        for each, following in zip(headings, [*headings[1:], None], strict=True)
    }
    date, section = sections.get(version, (None, ""))
    if date is None or not section:
        raise ReleaseError(f"CHANGELOG.md needs a section `## {version} – YYYY-MM-DD` with what changed")
    if sections.get("Unreleased", (None, ""))[1]:
        raise ReleaseError(
            f"CHANGELOG.md has entries under Unreleased: move them to {version}, or to a later version"
        )
    return section + "\n"
