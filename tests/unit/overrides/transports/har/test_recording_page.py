"""The page about recordings lists what is redacted."""

from __future__ import annotations

import re
from pathlib import Path

from vision_ai._redaction import SECRET_HEADERS

ROOT = Path(__file__).parents[5]
PAGE = ROOT / "docs" / "recording.md"


def test_every_redacted_header_is_in_the_table() -> None:
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if "Authorization" in line)
    assert {name.lower() for name in re.findall(r"`([A-Za-z-]+)`", row)} - {"hidden"} == SECRET_HEADERS
