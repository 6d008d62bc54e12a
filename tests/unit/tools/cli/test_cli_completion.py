"""Completion in the shells that Typer knows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cli_program import PROGRAM, environment, vision_ai


def in_bash(script: str) -> str:
    folder = str(Path(PROGRAM).parent)
    env = environment()
    env["PATH"] = f"{folder}:{env['PATH']}"
    done = subprocess.run(
        ["bash", "-c", f"{script}\ntrue"], capture_output=True, text=True, env=env, check=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("vision-ai rec", {"recognize", "record"}),
        ("vision-ai items te", {"teach"}),
        ("vision-ai items teach --pi", {"--pictures"}),
        ("vision-ai restore --ye", {"--yes"}),
    ],
)
def test_bash_completes(typed: str, offered: set[str]) -> None:
    words = typed.split()
    script = f"""
        source <(vision-ai --show-completion bash)
        COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}
        _vision_ai_completion vision-ai
        echo "${{COMPREPLY[@]}}"
    """
    assert set(in_bash(script).split()) == offered


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_answered(shell: str) -> None:
    asked = {"_VISION_AI_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "vision-ai learn"}
    told = vision_ai(**asked, _TYPER_COMPLETE_FISH_ACTION="get-args")
    assert "learn-mode" in told.out
