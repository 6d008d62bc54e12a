"""What the doctor and the link say of what they see, in English and Chinese, from one table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]
CATALOGUE = Path(__file__).parents[1] / "doctor" / "texts.json"
"""Each code's sentence in each language, with the names of its values in braces."""


def said(code: str, values: Mapping[str, str], language: Language = "en") -> str:
    """The sentence for a code."""
    return _table()[code][language].format_map(values)


@cache
def _table() -> dict[str, dict[Language, str]]:
    return json.loads(CATALOGUE.read_text(encoding="utf-8"))
