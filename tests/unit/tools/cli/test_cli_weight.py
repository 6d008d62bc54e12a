"""The program loads what a command needs when it is called, and nothing before."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
from cli_program import environment, vision_ai

from vision_ai_tools.cli.app import COMMANDS, Line

HEAVY = (
    "vision_ai",
    "httpx",
    "rich",
    "jsonschema",
    "pyroute2",
    "nicegui",
    "starlette",
    "uvicorn",
    "PIL",
)


def loaded_by(*arguments: str) -> set[str]:
    program = (
        "import sys, atexit\n"
        f"sys.argv = ['vision-ai', *{list(arguments)!r}]\n"
        "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))\n"
        "from vision_ai_tools.cli import main\n"
        "sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment(), check=True
    )
    return set(done.stderr.splitlines()[-1].split())


def heavy_among(modules: set[str]) -> set[str]:
    return {name for name in HEAVY if name in modules}


def test_the_version_loads_nothing_heavy() -> None:
    modules = loaded_by("--version")
    assert "typer" in modules and heavy_among(modules) == set()
    assert not [name for name in modules if name.startswith("vision_ai_tools.cli.commands")]


def test_a_list_of_commands_loads_no_command() -> None:
    modules = loaded_by("--help")
    assert heavy_among(modules) == {"rich"}
    assert {name for name in modules if name.startswith("vision_ai_tools.")} == {
        *("vision_ai_tools.cli", "vision_ai_tools.cli.app", "vision_ai_tools.cli.failures"),
        *("vision_ai_tools.cli.options", "vision_ai_tools.cli.output"),
    }


@pytest.mark.parametrize("name", ["recognize", "items", "restore", "record"])
def test_help_of_a_command_loads_no_sdk(name: str) -> None:
    assert heavy_among(loaded_by(name, "--help")) == {"rich"}


def test_a_call_loads_its_own_command_and_the_sdk() -> None:
    modules = loaded_by("info", "--json", "--url", "emulator:")
    assert "vision_ai" in modules
    commands = {line.target.partition(":")[0] for line in COMMANDS} - {"info", "options"}
    assert not {f"vision_ai_tools.cli.commands.{name}" for name in commands} & modules


@pytest.mark.parametrize("line", COMMANDS, ids=lambda line: line.name)
def test_every_command_that_is_listed_is_there(line: Line) -> None:
    module, _, attribute = line.target.partition(":")
    assert hasattr(import_module(f"vision_ai_tools.cli.commands.{module}"), attribute)


def test_the_version_is_that_of_the_distribution() -> None:
    from vision_ai import __version__

    assert vision_ai("--version").out == f"vision-ai {__version__}\n"
