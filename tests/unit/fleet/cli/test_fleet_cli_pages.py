"""The help of every command of the fleet, and what its hints say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shared_cli import run_cli
from typer.main import get_command

from vision_ai_fleet import cli
from vision_ai_fleet.cli import agent, fleet

SOURCES = Path(cli.__file__).parents[1]
MENTIONED = re.compile(r"vision-ai ((?:fleet|agent) [a-z]+)")


def find_commands(words: tuple[str, ...], command: Any) -> Iterator[tuple[str, ...]]:
    yield words
    for name, each in getattr(command, "commands", {}).items():
        yield from find_commands((*words, name), each)


COMMANDS = [
    *find_commands(("fleet",), get_command(fleet.app)),
    *find_commands(("agent",), get_command(agent.app)),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_page_has_usage_description_and_options(command: tuple[str, ...]) -> None:
    page = "\n".join(line.rstrip() for line in run_cli(*command, "--help").out.strip().splitlines())
    usage, _, rest = page.partition("\n\n")
    assert f"vision-ai {' '.join(command)}" in usage
    assert re.match(r"\s+[A-Z][^╭]*[.:]\n", rest), "a sentence about what the command does"
    assert "--json" in page and "--url" not in page
    assert max(map(len, page.splitlines())) <= 80


def test_every_command_that_a_text_names_exists() -> None:
    known = {" ".join(each) for each in COMMANDS}
    mentioned = {
        (path.name, command)
        for path in SOURCES.rglob("*.py")
        for command in MENTIONED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(mentioned) > 20
    assert {each for each in mentioned if each[1] not in known} == set()
