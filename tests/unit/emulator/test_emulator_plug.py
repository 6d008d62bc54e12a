"""The USB cable, which powers the device: unplugged it is unreachable, and plugged in again it starts anew."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from emulator_support import EmulatorClient, connect, connect_to_control, create_emulator, wait_until

from vision_ai_emulator import Emulator, EmulatorTransport, Fault, serve


def is_reachable(client: EmulatorClient) -> bool:
    try:
        client.http.post("/api/get_calib")
    except httpx.TransportError:
        return False
    return True


def test_an_unplugged_device_is_unreachable_until_it_has_started_again(client: EmulatorClient) -> None:
    emulator = client.emulator
    assert emulator.plugged_in and client.call_code("get_calib") == 0
    emulator.unplug()
    assert not emulator.plugged_in and not emulator.device.up
    emulator.step(100)
    wait_until(lambda: not is_reachable(client))
    with pytest.raises(httpx.ConnectError):
        client.http.post("/api/get_calib")

    emulator.plug_in()
    assert emulator.plugged_in and not is_reachable(client)
    emulator.step(1.9)
    assert not is_reachable(client)
    emulator.step(0.2)
    wait_until(lambda: is_reachable(client))
    assert client.call_code("get_calib") == 0


def test_the_error_says_that_the_device_is_unplugged(local_client: EmulatorClient) -> None:
    local_client.emulator.unplug()
    with pytest.raises(httpx.ConnectError, match="the emulated device is unplugged"):
        local_client.http.post("/api/get_calib")
    local_client.emulator.plug_in()
    with pytest.raises(httpx.ConnectError, match="restarting"):
        local_client.http.post("/api/get_calib")


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_the_log_contains_no_request_to_an_unplugged_device(api: str) -> None:
    client = connect(create_emulator(api=api))
    client.call_code("get_calib")
    client.emulator.unplug()
    assert not is_reachable(client)
    assert client.emulator.requests == (("POST", "/api/get_calib"),)


def plug_in_again(emulator: Emulator) -> None:
    emulator.unplug()
    emulator.step(60)
    emulator.plug_in()
    emulator.step(2)


def test_unplugging_loses_what_a_restart_clears(local_client: EmulatorClient) -> None:
    client = local_client
    client.teach("1", "Apple", "apple")
    client.call_data("set_learnmode", {"mode": 0})
    content = client.back_up()
    client.call_data("register_item", {"id": "2", "name": "n"})
    sid = client.call_data("get_result")["sid"]
    client.call("start_restore", files={"file": content})
    plug_in_again(client.emulator)
    assert client.recognize() == "1"
    assert client.call_data("get_learnmode") == {"mode": 0}
    assert client.call_data("get_registered_item_list") == []
    assert client.call_code("result_feedback", {"sid": sid, "id": "1", "name": "n", "intop": True}) == -6202
    assert client.call("get_restore_status")["status"] == 0
    assert client.call("get_backup_status")["status"] == 3
    assert client.emulator.device.reboots == 1


def test_an_unplugged_v2_device_forgets_the_time() -> None:
    client = connect(create_emulator(api="v2"))
    assert client.call_code("set_time", {"sec": 1_700_000_000, "usec": 0}) == 0
    assert client.emulator.device.date.year == 2023
    plug_in_again(client.emulator)
    assert client.emulator.device.date.isoformat() == "1970-01-01T00:00:02"


def test_both_calls_can_be_repeated(local_client: EmulatorClient) -> None:
    emulator = local_client.emulator
    emulator.plug_in()
    assert is_reachable(local_client) and emulator.device.reboots == 0
    for _ in range(2):
        emulator.unplug()
    assert emulator.device.reboots == 1
    emulator.plug_in()
    emulator.step(1.5)
    emulator.plug_in()
    emulator.step(0.5)
    assert is_reachable(local_client)


def test_an_unplugged_device_does_not_restart(local_client: EmulatorClient) -> None:
    emulator = local_client.emulator
    emulator.unplug()
    emulator.device.reboot(0)
    assert not is_reachable(local_client) and emulator.device.reboots == 1
    assert "PUT /plug" in local_client.control_error(400, "POST", "/reboot")


def test_a_reset_plugs_a_new_device_in(client: EmulatorClient) -> None:
    client.emulator.unplug()
    with connect_to_control(client) as control:
        assert control.control("POST", "/reset")["plugged_in"] is True
    wait_until(lambda: is_reachable(client))


def test_the_state_contains_the_cable(local_client: EmulatorClient) -> None:
    local_client.emulator.unplug()
    state = local_client.emulator.state()
    other = connect(create_emulator())
    other.emulator.load_state(state)
    assert not other.emulator.plugged_in and not is_reachable(other)
    # The states of earlier emulators do not.
    contents = state["device"]["contents"]  # type: ignore[index, call-overload]
    del contents["plugged_in"]  # type: ignore[union-attr, arg-type]
    other.emulator.load_state(state)
    assert other.emulator.plugged_in and is_reachable(other)


def test_the_control_interface_unplugs_and_plugs_in(client: EmulatorClient) -> None:
    assert client.control("GET", "/plug") == {"plugged_in": True}
    # Over a socket the device's port closes after this response.
    assert client.control("PUT", "/plug", {"plugged_in": False}) == {"plugged_in": False}
    wait_until(lambda: not is_reachable(client))
    with connect_to_control(client) as control:
        status = control.control("GET", "/status")
        assert (status["plugged_in"], status["up"]) == (False, False)
        assert "true or false" in control.control_error(400, "PUT", "/plug", {"plugged_in": 1})
        assert "'plugged_in'" in control.control_error(400, "PUT", "/plug", {})
        assert control.control("PUT", "/plug", {"plugged_in": True}) == {"plugged_in": True}
        assert control.control("GET", "/status")["up"] is False
        control.control("POST", "/clock/step", {"seconds": 2})
    wait_until(lambda: is_reachable(client))


def test_it_breaks_off_a_download(local_client: EmulatorClient) -> None:
    client = connect(create_emulator(backup_padding=1_000_000))
    client.back_up()
    filename = client.call("get_backup_status")["filename"]
    with client.http.stream("GET", f"/download/{filename}") as response:
        pieces = response.iter_raw()
        assert next(pieces)
        plug_in_again(client.emulator)
        with pytest.raises(httpx.ReadError, match="unplugged"):
            list(pieces)


def test_it_breaks_off_an_upload() -> None:
    emulator = create_emulator()

    def body() -> Iterator[bytes]:
        yield b'{"mode": 0'
        plug_in_again(emulator)
        yield b"}"

    with pytest.raises(httpx.ReadError, match="unplugged"):
        connect(emulator).call("set_learnmode", content=body())
    assert connect(emulator).call_data("get_learnmode") == {"mode": 1}


def unplug_meanwhile(emulator: Emulator, call: Callable[[], object]) -> None:
    """Make a call that waits in another thread, and unplug the device when the call has arrived."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(call)
        wait_until(lambda: emulator.acted.get("get_calib") == 1)
        emulator.unplug()
        with pytest.raises(httpx.TransportError):
            running.result(30)


