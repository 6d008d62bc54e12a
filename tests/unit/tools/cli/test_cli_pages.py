"""docs/command-line.md shows the program as it is.

With VISION_AI_PICTURES=1 its help pages and pictures are written anew.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_pages import HEADING, PAGE, PICTURES, help_of, help_pages, page_with, screen, svg
from cli_program import json_lines, vision_ai

from vision_ai_emulator import Emulator
from vision_ai_tools import cli
from vision_ai_tools.cli.app import COMMANDS

WRITES = os.environ.get("VISION_AI_PICTURES") == "1"
SERIAL = "12345678"
SOURCES = Path(cli.__file__).parent
REMEDY = "VISION_AI_PICTURES=1 pytest tests/unit/tools/cli/test_cli_pages.py writes it anew"


def test_the_help_pages_are_current() -> None:
    chapter = help_pages()
    if WRITES:
        PAGE.write_text(page_with(chapter))
    written = PAGE.read_text().partition(HEADING)
    assert written[1] + written[2] == chapter, REMEDY


@pytest.mark.parametrize("name", [line.name for line in COMMANDS])
def test_every_help_page_says_how_what_and_which(name: str) -> None:
    page = help_of(name)
    usage, _, rest = page.partition("\n")
    assert f"vision-ai {name}" in usage
    assert re.match(r"\s+[A-Z][^╭]*[.:]\n", rest), "a sentence that says what it does"
    assert "╭─ Options" in page and "--json" in page and "--url" in page
    assert max(map(len, page.splitlines())) <= 80


def documented() -> Iterator[tuple[str, Any]]:
    """The rows of the page's table of results: a command line, and an example of its result."""
    table = PAGE.read_text().partition("| command | `result` |")[2].partition("\n\n")[0]
    for row in table.splitlines()[2:]:
        _, command, result, _ = re.split(r"(?<!\\)\|", row)
        yield command.strip().strip("`"), json.loads(result.strip().strip("`"))


def shape(value: Any) -> Any:
    """Which fields there are, and of which types; a list by its first entry."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in sorted(value.items())}
    if isinstance(value, list):
        return [shape(each) for each in value[:1]]
    return type(value).__name__


def test_results_have_the_documented_fields(emulator: Emulator, url: str, tmp_path: Path) -> None:
    wanted = dict(documented())
    given = {"FILE": "backup.evo", "SERIAL": SERIAL, "SID": "1"}
    assert len(wanted) > 15
    for command, result in wanted.items():
        words = [given.get(word, word) for word in command.split()]
        if words[0] == "feedback":
            words[1] = vision_ai("recognize", "--json", url=url).value["sid"]
        if words[:2] == ["items", "delete"]:
            vision_ai("items", "register", "002", "Pear", url=url)
        told = vision_ai(*words, "--json", url=url, cwd=tmp_path)
        assert shape(told.value) == shape(result), command
        if words[0] == "backup":
            (tmp_path / told.value["file"]).rename(tmp_path / "backup.evo")


def test_errors_and_progress_have_the_documented_fields(emulator: Emulator, url: str, tmp_path: Path) -> None:
    text = PAGE.read_text()
    error, progress = (
        json.loads(each) for each in re.findall(r'^\{"event": "(?:error|progress)".*$', text, re.M)
    )
    emulator.fail_next(error["error"]["code"], "get_image")
    told = vision_ai("image", "pan.jpg", "--json", "--record", "no/x.har", url=url, cwd=tmp_path)
    assert (told.status, told.error["kind"]) == (1, "file")
    told = vision_ai("image", "pan.jpg", "--json", url=url, cwd=tmp_path)
    assert told.answer == error
    lines = json_lines(vision_ai("backup", "--json", "--poll", "0.05", url=url, cwd=tmp_path).err)
    assert shape(lines[-1]) == shape(progress)


def test_every_kind_of_error_is_documented() -> None:
    sources = "".join(each.read_text() for each in SOURCES.rglob("*.py"))
    kinds = set(re.findall(r'kind="([a-z]+)"', sources))
    assert kinds
    missing = [kind for kind in sorted(kinds) if f"`{kind}`" not in PAGE.read_text()]
    assert missing == []


def test_pictures_show_the_program(emulator: Emulator, url: str, tmp_path: Path) -> None:
    folder = PICTURES if WRITES else tmp_path
    pictures: dict[str, str] = {}
    vision_ai("items", "teach", "001", "Apple", url=url)
    emulator.put("pear")
    looked = ("info", "items teach 002 Pear --no-wait", "recognize --confirm 002")
    first = screen(*looked, url=url, cwd=tmp_path)
    pictures["look"] = svg(first, "A first look")
    assert "confirmed" in first.plain and "Firmware" in first.plain
    poll = "" if WRITES else " --poll 0.05"
    moved = screen(f"backup{poll}", url=url, cwd=tmp_path).append("\n\n")
    [backup] = tmp_path.glob("*.evo")
    moved += screen(f"restore {backup.name} --yes {SERIAL}{poll}", url=url, cwd=tmp_path)
    pictures["backup"] = svg(moved, "A backup")
    emulator.fail_next(-6103, "get_result")
    wrong = screen("recognize", "info --url http://127.0.0.1:9", "errors -6141", url=url, cwd=tmp_path)
    pictures["errors"] = svg(wrong, "When something is wrong")
    emulator.fail_next(-6103, "get_image")
    examined = screen("doctor", url=url, cwd=tmp_path)
    beside_python = f"{Path(sys.executable).parent}/"  # where the program names itself by its whole path
    pictures["doctor"] = svg(examined, "The doctor").replace(beside_python, "")
    assert "camera" in examined.plain and "✗" in examined.plain
    for name, picture in pictures.items():
        assert "://" not in picture.replace("http://www.w3.org", "").replace("http://127.0.0.1", "")
        (folder / f"command-line-{name}.svg").write_text(picture)
