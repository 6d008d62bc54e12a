"""The command `python -m vision_ai_emulator` and its options."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from emulator_support import create_emulator, open_http_client

from vision_ai_emulator import serve
from vision_ai_emulator.__main__ import PACKAGES, main


@contextmanager
def run_command(*arguments: str) -> Generator[tuple[str, str]]:
    """Run the command, and yield the URLs of the device and of the control page."""
    command = [sys.executable, "-m", "vision_ai_emulator", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        lines = [program.stdout.readline() for _ in range(4)]
        try:
            yield lines[0].split()[3], lines[3].split()[-1]
        finally:
            program.send_signal(signal.SIGTERM)
            assert program.wait(60) == 0


def test_all_options_work_together(tmp_path: Path) -> None:
    file = tmp_path / "device.json"
    create_emulator(seed=9, pan="lemon").save(file)
    options = ("--state", str(file), "--clock", "frozen", "--pace", "polls", "--token", "t", "--pan", "pear")
    dialects = ("--dialect", "restore_path=restore", "--dialect", "trailing_commas=true")
    headers = {"X-Emulator-Token": "t"}
    with (
        run_command(*options, *dialects) as (url, page),
        open_http_client(page, headers=headers) as client,
    ):
        status = client.get("status").json()
        assert (status["url"], status["control_url"], status["state_file"]) == (url, page, str(file))
        assert (status["seed"], status["pan"]["kind"], status["clock"]["mode"]) == (9, "pear", "frozen")
        assert status["settings"]["pace"] == "polls"
        assert (status["dialect"]["restore_path"], status["dialect"]["trailing_commas"]) == ("restore", True)
        assert client.get("status", headers={"X-Emulator-Token": "x"}).status_code == 401
        client.put("pan", json={"kind": "grapes"})
        assert client.post("state/save").json() == {"file": str(file)}
    other = create_emulator()
    other.load(file)
    assert other.pan == "grapes" and other.dialect.restore_path == "restore"


def test_the_version_of_the_api_is_an_option(tmp_path: Path) -> None:
    file = tmp_path / "device.json"
    with run_command("--api", "v2", "--dialect", "result_sid=true", "--state", str(file)) as (url, page):
        answer = httpx.get(f"{url}/api/get_result", trust_env=False).json()
        assert answer["data"]["items"] == [] and answer["data"]["sid"]
        assert httpx.post(f"{url}/api/get_result", trust_env=False).json()["code"] == -6117
        assert httpx.get(f"{page}settings", trust_env=False).json()["api"] == "v2"
    other = create_emulator()
    other.load(file)
    assert other.settings.api == "v2"


def test_a_missing_state_file_is_created_on_save(tmp_path: Path) -> None:
    file = tmp_path / "device.json"
    with run_command("--state", str(file)) as (_, page):
        assert httpx.get(f"{page}pan", trust_env=False).json()["kind"] == "apple"
        httpx.post(f"{page}state/save", trust_env=False)
    create_emulator().load(file)


@pytest.mark.parametrize("attempt", range(5))
def test_several_signals_at_once_stop_the_command_cleanly(attempt: int) -> None:
    command = [sys.executable, "-m", "vision_ai_emulator", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout and program.stderr
        assert program.stdout.readline()
        for ending in (signal.SIGINT, signal.SIGTERM) * 3:
            program.send_signal(ending)
        assert program.wait(60) == 0
        assert program.stderr.read() == ""


def test_a_port_in_use_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "vision_ai_emulator", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1, port {port}" in done.stderr
    assert "Choose another --port" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--host", "0.0.0.0"], "give a token"),
        (["--dialect", "restore_path"], "NAME=VALUE"),
        (["--dialect", "restore_path=here"], "both, start_restore, restore"),
        (["--dialect", "colour=red"], "it is one of"),
        (["--state", "{folder}"], "directory"),
        (["--state", "{folder}/bad.json"], "not a state"),
        (["--state", "{folder}/good.json", "--seed", "1"], "remove --seed"),
        (["--state", "{folder}/good.json", "--api", "v2"], "remove --api"),
        (["--api", "v3"], "--api"),
        (["--upgrade-file", "{folder}/none"], "No such file"),
        (["--clock", "fast"], "--clock"),
        (["--pace", "slow"], "--pace"),
        (["--token", ""], "token"),
        (["--port", "x"], "--port"),
    ],
)
def test_wrong_options_are_reported(
    arguments: list[str], hint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_text("[]")
    create_emulator().save(tmp_path / "good.json")
    with pytest.raises(SystemExit) as exit:
        main([each.format(folder=tmp_path) for each in arguments])
    assert exit.value.code == 2
    assert hint in capsys.readouterr().err


def test_the_help_lists_every_choice(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for text_part in (
        "--state FILE",
        "--token TOKEN",
        "--api {v1,v2}",
        "--upgrade-file FOLDER",
        "--dialect NAME=VALUE",
        "--clock {real,frozen}",
        "--pace {timed,immediate,polls}",
        "--control-port PORT",
        "restore_path: both, start_restore, restore",
        "trailing_commas: false, true",
        "any but a loopback address requires --token (default: 127.0.0.1)",
        "0 selects a free one (default: 8172)",
        "banana, broccoli",
    ):
        assert text_part in text, text_part


def find_two_free_ports() -> int:
    """Return the first of two consecutive free ports."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            with suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                return port


