"""A restart: what is lost, what is kept, and that the device is really gone meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest
from emulator_support import Channel, eventually, in_process, make

from vision_ai_emulator import serve


def back(channel: Channel) -> Callable[[], bool]:
    """Whether the device answers again."""

    def answers() -> bool:
        try:
            channel.client.post("/api/get_calib")
        except httpx.ConnectError:
            return False
        return True

    return answers


def test_the_device_answers_first_then_is_gone_then_back(channel: Channel) -> None:
    for _ in range(2):
        assert channel.post("reboot") == {"code": 0, "data": None}
        for seconds in (0, 1.9):
            channel.emulator.step(seconds)
            with pytest.raises(httpx.ConnectError):
                channel.client.post("/api/get_calib")
        channel.emulator.step(0.2)
        eventually(back(channel))
        assert channel.code("get_calib") == 0


def test_what_a_restart_loses_and_keeps(channel: Channel) -> None:
    channel.teach("1", "Apple", "apple")
    channel.data("set_learnmode", {"mode": 0})
    channel.data("register_item", {"id": "2", "name": "n"})
    sid = channel.data("get_result")["sid"]
    content = channel.backup()
    filename = channel.post("get_backup_status")["filename"]
    channel.post("start_restore", files={"file": content})

    channel.post("reboot")
    channel.emulator.step(2)
    eventually(back(channel))
    assert channel.data("get_item_list") == [{"id": "1", "name": "Apple"}]
    assert channel.data("get_learnmode") == {"mode": 0}
    assert channel.best() == "1"
    assert channel.data("get_registered_item_list") == []
    assert channel.code("result_feedback", {"sid": sid, "id": "1", "name": "n", "intop": True}) == -6202
    assert channel.post("get_restore_status")["status"] == 0
    # a finished backup is a file, and stays
    assert channel.post("get_backup_status")["filename"] == filename
    assert channel.client.get(f"/download/{filename}").content == content


def test_an_unfinished_backup_is_lost(direct: Channel) -> None:
    direct.post("start_backup")
    direct.post("reboot")
    direct.emulator.step(5)
    assert direct.post("get_backup_status")["status"] == 0


def test_a_restore_that_had_finished_is_kept(direct: Channel) -> None:
    content = direct.backup()
    direct.teach("1", "Apple", "apple")
    direct.post("start_restore", files={"file": content})
    direct.emulator.step(1.5)
    direct.post("reboot")
    direct.emulator.step(2)
    assert direct.data("get_item_list") == []
    assert direct.post("get_restore_status")["status"] == 4


def test_open_connections_are_closed_and_new_ones_refused() -> None:
    emulator = make()
    with serve(emulator) as url:
        address = httpx.URL(url)
        assert address.host == "127.0.0.1" and address.port
        target = (address.host, address.port)
        with (
            socket.create_connection(target, timeout=20) as idle,
            socket.create_connection(target, timeout=20) as half,
        ):
            idle.sendall(b"POST /api/get_calib HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            answer = b""
            while not answer.endswith(b"}}"):
                answer += idle.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200")
            half.sendall(b"POST /api/get_ca")
            assert httpx.post(f"{url}/api/reboot", trust_env=False).json()["code"] == 0
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(target, timeout=20)
            assert (idle.recv(4096), half.recv(4096)) == (b"", b"")
            emulator.step(2)
            eventually(lambda: _connects(target))


def _connects(target: tuple[str, int]) -> bool:
    try:
        socket.create_connection(target, timeout=20).close()
    except ConnectionRefusedError:
        return False
    return True


def test_a_restart_asked_for_in_process_closes_the_port_too() -> None:
    emulator = make()
    with serve(emulator) as url:
        in_process(emulator).post("reboot")

        def refused() -> bool:
            try:
                httpx.post(f"{url}/api/get_calib", trust_env=False)
            except httpx.ConnectError:
                return True
            except httpx.TransportError:
                return False
            return False

        eventually(refused)
        emulator.step(2)
        eventually(lambda: not refused())


def test_stopping_while_the_device_is_gone() -> None:
    emulator = make()
    with serve(emulator) as url:
        httpx.post(f"{url}/api/reboot", trust_env=False)
    assert emulator.device.on_reboot == []
    emulator.step(2)
    with pytest.raises(httpx.ConnectError):
        httpx.post(f"{url}/api/get_calib", trust_env=False)


def test_a_download_does_not_outlive_a_restart(direct: Channel) -> None:
    channel = in_process(make(backup_padding=1_000_000))
    channel.backup()
    filename = channel.post("get_backup_status")["filename"]
    with channel.client.stream("GET", f"/download/{filename}") as response:
        pieces = response.iter_raw()
        assert next(pieces)
        channel.post("reboot")
        with pytest.raises(httpx.ReadError):
            list(pieces)