def test_a_running_request_breaks_off(client: EmulatorClient) -> None:
    client.emulator.faults.add(Fault("slow_first_byte", seconds=300))
    unplug_meanwhile(client.emulator, lambda: client.http.post("/api/get_calib", timeout=400))


def test_a_slow_response_breaks_off(client: EmulatorClient) -> None:
    client.emulator.faults.add(Fault("slow_body", seconds=300, pieces=2))
    unplug_meanwhile(client.emulator, lambda: client.http.post("/api/get_calib", timeout=400))


def test_a_running_asynchronous_request_breaks_off() -> None:
    emulator = create_emulator()
    emulator.faults.add(Fault("slow_first_byte", seconds=300))

    async def main() -> None:
        async with httpx.AsyncClient(transport=EmulatorTransport(emulator), timeout=400) as client:
            running = asyncio.ensure_future(client.post("http://module/api/get_calib"))
            while not emulator.acted:
                await asyncio.sleep(0)
            emulator.unplug()
            with pytest.raises(httpx.ReadError, match="unplugged"):
                await running

    asyncio.run(main())


def test_the_cable_can_be_moved_while_threads_use_the_device() -> None:
    emulator = create_emulator(reboot_seconds=0)
    done = threading.Event()

    def use_device() -> set[str]:
        client = connect(emulator)
        outcomes: set[str] = set()
        while not done.is_set():
            try:
                client.call_data("register_item", {"id": "1", "name": "Apple"})
                client.call_data("get_result")
                outcomes.add("success")
            except httpx.TransportError as error:
                outcomes.add(type(error).__name__)
        return outcomes

    with ThreadPoolExecutor(3) as pool:
        users = [pool.submit(use_device) for _ in range(3)]
        try:
            for _ in range(200):
                emulator.unplug()
                emulator.plug_in()
            emulator.unplug()
        finally:
            done.set()
        outcomes = set[str]().union(*(each.result(60) for each in users))
    assert outcomes <= {"success", "ConnectError", "ReadError"}
    emulator.plug_in()
    assert connect(emulator).call_data("get_registered_item_list") == []
    assert emulator.device.reboots == 201


def test_a_server_closes_its_port_and_opens_it_again() -> None:
    emulator = create_emulator(reboot_seconds=0)
    with serve(emulator) as url, httpx.Client(base_url=url, trust_env=False) as http:
        client = EmulatorClient(emulator, http)
        assert is_reachable(client)
        emulator.unplug()
        wait_until(lambda: not is_reachable(client))
        emulator.plug_in()
        wait_until(lambda: is_reachable(client))
    assert emulator.device.on_reboot == []
