"""Texts for people in several languages, by their codes: one JSON file for each tool that has any."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "ru", "zh"]
TEXTS_FILE = Path(__file__).parents[1] / "doctor" / "texts.json"
"""The texts of the doctor and the link: for each code in each language, with the names of its values in braces."""


def format_text(
    code: str, values: Mapping[str, str], language: Language = "en", file: Path = TEXTS_FILE
) -> str:
    """Format the text for a code: in English where it does not exist in the language."""
    texts = _load_texts(file)[code]
    return texts.get(language, texts["en"]).format_map(values)


@cache
def _load_texts(file: Path) -> dict[str, dict[Language, str]]:
    return json.loads(file.read_text(encoding="utf-8"))
