"""Errors are reported as a message and a hint, or in JSON, and by the exit status."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from shared_cli import PROGRAM, make_environment, parse_json_lines, run_cli, run_program
from shared_cli_server import start_cli

from vision_ai_emulator import Emulator, Fault

SERIAL = "12345678"


def test_an_error_code_of_the_module(emulator: Emulator, url: str) -> None:
    emulator.fail_next(-6103, "get_result", times=2)
    result = run_cli("recognize", url=url)
    assert result.status == 1
    assert result.failure == (
        "get_result: the module returned CAMERA_LOST (-6103): The module has lost its camera.",
        "Check the camera's cable, then restart the module: vision-ai reboot --wait",
    )
    error = run_cli("recognize", "--json", url=url).error
    assert error.pop("message") and error.pop("hint")
    assert error == {
        "kind": "device",
        "exit": 1,
        "code": -6103,
        "name": "CAMERA_LOST",
        "category": "camera",
        "retryable": True,
        "operation": "get_result",
    }


def test_the_hint_depends_on_the_operation(url: str) -> None:
    assert (
        run_cli("items", "commit", "9", url=url).failure[1]
        == "The cache may no longer contain it: a restart clears the cache. "
        "Check what the cache contains: vision-ai items pending"
    )


def test_an_unknown_error_code(emulator: Emulator, url: str) -> None:
    emulator.fail_next(-7777, "get_calib")
    message, hint = run_cli("calib", "get", url=url).failure
    assert "UNKNOWN (-7777)" in message and "vendor's documents" in hint


def test_a_transfer_that_fails(emulator: Emulator, url: str, tmp_path: Path) -> None:
    emulator.faults.add(Fault("job_fails", "start_backup", code=-6203))
    result = run_cli("backup", tmp_path, "--poll", "0.05", "--json", url=url)
    assert (result.status, result.error["kind"]) == (1, "transfer")
    assert list(tmp_path.iterdir()) == []


def test_a_module_that_cannot_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
    result = run_cli("info", url=closed)
    assert result.status == 3
    assert (
        "cannot be reached" in result.failure[0] and result.failure[1] == "Find the cause: vision-ai doctor"
    )
    assert run_cli("info", "--json", url=closed).error["kind"] == "unreachable"


def test_commands_in_hints_have_the_url(emulator: Emulator, url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
    cause = f"Find the cause: vision-ai doctor --url {closed}"
    assert run_cli("info", "--url", closed).failure[1] == cause
    assert run_cli("--url", closed, "conformance", "--json").error["hint"] == cause
    secret = closed.replace("127", "clerk:secret@127")
    assert "secret" not in run_cli("info", "--url", secret, "--json").json["error"]["hint"]
    emulator.faults.add(Fault("truncated_json", "get_calib"))
    hint = run_cli("calib", "get", "--url", url).failure[1]
    assert hint == f"Check that a VISION-AI module responds at this address: vision-ai doctor --url {url}"
    emulator.fail_next(-6103, "get_result", times=2)
    lost = run_cli("recognize", "--watch", "--times", "1", "--url", url, "--json").json
    hint = lost["connection_lost"]["hint"]
    assert hint.endswith(f"vision-ai reboot --url {url} --wait")


def test_a_wrong_path_in_the_url(url: str) -> None:
    hint = run_cli("info", "--url", f"{url}/elsewhere").failure[1]
    assert "check the path in the module's URL." in hint


def test_a_backup_of_another_store(emulator: Emulator, url: str, tmp_path: Path) -> None:
    assert run_cli("backup", tmp_path, "--poll", "0.05", url=url).status == 0
    [backup] = tmp_path.iterdir()
    emulator.faults.add(Fault("job_fails", "start_restore", code=-6141))
    result = run_cli("restore", backup, "--yes", SERIAL, "--poll", "0.05", "--json", url=url)
    assert (result.error["kind"], result.error["code"]) == ("transfer", -6141)
    assert result.error["message"].endswith("The store does not match.")
    assert "activate the module for that store first" in result.error["hint"]


@pytest.mark.parametrize("arguments", [("items",), ("calib",), ()])
def test_a_group_without_a_command_shows_its_help(arguments: tuple[str, ...]) -> None:
    result = run_cli(*arguments)
    assert result.status == 2
    assert "Usage: vision-ai" in result.out + result.err and "See vision-ai" not in result.err


def test_ctrl_c_during_a_restart(emulator: Emulator, url: str) -> None:
    emulator.change(reboot_seconds=1000.0)
    with start_cli("reboot", "--wait", "--json", url=url) as program:
        assert "progress" in program.err.readline()
        program.send_signal(signal.SIGINT)
        assert program.wait() == 130
        [result] = parse_json_lines(program.out.read())
    assert "the module is restarting nevertheless" in result["error"]["message"]


def test_a_response_that_does_not_come_in_time(emulator: Emulator, url: str) -> None:
    emulator.faults.add(Fault("slow_first_byte", "register_item", seconds=5))
    result = run_cli("items", "register", "1", "Fig", "--timeout", "0.5", "--json", url=url)
    assert (result.status, result.error["kind"]) == (1, "timeout")
    assert "may have carried out the call" in result.error["hint"]


def test_a_response_that_is_lost(emulator: Emulator, url: str) -> None:
    emulator.faults.add(Fault("drop_before_answer", "register_item"))
    result = run_cli("items", "register", "1", "Fig", "--json", url=url)
    assert (result.status, result.error["kind"]) == (1, "lost")
    assert emulator.acted["register_item"] == 1


def test_a_lost_read_can_be_repeated(emulator: Emulator, url: str) -> None:
    emulator.faults.add(Fault("drop_before_answer", "get_calib", times=None))
    assert run_cli("calib", "get", "--json", url=url).error["hint"] == "Try again."


def test_a_response_that_is_not_in_the_protocol(emulator: Emulator, url: str) -> None:
    emulator.faults.add(Fault("truncated_json", "get_calib"))
    assert run_cli("calib", "get", "--json", url=url).error["kind"] == "answer"


def test_files_that_cannot_be_used(url: str, tmp_path: Path) -> None:
    missing = run_cli("restore", tmp_path / "no.evo", "--yes", SERIAL, url=url)
    assert missing.status == 1
    assert missing.failure[0] == f"{tmp_path}/no.evo: No such file or directory"
    folder = run_cli("backup", tmp_path / "none", "--json", url=url)
    assert (folder.status, folder.error["kind"]) == (1, "file")
    assert (
        run_cli("image", tmp_path / "none" / "x.jpg", url=url).failure[0]
        == f"{tmp_path}/none: no such folder"
    )


@pytest.mark.parametrize(
    ("arguments", "about", "hint"),
    [
        (("nothing",), "No such command 'nothing'", "vision-ai --help"),
        (("item",), "Did you mean 'items'?", "vision-ai --help"),
        (("items", "sell"), "No such command 'sell'", "vision-ai items --help"),
        (("info", "--bad"), "No such option: --bad", "vision-ai info --help"),
        (("calib", "set", "a", "1", "1", "1"), "'a' is not a valid int", "vision-ai calib set --help"),
        (("calib", "set", "1", "2"), "the area takes 4 numbers, not 2", "Give all four"),
        (("calib", "set", "--left", "1"), "missing for the area: top, width, height", "Give all four"),
        (("calib", "set", "1", "2", "3", "4", "--left", "1"), "given twice", "Give all four"),
        (("calib", "set", "-1", "0", "3", "4"), "left must be 0 to 1279, not -1", "Nothing was sent"),
        (("calib", "set", "1000", "0", "300", "4"), "1280", "Nothing was sent"),
        (("image", "-", "--json"), "cannot both", "Name a file"),
        (("image",), "Missing argument 'FILE'", "vision-ai image --help"),
        (("items", "teach"), "Missing argument 'ID'", "vision-ai items teach --help"),
        (("restore",), "Missing argument 'FILE'", "vision-ai restore --help"),
        (("restore", "--json"), "Missing argument 'FILE'", "vision-ai restore --help"),
        (("image", "x.jpg", "--every", "2"), "--every works only with --watch", "Add --watch"),
        (("recognize", "--every", "2"), "--every works only with --watch", "Add --watch"),
        (("recognize", "--times", "2"), "--times works only with --watch", "Add --watch"),
        (("reboot", "--within", "9"), "--within works only with --wait", "Add --wait"),
        (("reboot", "--poll", "1"), "--poll works only with --wait", "Add --wait"),
        (("reset", "--poll", "1"), "--poll works only with --wait", "Add --wait"),
        (("image", "x.jpg", "--times", "3"), "--times works only with --watch", "Add --watch"),
        (("image", "x.jpg", "--watch", "--every", "nan"), "--every must be 0 to", "Correct the value"),
        (("image", "."), "'.' is not a file", "Name the file"),
        (("items", "register", "1", "Fig", "--picture", ""), "is not a file", "Name the file"),
        (
            ("recognize", "--watch", "--confirm", "1"),
            "--confirm does not work with --watch",
            "Leave out --watch",
        ),
        (("recognize", "--name", "Fig"), "--name works only with --confirm", "Add --confirm"),
        (("items", "teach", "", "Fig"), "id", "Nothing was sent"),
        (("items", "teach", "1", "Fig", "--pictures", "0"), "0 is not in the range", "teach --help"),
        (("errors", "green"), "'green' is not an error code", "List all codes: vision-ai errors"),
        (("reset",), "cannot be undone", "vision-ai reset … --yes SERIAL"),
        (("restore", "x.evo"), "cannot be undone", "vision-ai restore … --yes SERIAL"),
        (("info", "--timeout", "0"), "timeout must be a number of seconds above 0", "Nothing was sent"),
        (("info", "--url", "module"), "'module' is not a URL", "Nothing was sent"),
        (("info", "--url", "usb:0"), "no transport for 'usb'", "Nothing was sent"),
        (("record", "x.har", "--record", "y.har"), "named twice", "Leave out --record"),
        (
            ("record", "x.har", "--listen", "0", "--url", "emulator:"),
            "a relay needs an http address",
            "Give one: --url",
        ),
        (("emulator", "--url"), "requires an argument", "vision-ai --help"),
    ],
)
def test_an_invalid_command_line(tmp_path: Path, arguments: tuple[str, ...], about: str, hint: str) -> None:
    result = run_cli(*arguments, url="emulator:", cwd=tmp_path)
    assert result.status == 2
    error = (result.error["message"], result.error["hint"]) if "--json" in arguments else result.failure
    assert about in error[0] and hint in error[1]
    assert list(tmp_path.iterdir()) == []


def test_a_usage_error_in_json() -> None:
    result = run_cli("calib", "set", "--json", "--nope")
    assert (result.status, result.json["command"], result.error["kind"]) == (2, "calib set", "usage")


def test_a_wrong_serial_number_stops_the_command(emulator: Emulator, url: str) -> None:
    result = run_cli("reset", "--yes", "87654321", url=url)
    assert result.status == 2
    assert result.failure == (
        "the serial number of this module is 12345678, not '87654321'",
        "Nothing was changed.",
    )
    assert emulator.acted.get("reset_device", 0) == 0


def test_a_module_without_a_serial_number_cannot_be_confirmed(emulator: Emulator, url: str) -> None:
    emulator.change(sn="")
    assert run_cli("reset", "--yes", "", url=url).status == 1
    assert emulator.acted.get("reset_device", 0) == 0


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_ended_backup_leaves_no_file(
    emulator: Emulator, url: str, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    emulator.faults.add(Fault("endless", "download"))
    with start_cli("backup", tmp_path, "--poll", "0.05", "--json", url=url) as program:
        assert any("downloading" in line for line in iter(program.err.readline, ""))
        assert len(list(tmp_path.iterdir())) == 1
        program.send_signal(number)
        assert program.wait() == status
        lines = parse_json_lines(program.out.read())
    assert [line["error"]["kind"] for line in lines] == (["interrupted"] if number == signal.SIGINT else [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_closed_streams_do_no_harm(url: str, closed: str) -> None:
    command = f"{PROGRAM} info --json --url {url} {closed}"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env=make_environment(), check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp866", "cp1251", "cp1252", "cp437"])
def test_characters_that_the_output_cannot_encode_are_replaced(encoding: str, url: str) -> None:
    run_cli("items", "teach", "1", "梨", "--pictures", "1", url=url)
    for command, shown in (
        (("items", "list"), "ID  Name\n1   ?\n"),
        (("doctor",), None),
        (("--help",), None),
    ):
        result = run_cli(*command, url=url, encoding=encoding)
        assert result.status == 0 and "Traceback" not in result.err
        assert shown in (None, result.out)


@pytest.mark.parametrize("encoding", ["cp936", "gb18030"])
def test_chinese_output_has_the_names(encoding: str, url: str) -> None:
    run_cli("items", "teach", "1", "梨", "--pictures", "1", url=url)
    assert run_cli("items", "list", url=url, encoding=encoding).out == "ID  Name\n1   梨\n"


def test_a_closed_pipe_ends_the_program_quietly() -> None:
    command = f"{PROGRAM} errors | true; {PROGRAM} errors --json | head -c 1; {PROGRAM} --help | true"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env=make_environment(), check=False
    )
    assert (done.stdout, done.stderr) == ("{", "")


def test_a_full_disk_is_reported() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [PROGRAM, "errors"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=make_environment(),
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "vision-ai: No space left on device"


def test_verbose_shows_the_calls_without_secrets(url: str) -> None:
    result = run_cli("info", "-v", url=url)
    assert "vision_ai: get_device_info" in result.err and SERIAL not in result.err


def test_json_is_ascii_where_the_output_is_not_utf_8(emulator: Emulator, url: str) -> None:
    run_cli("items", "teach", "1", "梨", "--pictures", "1", url=url)
    result = run_cli("items", "list", "--json", url=url, encoding="ascii")
    assert "\\u68a8" in result.out and result.value[0]["name"] == "梨"


def test_the_bare_sdk_says_how_to_install_the_command_line() -> None:
    """-S leaves out site-packages, so only the distribution's own packages are there."""
    root = Path(__file__).parents[4]
    start = "from vision_ai_tools.cli import main; sys.exit(main())"
    folders = [str(root / "tools"), str(root / "translations")]
    program = f"import sys; sys.path[:0] = {folders!r}; {start}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, "info"],
        capture_output=True,
        text=True,
        env=make_environment(),
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "vision-ai: the command line is not part of the bare SDK.",
        "  Install it: pip install 'vision-ai-module[cli]'",
    ]


@pytest.mark.parametrize(
    ("command", "missing", "extra"),
    [
        ("console", "starlette", "console"),
        ("conformance", "jsonschema", "cli"),
    ],
)
def test_a_command_says_how_to_install_its_extra(
    tmp_path: Path, command: str, missing: str, extra: str
) -> None:
    (tmp_path / f"{missing}.py").write_text(f"raise ModuleNotFoundError('No {missing}', name={missing!r})")
    result = run_program(command, "--json", "--url", "http://127.0.0.1:9", PYTHONPATH=str(tmp_path))
    assert result.status == 2
    assert result.error["hint"] == f"Install it: pip install 'vision-ai-module[{extra}]'"
