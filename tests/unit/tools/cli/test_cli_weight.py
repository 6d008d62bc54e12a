"""The program imports what a command needs when it is called, and nothing before."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
from shared_cli import make_environment, run_cli

from vision_ai_tools.cli.app import COMMANDS, CommandEntry

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


def imported_by(*arguments: str) -> set[str]:
    program = (
        "import sys, atexit\n"
        f"sys.argv = ['vision-ai', *{list(arguments)!r}]\n"
        "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))\n"
        "from vision_ai_tools.cli import main\n"
        "sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=make_environment(), check=True
    )
    return set(done.stderr.splitlines()[-1].split())


def find_heavy(modules: set[str]) -> set[str]:
    return {name for name in HEAVY if name in modules}


def test_version_imports_nothing_heavy() -> None:
    modules = imported_by("--version")
    assert "typer" in modules and find_heavy(modules) == set()
    assert not [name for name in modules if name.startswith("vision_ai_tools.cli.commands")]


def test_help_imports_no_command() -> None:
    modules = imported_by("--help")
    assert find_heavy(modules) == {"rich"}
    assert {name for name in modules if name.startswith("vision_ai_tools.")} == {
        *("vision_ai_tools.cli", "vision_ai_tools.cli.app", "vision_ai_tools.cli.failures"),
        *("vision_ai_tools.cli.options", "vision_ai_tools.cli.output", "vision_ai_tools.cli.printable"),
        *("vision_ai_tools.cli.shared_options", "vision_ai_tools.cli.installed"),
        "vision_ai_tools.cli.help_texts",
    }


@pytest.mark.parametrize("name", ["recognize", "items", "restore", "record"])
def test_help_of_a_command_does_not_import_the_sdk(name: str) -> None:
    assert find_heavy(imported_by(name, "--help")) == {"rich"}


def test_a_call_imports_its_own_command_and_the_sdk() -> None:
    modules = imported_by("info", "--json", "--url", "emulator:")
    assert "vision_ai" in modules
    commands = {entry.target.partition(":")[0] for entry in COMMANDS} - {"info", "options"}
    assert not {f"vision_ai_tools.cli.commands.{name}" for name in commands} & modules


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_listed_command_exists(entry: CommandEntry) -> None:
    module, _, attribute = entry.target.partition(":")
    assert hasattr(import_module(f"vision_ai_tools.cli.commands.{module}"), attribute)


def test_the_version_is_that_of_the_distribution() -> None:
    from vision_ai import __version__

    assert run_cli("--version").out == f"vision-ai {__version__}\n"
