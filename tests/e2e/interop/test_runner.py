"""`make interop` says what came of each language, and can fail."""

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
from polyglot.commands import FailedError, Shell
from polyglot.languages import LANGUAGES, Language, Need, Pin
from polyglot.program import main
from polyglot.running import STAGES, Result, Runner
from polyglot.steps import STEPS
from polyglot.table import table_of
from rich.console import Console

PROGRAM = Path(__file__).with_name("run.py")
NAMES = ["go", "rust", "cpp", "java", "python", "typescript"]
PROGRAMS = {
    "cpp": "quickstart.cpp",
    "rust": "src/main.rs",
    "java": "src/main/java/quickstart/Quickstart.java",
    "go": "quickstart.go",
    "typescript": "quickstart.ts",
    "python": "quickstart.py",
}
STEP_NAMES = [step.name for step in STEPS]

Run = Callable[..., Result]

# Does the first two steps for real.
BEGINNING = """
    import sys
    from vision_ai import DeviceError, VisionAI
    module = VisionAI(sys.argv[1])
    print("device: firmware", module.get_device_info().firmware)
    print("picture:", len(module.get_image().data), "bytes")
"""
WHOLE = (
    BEGINNING
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
    except DeviceError as no:
        print("error:", no.code)
"""
)


@pytest.fixture
def said() -> list[str]:
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
        needs=(Need("Python", f"{sys.executable} --version"),),
        generate=(f"{sys.executable} -c 'print(1)'",),
        run=f"{sys.executable} scenario.py URL",
    )


def written(scenario: str, language: Language) -> None:
    (language.folder / "scenario.py").write_text(textwrap.dedent(scenario))


@pytest.fixture
def run(tmp_path: Path, said: list[str], language: Language) -> Run:
    def run(scenario: str = "", **changes: object) -> Result:
        written(scenario, language)
        runner = Runner(tmp_path / "reports", lambda _, what: said.append(what), scenario_seconds=60)
        [result] = asyncio.run(runner.run_all([evolve(language, **changes)], 1))
        return result

    return run


def drawn(results: list[Result]) -> str:
    paper = io.StringIO()
    Console(width=80, file=paper).print(table_of(results))
    return paper.getvalue()


def test_steps_that_were_done_are_ticked_and_the_next_one_has_a_cross(run: Run, said: list[str]) -> None:
    result = run(BEGINNING + "    sys.exit('the pan has gone')\n")
    assert result.done == ["generate", "compile", "device", "picture"]
    assert result.failed == "calibration"
    assert "device: firmware 9.9.4.2" in said[3]
    assert "the pan has gone" in said[-1]
    rows = [line.split() for line in drawn([result]).splitlines()]
    assert ["picture", "✓"] in rows
    assert ["calibration", "✗"] in rows
    assert ["recognition", "–"] in rows


def test_a_whole_scenario_comes_through(run: Run) -> None:
    result = run(WHOLE)
    assert result.complete
    assert result.done == list(STAGES)


def test_a_whole_scenario_that_ends_badly_fails(run: Run) -> None:
    assert run(WHOLE + "    sys.exit('after all')\n").failed == STEP_NAMES[-1]


def test_a_scenario_whose_emulator_does_not_start_fails(
    monkeypatch: pytest.MonkeyPatch, run: Run, said: list[str]
) -> None:
    monkeypatch.setattr("polyglot.emulated.OPTIONS", ("--no-such-option",))
    assert run(WHOLE).failed == "device"
    assert "the emulator does not start" in said[-1]


def test_a_scenario_that_only_says_so_is_not_believed(run: Run, said: list[str]) -> None:
    result = run("".join(f"print('{name}: done')\n" for name in STEP_NAMES))
    assert result.failed == "device"
    assert "the emulator saw no good get_device_info" in said[-1]


def test_a_scenario_that_stops_early_without_a_word_fails(run: Run, said: list[str]) -> None:
    assert run(BEGINNING).failed == "calibration"
    assert "the scenario says nothing of it" in said[-1]


def test_a_command_that_fails_ends_the_language_and_shows_its_last_lines(run: Run, said: list[str]) -> None:
    command = f"""{sys.executable} -c 'print("first\\n" * 99 + "last"); exit(3)'"""
    result = run(BEGINNING, compile=(command,))
    assert (result.done, result.failed) == (["generate"], "compile")
    assert "ended with 3" in said[-1]
    assert 10 < said[-1].count("first") < 20
    log = Path(said[-1].rpartition("all of it: ")[2])
    assert log.read_text().count("first\n") == 99


def test_a_command_that_is_not_there_fails(run: Run, said: list[str]) -> None:
    assert run(BEGINNING, generate=("no-such-generator generate",)).failed == "generate"
    assert "no-such-generator" in said[-1]


def test_a_command_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(
        textwrap.dedent("""
            import subprocess, sys
            child = subprocess.Popen(["sleep", "600"])
            print("child", child.pid, flush=True)
            child.wait()
        """)
    )
    shell = Shell(tmp_path, tmp_path / "log", 2, dict(os.environ))
    with pytest.raises(FailedError, match="took longer than 2 s") as failure:
        asyncio.run(shell.run(f"{sys.executable} parent.py"))
    assert ended(int(failure.value.output.split()[1]))


def ended(pid: int) -> bool:
    """Whether that process is gone, or will be at once: it takes the kernel a moment."""
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_program_that_is_stopped_ends_what_it_started(tmp_path: Path, how: signal.Signals) -> None:
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
            forever = Language(name="some", folder=here, generator="some", pin=Pin("pin", "(.+)"), needs=(),
                               generate=("sh forever.sh",), run="true")
            program.LANGUAGES = (forever,)
            sys.exit(program.main(["--report-dir", str(here / "reports")]))
        """)
    )
    running = subprocess.Popen([sys.executable, tmp_path / "program.py"], stdout=subprocess.PIPE, text=True)
    number = tmp_path / "number"
    while not number.exists():
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(how)
    output, _ = running.communicate()
    assert running.returncode == 130
    assert output.endswith("stopped\n")
    assert ended(int(number.read_text()))


