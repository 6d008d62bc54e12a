"""docs/command-line.md matches the program.

VISION_AI_PICTURES=1 regenerates its help pages and pictures.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from help_pages import (
    HEADING,
    PAGE,
    PICTURES,
    get_help,
    render_help_chapter,
    render_page,
    render_screens,
    render_svg,
)
from shared_cli import parse_json_lines, run_cli

from vision_ai_emulator import Emulator
from vision_ai_fleet import cli as fleet_cli
from vision_ai_tools import cli
from vision_ai_tools.cli.app import COMMANDS

REGENERATES = os.environ.get("VISION_AI_PICTURES") == "1"
SERIAL = "12345678"
SOURCES = (Path(cli.__file__).parent, Path(fleet_cli.__file__).parent)
REMEDY = "regenerate it: VISION_AI_PICTURES=1 pytest tests/unit/tools/cli/test_cli_pages.py"


def test_the_help_pages_are_current() -> None:
    chapter = render_help_chapter()
    if REGENERATES:
        PAGE.write_text(render_page(chapter))
    written = PAGE.read_text().partition(HEADING)
    assert written[1] + written[2] == chapter, REMEDY


@pytest.mark.parametrize("name", [entry.name for entry in COMMANDS])
def test_every_help_page_has_usage_description_and_options(name: str) -> None:
    page = get_help(name)
    usage, _, rest = page.partition("\n")
    assert f"vision-ai {name}" in usage
    assert re.match(r"\s+[A-Z][^╭]*[.:]\n", rest), "a sentence about what the command does"
    assert "╭─ Options" in page and "--json" in page and "--url" in page
    assert max(map(len, page.splitlines())) <= 80


def parse_result_table() -> Iterator[tuple[str, Any]]:
    """Yield the rows of the page's table of results: a command line and an example of its result."""
    table = PAGE.read_text().partition("| command | `result` |")[2].partition("\n\n")[0]
    for row in table.splitlines()[2:]:
        _, command, result, _ = re.split(r"(?<!\\)\|", row)
        yield command.strip().strip("`"), json.loads(result.strip().strip("`"))


def get_shape(value: Any) -> Any:
    """Return the names and types of the fields. A list is described by its first entry."""
    if isinstance(value, dict):
        return {name: get_shape(each) for name, each in sorted(value.items())}
    if isinstance(value, list):
        return [get_shape(each) for each in value[:1]]
    return type(value).__name__


def test_results_have_the_documented_fields(emulator: Emulator, url: str, tmp_path: Path) -> None:
    examples = dict(parse_result_table())
    values = {"FILE": "backup.evo", "SERIAL": SERIAL, "SID": "1"}
    assert len(examples) > 15
    (tmp_path / "plu.csv").write_text("id,name\n001,Apple\n002,Pear\n")
    for command, example in examples.items():
        words = [values.get(word, word) for word in command.split()]
        if words[0] == "feedback":
            words[1] = run_cli("recognize", "--json", url=url).value["sid"]
        if words[:2] == ["items", "delete"]:
            run_cli("items", "register", "002", "Pear", url=url)
        result = run_cli(*words, "--json", url=url, cwd=tmp_path)
        assert get_shape(result.value) == get_shape(example), command
        if words[0] == "backup":
            (tmp_path / result.value["file"]).rename(tmp_path / "backup.evo")


def test_errors_and_progress_have_the_documented_fields(emulator: Emulator, url: str, tmp_path: Path) -> None:
    text = PAGE.read_text()
    error, progress = (
        json.loads(each) for each in re.findall(r'^\{"event": "(?:error|progress)".*$', text, re.M)
    )
    emulator.fail_next(error["error"]["code"], "get_image")
    result = run_cli("image", "pan.jpg", "--json", "--record", "no/x.har", url=url, cwd=tmp_path)
    assert (result.status, result.error["kind"]) == (1, "file")
    result = run_cli("image", "pan.jpg", "--json", url=url, cwd=tmp_path)
    assert result.json == error
    lines = parse_json_lines(run_cli("backup", "--json", "--poll", "0.05", url=url, cwd=tmp_path).err)
    assert get_shape(lines[-1]) == get_shape(progress)


def test_its_shell_commands_work_with_the_emulator(url: str, tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    commands = [line for block in blocks for line in block.splitlines() if line.startswith("vision-ai ")]
    commands.remove("vision-ai emulator")  # it runs until Ctrl-C
    assert len(commands) >= 5
    for command in commands:
        result = run_cli(*command.split()[1:], url=url, cwd=tmp_path)
        assert result.status == 0, (command, result)


def test_every_kind_of_error_is_documented() -> None:
    sources = "".join(each.read_text() for folder in SOURCES for each in folder.rglob("*.py"))
    kinds = set(re.findall(r'kind="([a-z]+)"', sources))
    assert kinds
    missing = [kind for kind in sorted(kinds) if f"`{kind}`" not in PAGE.read_text()]
    assert missing == []


def test_pictures_show_the_program(emulator: Emulator, url: str, tmp_path: Path) -> None:
    folder = PICTURES if REGENERATES else tmp_path
    pictures: dict[str, str] = {}
    run_cli("items", "teach", "001", "Apple", url=url)
    emulator.put("pear")
    commands = ("info", "items teach 002 Pear --no-wait", "recognize --confirm 002")
    first = render_screens(*commands, url=url, cwd=tmp_path)
    pictures["look"] = render_svg(first, "A first look")
    assert "confirmed" in first.plain and "Firmware" in first.plain
    poll = "" if REGENERATES else " --poll 0.05"
    transfers = render_screens(f"backup{poll}", url=url, cwd=tmp_path).append("\n\n")
    [backup] = tmp_path.glob("*.evo")
    transfers += render_screens(f"restore {backup.name} --yes {SERIAL}{poll}", url=url, cwd=tmp_path)
    pictures["backup"] = render_svg(transfers, "A backup")
    emulator.fail_next(-6103, "get_result")
    errors = ("recognize", "info --url http://127.0.0.1:9", "errors -6141")
    failures = render_screens(*errors, url=url, cwd=tmp_path)
    pictures["errors"] = render_svg(failures, "Errors")
    emulator.fail_next(-6103, "get_image")
    diagnosis = render_screens("doctor", url=url, cwd=tmp_path)
    pictures["doctor"] = render_svg(diagnosis, "The doctor")
    assert "camera" in diagnosis.plain and "✗" in diagnosis.plain
    for name, picture in pictures.items():
        assert "://" not in picture.replace("http://www.w3.org", "").replace("http://127.0.0.1", "")
        (folder / f"command-line-{name}.svg").write_text(picture)
