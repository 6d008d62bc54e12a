"""The README's tables agree with the contract, and the commands it names exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from vision_ai import AsyncVisionAI, VisionAI, errors

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DIST = ROOT / "openapi" / "dist"
DOCUMENT = json.loads((DIST / "vision-ai.json").read_text(encoding="utf-8"))
DOCUMENT_V2 = json.loads((DIST / "vision-ai-v2.json").read_text(encoding="utf-8"))

Operation = tuple[str, str, str]
"""Endpoint, effect and method."""


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading."""
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def list_operations(document: Any) -> dict[str, Operation]:
    """Return the operations of a document by their methods."""
    return {
        (method := snake(operation["operationId"])): (f"{verb.upper()} {path}", operation["x-effect"], method)
        for path, item in document["paths"].items()
        for verb, operation in item.items()
        if not operation.get("deprecated")
    }


def read_operation(row: list[str]) -> Operation:
    method, endpoint, effect, *_ = row
    return endpoint.strip("`"), effect, re.match(r"`(\w+)", method)[1]  # type: ignore[index]


def test_the_table_of_operations_matches_the_contract() -> None:
    table = [row for row in rows("Operations") if len(row) == 5]
    assert {read_operation(row) for row in table} == set(list_operations(DOCUMENT).values())


def test_the_table_of_operations_says_what_v2_has() -> None:
    operations, in_v2 = list_operations(DOCUMENT), list_operations(DOCUMENT_V2)
    unknown = {snake(name) for each in DOCUMENT_V2["x-unknown-operations"] for name in each["replaces"]}
    for row in rows("Operations"):
        if len(row) == 5:
            method = read_operation(row)[2]
            if method not in in_v2:
                expected = "not known" if method in unknown else "–"
            elif in_v2[method][0] == operations[method][0]:
                expected = "the same"
            else:
                expected = f"`{in_v2[method][0].partition(' ')[0]}`"
            assert row[4] == expected, method


def test_the_table_of_operations_of_v2_matches_its_contract() -> None:
    known = list_operations(DOCUMENT)
    own = {each for method, each in list_operations(DOCUMENT_V2).items() if method not in known}
    assert {read_operation(row) for row in rows("Operations") if len(row) == 4} == own


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda letter: "_" + letter[1].lower(), name)


def test_every_method_in_the_tables_exists_on_both_clients() -> None:
    for method, *_ in rows("Operations"):
        name = re.match(r"`(\w+)", method)[1]  # type: ignore[index]
        assert callable(getattr(VisionAI, name))
        assert callable(getattr(AsyncVisionAI, name))


def test_every_error_is_in_the_readme() -> None:
    for name in errors.__all__:
        assert f"`{name}`" in README, name


def test_every_make_command_is_a_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    assert targets >= {"demo", "test", "emulator", "generate", "check-generated"}
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
