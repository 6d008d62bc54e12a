"""docs/conformance.md: its examples run, and its tables match the program."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import vision_ai_tools.conformance
from vision_ai import Profile
from vision_ai_emulator import Emulator
from vision_ai_tools.conformance import EFFECTS, FURTHER
from vision_ai_tools.conformance.readings import READINGS

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
PACKAGE = Path(vision_ai_tools.conformance.__file__).parent


def find_code(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def parse_table(head: str) -> list[list[str]]:
    """Return the cells of the table with that head."""
    table = PAGE.split(f"\n{head}\n")[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[1:]]


def test_its_examples_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    emulator = Emulator()
    monkeypatch.setenv("VISION_AI_URL", emulator.url)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for text in find_code("python"):
        exec(text, names)
    assert {each.name for each in tmp_path.iterdir()} == {
        "module-profile.json",
        "old-tills.json",
        "module.json",
        "module.md",
    }
    assert set(emulator.acted) and json.loads(Path("module.json").read_text(encoding="utf-8"))["conforms"]


def test_its_profile_is_valid() -> None:
    [text] = find_code("json")
    assert Profile.from_dict(json.loads(text)).to_dict() == json.loads(text)
    schema = json.loads((PACKAGE / "profile.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(text))
    keys = {
        key for row in parse_table("| key | meaning | default |") for key in re.findall(r"`(\w+)`", row[0])
    }
    assert keys == schema["properties"].keys() - {"vision_ai_profile"}


def test_its_levels_match_the_program() -> None:
    decided: dict[str, str] = {}
    levels = parse_table("| level | what the run does | decides | what it leaves |")
    for level, _, readings, _ in levels:
        decided |= dict.fromkeys(re.findall(r"[AB]\d+", readings), level.split("`")[1])
    assert decided == {
        each.id: f"{each.level} --also reset_device" if each.id == "A13" else each.level
        for each in READINGS
        if each.level is not None
    }
    named = " ".join(row[0] for row in levels)
    assert all(f"`{each}`" in named for each in EFFECTS) and all(
        f"--also {each}`" in named for each in FURTHER
    )


def test_every_reading_is_explained() -> None:
    assert [row[0] for row in parse_table("| | decided by | otherwise if |")] == [
        each.id for each in READINGS
    ]


def test_its_links_lead_to_files() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", PAGE)
    assert links and all((ROOT / "docs" / link).is_file() for link in links)
