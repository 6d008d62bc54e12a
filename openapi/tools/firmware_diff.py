"""What a new firmware's contract means for those who use it, compared with the contract at a git reference.

python openapi/tools/firmware_diff.py BASE

Says of each change whether it breaks a consumer and which, wants `info.version` to have risen accordingly,
and prints the entry for CHANGELOG.md. Ends with 1 if the version has not risen enough.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable
from pathlib import Path

from changes import ADDED, CHANGED, DEPRECATED, REMOVED, Change, Impact
from compare import compare
from document import CONTRACT, Node, load

RISES = {
    Impact.WORDS: "a patch (only words and examples have changed)",
    Impact.ADDITION: "a minor version (something is new, and nobody is hurt)",
    Impact.BREAKING: "a major version (a consumer breaks)",
}
TITLES = {
    Impact.BREAKING: "Breaks consumers",
    Impact.ADDITION: "New or more generous, nobody is hurt",
    Impact.WORDS: "Only words and examples",
}


def impact_of(changes: list[Change]) -> Impact | None:
    return max((change.impact for change in changes), default=None)


def version_findings(old: str, new: str, impact: Impact | None) -> list[str]:
    """What is wrong with the version, in sentences; empty if it has risen enough."""
    numbers = [_numbers(version) for version in (old, new)]
    if numbers[0] is None or numbers[1] is None:
        return [f"info.version is to be three numbers such as 1.2.0, it is {new} (and was {old})."]
    if numbers[1] < numbers[0]:
        return [f"info.version has fallen from {old} to {new}."]
    if impact is None:
        return []
    wanted = _raised(numbers[0], impact)
    if numbers[1] >= wanted:
        return []
    least = ".".join(map(str, wanted))
    risen = (
        f"info.version is still {old}" if new == old else f"info.version has risen only from {old} to {new}"
    )
    return [f"{risen}, and the changes ask for {RISES[impact]}: set it to {least} or higher."]


def report(changes: list[Change]) -> str:
    lines: list[str] = []
    for impact in sorted(TITLES, reverse=True):
        found = [change for change in changes if change.impact is impact]
        if found and impact is Impact.WORDS:
            lines += [TITLES[impact], *_wrapped([", ".join(change.where for change in found)]), ""]
        elif found:
            lines += [TITLES[impact], *_wrapped(_with_victims(change) for change in found), ""]
    return "\n".join(lines) or "Nothing has changed.\n"


def changelog_entry(old: str, new: str, changes: list[Change]) -> str:
    """A piece of a Keep-a-Changelog file, to go under `Unreleased`."""
    sections: dict[str, list[str]] = {heading: [] for heading in (ADDED, CHANGED, DEPRECATED, REMOVED)}
    sections[CHANGED].append(f"The contract is {new}, it was {old}.")
    for change in changes:
        if change.impact is not Impact.WORDS:
            mark = "**Breaking:** " if change.impact is Impact.BREAKING else ""
            sections[change.heading].append(f"{mark}{_sentence(str(change))}")
    reworded = [change.where for change in changes if change.impact is Impact.WORDS]
    if reworded:
        sections[CHANGED].append(f"Words and examples of {', '.join(reworded)}.")
    parts = [
        "\n".join([f"### {heading}", "", *_wrapped(lines, indent="")])
        for heading, lines in sections.items()
        if lines
    ]
    return "\n\n".join(parts) + "\n"


def contract_at(reference: str, contract: Path = CONTRACT) -> Node:
    """The contract of a git reference; SystemExit says in words why there is none."""
    root = contract.parents[1]
    name = f"{reference}:{contract.relative_to(root).as_posix()}"
    shown = subprocess.run(
        ["git", "-C", str(root), "show", name], capture_output=True, text=True, encoding="utf-8"
    )
    if shown.returncode != 0:
        raise SystemExit(f"There is no contract at {reference!r}: {shown.stderr.strip()}")
    return load(shown.stdout)


def second_opinion(old: Node, new: Node) -> Impact | None:
    """What Redocly thinks: its comparison is experimental and knows none of our extensions."""
    from node_tools import HERE, redocly

    with tempfile.TemporaryDirectory() as scratch:
        files = [Path(scratch) / name for name in ("old.json", "new.json")]
        for file, document in zip(files, (old, new), strict=True):
            file.write_text(json.dumps(document), encoding="utf-8")
        settings = ["--config", str(HERE / "redocly-diff.yaml"), "--format=json", "--fail-on=none"]
        result = redocly("diff", *map(str, files), *settings)
    try:
        opinion: Node = json.loads(result.stdout)
    except ValueError:
        raise RuntimeError(f"Redocly has no opinion: {result.stdout}{result.stderr}") from None
    return {"major": Impact.BREAKING, "minor": Impact.ADDITION, "patch": Impact.WORDS}.get(
        opinion.get("bump", "")
    )


def _numbers(version: str) -> tuple[int, int, int] | None:
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _raised(version: tuple[int, int, int], impact: Impact) -> tuple[int, int, int]:
    major, minor, patch = version
    match impact:
        case Impact.BREAKING:
            return (major + 1, 0, 0)
        case Impact.ADDITION:
            return (major, minor + 1, 0)
        case Impact.WORDS:
            return (major, minor, patch + 1)


def _with_victims(change: Change) -> str:
    victims = " and ".join(consumer.value for consumer in change.hurts)
    return f"{change}{f' (hurts {victims})' if victims else ''}"


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _wrapped(lines: Iterable[str], indent: str = "  ") -> list[str]:
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


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("base", help="a git reference: a tag, a branch, a commit")
    arguments.add_argument("--contract", type=Path, default=CONTRACT, help="the contract of the working tree")
    options = arguments.parse_args()
    contract: Path = options.contract.resolve()

    old, new = contract_at(options.base, contract), load(contract)
    try:
        changes = compare(old, new)
    except KeyError as missing:
        sys.exit(
            f"Something lacks its {missing}, so that nothing can be compared: `make contract` says where."
        )
    impact = impact_of(changes)
    versions: tuple[str, str] = old["info"]["version"], new["info"]["version"]
    print(f"The contract at {options.base} is {versions[0]}, the one here is {versions[1]}.\n")
    print(report(changes))
    if changes:
        print(f"For CHANGELOG.md:\n\n{changelog_entry(*versions, changes)}")
    _print_second_opinion(old, new, impact)

    findings = version_findings(*versions, impact)
    print("\n".join(findings), end="\n" if findings else "", file=sys.stderr)
    if not findings and impact is not None:
        print(f"info.version has risen enough: {versions[0]} to {versions[1]}.")
    return 1 if findings else 0


def _print_second_opinion(old: Node, new: Node, impact: Impact | None) -> None:
    from node_tools import installed

    if not installed() or impact is None:
        return
    other = second_opinion(old, new)
    if other is not None and other > impact:
        print(
            f"Redocly takes this for more: {RISES[other]}. A new value of an enumeration is breaking to it "
            "and an addition here, where clients keep what they do not know; if there is none, look again.\n"
        )


if __name__ == "__main__":
    sys.exit(main())
