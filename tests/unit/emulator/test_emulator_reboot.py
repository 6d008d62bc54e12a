"""A restart: what it clears, what it keeps, and that the device is unreachable meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest
from emulator_support import EmulatorClient, connect, create_emulator, wait_until

from vision_ai_emulator import serve


def make_check(client: EmulatorClient) -> Callable[[], bool]:
    """Return a function that tells whether the device is reachable."""

    def is_reachable() -> bool:
        try:
            client.http.post("/api/get_calib")
        except httpx.ConnectError:
            return False
        return True

    return is_reachable


def test_the_device_responds_and_is_then_unreachable_for_a_while(client: EmulatorClient) -> None:
    for _ in range(2):
        assert client.call("reboot") == {"code": 0, "data": None}
        for seconds in (0, 1.9):
            client.emulator.step(seconds)
            with pytest.raises(httpx.ConnectError):
                client.http.post("/api/get_calib")
        client.emulator.step(0.2)
        wait_until(make_check(client))
        assert client.call_code("get_calib") == 0


def test_a_restart_clears_the_volatile_state_only(client: EmulatorClient) -> None:
    client.teach("1", "Apple", "apple")
    client.call_data("set_learnmode", {"mode": 0})
    client.call_data("register_item", {"id": "2", "name": "n"})
    sid = client.call_data("get_result")["sid"]
    content = client.back_up()
    filename = client.call("get_backup_status")["filename"]
    client.call("start_restore", files={"file": content})

    client.call("reboot")
    client.emulator.step(2)
    wait_until(make_check(client))
    assert client.call_data("get_item_list") == [{"id": "1", "name": "Apple"}]
    assert client.call_data("get_learnmode") == {"mode": 0}
    assert client.recognize() == "1"
    assert client.call_data("get_registered_item_list") == []
    assert client.call_code("result_feedback", {"sid": sid, "id": "1", "name": "n", "intop": True}) == -6202
    assert client.call("get_restore_status")["status"] == 0
    # the file of a finished backup stays
    assert client.call("get_backup_status")["filename"] == filename
    assert client.http.get(f"/download/{filename}").content == content


def test_an_unfinished_backup_is_lost(local_client: EmulatorClient) -> None:
    local_client.call("start_backup")
    local_client.call("reboot")
    local_client.emulator.step(5)
    assert local_client.call("get_backup_status")["status"] == 0


def test_a_finished_restore_survives_a_restart(local_client: EmulatorClient) -> None:
    content = local_client.back_up()
    local_client.teach("1", "Apple", "apple")
    local_client.call("start_restore", files={"file": content})
    local_client.emulator.step(1.5)
    local_client.call("reboot")
    local_client.emulator.step(2)
    assert local_client.call_data("get_item_list") == []
    assert local_client.call("get_restore_status")["status"] == 4


def test_open_connections_are_closed_and_new_ones_refused() -> None:
    emulator = create_emulator()
    with serve(emulator) as url:
        address = httpx.URL(url)
        assert address.host == "127.0.0.1" and address.port
        target = (address.host, address.port)
        with (
            socket.create_connection(target, timeout=20) as idle,
            socket.create_connection(target, timeout=20) as half,
        ):
            idle.sendall(b"POST /api/get_calib HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            response = b""
            while not response.endswith(b"}}"):
                response += idle.recv(4096)
            assert response.startswith(b"HTTP/1.1 200")
            half.sendall(b"POST /api/get_ca")
            assert httpx.post(f"{url}/api/reboot", trust_env=False).json()["code"] == 0
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(target, timeout=20)
            assert (idle.recv(4096), half.recv(4096)) == (b"", b"")
            emulator.step(2)
            wait_until(lambda: _can_connect(target))


def _can_connect(target: tuple[str, int]) -> bool:
    try:
        socket.create_connection(target, timeout=20).close()
    except ConnectionRefusedError:
        return False
    return True


def test_a_restart_within_the_process_closes_the_port() -> None:
    emulator = create_emulator()
    with serve(emulator) as url:
        connect(emulator).call("reboot")

        def is_refused() -> bool:
            try:
                httpx.post(f"{url}/api/get_calib", trust_env=False)
            except httpx.ConnectError:
                return True
            except httpx.TransportError:
                return False
            return False

        wait_until(is_refused)
        emulator.step(2)
        wait_until(lambda: not is_refused())


def test_a_server_stops_while_the_device_is_unreachable() -> None:
    emulator = create_emulator()
    with serve(emulator) as url:
        httpx.post(f"{url}/api/reboot", trust_env=False)
    assert emulator.device.on_reboot == []
    emulator.step(2)
    with pytest.raises(httpx.ConnectError):
        httpx.post(f"{url}/api/get_calib", trust_env=False)


def test_a_restart_interrupts_a_download(local_client: EmulatorClient) -> None:
    client = connect(create_emulator(backup_padding=1_000_000))
    client.back_up()
    filename = client.call("get_backup_status")["filename"]
    with client.http.stream("GET", f"/download/{filename}") as response:
        pieces = response.iter_raw()
        assert next(pieces)
        client.call("reboot")
        with pytest.raises(httpx.ReadError):
            list(pieces)
