"""The program, curl, threads, and what importing costs."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from emulator_support import Channel, in_process, make

from vision_ai_emulator import Emulator, serve

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def curl(*arguments: str) -> bytes:
    command = ["curl", "--silent", "--show-error", "--noproxy", "*", *arguments]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


@needs_curl
def test_curl_gets_device_info_and_picture() -> None:
    with serve(make()) as url:
        assert json.loads(curl("-X", "POST", f"{url}/api/get_device_info"))["data"]["sn"] == "12345678"
        assert curl("-X", "POST", f"{url}/api/get_image").startswith(b"\xff\xd8\xff")


@needs_curl
def test_the_vendors_own_restore_command(tmp_path: Path) -> None:
    emulator = make()
    channel = in_process(emulator)
    file = tmp_path / "test.evo"
    file.write_bytes(channel.backup())
    channel.teach("1", "Apple", "apple")
    with serve(emulator) as url:
        arguments = ("--location", "--request", "POST", f"{url}/api/restore", "--form", f'=@"{file}"')
        assert curl(*arguments) == b'{"code":0,"data":null}'
    emulator.step(2)
    assert channel.post("get_restore_status")["status"] == 4
    assert channel.data("get_item_list") == []


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "vision_ai_emulator", "--port", "0", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_serves_and_stops_without_a_traceback(number: signal.Signals) -> None:
    with start("--pan", "lemon", "--seed", "4") as program:
        assert program.stdout and program.stderr
        lines = [program.stdout.readline() for _ in range(4)]
        url = next(word for word in lines[0].split() if word.startswith("http://127.0.0.1:"))
        assert all("curl" in line and url in line for line in lines[1:3])
        page = lines[3].split()[-1]
        assert httpx.get(f"{page}status", trust_env=False).json()["url"] == url
        # the connection is still open when the program is told to stop
        with httpx.Client(trust_env=False) as client:
            picture = client.post(f"{url}/api/get_image").content
            assert picture == Emulator(seed=4, pan="lemon").device.get_image()
            program.send_signal(number)
            assert program.wait(60) == 0
        assert (program.stdout.read(), program.stderr.read()) == ("", "")


def test_the_program_prints_requests_when_asked() -> None:
    with start("--verbose", "--pan", "empty") as program:
        assert program.stdout and program.stderr
        url = program.stdout.readline().split()[3]
        httpx.post(f"{url}/api/get_calib", trust_env=False)
        program.send_signal(signal.SIGINT)
        output = "".join(program.communicate(timeout=60))
    assert "POST /api/get_calib" in output and "Traceback" not in output


def test_a_port_in_use_is_told_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), serve(make(), port=port):
            pass
        with start("--port", str(port)) as program:
            output, errors = program.communicate(timeout=60)
    assert program.returncode == 1 and output == ""
    assert errors.count("\n") == 2 and str(port) in errors and "Choose another --port" in errors


def test_one_device_in_two_ways_at_once() -> None:
    emulator = make()
    with serve(emulator) as url, httpx.Client(base_url=url, trust_env=False) as client:
        Channel(emulator, client).teach("1", "Apple", "apple")
        assert in_process(emulator).best() == "1"


def test_many_threads_at_once() -> None:
    emulator = make()
    channel = in_process(emulator)
    channel.teach("0", "Apple", "apple")

    def work(number: int) -> list[str]:
        sids: list[str] = []
        for _ in range(10):
            emulator.put("apple")
            channel.data("register_item", {"id": str(number), "name": "n"})
            result = channel.data("get_result")
            channel.data("result_feedback", {"sid": result["sid"], "id": "0", "name": "Apple", "intop": True})
            sids.append(result["sid"])
        return sids

    with ThreadPoolExecutor(8) as pool:
        sids = [sid for each in pool.map(work, range(8)) for sid in each]
    assert len(set(sids)) == 80
    assert len(channel.data("get_registered_item_list")) == 80


def test_a_body_over_the_socket_may_be_chunked() -> None:
    with serve(make()) as url, httpx.Client(base_url=url, trust_env=False) as client:
        answer = client.post("/api/set_learnmode", content=iter([b'{"mode"', b":0}"]))
        assert answer.json() == {"code": 0, "data": None}


HEAVY = ("PIL", "httpx", "starlette", "uvicorn", "asyncio")


def loaded(code: str) -> set[str]:
    """Which heavy modules are in a fresh process after some code."""
    ask = f"{code}\nimport sys; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", ask], check=True, capture_output=True, text=True, timeout=60
    )
    return set(result.stdout.split())


def test_importing_is_light() -> None:
    assert loaded("from vision_ai_emulator import Emulator; Emulator().url") == set()


def test_use_in_process_needs_no_server() -> None:
    code = (
        "from vision_ai_emulator import Emulator, EmulatorTransport;"
        " EmulatorTransport(Emulator()).emulator.device.get_result()"
    )
    assert loaded(code) & {"starlette", "uvicorn"} == set()
