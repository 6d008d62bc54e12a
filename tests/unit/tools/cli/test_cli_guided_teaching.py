"""`items teach --from FILE --missing` leads through a list on a terminal, and leaves no product half taught."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from shared_cli import run_cli
from shared_cli_server import Terminal, open_terminal

from vision_ai_emulator import Emulator, Fault, Settings


@pytest.fixture
def plu(tmp_path: Path) -> Path:
    path = tmp_path / "plu.csv"
    path.write_text("id,name\n001,Apple\n002,Pear\n003,Plum\n")
    return path


@contextmanager
def open_session(plu: Path, url: str, *options: str) -> Iterator[Terminal]:
    command = ("items", "teach", "--from", plu.name, "--missing", *options)
    with open_terminal(*command, url=url, cwd=plu.parent, columns=120) as terminal:
        yield terminal


def expect(terminal: Terminal, text: str) -> None:
    """Read until the text appears after the one that was expected before."""
    terminal.wait_for(text)
    terminal.screen = terminal.screen.partition(text)[2]


def answer(terminal: Terminal, question: str, text: str = "") -> None:
    expect(terminal, question)
    terminal.type(f"{text}\n")


def get_taught(url: str) -> list[str]:
    return [item["id"] for item in run_cli("items", "list", "--json", url=url).value]


def get_pending(url: str) -> list[str]:
    return [picture["id"] for picture in run_cli("items", "pending", "--json", url=url).value]


def test_a_session_teaches_skips_stops_and_resumes(emulator: Emulator, url: str, plu: Path) -> None:
    with open_session(plu, url) as terminal:
        expect(terminal, "3 of the 3 products of plu.csv are not taught yet.")
        answer(
            terminal,
            "[1 of 3] 001 Apple: put it on the pan, then press Enter for picture 1 of 3 (s: skip, q: stop)",
        )
        answer(terminal, "[1 of 3] 001 Apple: move it a little, then press Enter for picture 2 of 3")
        answer(terminal, "[1 of 3] 001 Apple: move it a little, then press Enter for picture 3 of 3")
        expect(terminal, "[1 of 3] 001 Apple: taught")
        answer(terminal, "[2 of 3] 002 Pear: put it on the pan", "what?")
        answer(terminal, "[2 of 3] 002 Pear: put it on the pan", "s")
        answer(terminal, "[3 of 3] 003 Plum: put it on the pan")
        answer(terminal, "picture 2 of 3", "q")
        expect(terminal, "taught: 1, skipped: 1, left: 1")
        assert terminal.finish() == 0
    assert get_taught(url) == ["001"] and get_pending(url) == []
    with open_session(plu, url, "--pictures", "1") as terminal:
        expect(terminal, "2 of the 3 products of plu.csv are not taught yet.")
        answer(terminal, "[1 of 2] 002 Pear: put it on the pan")
        answer(terminal, "[2 of 2] 003 Plum: put it on the pan")
        expect(terminal, "taught: 2")
        assert terminal.finish() == 0
    with open_session(plu, url) as terminal:
        expect(terminal, "The module recognizes all 3 products of plu.csv.")
        assert terminal.finish() == 0


def test_a_camera_error_is_survived(emulator: Emulator, url: str, plu: Path) -> None:
    with open_session(plu, url, "--pictures", "2") as terminal:
        answer(terminal, "001 Apple: put it on the pan")
        expect(terminal, "picture 2 of 2")
        emulator.fail_next(-6103, "register_item")
        terminal.type("\n")
        expect(terminal, "-6103")
        answer(
            terminal, "[1 of 3] 001 Apple: press Enter to try again from the first picture (s: skip, q: stop)"
        )
        answer(terminal, "001 Apple: put it on the pan")
        answer(terminal, "picture 2 of 2")
        answer(terminal, "002 Pear: put it on the pan", "q")
        assert terminal.finish() == 0
    assert get_taught(url) == ["001"] and get_pending(url) == []


def test_a_lost_module_leaves_no_picture_in_the_cache(emulator: Emulator, url: str, plu: Path) -> None:
    with open_session(plu, url, "--pictures", "2") as terminal:
        answer(terminal, "001 Apple: put it on the pan")
        expect(terminal, "picture 2 of 2")
        fault = emulator.faults.add(Fault("refuse", times=None))
        terminal.type("\n")
        answer(terminal, "press Enter to try again")
        expect(terminal, "press Enter to try again")
        emulator.faults.remove(fault.id)
        terminal.type("s\n")
        expect(terminal, "deleted 1 picture of an interrupted attempt")
        answer(terminal, "002 Pear: put it on the pan", "q")
        assert terminal.finish() == 0
    assert get_taught(url) == [] and get_pending(url) == []


def test_pictures_that_a_killed_session_left_are_deleted(emulator: Emulator, url: str, plu: Path) -> None:
    for id, name in (("001", "Apple"), ("001", "Apple"), ("009", "Fig")):
        run_cli("items", "register", id, name, url=url)
    with open_session(plu, url) as terminal:
        expect(terminal, "[1 of 3] 001 Apple: deleted 2 pictures of an interrupted attempt")
        answer(terminal, "001 Apple: put it on the pan", "q")
        assert terminal.finish() == 0
    assert get_pending(url) == ["009"], "that of another product stays"


def test_a_commit_whose_response_was_lost_counts(emulator: Emulator, url: str, plu: Path) -> None:
    with open_session(plu, url, "--pictures", "1") as terminal:
        expect(terminal, "001 Apple: put it on the pan")
        emulator.faults.add(Fault("drop_before_answer", "commit_registered_item", acted=True))
        terminal.type("\n")
        answer(terminal, "press Enter to try again")
        expect(terminal, "[1 of 3] 001 Apple: taught")
        answer(terminal, "002 Pear: put it on the pan", "q")
        assert terminal.finish() == 0
    assert emulator.acted["register_item"] == 1


@pytest.mark.parametrize(
    ("key", "status", "text"), [("\x03", 130, "interrupted"), ("\x04", 1, "the input has ended")]
)
def test_a_session_that_is_broken_off_leaves_nothing(
    emulator: Emulator, url: str, plu: Path, key: str, status: int, text: str
) -> None:
    with open_session(plu, url) as terminal:
        answer(terminal, "001 Apple: put it on the pan")
        expect(terminal, "picture 2 of 3")
        terminal.type(key)
        assert terminal.finish() == status
        assert text in terminal.screen
    assert get_taught(url) == [] and get_pending(url) == []


@pytest.mark.slow
def test_a_countdown_takes_the_other_pictures(emulator: Emulator, url: str, plu: Path) -> None:
    with open_session(plu, url, "--countdown", "1", "--pictures", "2") as terminal:
        answer(terminal, "001 Apple: put it on the pan")
        expect(terminal, "[1 of 3] 001 Apple: move it a little, picture 2 of 2 in 1")
        expect(terminal, "001 Apple: taught")
        answer(terminal, "002 Pear: put it on the pan", "q")
        assert terminal.finish() == 0
    assert get_taught(url) == ["001"]


def test_json_has_nobody_to_ask(url: str, plu: Path) -> None:
    with open_session(plu, url, "--json") as terminal:
        assert terminal.finish() == 2
        assert "there is no terminal to ask on" in terminal.screen


@pytest.mark.parametrize(
    "key",
    ["\n", "\x03", pytest.param("s\n", marks=pytest.mark.slow), pytest.param("q\n", marks=pytest.mark.slow)],
)
def test_a_session_in_v2_takes_templates_back(v2: Emulator, v2_url: str, plu: Path, key: str) -> None:
    v2.reset(settings=Settings(api="v2"))
    with open_session(plu, v2_url, "--pictures", "2") as terminal:
        answer(terminal, "001 Apple: put it on the pan")
        expect(terminal, "picture 2 of 2")
        fault = v2.faults.add(Fault("refuse", times=None))
        terminal.type("\n")
        expect(terminal, "press Enter to try again")
        v2.faults.remove(fault.id)
        assert get_taught(v2_url) == ["001"], "a template takes effect at once"
        terminal.type(key)
        expect(terminal, "deleted 1 picture of an interrupted attempt")
        if key in ("\n", "s\n"):
            answer(terminal, "put it on the pan", "q")
        terminal.finish()
    assert get_taught(v2_url) == []
