"""What goes wrong is told in two lines, or in JSON, and by the exit status."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from cli_program import PROGRAM, environment, json_lines, started, vision_ai

from vision_ai_emulator import Emulator, Fault

SERIAL = "12345678"


def test_the_module_says_no(emulator: Emulator, url: str) -> None:
    emulator.fail_next(-6103, "get_result", times=2)
    told = vision_ai("recognize", url=url)
    assert told.status == 1
    assert told.told == (
        "get_result: the module says CAMERA_LOST (-6103): The module has lost its camera.",
        "Try again. If it comes again: "
        "check the camera's cable, then restart the module: vision-ai reboot --wait",
    )
    error = vision_ai("recognize", "--json", url=url).error
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


def test_a_hint_belongs_to_what_was_asked(url: str) -> None:
    assert (
        vision_ai("items", "commit", "9", url=url).told[1]
        == "See what is in the cache: vision-ai items pending"
    )


def test_a_code_that_nobody_knows(emulator: Emulator, url: str) -> None:
    emulator.fail_next(-7777, "get_calib")
    what, mend = vision_ai("calib", "get", url=url).told
    assert "UNKNOWN (-7777)" in what and "vision-ai errors" in mend


def test_a_transfer_that_fails(emulator: Emulator, url: str, tmp_path: Path) -> None:
    emulator.faults.add(Fault("job_fails", "start_backup", code=-6203))
    told = vision_ai("backup", tmp_path, "--poll", "0.05", "--json", url=url)
    assert (told.status, told.error["kind"]) == (1, "transfer")
    assert list(tmp_path.iterdir()) == []


def test_the_module_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
    told = vision_ai("info", url=closed)
    assert told.status == 3
    assert "cannot be reached" in told.told[0] and told.told[1] == "Find the cause: vision-ai doctor"
    assert vision_ai("info", "--json", url=closed).error["kind"] == "unreachable"


def test_a_hint_is_for_the_module_that_was_asked(emulator: Emulator, url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
    cause = f"Find the cause: vision-ai doctor --url {closed}"
    assert vision_ai("info", "--url", closed).told[1] == cause
    assert vision_ai("--url", closed, "conformance", "--json").error["hint"] == cause
    secret = closed.replace("127", "clerk:secret@127")
    assert "secret" not in vision_ai("info", "--url", secret, "--json").answer["error"]["hint"]
    emulator.faults.add(Fault("truncated_json", "get_calib"))
    hint = vision_ai("calib", "get", "--url", url).told[1]
    assert hint == f"Is it a VISION-AI module that answers there? vision-ai doctor --url {url}"
    emulator.fail_next(-6103, "get_result", times=2)
    hint = vision_ai("recognize", "--watch", "--url", url, "--json").error["hint"]
    assert hint.endswith(f"vision-ai reboot --url {url} --wait")


def test_a_path_that_the_module_does_not_have(url: str) -> None:
    assert "the path in --url may be wrong" in vision_ai("info", "--url", f"{url}/elsewhere").told[1]


def test_a_backup_of_another_store(emulator: Emulator, url: str, tmp_path: Path) -> None:
    assert vision_ai("backup", tmp_path, "--poll", "0.05", url=url).status == 0
    [backup] = tmp_path.iterdir()
    emulator.faults.add(Fault("job_fails", "start_restore", code=-6141))
    told = vision_ai("restore", backup, "--yes", SERIAL, "--poll", "0.05", "--json", url=url)
    assert (told.error["kind"], told.error["code"]) == ("transfer", -6141)
    assert told.error["message"].endswith("The store does not match.")
    assert "activate it first" in told.error["hint"]


@pytest.mark.parametrize("arguments", [("items",), ("calib",), ()])
def test_a_group_alone_shows_its_help(arguments: tuple[str, ...]) -> None:
    told = vision_ai(*arguments)
    assert told.status == 2
    assert "Usage: vision-ai" in told.out + told.err and "See vision-ai" not in told.err


def test_ctrl_c_while_it_restarts_says_that_it_does(emulator: Emulator, url: str) -> None:
    emulator.change(reboot_seconds=1000.0)
    with started("reboot", "--wait", "--json", url=url) as program:
        assert program.stdout and program.stderr
        assert "progress" in program.stderr.readline()
        program.send_signal(signal.SIGINT)
        assert program.wait() == 130
        [told] = json_lines(program.stdout.read())
    assert "the module was told to restart" in told["error"]["message"]


def test_an_answer_that_does_not_come(emulator: Emulator, url: str) -> None:
    emulator.faults.add(Fault("slow_first_byte", "register_item", seconds=5))
    told = vision_ai("items", "register", "1", "Fig", "--timeout", "0.5", "--json", url=url)
    assert (told.status, told.error["kind"]) == (1, "timeout")
    assert "may have been done" in told.error["hint"]


def test_an_answer_that_is_lost(emulator: Emulator, url: str) -> None:
    emulator.faults.add(Fault("drop_before_answer", "register_item"))
    told = vision_ai("items", "register", "1", "Fig", "--json", url=url)
    assert (told.status, told.error["kind"]) == (1, "lost")
    assert emulator.acted["register_item"] == 1


def test_a_lost_question_can_be_asked_again(emulator: Emulator, url: str) -> None:
    emulator.faults.add(Fault("drop_before_answer", "get_calib", times=None))
    assert vision_ai("calib", "get", "--json", url=url).error["hint"] == "Try again."


def test_an_answer_that_is_none(emulator: Emulator, url: str) -> None:
    emulator.faults.add(Fault("truncated_json", "get_calib"))
    assert vision_ai("calib", "get", "--json", url=url).error["kind"] == "answer"


def test_files_of_this_computer(url: str, tmp_path: Path) -> None:
    missing = vision_ai("restore", tmp_path / "no.evo", "--yes", SERIAL, url=url)
    assert missing.status == 1
    assert missing.told[0] == f"{tmp_path}/no.evo: No such file or directory"
    folder = vision_ai("backup", tmp_path / "none", "--json", url=url)
    assert (folder.status, folder.error["kind"]) == (1, "file")
    assert (
        vision_ai("image", tmp_path / "none" / "x.jpg", url=url).told[0] == f"{tmp_path}/none: no such folder"
    )


@pytest.mark.parametrize(
    ("arguments", "about", "hint"),
    [
        (("nothing",), "No such command 'nothing'", "vision-ai --help"),
        (("item",), "Did you mean 'items'?", "vision-ai --help"),
        (("items", "sell"), "No such command 'sell'", "vision-ai items --help"),
        (("info", "--bad"), "No such option: --bad", "vision-ai info --help"),
        (("calib", "set", "a", "1", "1", "1"), "'a' is not a valid int", "vision-ai calib set --help"),
        (("calib", "set", "1", "2"), "a frame has 4 numbers, not 2", "Give all four"),
        (("calib", "set", "--left", "1"), "the frame lacks top, width, height", "Give all four"),
        (("calib", "set", "1", "2", "3", "4", "--left", "1"), "given twice", "Give all four"),
        (("calib", "set", "-1", "0", "3", "4"), "left must be 0 to 1279, not -1", "Nothing was sent"),
        (("calib", "set", "1000", "0", "300", "4"), "1280", "Nothing was sent"),
        (("image", "-", "--json"), "cannot both", "Name a file"),
        (("image",), "Missing argument 'FILE'", "vision-ai image --help"),
        (("items", "teach"), "Missing argument 'ID'", "vision-ai items teach --help"),
        (("restore",), "Missing argument 'FILE'", "vision-ai restore --help"),
        (("restore", "--json"), "Missing argument 'FILE'", "vision-ai restore --help"),
        (("image", "x.jpg", "--every", "2"), "--every is for --watch", "Add --watch"),
        (("recognize", "--every", "2"), "--every is for --watch", "Add --watch"),
        (("recognize", "--times", "2"), "--times is for --watch", "Add --watch"),
        (("reboot", "--within", "9"), "--within is for --wait", "Add --wait"),
        (("reboot", "--poll", "1"), "--poll is for --wait", "Add --wait"),
        (("reset", "--poll", "1"), "--poll is for --wait", "Add --wait"),
        (("image", "x.jpg", "--times", "3"), "--times is for --watch", "Add --watch"),
        (("image", "x.jpg", "--watch", "--every", "nan"), "--every must be 0 to", "Correct it"),
        (("image", "."), "'.' is no file", "Name a file"),
        (("items", "register", "1", "Fig", "--picture", ""), "is no file", "Name a file"),
        (("recognize", "--watch", "--confirm", "1"), "--confirm is for one", "Leave --watch out"),
        (("recognize", "--name", "Fig"), "--name goes with --confirm", "Add --confirm"),
        (("items", "teach", "", "Fig"), "id", "Nothing was sent"),
        (("items", "teach", "1", "Fig", "--pictures", "0"), "0 is not in the range", "teach --help"),
        (("errors", "green"), "'green' is no error code", "vision-ai errors lists them"),
        (("reset",), "cannot be undone", "vision-ai reset … --yes SERIAL"),
        (("restore", "x.evo"), "cannot be undone", "vision-ai restore … --yes SERIAL"),
        (("info", "--timeout", "0"), "timeout must be a number of seconds above 0", "Nothing was sent"),
        (("info", "--url", "module"), "'module' is no URL", "Nothing was sent"),
        (("info", "--url", "usb:0"), "no transport for 'usb'", "Nothing was sent"),
        (("record", "x.har", "--record", "y.har"), "named twice", "Leave --record out"),
        (
            ("record", "x.har", "--listen", "0", "--url", "emulator:"),
            "cannot be relayed",
            "Give the module's",
        ),
        (("emulator", "--url"), "requires an argument", "vision-ai --help"),
    ],
)
def test_a_command_line_that_is_not_possible(
    tmp_path: Path, arguments: tuple[str, ...], about: str, hint: str
) -> None:
    told = vision_ai(*arguments, url="emulator:", cwd=tmp_path)
    assert told.status == 2
    said = told.answer["error"] if "--json" in arguments else {"message": told.told[0], "hint": told.told[1]}
    assert about in said["message"] and hint in said["hint"]
    assert list(tmp_path.iterdir()) == []


def test_a_usage_error_in_json() -> None:
    told = vision_ai("calib", "set", "--json", "--nope")
    assert (told.status, told.answer["command"], told.error["kind"]) == (2, "calib set", "usage")


def test_the_wrong_serial_number_stops_it(emulator: Emulator, url: str) -> None:
    told = vision_ai("reset", "--yes", "87654321", url=url)
    assert told.status == 2
    assert told.told == ("this is the module 12345678, not '87654321'", "Nothing was done.")
    assert emulator.acted.get("reset_device", 0) == 0


def test_a_module_without_a_serial_number_cannot_be_meant(emulator: Emulator, url: str) -> None:
    emulator.change(sn="")
    assert vision_ai("reset", "--yes", "", url=url).status == 1
    assert emulator.acted.get("reset_device", 0) == 0


@pytest.mark.parametrize(("ending", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_ends_it_finds_nothing_half(
    emulator: Emulator, url: str, tmp_path: Path, ending: signal.Signals, status: int
) -> None:
    emulator.faults.add(Fault("endless", "download"))
    with started("backup", tmp_path, "--poll", "0.05", "--json", url=url) as program:
        assert program.stdout and program.stderr
        assert any("downloading" in line for line in iter(program.stderr.readline, ""))
        assert len(list(tmp_path.iterdir())) == 1
        program.send_signal(ending)
        assert program.wait() == status
        told = json_lines(program.stdout.read())
    assert [line["error"]["kind"] for line in told] == (["interrupted"] if ending == signal.SIGINT else [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_closed_streams_are_no_reason_to_fail(url: str, closed: str) -> None:
    command = f"{PROGRAM} info --json --url {url} {closed}"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env=environment(), check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_names_that_the_output_cannot_take_are_no_reason_to_fail(url: str) -> None:
    vision_ai("items", "teach", "1", "梨", "--pictures", "1", url=url)
    assert vision_ai("items", "list", url=url, PYTHONIOENCODING="latin-1").out == "ID  Name\n1   ?\n"


def test_nobody_reads_any_more() -> None:
    command = f"{PROGRAM} errors | true; {PROGRAM} errors --json | head -c 1; {PROGRAM} --help | true"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env=environment(), check=False
    )
    assert (done.stdout, done.stderr) == ("{", "")


def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [PROGRAM, "errors"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "vision-ai: No space left on device"


def test_verbose_shows_the_calls_without_secrets(url: str) -> None:
    told = vision_ai("info", "-v", url=url)
    assert "vision_ai: get_device_info" in told.err and SERIAL not in told.err


def test_json_is_ascii_where_the_output_cannot_take_more(emulator: Emulator, url: str) -> None:
    vision_ai("items", "teach", "1", "梨", "--pictures", "1", url=url)
    told = vision_ai("items", "list", "--json", url=url, PYTHONIOENCODING="ascii")
    assert "\\u68a8" in told.out and told.value[0]["name"] == "梨"


def test_without_the_extra_it_says_how_to_get_it() -> None:
    """-S leaves out site-packages: the distribution's own packages are there, nothing else is."""
    room = Path(__file__).parents[4] / "tools"
    start = "from vision_ai_tools.cli import main; sys.exit(main())"
    program = f"import sys; sys.path.insert(0, {str(room)!r}); {start}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, "info"],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "vision-ai: the command line is not installed with the bare SDK.",
        "  Install it: pip install 'vision-ai-module[cli]'",
    ]