def test_the_control_port_is_the_next_port_if_it_is_free() -> None:
    emulator, port = create_emulator(), find_two_free_ports()
    with serve(emulator, port=port):
        assert emulator.server_info.control_url == f"http://127.0.0.1:{port + 1}/__emulator__/"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        with serve(emulator, port=port):
            control_url = emulator.server_info.control_url
            assert control_url and control_url != f"http://127.0.0.1:{port + 1}/__emulator__/"
            assert httpx.get(f"{control_url}pan", trust_env=False).status_code == 200
        # an explicit control port is required
        with pytest.raises(OSError, match="in use"), serve(emulator, port=port, control_port=port + 1):
            pass
    with serve(emulator, port=port) as url:
        assert httpx.post(f"{url}/api/get_calib", trust_env=False).status_code == 200


@pytest.mark.parametrize("number", [pytest.param(signal.SIGINT, marks=pytest.mark.slow), signal.SIGTERM])
def test_the_state_is_saved_at_the_end(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "device.json"
    for name in ("Apple", "Pear"):
        command = [sys.executable, "-m", "vision_ai_emulator", "--port", "0", "--state", str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            url = server.stdout.readline().split()[3]
            with httpx.Client(trust_env=False) as client:
                products = client.get(f"{url}/__emulator__/catalog").json()["products"]
                assert [each["name"] for each in products] == ["Apple"] * (name == "Pear")
                client.post(f"{url}/__emulator__/catalog", json={"id": name, "name": name})
            server.send_signal(number)
        assert server.returncode == 0
    assert '"Pear"' in file.read_text()


def test_a_state_that_cannot_be_saved_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    command = [
        sys.executable,
        "-m",
        "vision_ai_emulator",
        "--port",
        "0",
        "--state",
        str(folder / "device.json"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None and server.stderr is not None
        server.stdout.readline()
        folder.rmdir()
        server.terminate()
        assert "cannot save the state" in server.stderr.read()
    assert server.returncode == 1


@pytest.mark.parametrize("missing", PACKAGES)
@pytest.mark.parametrize(
    "program",
    [
        "sys.argv = ['emulator', '--port', '0']; runpy.run_module('vision_ai_emulator', run_name='__main__')",
        "sys.argv = ['vision-ai', 'emulator', '--port', '0']; import vision_ai_tools.cli as c; sys.exit(c.main())",
    ],
    ids=["emulator", "vision-ai"],
)
def test_without_its_extra_the_command_says_what_to_install(missing: str, program: str) -> None:
    without = f"import runpy, sys; sys.modules[{missing!r}] = None; {program}"
    done = subprocess.run(
        [sys.executable, "-c", without], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    what, hint = done.stderr.splitlines()
    assert f"needs a package that is not installed ({missing})" in what
    assert hint == "  Install it: pip install 'vision-ai-module[emulator]'"
