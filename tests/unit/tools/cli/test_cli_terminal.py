"""What the command line prints and asks on a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from shared_cli import run_cli
from shared_cli_server import open_terminal

from vision_ai_emulator import Emulator, Fault


def test_reset_asks_for_the_serial_number(emulator: Emulator, url: str) -> None:
    with open_terminal("reset", url=url) as screen:
        screen.wait_for("Type its serial number to continue:")
        assert "This is the module 12345678." in screen.screen
        screen.type("yes\n")
        assert screen.finish() == 2
    assert emulator.acted.get("reset_device", 0) == 0
    with open_terminal("reset", url=url) as screen:
        screen.wait_for("Type its serial number to continue:")
        screen.type("12345678\n")
        assert screen.finish() == 0
    assert emulator.acted["reset_device"] == 1


def test_json_asks_nothing(url: str) -> None:
    with open_terminal("reset", "--json", url=url) as screen:
        assert screen.finish() == 2
        assert "--yes SERIAL" in screen.screen


def test_teach_waits_for_enter_before_each_picture(emulator: Emulator, url: str) -> None:
    with open_terminal("items", "teach", "001", "Apple", "--pictures", "2", url=url) as screen:
        screen.wait_for("press Enter for picture 1 of 2")
        assert emulator.acted.get("register_item", 0) == 0
        screen.type("\n")
        screen.wait_for("Turn the product, then press Enter for picture 2 of 2")
        assert emulator.acted["register_item"] == 1
        screen.type("\n")
        screen.wait_for("the module now recognizes 001 Apple (2 pictures)")
        assert screen.finish() == 0
    assert emulator.acted["commit_registered_item"] == 1


def test_ctrl_c_while_teaching_deletes_the_pictures(emulator: Emulator, url: str) -> None:
    with open_terminal("items", "teach", "001", "Apple", url=url) as screen:
        screen.wait_for("picture 1 of 3")
        screen.type("\n")
        screen.wait_for("picture 2 of 3")
        screen.interrupt()
        assert screen.finish() == 130
        assert screen.screen.endswith("interrupted\r\n")
    assert run_cli("items", "pending", "--json", url=url).value == []


def test_no_wait_takes_all_pictures_at_once(url: str) -> None:
    with open_terminal("items", "teach", "001", "Apple", "--no-wait", url=url) as screen:
        assert screen.finish() == 0
        assert "Enter" not in screen.screen


def test_a_backup_shows_bars(url: str, tmp_path: Path) -> None:
    with open_terminal("backup", tmp_path, "--poll", "0.05", url=url) as screen:
        assert screen.finish() == 0
        assert "downloading" in screen.screen and "━" in screen.screen and "100%" in screen.screen
        assert len(list(tmp_path.iterdir())) == 1


def test_a_watch_redraws_its_table_and_ends_at_ctrl_c(emulator: Emulator, url: str) -> None:
    run_cli("items", "teach", "001", "Apple", "--pictures", "1", url=url)
    with open_terminal("recognize", "--watch", "--every", "0.01", url=url) as screen:
        screen.wait_for("Apple")
        emulator.clear_pan()
        screen.wait_for("\x1b[1A")
        screen.interrupt()
        assert screen.finish() == 130
        assert "\x1b[?25h" in screen.screen, "the cursor is back"


def test_a_terminal_gets_no_picture(emulator: Emulator, url: str) -> None:
    with open_terminal("image", "-", url=url) as screen:
        assert screen.finish() == 2
        assert "use a pipe" in screen.screen
    assert emulator.acted.get("get_image", 0) == 0


def test_no_color_disables_colors(url: str) -> None:
    with open_terminal("recognize", "--watch", "--times", "1", url=url, NO_COLOR="1") as screen:
        screen.finish()
        assert "\x1b[38" not in screen.screen and "\x1b[3" not in screen.screen


def test_narrow_terminals_show_every_word() -> None:
    with open_terminal("errors", "-6143", columns=40) as screen:
        assert screen.finish() == 0
        lines = screen.screen.splitlines()
    assert all(len(line.rstrip()) <= 60 for line in lines)
    words = " ".join(screen.screen.split())
    assert "ENGINE_VERSION_MISMATCH" in words


def test_narrow_terminals_have_no_bars(url: str) -> None:
    run_cli("items", "teach", "001", "Golden Delicious", "--pictures", "1", url=url)
    with open_terminal("recognize", url=url, columns=40) as screen:
        screen.finish()
        assert "001  Golden Delicious" in screen.screen and "━" not in screen.screen
    with open_terminal("recognize", url=url, columns=80) as screen:
        screen.finish()
        assert "001  Golden Delicious" in screen.screen and "━" in screen.screen


class Screen:
    """A terminal, as far as a live display uses it."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.rows = [""]
        self.row = self.column = 0

    def feed(self, output: str) -> None:
        for piece in re.findall(r"\x1b\[\??\d*(?:;\d+)*[A-Za-z]|[\r\n]|[^\x1b\r\n]", output):
            if piece == "\r":
                self.column = 0
            elif piece == "\n":
                self.row += 1
                self.rows += [""] * (self.row + 1 - len(self.rows))
            elif match := re.fullmatch(r"\x1b\[(\d*)A", piece):
                self.row -= int(match[1] or 1)
                assert self.row >= 0
            elif re.fullmatch(r"\x1b\[2K", piece):
                self.rows[self.row] = ""
            elif not piece.startswith("\x1b"):
                if self.column >= self.columns:
                    raise AssertionError(f"a line is longer than the terminal: {self.rows[self.row]!r}")
                line = self.rows[self.row].ljust(self.column)
                self.rows[self.row] = line[: self.column] + piece + line[self.column + 1 :]
                self.column += 1 if piece.isascii() else cell_len(piece)

    @property
    def lines(self) -> list[str]:
        return [row.rstrip() for row in self.rows if row.strip()]


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_a_watch_redraws_in_place(emulator: Emulator, url: str, columns: int) -> None:
    for kind, name in (("apple", "Apple " * 30), ("pear", "西瓜" * 40), ("banana", "B\x1b[1mold")):
        emulator.put(kind)
        emulator.device.teach("0" * 12 + kind, name)
    watch = ("recognize", "--watch", "--every", "0.05", "--timeout", "1")
    with open_terminal(*watch, url=url, columns=columns) as terminal:
        terminal.wait_for("%")
        assert terminal.screen.count("Score") >= 1
        emulator.clear_pan()
        terminal.wait_for("No product")
        emulator.put("pear")
        terminal.wait_for_next("%")
        fault = emulator.faults.add(Fault("error_code", "get_result", None, code=-6103))
        terminal.wait_for("vision-ai: ")
        emulator.faults.remove(fault.id)
        terminal.wait_for_next("%")
        terminal.interrupt()
        assert terminal.finish() == 130
    screen = Screen(columns)
    screen.feed(terminal.screen.replace("^C", ""))
    lines = [
        line for line in screen.lines if line not in ("vision-ai:", "interrupted", "vision-ai: interrupted")
    ]
    assert lines[0].split()[0] == "ID" and len(lines) == 2, lines
    assert "%" in lines[1] and "西" in lines[1], lines


def test_a_watch_on_a_terminal_waits_for_a_module(emulator: Emulator, url: str) -> None:
    fault = emulator.faults.add(Fault("refuse", times=None))
    with open_terminal("recognize", "--watch", "--every", "0.05", url=url) as terminal:
        terminal.wait_for("vision-ai doctor")
        emulator.faults.remove(fault.id)
        terminal.wait_for("No product recognized.")
        terminal.interrupt()
        terminal.finish()
    screen = Screen(80)
    screen.feed(terminal.screen.replace("^C", ""))
    assert "No product recognized." in screen.lines[0]
