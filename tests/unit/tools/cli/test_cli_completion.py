"""Completion in the shells that Typer supports."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from shared_cli import PROGRAM, make_environment, run_cli


def test_completion_in_bash() -> None:
    script = """
        source <(vision-ai --show-completion bash)
        COMP_WORDS=(vision-ai rec); COMP_CWORD=1
        _vision_ai_completion vision-ai
        echo "${COMPREPLY[@]}"
    """
    environment = make_environment()
    environment["PATH"] = f"{Path(PROGRAM).parent}:{environment['PATH']}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert (set(done.stdout.split()), done.stderr) == ({"recognize", "record"}, "")


@pytest.mark.parametrize(
    ("line", "completions"),
    [
        ("vision-ai rec", {"recognize", "record"}),
        ("vision-ai items te", {"teach", "templates"}),
        ("vision-ai items teach --pi", {"--pictures"}),
        ("vision-ai restore --ye", {"--yes"}),
        ("vision-ai emulator --pa", {"--pan", "--pace"}),
        ("vision-ai emulator --js", {"--json"}),
        ("vision-ai emulator --pace p", {"polls"}),
        ("vision-ai emulator --port 1 --clock f", {"frozen"}),
        ("vision-ai wa", {"wait"}),
    ],
)
def test_completion_of_commands_and_options(line: str, completions: set[str]) -> None:
    result = run_cli(
        _VISION_AI_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(line.split()) - 1)
    )
    assert set(result.out.split()) == completions


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_in_other_shells(shell: str) -> None:
    request = {"_VISION_AI_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "vision-ai learn"}
    result = run_cli(**request, _TYPER_COMPLETE_FISH_ACTION="get-args")
    assert "learn-mode" in result.out
