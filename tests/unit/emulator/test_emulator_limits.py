"""What anybody can send to the emulator costs it little memory, little time and few descriptors."""

from __future__ import annotations

import hashlib
import io
import random
import socket
import struct
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from emulator_support import create_emulator, open_http_client

from vision_ai_emulator import Emulator, Settings, serve
from vision_ai_emulator.device import backup_file
from vision_ai_emulator.device.error_codes import DeviceError
from vision_ai_emulator.device.persistent_state import PersistentState, Product, Template
from vision_ai_emulator.http.request_log import MAX_TEXT
from vision_ai_emulator.serving.descriptors import get_connection_limits
from vision_ai_emulator.serving.url import find_or_create_emulator

IDENTITY = backup_file.Identity(store_id="1", sn="2", engine="3")
HUGE = 10**400
MEGABYTE = 1 << 20


def make_backup(content: bytes, padding: bytes = b"") -> io.BytesIO:
    """A file that is valid but for its content."""
    manifest = b'{"store_id":"1","sn":"2","engine":"3"}'
    packed = zlib.compress(content, 9)
    head = struct.pack(">8sQQ", b"VAIEVO\x00\x01", len(manifest), len(packed) + len(padding))
    data = head + manifest + packed + padding
    return io.BytesIO(data + hashlib.sha256(data).digest())


def wrap_state(products: bytes) -> bytes:
    return (
        b'{"calibration":{"height":1,"left":0,"top":0,"width":1},"learn_mode":1,"products":['
        + products
        + b"]}"
    )


