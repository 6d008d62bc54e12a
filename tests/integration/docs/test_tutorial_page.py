"""docs/build-a-till.md, the tutorial, shows what the doctor prints."""

from __future__ import annotations

from pathlib import Path

from page_blocks import read_blocks

DOCS = Path(__file__).parents[3] / "docs"


def test_the_doctors_output_is_that_of_its_own_page() -> None:
    """A test with network namespaces compares docs/connection.md with the program."""
    connection = (DOCS / "connection.md").read_text(encoding="utf-8")
    [output] = [
        block.text
        for block in read_blocks((DOCS / "build-a-till.md").read_text(encoding="utf-8"))
        if block.language == "text"
    ]
    assert output in connection
