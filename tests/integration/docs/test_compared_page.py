"""The programs of docs/compared.md do what its table says."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from page_blocks import read_blocks, write_files

from vision_ai import VisionAI
from vision_ai_emulator import Dialect, Emulator, Fault, serve

PAGE = Path(__file__).parents[3] / "docs" / "compared.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = {block.file: block for block in read_blocks(TEXT) if block.file is not None}
PROGRAMS = ("by_hand", "generated_client", "with_sdk")
TIMEOUT = 0.5


def add_fault(kind: str, **parameters: float) -> Callable[[Emulator], None]:
    return lambda emulator: emulator.faults.add(Fault(kind, "get_result", **parameters))  # type: ignore[arg-type]


def set_guesses_to_one_object(emulator: Emulator) -> None:
    emulator.dialect = Dialect(guesses="one_object_when_single")


SITUATIONS: dict[str, Callable[[Emulator], None]] = {
    "nothing goes wrong": lambda emulator: None,
    "the response of `get_result` is lost once": add_fault("drop_before_answer"),
    "a response has a trailing comma (A6)": add_fault("trailing_comma"),
    "the guesses are one object (A21)": set_guesses_to_one_object,
    "the module has no camera (-6103)": lambda emulator: emulator.fail_next(-6103, "get_result"),
    "the response comes in pieces, and takes longer than `timeout`": add_fault(
        "slow_body", seconds=0.3, pieces=4, times=10
    ),
    "the module speaks V2": lambda emulator: emulator.change(api="v2"),
}


def read_row(situation: str) -> list[str]:
    row = re.search(rf"^\| {re.escape(situation)} \| (.+) \|$", TEXT, re.MULTILINE)
    assert row is not None, situation
    return [cell.strip("`") for cell in row[1].split(" | ")]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_files(list(BLOCKS.values()), tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_program_does_what_the_table_says(
    folder: Path, program: str, situation: str, nothing_leaves_this_computer: None
) -> None:
    sell = importlib.import_module(program).sell
    emulator = Emulator()
    with VisionAI(emulator.url) as module:
        module.learn("001", name="Apple")
    SITUATIONS[situation](emulator)
    with serve(emulator) as url:
        try:
            assert sell(url, "001", "Apple", TIMEOUT) == ["001"]
        except Exception as error:  # noqa: BLE001  # its class is what is compared
            outcome = type(error).__name__
        else:
            outcome = "sold"
    assert outcome == read_row(situation)[PROGRAMS.index(program)]


def test_the_table_counts_the_lines() -> None:
    counted = [sum(1 for line in BLOCKS[f"{name}.py"].text.splitlines()[1:] if line) for name in PROGRAMS]
    assert [int(cell) for cell in read_row("lines of the program")] == counted
