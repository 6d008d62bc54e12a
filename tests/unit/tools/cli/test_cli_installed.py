"""Commands that installed packages add to the program."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shared_cli import run_cli

from vision_ai_tools.cli.installed import OWN_DISTRIBUTION, find_installed_commands

Install = Callable[..., None]

MODULE = '''
from dataclasses import dataclass
from typing import Annotated

import typer

from vision_ai_tools.cli.failures import Failure
from vision_ai_tools.cli.options import BaseRun, PlainRun, make_command_decorator, make_group, plain_command
from vision_ai_tools.cli.shared_options import OutputOptions


@plain_command
def weigh(run: PlainRun, grams: int) -> None:
    """Show a weight."""
    run.emit({"grams": grams}, f"{grams} g")


@dataclass(frozen=True)
class ScaleOptions(OutputOptions):
    server: Annotated[str | None, typer.Option("--server", help="The server.")] = None


class ScaleRun(BaseRun[ScaleOptions]):
    loggers = ("scales_log",)

    @classmethod
    def describe_error(cls, error: BaseException) -> Failure:
        if isinstance(error, LookupError):
            return Failure(f"there is no {error}", "Look again.", status=4, kind="none")
        return super().describe_error(error)


scale_command = make_command_decorator(ScaleRun, ScaleOptions)
app = make_group("Control scales.", ScaleOptions)


@app.command("show")
@scale_command
def show(run: ScaleRun, name: str) -> None:
    """Show a scale."""
    import logging

    logging.getLogger("scales_log").debug("asked for %s", name)
    if name == "none":
        raise LookupError(name)
    if name == "broken":
        raise ZeroDivisionError(name)
    run.emit({"name": name, "server": run.options.server})
'''


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a distribution with one module, `scales_package`, and entry points."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)

    def install_package(module: str, *, name: str = "scales-package", **targets: str) -> None:
        (tmp_path / "scales_package.py").write_text(module)
        folder = tmp_path / f"{name.replace('-', '_')}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n" if name else ""
        )
        lines = [f"{command} = scales_package{target}" for command, target in targets.items()]
        (folder / "entry_points.txt").write_text("\n".join(["[vision_ai.commands]", *lines]))

    yield install_package
    for each in set(sys.modules) - before:
        if each == "scales_package":
            del sys.modules[each]


def read_panel(help: str, title: str) -> str:
    return help.partition(f"╭─ {title} ─")[2].partition("╰")[0]


def test_the_help_lists_commands_without_importing_them(install: Install) -> None:
    install(MODULE, weigh=":weigh", scales=":app")
    help = run_cli("--help").out
    others = read_panel(help, "Other packages")
    assert "weigh " in others and "scales " in others and others.count("From scales-package.") == 2
    assert "scales_package" not in sys.modules
    fleet = read_panel(help, "Fleet")
    assert "agent " in fleet and "fleet " in fleet and "From" not in fleet


def test_an_installed_command_runs(install: Install) -> None:
    install(MODULE, weigh=":weigh", scales=":app")
    assert run_cli("weigh", "12").out == "12 g\n"
    assert run_cli("weigh", "12", "--json").value == {"grams": 12}
    assert run_cli("--json", "scales", "show", "07").json["command"] == "scales show"
    assert "Show a scale." in run_cli("scales", "show", "--help").out


def test_shared_options_stand_before_or_after_the_command(install: Install) -> None:
    install(MODULE, scales=":app")
    words = (
        ("scales", "--server", "a", "show", "07", "--json"),
        ("scales", "show", "07", "--server", "a", "--json"),
        ("--json", "scales", "--server", "b", "show", "07", "--server", "a"),
    )
    for each in words:
        assert run_cli(*each).value == {"name": "07", "server": "a"}


def test_a_command_without_a_module_takes_no_options_for_one(install: Install) -> None:
    install(MODULE, weigh=":weigh", scales=":app")
    help = run_cli("weigh", "--help").out
    assert "--json" in help and "--verbose" in help and "--url" not in help and "--timeout" not in help
    for words in (("--url", "http://127.0.0.1:9", "weigh", "1"), ("--url", "x", "scales", "show", "07")):
        refused = run_cli(*words)
        assert refused.status == 2 and "takes no --url" in refused.failure[0]
        assert refused.failure[1] == "Leave out --url."
    # The environment is no option: it may be set for other commands.
    assert run_cli("weigh", "1", url="127.0.0.1:9").out == "1 g\n"


def test_a_package_describes_its_own_errors_and_prints_its_own_log(install: Install) -> None:
    install(MODULE, scales=":app")
    failed = run_cli("scales", "show", "none")
    assert (failed.status, failed.failure) == (4, ("there is no none", "Look again."))
    assert run_cli("scales", "show", "broken", "--json").error["kind"] == "defect"
    assert "scales_log: asked for 07" in run_cli("scales", "show", "07", "--verbose").err


@pytest.mark.parametrize(
    ("module", "target", "message"),
    [
        ("import a_package_that_nobody_has", ":app", "ModuleNotFoundError: No module named"),
        ("1 / 0", ":app", "ZeroDivisionError"),
        ("", ":app", "AttributeError"),
        ("app = 7", ":app", "TypeError: 7 is neither"),
        ("", "", "TypeError"),
        (MODULE, ":no name at all!", "Error"),
    ],
)
def test_a_broken_package_breaks_only_its_own_command(
    install: Install, module: str, target: str, message: str
) -> None:
    install(module, scales=target)
    help = run_cli("--help")
    assert help.status == 0 and "scales" in read_panel(help.out, "Other packages")
    failed = run_cli("scales")
    assert failed.status == 1
    assert failed.failure[0].startswith("vision-ai scales, a command of scales-package, cannot be imported: ")
    assert message in failed.failure[0]
    assert failed.failure[1] == "Update scales-package, or uninstall it."
    assert run_cli("errors", "-6103", "--json").status == 0


def test_a_package_takes_no_name_of_another_command(install: Install) -> None:
    install("1 / 0", errors=":app", fleet=":app", agent=":app")
    help = run_cli("--help").out
    assert "From" not in help
    assert run_cli("errors", "-6103", "--json").status == 0
    commands = find_installed_commands()
    assert (commands["fleet"].distribution, commands["agent"].distribution) == (OWN_DISTRIBUTION,) * 2


@pytest.mark.parametrize("damaged", ["METADATA", "entry_points.txt"])
def test_a_package_with_damaged_metadata_has_no_commands(
    install: Install, tmp_path: Path, damaged: str
) -> None:
    install(MODULE, weigh=":weigh")
    [file] = tmp_path.glob(f"*/{damaged}")
    file.write_bytes(b"\xff[]=\n" * 9)
    help = run_cli("--help")
    assert help.status == 0 and "weigh" not in help.out and "agent " in read_panel(help.out, "Fleet")


def test_names_that_no_shell_could_type_are_left_out(install: Install) -> None:
    install(MODULE, **{"we igh": ":weigh", "\x1b[31m": ":weigh", "--help": ":weigh", "weigh": ":weigh"})
    assert set(find_installed_commands()) == {"weigh", "agent", "fleet"}


def test_completion_and_suggestions_know_installed_commands(install: Install) -> None:
    install(MODULE, weigh=":weigh")
    completed = run_cli(_VISION_AI_COMPLETE="complete_bash", COMP_WORDS="vision-ai wei", COMP_CWORD="1")
    assert completed.out.split() == ["weigh"]
    assert "Did you mean 'weigh'?" in run_cli("weihg").failure[0]


@pytest.mark.parametrize("name", ["agent", "fleet"])
def test_a_command_of_the_sdk_whose_extra_is_missing_says_what_to_install(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = find_installed_commands()[name]
    monkeypatch.setitem(sys.modules, own.entry_point.module, None)
    failed = run_cli(name)
    assert (failed.status, failed.failure[1]) == (2, f"Install it: pip install 'vision-ai-module[{name}]'")