FEATURES = b'{"id":"1","name":"a","templates":[{"source":"s","features":[%s]}]}'
BOMBS: dict[str, Callable[[], bytes]] = {
    "numbers": lambda: wrap_state(FEATURES % (b"0," * 10_000_000 + b"0")),
    "lists": lambda: b"[" + b"[]," * 7_000_000 + b"[]]",
    "objects": lambda: b"[" + b"{}," * 7_000_000 + b"{}]",
    "spaces": lambda: b" " * (20 * MEGABYTE),
    "text": lambda: wrap_state(b'{"id":"1","name":"' + b"x" * (20 * MEGABYTE) + b'","templates":[]}'),
    "deep": lambda: b"[" * (20 * MEGABYTE),
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize(
    "padding", [0, pytest.param(2 * MEGABYTE, marks=pytest.mark.slow)], ids=["small", "padded"]
)
def test_a_file_that_unpacks_to_far_more_costs_little(bomb: str, padding: int) -> None:
    file = make_backup(BOMBS[bomb](), random.Random(1).randbytes(padding))
    tracemalloc.start()
    with pytest.raises(DeviceError) as caught:
        backup_file.read(file, IDENTITY)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code == -6140
    assert peak < 64 * MEGABYTE, f"{peak / MEGABYTE:.0f} MiB"


def test_a_large_state_can_be_restored() -> None:
    rng = random.Random(1)
    state = PersistentState()
    for number in range(40):
        templates = tuple(Template(str(each), tuple(rng.random() for _ in range(34))) for each in range(64))
        state.products[str(number)] = Product("Apple", templates)
    file = backup_file.write(IDENTITY, state)
    assert backup_file.read(io.BytesIO(file), IDENTITY) == state


def test_a_state_that_could_not_be_restored_is_not_backed_up() -> None:
    state = PersistentState(products={"1": Product("x" * 20 * MEGABYTE)})
    with pytest.raises(DeviceError) as caught:
        backup_file.write(IDENTITY, state)
    assert caught.value.code == -6203


def test_padding_has_the_same_bytes_in_any_size() -> None:
    small, large = (backup_file.write(IDENTITY, PersistentState(), size) for size in (1000, 3 * MEGABYTE + 5))
    assert random.Random(1000).randbytes(1000) in small
    assert random.Random(3 * MEGABYTE + 5).randbytes(3 * MEGABYTE + 5) in large


@pytest.mark.parametrize("size", [0, 10, 11, MAX_TEXT, MAX_TEXT + 1, 500_000, 2_000_000])
def test_the_log_keeps_the_beginning_of_a_body(size: int) -> None:
    emulator = create_emulator()
    body = ("é" * size).encode()[:size]
    emulator.http.respond("POST", "/api/set_calib", body=body)
    handler = emulator.http.begin_request("POST", "/api/set_calib", {})
    for at in range(0, size, 60_000):
        handler.feed(body[at : at + 60_000])
    handler.finish()
    for entry in emulator.log:
        assert entry.body_size == (size or None)
        expected = "é" * min(size // 2, MAX_TEXT // 2) + ("\ufffd" if size == 11 else "")
        assert (entry.body or "") == expected
        assert entry.to_json()["body_size"] == entry.body_size


def test_the_log_keeps_the_beginning_of_a_path() -> None:
    emulator = create_emulator()
    emulator.http.respond("POST", "/api/" + "x" * 60_000)
    assert len(emulator.log[0].path) == MAX_TEXT


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("seed", {"seed": HUGE}),
        ("seed", {"seed": -HUGE}),
        ("seed", {"seed": 2**63}),
        ("seed", {"seed": 1.5}),
        ("seed", {"seed": "x"}),
        ("reset", {"seed": HUGE}),
        ("reset", {"settings": {"backup_padding": HUGE}}),
        ("settings", {"backup_padding": HUGE}),
        ("settings", {"backup_padding": 1 << 40}),
        ("settings", {"backup_padding": (1 << 28) + 1}),
        ("settings", {"backup_padding": -1}),
        ("settings", {"storage_bytes": HUGE}),
        ("settings", {"backup_seconds": HUGE}),
        ("settings", {"sold_out_limit": HUGE}),
        ("reboot", {"seconds": HUGE}),
        ("clock/step", {"seconds": HUGE}),
        ("clock/step", {"seconds": 1e300}),
        ("faults", {"kind": "error_code", "code": HUGE}),
        ("faults", {"kind": "slow_body", "pieces": HUGE}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_numbers_of_any_size_are_refused_with_a_message(path: str, body: dict[str, Any]) -> None:
    emulator = create_emulator()
    emulator.freeze()
    method = "POST" if path in ("reset", "reboot", "clock/step", "faults") else "PUT"
    with serve(emulator) as url, open_http_client(f"{url}/__emulator__/") as client:
        response = client.request(method, path, json=body)
        assert response.status_code == 400, response.text
        assert response.json()["error"]
        client.put("seed", json={"seed": 2**63 - 1}).raise_for_status()
    assert emulator.settings == Settings()


@pytest.mark.parametrize(
    "seed", [HUGE, -HUGE, 2**63, 10**5000], ids=["400 digits", "negative", "65 bits", "5000 digits"]
)
def test_seeds_of_any_size_are_a_value_error(seed: int) -> None:
    emulator = create_emulator()
    for action in (
        lambda: Emulator(seed),
        lambda: setattr(emulator, "seed", seed),
        lambda: emulator.reset(seed),
    ):
        with pytest.raises(ValueError, match="seed"):
            action()
    with pytest.raises(ValueError):
        emulator.load_state({**emulator.state(), "seed": seed})
    if seed < 10**4000:  # Python does not write more digits
        with pytest.raises(ValueError, match="seed"):
            find_or_create_emulator(f"emulator:?seed={seed}")


@pytest.mark.parametrize("padding", [HUGE, 1 << 40, (1 << 28) + 1, -1], ids=lambda value: str(value)[:20])
def test_padding_of_any_size_is_a_value_error(padding: int) -> None:
    with pytest.raises(ValueError, match="backup_padding"):
        Emulator(backup_padding=padding)
    with pytest.raises(ValueError, match="backup_padding"):
        find_or_create_emulator(f"emulator:?backup_padding={padding}")


@pytest.mark.parametrize(
    "option",
    [("--seed", "9" * 5000), ("--seed", "9" * 400), ("--seed", "x")],
    ids=lambda option: option[1][:3],
)
def test_the_command_refuses_a_seed_of_any_size(option: tuple[str, str]) -> None:
    command = [sys.executable, "-m", "vision_ai_emulator", "--port", "0", *option]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr and "seed" in done.stderr


@pytest.fixture
def small_process() -> Iterator[tuple[str, str]]:
    """An emulator that may have few descriptors: the URLs of the device and of the control interface."""
    resource = pytest.importorskip("resource")
    command = [sys.executable, "-m", "vision_ai_emulator", "--port", "0"]

    def set_limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (96, 96))

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=set_limit) as program:
        assert program.stdout
        lines = [program.stdout.readline() for _ in range(4)]
        yield lines[0].split()[3], lines[3].split()[-1]
        program.terminate()
    assert program.returncode == 0


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"GET / HTTP/1.1\r\nX: ", marks=pytest.mark.slow),
        pytest.param(b"", marks=pytest.mark.slow),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", marks=pytest.mark.slow),
    ],
    ids=["half", "none", "whole"],
)
def test_many_connections_do_not_lock_others_out(small_process: tuple[str, str], data: bytes) -> None:
    device, control = small_process
    for flooded in (device, control):
        with ExitStack() as stack:
            parts = urlsplit(flooded)
            for _ in range(200):
                opened = stack.enter_context(socket.create_connection((parts.hostname, parts.port)))
                opened.sendall(data)
            assert httpx.get(f"{control}status", trust_env=False).json()["url"] == device
            response = httpx.post(f"{device}/api/get_device_info", trust_env=False)
            assert response.json()["code"] == 0


def test_windows_select_takes_all_connections_of_both_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    device, control = get_connection_limits()
    listeners_and_own = 16
    assert device >= 64 and device + control + listeners_and_own <= 512


def test_the_control_port_answers_without_a_free_descriptor(tmp_path: Path) -> None:
    """Other parts of the process may use up all descriptors."""
    resource = pytest.importorskip("resource")
    program = tmp_path / "program.py"
    program.write_text(
        "import os, sys, resource\n"
        "from vision_ai_emulator import Emulator\n"
        "from vision_ai_emulator.serving.server import EmulatorServer\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (96, 96))\n"
        "with EmulatorServer(Emulator(), '127.0.0.1', 0) as server:\n"
        "    files = []\n"
        "    try:\n"
        "        while True: files.append(os.open(os.devnull, os.O_RDONLY))\n"
        "    except OSError: pass\n"
        "    print(server.url, server.control_url, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    assert resource
    with subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout and running.stdin
        device, control = running.stdout.readline().split()
        for _ in range(3):
            assert httpx.get(f"{control}status", trust_env=False).json()["url"] == device
            with pytest.raises(httpx.TransportError):
                httpx.post(f"{device}/api/get_device_info", trust_env=False, timeout=5)
        running.stdin.close()
    assert running.returncode == 0
