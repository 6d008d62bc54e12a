"""Changes of the contract as text: a report for the terminal, and an entry for CHANGELOG.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from diff.changes import ADDED, CHANGED, DEPRECATED, REMOVED, Change, Impact

TITLES = {
    Impact.BREAKING: "Breaking changes",
    Impact.ADDITION: "Compatible changes",
    Impact.EDITORIAL: "Changes of descriptions and examples",
}


def format_report(changes: list[Change]) -> str:
    """List the changes by their impact, each with the consumers that it breaks."""
    lines: list[str] = []
    for impact, title in TITLES.items():
        group = [change for change in changes if change.impact is impact]
        if group and impact is Impact.EDITORIAL:
            lines += [title, *_list_items([", ".join(change.where for change in group)]), ""]
        elif group:
            lines += [title, *_list_changes(group), ""]
    return "\n".join(lines) or "The contract did not change.\n"


def format_changelog_entry(old: str, new: str, changes: list[Change]) -> str:
    """Format the changes for the section `Unreleased` of a changelog in the format of Keep a Changelog."""
    sections: dict[str, list[str]] = {heading: [] for heading in (ADDED, CHANGED, DEPRECATED, REMOVED)}
    sections[CHANGED].append(f"The version of the contract changed from {old} to {new}.")
    for change in changes:
        if change.impact is not Impact.EDITORIAL:
            mark = "**Breaking:** " if change.impact is Impact.BREAKING else ""
            sections[change.heading].append(f"{mark}{_sentence(str(change))}")
    editorial = [change.where for change in changes if change.impact is Impact.EDITORIAL]
    if editorial:
        sections[CHANGED].append(f"Descriptions and examples of {', '.join(editorial)}.")
    parts = [
        "\n".join([f"### {heading}", "", *_list_items(lines, indent="")])
        for heading, lines in sections.items()
        if lines
    ]
    return "\n\n".join(parts) + "\n"


def _list_changes(changes: list[Change]) -> list[str]:
    """Return one item for each change; several changes of one place are items under it."""
    places: dict[str, list[Change]] = {}
    for change in changes:
        places.setdefault(change.where or str(change), []).append(change)
    lines: list[str] = []
    for where, group in places.items():
        if len(group) == 1:
            lines += _list_items([f"{group[0]}{_consumers(group[0])}"])
        else:
            lines += _list_items([f"{where}:"])
            lines += _list_items((f"{change.text}{_consumers(change)}" for change in group), indent="    ")
    return lines


def _consumers(change: Change) -> str:
    *first, last = [consumer.value for consumer in change.breaks] or [""]
    consumers = " and ".join([", ".join(first), last] if first else [last])
    return f" (breaks {consumers})" if consumers else ""


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _list_items(lines: Iterable[str], indent: str = "  ") -> list[str]:
    return [
        textwrap.fill(
            line,
            100,
            initial_indent=f"{indent}- ",
            subsequent_indent=f"{indent}  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines
    ]
