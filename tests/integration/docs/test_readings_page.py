"""docs/readings.md explains every reading of the contract."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "readings.md").read_text(encoding="utf-8")
CONTRACT = (ROOT / "openapi" / "vision-ai.yaml").read_text(encoding="utf-8")
READINGS = re.findall(r"^    - \*\*(A\d+)\*\*", CONTRACT, re.MULTILINE)
LEVELS = {
    reading: level
    for level, readings in re.findall(
        r"^\| `(read|act|destructive)[^`]*`.*\| [^|]* \| ([^|]+) \| [^|]+ \|$",
        (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    for reading in readings.split(", ")
}


def read_section(reading: str) -> str:
    return PAGE.partition(f"\n### {reading}\n")[2].partition("\n##")[0]


def test_the_page_has_the_readings_of_the_contract() -> None:
    assert len(READINGS) == 28
    assert sorted(re.findall(r"^### (\w+)$", PAGE, re.MULTILINE)) == sorted(READINGS)


@pytest.mark.parametrize("reading", READINGS)
def test_each_reading_has_its_four_parts(reading: str) -> None:
    section = read_section(reading)
    assert re.match(r"\n\*\*[^*]+\.\*\* ", section), "what the vendor's text says"
    for part in ("Reading: ", "The SDK", "Conformance"):
        assert f"\n- {part}" in section, part


@pytest.mark.parametrize("reading", READINGS)
def test_it_names_the_level_that_decides_a_reading(reading: str) -> None:
    level = re.search(r"^- Conformance \(`(\w+)", read_section(reading), re.MULTILINE)
    known = LEVELS.get(reading)
    if reading == "A12":  # its restore comes with a higher level
        assert level is not None and level[1] == known == "act"
    else:
        assert (level and level[1]) == known
