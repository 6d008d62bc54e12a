from __future__ import annotations

import json
import re
from string import Formatter

from vision_ai_tools.report import page

TEXTS: dict[str, dict[str, str]] = json.loads(page.TEXTS_FILE.read_text(encoding="utf-8"))
CODE = "".join(
    (page.TEXTS_FILE.parent / name).read_text(encoding="utf-8") for name in ("page.py", "page.html.j2")
)


def test_every_text_exists_in_each_language_with_the_same_values() -> None:
    for code, texts in TEXTS.items():
        assert list(texts) == ["en", "ru", "zh"], code
        assert all(texts.values()), code
        values = [
            sorted(filter(None, (name for _, name, _, _ in Formatter().parse(each))))
            for each in texts.values()
        ]
        assert values[0] == values[1] == values[2], code


def test_every_text_is_used() -> None:
    whole = set(re.findall(r"['\"]([a-z0-9_.]+)['\"]", CODE))
    prefixes = tuple(re.findall(r"['\"]([a-z_.]+[._])(?:['\"] ~|\{)", CODE))
    keys = {f"by_{each}" for each in ("module", "engine")}
    titles = {f"{section}.title" for section in page.SECTIONS}
    unused = [code for code in TEXTS if code not in whole | keys | titles and not code.startswith(prefixes)]
    assert unused == []
