"""What a module sends cannot control the terminal, and paths are printed as they are."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_cli import Result, run_cli, run_cli_for_bytes
from shared_cli_server import open_terminal

from vision_ai_emulator import Emulator, Fault, Settings, serve
from vision_ai_tools.cli.printable import escape_json, make_printable, print_parts

HOSTILE = "\x1b[31m\x1b]0;title\x07\x9b2J\u202egnp\u2066x\u2069\x7f\r\n\tz\u2028\U000e0041"
CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
NOT_UTF8 = os.fsdecode(b"caf\xe9")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems have Unicode file names only")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("苹果 Äpfel 🍎 1.5", "苹果 Äpfel 🍎 1.5"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b2J", "\\x9b2J"),
        ("a\rb\nc\td", "a\\x0db\\x0ac\\x09d"),
        ("\u202egnp.exe\u2069\u061c", "\\u202egnp.exe\\u2069\\u061c"),
        ("\ud83d", "\\ud83d"),
        (NOT_UTF8, "caf\\xe9"),
        ("\U000e0041", "\\U000e0041"),
    ],
    ids=ascii,
)
def test_unsafe_characters_are_escaped(text: str, printed: str) -> None:
    assert make_printable(text) == printed
    assert not CONTROLS.search(make_printable(text, keep="\n\t"))


@pytest.mark.parametrize("text", [HOSTILE, "苹果", "\ud83d", "\x9b", NOT_UTF8], ids=ascii)
def test_json_keeps_what_it_escapes(text: str) -> None:
    line = escape_json(json.dumps({text: text}, ensure_ascii=False))
    assert not CONTROLS.search(line) and "\n" not in line
    assert line.encode(), "valid UTF-8"
    assert json.loads(line) == {text: text}


@linux_only
def test_paths_in_a_pipe_are_not_changed() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    print_parts(("saved in ", Path(f"{NOT_UTF8}\x1b苹果.evo"), " \x1b"), stream)
    assert stream.buffer.getvalue() == b"saved in caf\xe9\x1b\xe8\x8b\xb9\xe6\x9e\x9c.evo \\x1b\n"  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def hostile_emulator() -> Emulator:
    settings = Settings(
        sn=HOSTILE,
        firmware=HOSTILE,
        engine=HOSTILE,
        sync=HOSTILE,
        store_name=HOSTILE,
        store_id=HOSTILE,
        sync_mode="slave",
        master_sn=HOSTILE,
        master_ip=HOSTILE,
        pace="immediate",
        reboot_seconds=0.2,
    )
    emulator = Emulator(settings=settings)
    emulator.device.teach(HOSTILE, HOSTILE)
    return emulator


@pytest.fixture(scope="module")
def hostile_url(hostile_emulator: Emulator) -> Iterator[str]:
    with serve(hostile_emulator) as url:
        yield url


COMMANDS = [
    ("info",),
    ("items", "list"),
    ("items", "register", "1", HOSTILE),
    ("items", "pending"),
    ("items", "delete", HOSTILE),
    ("items", "commit", HOSTILE),
    ("items", "teach", HOSTILE, HOSTILE, "--pictures", "1"),
    ("recognize",),
    ("recognize", "--watch", "--times", "1", "--every", "0"),
    ("recognize", "--confirm", HOSTILE),
    ("feedback", HOSTILE, HOSTILE, HOSTILE),
    ("doctor",),
    pytest.param(("conformance", "--keep-secrets"), marks=pytest.mark.slow),
    ("errors", HOSTILE),
    ("reset", "--yes", HOSTILE),
    ("restore", "missing.evo", "--yes", HOSTILE),
    ("wait", "--poll", "0.01"),
    ("reboot", "--wait", "--poll", "0.01"),
    (HOSTILE,),
    ("info", HOSTILE),
    ("info", "--url", HOSTILE),
    ("image", f"/nowhere/{HOSTILE}"),
    ("-v", "info"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: ascii(" ".join(command))[:30])
def test_no_command_prints_controls(hostile_url: str, tmp_path: Path, command: tuple[str, ...]) -> None:
    printed = run_cli(*command, url=hostile_url, cwd=tmp_path)
    assert printed.out + printed.err
    assert not CONTROLS.search(printed.out + printed.err), ascii(printed.out + printed.err)
    as_json: Result = run_cli(*command, "--json", url=hostile_url, cwd=tmp_path)
    assert not CONTROLS.search(as_json.out + as_json.err), ascii(as_json.out + as_json.err)
    assert as_json.json_lines


@pytest.mark.parametrize(
    "command", [("info",), ("items", "list"), ("recognize",), ("errors", HOSTILE), ("doctor",)]
)
def test_no_command_lets_a_module_control_the_terminal(hostile_url: str, command: tuple[str, ...]) -> None:
    with open_terminal(*command, url=hostile_url) as terminal:
        terminal.finish()
    own = re.sub(r"\x1b\[[0-9;]*m|\r\n", "", terminal.screen)
    assert not CONTROLS.search(own), ascii(own)


def test_a_module_cannot_add_lines_to_a_table(hostile_emulator: Emulator, hostile_url: str) -> None:
    hostile_emulator.device.teach("2", "Pear\nX  Fake")
    lines = run_cli("items", "list", url=hostile_url).out.splitlines()
    assert "2" in [line.split()[0] for line in lines] and "X" not in [line.split()[0] for line in lines]


@linux_only
def test_paths_that_are_not_utf8(emulator: Emulator, url: str, tmp_path: Path) -> None:
    folder = tmp_path / NOT_UTF8
    folder.mkdir()
    status, out, _ = run_cli_for_bytes("image", folder / "pan.jpg", url=url)
    assert status == 0 and out.startswith(os.fsencode(folder / "pan.jpg"))
    status, out, _ = run_cli_for_bytes("backup", folder, "--poll", "0.01", url=url)
    [backup] = folder.glob("*.evo")
    assert (status, out) == (0, os.fsencode(backup) + b"\n")
    status, out, _ = run_cli_for_bytes("backup", folder, "--poll", "0.01", "--json", url=url)
    assert status == 0 and b"caf\\udce9" in out
    assert Path(json.loads(out)["result"]["file"]).parent == folder
    emulator.faults.add(Fault("error_code", "get_image", code=-6103, times=None))
    for arguments in (("restore", folder / "missing"), ("image", folder / "pan.jpg"), ("image", folder)):
        status, out, _ = run_cli_for_bytes(*arguments, "--json", url=url)
        assert status != 0 and json.loads(out)["error"]["message"]


@linux_only
def test_a_failure_names_a_path_that_is_not_utf8(url: str, tmp_path: Path) -> None:
    with open_terminal("restore", tmp_path / NOT_UTF8, "--yes", "12345678", url=url) as terminal:
        assert terminal.finish() == 1
    assert "caf\ufffd: No such file or directory" in terminal.screen
