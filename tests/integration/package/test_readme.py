"""The README's tables agree with the contract, and the commands it names exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

from vision_ai import AsyncVisionAI, VisionAI, errors

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENT = json.loads((ROOT / "openapi" / "dist" / "vision-ai.json").read_text(encoding="utf-8"))


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading."""
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_of_operations_matches_the_contract() -> None:
    listed = {
        (endpoint.strip("`"), effect, re.match(r"`(\w+)", method)[1])  # type: ignore[index]
        for method, endpoint, effect, *_ in (row for row in rows("Operations") if len(row) == 4)
    }
    contract = {
        (f"{verb.upper()} {path}", operation["x-effect"], snake(operation["operationId"]))
        for path, item in DOCUMENT["paths"].items()
        for verb, operation in item.items()
        if not operation.get("deprecated")
    }
    assert listed == contract


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
