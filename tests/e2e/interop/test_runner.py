"""`make interop` reports the result of each language."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from polyglot.commands import CommandError, Shell
from polyglot.languages import LANGUAGES, Language, Pin, Requirement
from polyglot.program import main
from polyglot.runner import STAGES, Result, Runner, name_stage
from polyglot.steps import STEPS
from polyglot.table import build_tables
from rich.console import Console

PROGRAM = Path(__file__).with_name("run.py")
NAMES = ["go", "rust", "cpp", "java", "python", "kotlin", "csharp", "php", "ruby", "typescript"]
PROGRAMS = {
    "cpp": "quickstart.cpp",
    "rust": "src/main.rs",
    "java": "src/main/java/quickstart/Quickstart.java",
    "go": "quickstart.go",
    "kotlin": "src/main/kotlin/quickstart/Quickstart.kt",
    "csharp": "Quickstart.cs",
    "php": "quickstart.php",
    "ruby": "quickstart.rb",
    "typescript": "quickstart.ts",
    "python": "quickstart.py",
}
PROGRAMS_V2 = {
    "cpp": "quickstart_v2.cpp",
    "rust": "src/bin/quickstart_v2.rs",
    "java": "src/main/java/quickstart/QuickstartV2.java",
    "go": "quickstart_v2.go",
    "kotlin": "src/main/kotlin/quickstart/QuickstartV2.kt",
    "csharp": "QuickstartV2.cs",
    "php": "quickstart_v2.php",
    "ruby": "quickstart_v2.rb",
    "typescript": "quickstart_v2.ts",
    "python": "quickstart_v2.py",
}
V1_STAGES = [stage for stage in STAGES if not stage.startswith("V2 ")]
V2_STAGES = [stage for stage in STAGES if stage.startswith("V2 ")]

Run = Callable[..., Result]

# Runs the first two steps.
FIRST_STEPS = """
    import sys
    from vision_ai import DeviceError, VisionAI
    module = VisionAI(sys.argv[1])
    print("device: firmware", module.get_device_info().firmware)
    print("picture:", len(module.get_image().data), "bytes")
"""
ALL_STEPS = (
    FIRST_STEPS
    + """
    module.set_calib(left=444, top=39, width=348, height=482)
    print("calibration:", module.get_calib().width)
    module.learn(id="001", name="Apple", pictures=1)
    module.confirm(module.get_result(), id="001", name="Apple")
    print("recognition: Apple")
    path = module.backup("build", poll=0.1)
    print("backup:", path)
    module.restore(path, poll=0.1)
    print("restore: done")
    try:
        module.commit_registered_item(id="no such product")
    except DeviceError as error:
        print("error:", error.code)
"""
)
ALL_STEPS_V2 = """
    import json, sys, urllib.request
    client = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    def call(operation, **fields):
        body = json.dumps(fields).encode() if fields else None
        return client.open(f"{sys.argv[1]}/api/{operation}", body, 30).read()
    print("device:", call("get_device_info"))
    print("picture:", len(call("get_image")), "bytes")
    template = json.loads(call("add_item_template", id="001"))["data"]["sid"]
    print("teaching:", call("get_item_template_list", id="001"))
    print("recognition:", call("get_result"))
    print("deletion:", call("delete_item_template", id="001", sid=template))
    print("error:", call("set_calib", left=640, top=0, width=1280, height=720))
