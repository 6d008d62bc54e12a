"""The emulator over a socket with curl and threads, the command, and what an import loads."""

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
from emulator_support import EmulatorClient, connect, create_emulator, open_http_client

from vision_ai_emulator import Emulator, serve

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def curl(*arguments: str) -> bytes:
    command = ["curl", "--silent", "--show-error", "--noproxy", "*", *arguments]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


@needs_curl
def test_curl_gets_device_info_and_picture() -> None:
    with serve(create_emulator()) as url:
        assert json.loads(curl("-X", "POST", f"{url}/api/get_device_info"))["data"]["sn"] == "12345678"
        assert curl("-X", "POST", f"{url}/api/get_image").startswith(b"\xff\xd8\xff")


@needs_curl
def test_the_vendors_curl_example_restores(tmp_path: Path) -> None:
    emulator = create_emulator()
    client = connect(emulator)
    file = tmp_path / "test.evo"
    file.write_bytes(client.back_up())
    client.teach("1", "Apple", "apple")
    with serve(emulator) as url:
        arguments = ("--location", "--request", "POST", f"{url}/api/restore", "--form", f'=@"{file}"')
        assert curl(*arguments) == b'{"code":0,"data":null}'
    emulator.step(2)
    assert client.call("get_restore_status")["status"] == 4
    assert client.call_data("get_item_list") == []


def start_command(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "vision_ai_emulator", "--port", "0", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_and_stops_without_a_traceback(number: signal.Signals) -> None:
    with start_command("--pan", "lemon", "--seed", "4") as program:
        assert program.stdout and program.stderr
        lines = [program.stdout.readline() for _ in range(4)]
        url = next(word for word in lines[0].split() if word.startswith("http://127.0.0.1:"))
        assert all("curl" in line and url in line for line in lines[1:3])
        page = lines[3].split()[-1]
        assert httpx.get(f"{page}status", trust_env=False).json()["url"] == url
        # the connection is still open when the signal arrives
        with open_http_client() as client:
            picture = client.post(f"{url}/api/get_image").content
            assert picture == Emulator(seed=4, pan="lemon").device.get_image()
            program.send_signal(number)
            assert program.wait(60) == 0
        assert (program.stdout.read(), program.stderr.read()) == ("", "")


def test_the_command_prints_requests_with_verbose() -> None:
    with start_command("--verbose", "--pan", "empty") as program:
        assert program.stdout and program.stderr
        url = program.stdout.readline().split()[3]
        httpx.post(f"{url}/api/get_calib", trust_env=False)
        program.send_signal(signal.SIGINT)
        output = "".join(program.communicate(timeout=60))
    assert "POST /api/get_calib" in output and "Traceback" not in output


def test_a_port_in_use_is_reported_with_advice() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(OSError, match="in use"), serve(create_emulator(), port=port):
            pass
        with start_command("--port", str(port)) as program:
            output, errors = program.communicate(timeout=60)
    assert program.returncode == 1 and output == ""
    assert errors.count("\n") == 2 and str(port) in errors and "Choose another --port" in errors


def test_one_emulator_works_over_a_socket_and_in_process() -> None:
    emulator = create_emulator()
    with serve(emulator) as url, open_http_client(url) as client:
        EmulatorClient(emulator, client).teach("1", "Apple", "apple")
        assert connect(emulator).recognize() == "1"


def test_many_threads_can_use_one_emulator() -> None:
    emulator = create_emulator()
    client = connect(emulator)
    client.teach("0", "Apple", "apple")

    def use_device(number: int) -> list[str]:
        sids: list[str] = []
        emulator.put("apple")
        for _ in range(10):
            client.call_data("register_item", {"id": str(number), "name": "n"})
            result = client.call_data("get_result")
            client.call_data(
                "result_feedback", {"sid": result["sid"], "id": "0", "name": "Apple", "intop": True}
            )
            sids.append(result["sid"])
        return sids

    with ThreadPoolExecutor(8) as pool:
        sids = [sid for each in pool.map(use_device, range(8)) for sid in each]
    assert len(set(sids)) == 80
    assert len(client.call_data("get_registered_item_list")) == 80


def test_a_body_over_a_socket_can_be_chunked() -> None:
    with serve(create_emulator()) as url, open_http_client(url) as client:
        response = client.post("/api/set_learnmode", content=iter([b'{"mode"', b":0}"]))
        assert response.json() == {"code": 0, "data": None}


LARGE_LIBRARIES = ("PIL", "httpx", "starlette", "uvicorn", "asyncio")


def find_loaded_libraries(code: str) -> set[str]:
    """Return the large libraries that some code loads in a new process."""
    program = f"{code}\nimport sys; print(*[name for name in {LARGE_LIBRARIES!r} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    return set(result.stdout.split())


def test_importing_the_emulator_loads_no_large_library() -> None:
    assert find_loaded_libraries("from vision_ai_emulator import Emulator; Emulator().url") == set()


def test_in_process_use_loads_no_server() -> None:
    code = (
        "from vision_ai_emulator import Emulator, EmulatorTransport;"
        " EmulatorTransport(Emulator()).emulator.device.get_result()"
    )
    assert find_loaded_libraries(code) & {"starlette", "uvicorn"} == set()
