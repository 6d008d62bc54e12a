"""The texts of the doctor and the link, in English, Russian and Chinese, by their codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "ru", "zh"]
TEXTS_FILE = Path(__file__).parents[1] / "doctor" / "texts.json"
"""The text for each code in each language, with the names of its values in braces."""


def format_text(code: str, values: Mapping[str, str], language: Language = "en") -> str:
    """Format the text for a code."""
    texts = _load_texts()[code]
    return texts.get(language, texts["en"]).format_map(values)


@cache
def _load_texts() -> dict[str, dict[Language, str]]:
    return json.loads(TEXTS_FILE.read_text(encoding="utf-8"))