"""


@pytest.fixture
def messages() -> list[str]:
    return []


@pytest.fixture
def language(tmp_path: Path) -> Language:
    """A language with a scenario in Python."""
    folder = tmp_path / "language"
    folder.mkdir()
    (folder / "pin").write_text("some-generator 1.2.3")
    return Language(
        name="some",
        folder=folder,
        generator="some-generator",
        pin=Pin("pin", r"generator (\S+)"),
        requirements=(Requirement("Python", f"{sys.executable} --version"),),
        generate=(f"{sys.executable} -c 'print(1)'",),
        run=f"{sys.executable} scenario.py URL",
    )


def write(scenario: str, language: Language, name: str = "scenario.py") -> None:
    (language.folder / name).write_text(textwrap.dedent(scenario))


@pytest.fixture
def run(tmp_path: Path, messages: list[str], language: Language) -> Run:
    def run(scenario: str = "", **changes: object) -> Result:
        write(scenario, language)
        runner = Runner(tmp_path / "reports", lambda _, text: messages.append(text), scenario_timeout=60)
        [result] = asyncio.run(runner.run_all([evolve(language, **changes)], 1))
        return result

    return run


def render(results: list[Result]) -> str:
    output = io.StringIO()
    Console(width=80, file=output).print(build_tables(results))
    return output.getvalue()


def test_the_table_marks_done_and_failed_steps(run: Run, messages: list[str]) -> None:
    result = run(FIRST_STEPS + "    sys.exit('the pan is missing')\n")
    assert result.done == ["generate", "compile", "V1 device", "V1 picture"]
    assert result.failed == ["V1 calibration"]
    assert "V1 device: firmware 9.9.4.2" in messages[3]
    assert "the pan is missing" in messages[-1]
    rows = [line.split() for line in render([result]).splitlines()]
    assert ["V1", "picture", "✓"] in rows
    assert ["V1", "calibration", "✗"] in rows
    assert ["V1", "recognition", "–"] in rows
    assert ["V2", "device"] in rows  # the language has no program for V2


def test_a_complete_scenario_passes(run: Run) -> None:
    result = run(ALL_STEPS)
    assert result.complete
    assert result.done == V1_STAGES


def test_the_program_for_v2_runs_with_an_emulator_of_its_own(run: Run, language: Language) -> None:
    write(ALL_STEPS_V2, language, "scenario_v2.py")
    command = language.run.replace("scenario.py", "scenario_v2.py")
    assert run(ALL_STEPS, run_v2=command).done == list(STAGES)
    assert run(ALL_STEPS_V2, run_v2=language.run).failed == ["V1 device"]


def test_a_failure_with_v1_does_not_hide_the_result_of_v2(run: Run, language: Language) -> None:
    write(ALL_STEPS_V2, language, "scenario_v2.py")
    command = language.run.replace("scenario.py", "scenario_v2.py")
    result = run("raise SystemExit(1)\n", run_v2=command)
    assert result.failed == ["V1 device"]
    assert result.done == ["generate", "compile", *V2_STAGES]
    rows = [line.split() for line in render([result]).splitlines()]
    assert ["V1", "device", "✗"] in rows and ["V2", "device", "✓"] in rows


def test_a_complete_scenario_with_an_error_status_fails(run: Run) -> None:
    assert run(ALL_STEPS + "    sys.exit('error at the end')\n").failed == ["V1 error"]


def test_a_scenario_without_an_emulator_fails(
    monkeypatch: pytest.MonkeyPatch, run: Run, messages: list[str]
) -> None:
    monkeypatch.setattr("polyglot.emulator_process.OPTIONS", ("--no-such-option",))
    assert run(ALL_STEPS).failed == ["V1 device"]
    assert "the emulator does not start" in messages[-1]


def test_a_scenario_that_only_prints_results_fails(run: Run, messages: list[str]) -> None:
    result = run("".join(f"print('{step.name}: done')\n" for step in STEPS["v1"]))
    assert result.failed == ["V1 device"]
    assert "the emulator has no successful get_device_info" in messages[-1]


def test_a_scenario_that_stops_early_fails(run: Run, messages: list[str]) -> None:
    assert run(FIRST_STEPS).failed == ["V1 calibration"]
    assert "the scenario did not print a result" in messages[-1]


def test_a_failed_command_stops_the_language_and_shows_its_last_lines(run: Run, messages: list[str]) -> None:
    command = f"""{sys.executable} -c 'print("first\\n" * 99 + "last"); exit(3)'"""
    result = run(FIRST_STEPS, compile=(command,))
    assert (result.done, result.failed) == (["generate"], ["compile"])
    assert "exit status 3" in messages[-1]
    assert 10 < messages[-1].count("first") < 20
    log = Path(messages[-1].rpartition("complete log: ")[2])
    assert log.read_text().count("first\n") == 99


def test_a_command_that_is_not_installed_fails(run: Run, messages: list[str]) -> None:
    assert run(FIRST_STEPS, generate=("no-such-generator generate",)).failed == ["generate"]
    assert "no-such-generator" in messages[-1]


def test_a_command_that_times_out_is_killed_with_its_children(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(
        textwrap.dedent("""
            import subprocess, sys
            child = subprocess.Popen(["sleep", "600"])
            print("child", child.pid, flush=True)
            child.wait()
        """)
    )
    shell = Shell(tmp_path, tmp_path / "log", 2, dict(os.environ))
    with pytest.raises(CommandError, match="timeout after 2 s") as failure:
        asyncio.run(shell.run(f"{sys.executable} parent.py"))
    assert is_dead(int(failure.value.output.split()[1]))


def is_dead(pid: int) -> bool:
    """Wait a moment for the end of a process, and return whether it result."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_program_kills_its_commands(tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "pin").write_text("1.2.3")
    (tmp_path / "forever.sh").write_text("echo $$ > number.new; mv number.new number; exec sleep 600")
    (tmp_path / "program.py").write_text(
        textwrap.dedent(f"""
            import sys
            from pathlib import Path
            sys.path.insert(0, {str(PROGRAM.parent)!r})
            from polyglot import program
            from polyglot.languages import Language, Pin
            here = Path(__file__).parent
            forever = Language(name="some", folder=here, generator="some", pin=Pin("pin", "(.+)"),
            requirements=(),
                               generate=("sh forever.sh",), run="true")
            program.LANGUAGES = (forever,)
            sys.exit(program.main(["--report-dir", str(here / "reports")]))
        """)
    )
    process = subprocess.Popen([sys.executable, tmp_path / "program.py"], stdout=subprocess.PIPE, text=True)
    number = tmp_path / "number"
    while not number.exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(how)
    output, _ = process.communicate()
    assert process.returncode == 130
    assert output.endswith("stopped\n")
    assert is_dead(int(number.read_text()))