def test_what_an_earlier_run_has_made_is_gone(run: Run, tmp_path: Path) -> None:
    build = tmp_path / "language" / "build"
    (build / "client").mkdir(parents=True)
    (build / "target").mkdir()
    (build / "pan.jpg").touch()
    run(generate=("false",))
    assert [each.name for each in build.iterdir()] == ["target"]


def test_missing_tools_are_named(run: Run, said: list[str]) -> None:
    needs = (Need("Fortran", "no-such-compiler --version"), Need("Cobol", f"{sys.executable} -c 'exit(1)'"))
    result = run(BEGINNING, needs=needs)
    assert result.missing == ["Fortran", "Cobol"]
    assert said == ["missing: Fortran, Cobol"]
    assert not result.done


def program(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program on a machine that has nothing: an empty PATH."""
    return subprocess.run(
        [sys.executable, PROGRAM, "--report-dir", str(tmp_path / "reports"), *arguments],
        env={"PATH": str(tmp_path), **environment},
        capture_output=True,
        text=True,
    )


def test_the_table_has_all_languages_and_missing_ones_are_no_failure(tmp_path: Path) -> None:
    ended = program(tmp_path)
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert NAMES in [line.split() for line in lines]
    assert ["time", *["missing"] * len(NAMES)] in [line.split() for line in lines]
    assert lines[-1].endswith("missing is not counted as a failure: " + ", ".join(NAMES))
    assert max(map(len, lines[len(NAMES) : -1])) <= 80


def test_missing_ones_are_a_failure_where_ci_is_set(tmp_path: Path) -> None:
    ended = program(tmp_path, "go", CI="true")
    assert ended.returncode == 1
    assert "a failure, because CI is set: go" in ended.stdout


def test_a_failing_language_fails_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: Language
) -> None:
    written(BEGINNING, language)
    monkeypatch.setattr("polyglot.program.LANGUAGES", (language,))
    assert main(["--report-dir", str(tmp_path / "reports")]) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["golang"], "no such language: golang; there are go, rust, cpp, java, python, typescript"),
        (["--jobs", "0"], "at least 1"),
    ],
)
def test_wrong_arguments_are_told(tmp_path: Path, arguments: list[str], words: str) -> None:
    ended = program(tmp_path, *arguments)
    assert ended.returncode == 2
    assert words in ended.stderr


@pytest.mark.parametrize("language", LANGUAGES, ids=NAMES)
class TestLanguage:
    def test_its_page_has_the_commands_that_are_run(self, language: Language) -> None:
        page = (language.folder / "README.md").read_text(encoding="utf-8")
        commands = page.partition("```sh\n")[2].partition("```")[0].splitlines()
        run = language.run.replace("URL", "http://127.0.0.1:8172")
        assert commands == [*language.generate, *language.compile, run]

    def test_its_generator_is_pinned(self, language: Language) -> None:
        assert language.generator_and_version.rpartition(" ")[2].replace(".", "").isdigit()

    def test_its_program_has_all_steps(self, language: Language) -> None:
        program = language.folder / PROGRAMS[language.name]
        text = program.read_text(encoding="utf-8")
        assert [name for name in STEP_NAMES if f"{name}: " not in text] == []


def test_no_step_is_without_proof() -> None:
    assert [step.name for step in STEPS if not step.proof] == []
    assert STAGES[2:] == tuple(STEP_NAMES)