def test_the_emulator_without_its_extra_says_how_to_get_it(tmp_path: Path) -> None:
    shadow = tmp_path / "vision_ai_module-0.dist-info"
    shadow.mkdir()
    needs = "Provides-Extra: emulator\nRequires-Dist: surely-missing>=1; extra == 'emulator'\n"
    (shadow / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vision-ai-module\nVersion: 0\n{needs}")
    told = vision_ai("emulator", "--port", "0", PYTHONPATH=str(tmp_path))
    assert told.status == 2
    assert told.told == (
        "the emulator needs what is not installed: surely-missing",
        "Install it: pip install 'vision-ai-module[emulator]'",
    )


@pytest.mark.parametrize(
    ("command", "missing", "extra"),
    [
        ("console", "starlette", "console"),
        ("conformance", "jsonschema", "cli"),
    ],
)
def test_a_command_without_its_extra_says_how_to_get_it(
    tmp_path: Path, command: str, missing: str, extra: str
) -> None:
    (tmp_path / f"{missing}.py").write_text(f"raise ModuleNotFoundError('No {missing}', name={missing!r})")
    told = vision_ai(command, "--json", "--url", "http://127.0.0.1:9", PYTHONPATH=str(tmp_path))
    assert told.status == 2
    assert told.error["hint"] == f"Install it: pip install 'vision-ai-module[{extra}]'"
