"""The report uses only texts that exist, and each of them. test_translations.py checks the texts themselves."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

from vision_ai_tools.report import page
from vision_ai_translations import DOMAIN, LOCALE

FOLDER = Path(page.__file__).parent
CODE = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("page.py", "page.html.j2"))


def list_keys() -> list[str]:
    """List the keys of the report's texts."""
    with (LOCALE / "en" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return [str(each.id) for each in read_po(file) if each.context == "report"]


def test_every_text_is_used_and_every_used_text_exists() -> None:
    keys = list_keys()
    assert len(keys) > 50
    whole = set(re.findall(r"['\"]([a-z0-9_.]+)['\"]", CODE))
    prefixes = tuple(re.findall(r"['\"]([a-z_.]+[._])(?:['\"] ~|\{)", CODE))
    composed = {f"by_{each}" for each in ("module", "engine")} | {f"{each}.title" for each in page.SECTIONS}
    assert [key for key in keys if key not in whole | composed and not key.startswith(prefixes)] == []
    used = set(re.findall(r"\bt\('([a-z0-9_.]+)'[,)]", CODE)) | composed
    assert sorted(used - set(keys)) == []
