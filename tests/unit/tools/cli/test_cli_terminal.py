"""What the command line prints and asks on a terminal."""

from __future__ import annotations

from pathlib import Path

from shared_cli import run_cli
from shared_cli_server import open_terminal

from vision_ai_emulator import Emulator


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
    with open_terminal("recognize", "--watch", "--every", "0", url=url) as screen:
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