def test_files_of_earlier_runs_are_deleted(run: Run, tmp_path: Path) -> None:
    build = tmp_path / "language" / "build"
    (build / "client").mkdir(parents=True)
    (build / "target").mkdir()
    (build / "pan.jpg").touch()
    run(generate=("false",))
    assert [each.name for each in build.iterdir()] == ["target"]


def test_missing_tools_are_reported(run: Run, messages: list[str]) -> None:
    needs = (
        Requirement("Fortran", "no-such-compiler --version"),
        Requirement("Cobol", f"{sys.executable} -c 'exit(1)'"),
    )
    result = run(FIRST_STEPS, requirements=needs)
    assert result.missing == ["Fortran", "Cobol"]
    assert messages == ["missing: Fortran, Cobol"]
    assert not result.done


def run_program(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program with an empty PATH, so that no tool is installed."""
    return subprocess.run(
        [sys.executable, PROGRAM, "--report-dir", str(tmp_path / "reports"), *arguments],
        env={"PATH": str(tmp_path), **environment},
        capture_output=True,
        text=True,
    )


def test_missing_languages_are_in_the_table_and_not_a_failure(tmp_path: Path) -> None:
    result = run_program(tmp_path)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    words = [line.split() for line in lines]
    assert NAMES[:6] in words and NAMES[6:] in words
    times = [word for line in words if line[:1] == ["time"] for word in line[1:]]
    assert times == ["missing"] * len(NAMES)
    assert lines[-1].endswith("missing is not counted as a failure: " + ", ".join(NAMES))
    assert max(map(len, lines[len(NAMES) : -1])) <= 80


def test_missing_languages_are_a_failure_in_ci(tmp_path: Path) -> None:
    result = run_program(tmp_path, "go", CI="true")
    assert result.returncode == 1
    assert "a failure, because CI is set: go" in result.stdout


def test_a_failing_language_fails_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: Language
) -> None:
    write(FIRST_STEPS, language)
    monkeypatch.setattr("polyglot.program.LANGUAGES", (language,))
    assert main(["--report-dir", str(tmp_path / "reports")]) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["golang"], f"unknown language: golang; choose from {', '.join(NAMES)}"),
        (["--jobs", "0"], "at least 1"),
    ],
)
def test_invalid_arguments_are_reported(tmp_path: Path, arguments: list[str], message: str) -> None:
    result = run_program(tmp_path, *arguments)
    assert result.returncode == 2
    assert message in result.stderr


@pytest.mark.parametrize("language", LANGUAGES, ids=NAMES)
class TestLanguage:
    def test_the_readme_has_the_commands(self, language: Language) -> None:
        page = (language.folder / "README.md").read_text(encoding="utf-8")
        commands = page.partition("```sh\n")[2].partition("```")[0].splitlines()
        runs = [run.replace("URL", "http://127.0.0.1:8172") for run in language.scenarios.values()]
        assert commands == [*language.generate, *language.compile, *runs]

    def test_the_generator_is_pinned(self, language: Language) -> None:
        assert language.generator_and_version.rpartition(" ")[2].replace(".", "").isdigit()

    def test_the_programs_have_all_steps(self, language: Language) -> None:
        programs = {"v1": PROGRAMS, "v2": PROGRAMS_V2}
        for api in language.scenarios:
            text = (language.folder / programs[api][language.name]).read_text(encoding="utf-8")
            assert [step.name for step in STEPS[api] if f"{step.name}: " not in text] == []


def test_all_steps_have_a_proof() -> None:
    assert [step.name for steps in STEPS.values() for step in steps if not step.proof] == []
    assert [*V1_STAGES, *V2_STAGES] == list(STAGES)
    assert ("generate", "compile", *(name_stage(api, step) for api in STEPS for step in STEPS[api])) == STAGES


def test_all_languages_run_v2() -> None:
    assert [each.name for each in LANGUAGES if "v2" not in each.scenarios] == []
