"""What a person at a terminal sees and is asked."""

from __future__ import annotations

from pathlib import Path

from cli_program import terminal, vision_ai

from vision_ai_emulator import Emulator


def test_reset_wants_the_serial_number(emulator: Emulator, url: str) -> None:
    with terminal("reset", url=url) as screen:
        screen.wait_for("Type its serial number to go on:")
        assert "This is the module 12345678." in screen.screen
        screen.type("yes\n")
        assert screen.end() == 2
    assert emulator.acted.get("reset_device", 0) == 0
    with terminal("reset", url=url) as screen:
        screen.wait_for("Type its serial number to go on:")
        screen.type("12345678\n")
        assert screen.end() == 0
    assert emulator.acted["reset_device"] == 1


def test_json_asks_nobody(url: str) -> None:
    with terminal("reset", "--json", url=url) as screen:
        assert screen.end() == 2
        assert "--yes SERIAL" in screen.screen


def test_teach_waits_for_enter_before_each_picture(emulator: Emulator, url: str) -> None:
    with terminal("items", "teach", "001", "Apple", "--pictures", "2", url=url) as screen:
        screen.wait_for("Enter for picture 1 of 2")
        assert emulator.acted.get("register_item", 0) == 0
        screen.type("\n")
        screen.wait_for("Turn it, then Enter for picture 2 of 2")
        assert emulator.acted["register_item"] == 1
        screen.type("\n")
        screen.wait_for("001 Apple is recognisable now, with 2 pictures")
        assert screen.end() == 0
    assert emulator.acted["commit_registered_item"] == 1


def test_ctrl_c_while_teaching_forgets_the_pictures(emulator: Emulator, url: str) -> None:
    with terminal("items", "teach", "001", "Apple", url=url) as screen:
        screen.wait_for("picture 1 of 3")
        screen.type("\n")
        screen.wait_for("picture 2 of 3")
        screen.interrupt()
        assert screen.end() == 130
        assert screen.screen.endswith("interrupted\r\n")
    assert vision_ai("items", "pending", "--json", url=url).value == []


def test_no_wait_takes_all_at_once(url: str) -> None:
    with terminal("items", "teach", "001", "Apple", "--no-wait", url=url) as screen:
        assert screen.end() == 0
        assert "Enter" not in screen.screen


def test_a_backup_shows_bars(url: str, tmp_path: Path) -> None:
    with terminal("backup", tmp_path, "--poll", "0.05", url=url) as screen:
        assert screen.end() == 0
        assert "downloading" in screen.screen and "━" in screen.screen and "100%" in screen.screen
        assert len(list(tmp_path.iterdir())) == 1


def test_a_watch_draws_over_itself_and_ends_with_ctrl_c(emulator: Emulator, url: str) -> None:
    vision_ai("items", "teach", "001", "Apple", "--pictures", "1", url=url)
    with terminal("recognize", "--watch", "--every", "0", url=url) as screen:
        screen.wait_for("\x1b[1A")
        screen.interrupt()
        assert screen.end() == 130
        assert "\x1b[?25h" in screen.screen, "the cursor is back"


def test_a_picture_is_nothing_for_a_terminal(emulator: Emulator, url: str) -> None:
    with terminal("image", "-", url=url) as screen:
        assert screen.end() == 2
        assert "pipe it" in screen.screen
    assert emulator.acted.get("get_image", 0) == 0


def test_no_color_is_respected(url: str) -> None:
    with terminal("recognize", "--watch", "--times", "1", url=url, NO_COLOR="1") as screen:
        screen.end()
        assert "\x1b[38" not in screen.screen and "\x1b[3" not in screen.screen


def test_narrow_terminals_lose_no_word() -> None:
    with terminal("errors", "-6143", columns=40) as screen:
        assert screen.end() == 0
        lines = screen.screen.splitlines()
    assert all(len(line.rstrip()) <= 60 for line in lines)
    words = " ".join(screen.screen.split())
    assert "ENGINE_VERSION_MISMATCH" in words


def test_narrow_terminals_have_no_bars(url: str) -> None:
    vision_ai("items", "teach", "001", "Golden Delicious", "--pictures", "1", url=url)
    with terminal("recognize", url=url, columns=40) as screen:
        screen.end()
        assert "001  Golden Delicious" in screen.screen and "━" not in screen.screen
    with terminal("recognize", url=url, columns=80) as screen:
        screen.end()
        assert "001  Golden Delicious" in screen.screen and "━" in screen.screen
