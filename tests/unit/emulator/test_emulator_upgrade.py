"""An upgrade: a restore of a firmware file, a restart of the device's own accord, and V2 afterwards."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator_support import EmulatorClient, connect, create_emulator, open_http_client, wait_until

from vision_ai_emulator import Emulator, Fault, serve
from vision_ai_emulator.device import firmware_file
from vision_ai_emulator.device.firmware_file import Firmware
from vision_ai_emulator.serving.transport import open_transport

AREA = {"height": 300, "left": 450, "top": 100, "width": 340}
NAME = "SX_B1109_firmware_9.9.5.7.evo"


def start_upgrade(client: EmulatorClient, content: bytes | None = None) -> None:
    content = content or client.emulator.make_upgrade_file().content
    assert client.call_code("start_restore", files={"file": (NAME, content)}) == 0


def get_version(client: EmulatorClient) -> str | None:
    """Return the version of the API that the device answers, as the vendor checks it; None if it is restarting."""
    try:
        if client.http.get("/api/get_device_info").json()["code"] == 0:
            return "v2"
        if client.http.post("/api/get_device_info").json()["code"] == 0:
            return "v1"
    except httpx.TransportError:
        return None
    raise AssertionError("the device answers neither version")


def test_a_restore_of_a_firmware_file_upgrades_the_device(client: EmulatorClient) -> None:
    file = client.emulator.make_upgrade_file()
    assert file.name == NAME
    start_upgrade(client)
    assert client.call("get_restore_status") == {"code": 0, "msg": "正在恢复数据", "status": 2}
    client.emulator.step(0.75)
    assert client.call("get_restore_status")["status"] == 3
    client.emulator.step(0.75)
    assert client.call("get_restore_status") == {"code": 0, "msg": "数据恢复完成", "status": 4}
    # it updates its application, and is what it was
    client.emulator.step(1.99)
    assert get_version(client) == "v1"
    client.emulator.step(0.01)
    wait_until(lambda: get_version(client) is None)
    client.emulator.step(1.99)
    assert get_version(client) is None
    client.emulator.step(0.02)
    wait_until(lambda: get_version(client) == "v2")
    info = client.call_data("get_device_info")
    assert (info["firmware"], info["engine"], info["app"], info["sn"]) == (
        "9.9.5.7",
        "9.6",
        "9.0.6",
        "12345678",
    )
    assert client.emulator.device.reboots == 1
    assert client.call_code("start_restore", files={"file": file.content}) == -6117


def test_what_survives_an_upgrade(client: EmulatorClient) -> None:
    client.emulator.change(sn="42")
    client.teach("1", "Apple", "apple")
    client.call_data("register_item", {"id": "2", "name": "n"})
    client.call_data("set_calib", AREA)
    client.call_data("set_learnmode", {"mode": 0})
    client.back_up()
    start_upgrade(client)
    client.emulator.step(10)
    wait_until(lambda: get_version(client) == "v2")
    info = client.call_data("get_device_info")
    assert (info["sn"], info["item_count"], info["learnMode"]) == ("42", 0, 1)
    catalog = client.control("GET", "/catalog")
    assert catalog == {"products": [], "cache": [], "calibration": AREA, "learn_mode": 1}
    assert client.emulator.device.store == ("11095", "Fruit Store Name")


def test_products_can_survive_an_upgrade() -> None:
    client = connect(create_emulator(upgrade_keeps_products=True))
    client.teach("1", "Apple", "apple")
    client.emulator.put("pear")
    for _ in range(31):
        client.call_data("register_item", {"id": "2", "name": "Pear"})
    client.call_data("commit_registered_item", {"id": "2"})
    start_upgrade(client)
    client.emulator.step(10)
    assert client.call_data("get_item_list") == [{"count": 2, "id": "1"}, {"count": 30, "id": "2"}]
    client.emulator.put("apple")
    assert client.recognize() == "1"
    assert len(client.call_data("get_item_template_list", {"id": "1"})) == 3


def test_a_till_lives_through_an_upgrade_over_a_socket() -> None:
    emulator = Emulator(restore_seconds=0.1, upgrade_seconds=0.1, reboot_seconds=0.1)
    with serve(emulator) as url, open_http_client(url) as http:
        client = EmulatorClient(emulator, http)
        connection = open_http_client(url)
        assert connection.post("/api/get_calib").status_code == 200
        start_upgrade(client)
        seen: list[str | None] = []

        def is_upgraded() -> bool:
            # the port is closed although nobody has asked for a restart
            version = get_version(client)
            if seen[-1:] != [version]:
                seen.append(version)
            return version == "v2"

        wait_until(is_upgraded)
        assert seen == ["v1", None, "v2"]
        connection.close()


def test_the_port_closes_without_any_request() -> None:
    emulator = create_emulator()
    with serve(emulator) as url, open_http_client(url) as http:
        client = EmulatorClient(emulator, http)
        start_upgrade(client)
        emulator.step(3.5)
        wait_until(lambda: emulator.settings.api == "v2")

        def is_refused() -> bool:
            try:
                httpx.get(f"{url}/api/get_device_info", trust_env=False)
            except httpx.ConnectError:
                return True
            except httpx.TransportError:
                pass
            return False

        wait_until(is_refused)


def test_an_upgrade_advances_with_polls() -> None:
    client = connect(create_emulator(pace="polls"))
    start_upgrade(client)
    client.emulator.step(1000)
    assert [client.call("get_restore_status")["status"] for _ in range(4)] == [2, 3, 4, 4]
    client.emulator.step(2)
    assert get_version(client) is None
    client.emulator.step(2)
    assert get_version(client) == "v2"


def test_an_immediate_upgrade_restarts_after_the_response() -> None:
    client = connect(create_emulator(pace="immediate", upgrade_seconds=0))
    start_upgrade(client)
    assert get_version(client) is None
    client.emulator.step(2)
    assert get_version(client) == "v2"


def test_a_long_silence_includes_the_whole_upgrade() -> None:
    client = connect(create_emulator())
    start_upgrade(client)
    client.emulator.step(1000)
    assert client.emulator.settings.api == "v2" and client.emulator.device.up
    # since the restart began
    sid = client.call_data("add_item_template", {"id": "1"})["sid"]
    assert sid.startswith("197001010016")


def test_a_restart_while_the_application_is_updated_completes_the_upgrade() -> None:
    client = connect(create_emulator())
    start_upgrade(client)
    client.emulator.step(1.6)
    client.call("reboot")
    client.emulator.step(2)
    assert get_version(client) == "v2"
    client.emulator.step(100)
    assert client.emulator.device.reboots == 1


def test_a_restart_during_the_restore_cancels_the_upgrade() -> None:
    client = connect(create_emulator())
    start_upgrade(client)
    client.emulator.step(1)
    client.call("reboot")
    client.emulator.step(100)
    assert get_version(client) == "v1"
    assert client.call("get_restore_status")["status"] == 0


def test_a_factory_reset_cancels_the_upgrade() -> None:
    client = connect(create_emulator())
    start_upgrade(client)
    client.emulator.step(2)
    client.call("reset_device")
    client.emulator.step(100)
    assert get_version(client) == "v1"


@pytest.mark.parametrize("operation", ["start_restore", "get_restore_status"])
def test_an_upgrade_can_fail(operation: str) -> None:
    client = connect(create_emulator())
    client.emulator.faults.add(Fault("job_fails", operation, code=-6210))
    start_upgrade(client)
    client.call("get_restore_status")
    client.emulator.step(100)
    assert client.call("get_restore_status")["status"] == 5
    assert get_version(client) == "v1"
    start_upgrade(client)
    client.emulator.step(100)
    assert get_version(client) == "v2"


def test_firmware_for_another_board_fails_verification(client: EmulatorClient) -> None:
    client.teach("1", "Apple", "apple")
    start_upgrade(client, firmware_file.write(Firmware(board="1126")))
    client.emulator.step(10)
    failed = {"code": -6142, "msg": "数据校验失败：设备不匹配", "status": 7}
    assert client.call("get_restore_status") == failed
    assert client.call_data("get_item_list") == [{"id": "1", "name": "Apple"}]


def test_a_damaged_firmware_file_is_rejected() -> None:
    client = connect(create_emulator())
    content = client.emulator.make_upgrade_file().content
    for bad in (content[:-1], content + b"x", content[:30], b"MZ" + content[2:]):
        assert client.call_code("start_restore", files={"file": bad}) == -6140
    for position in (24, 60, len(content) // 2, len(content) - 1):
        damaged = content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]
        start_upgrade(client, damaged)
        client.emulator.step(10)
        assert client.call("get_restore_status")["code"] == -6211
    start = content[:-32].replace(b'"board"', b'"drawn"')
    start_upgrade(client, start + hashlib.sha256(start).digest())
    client.emulator.step(10)
    assert client.call("get_restore_status")["code"] == -6140
    assert get_version(client) == "v1"


def test_the_file_can_be_saved_and_read(tmp_path: Path) -> None:
    file = create_emulator(board="7").make_upgrade_file()
    path = file.save(tmp_path)
    assert path.name == "SX_B7_firmware_9.9.5.7.evo"
    assert firmware_file.read(io.BytesIO(path.read_bytes()), "7") == Firmware(board="7")
    assert file.content == create_emulator(board="7").make_upgrade_file().content


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vision_ai_emulator", "--upgrade-file", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == tmp_path / NAME
    client = connect(create_emulator())
    start_upgrade(client, (tmp_path / NAME).read_bytes())
    client.emulator.step(10)
    assert get_version(client) == "v2"


def test_the_control_interface_offers_the_file(client: EmulatorClient) -> None:
    response = client.send_control("GET", "/upgrade.evo")
    assert response.headers["content-disposition"] == f'attachment; filename="{NAME}"'
    assert response.content == client.emulator.make_upgrade_file().content


def test_a_new_device_is_what_it_was_before_the_upgrade(local_client: EmulatorClient) -> None:
    start_upgrade(local_client)
    local_client.emulator.step(10)
    assert local_client.control("GET", "/status")["settings"]["api"] == "v2"
    assert local_client.control("POST", "/reset")["settings"]["api"] == "v1"
    assert get_version(local_client) == "v1"
    assert local_client.control("POST", "/reset", {"settings": {"api": "v2"}})["settings"]["api"] == "v2"
    local_client.emulator.reset()
    assert get_version(local_client) == "v2"


@pytest.mark.parametrize("seconds", [1, 2, 3.6, 10])
def test_an_upgrade_continues_from_a_state_file(seconds: float) -> None:
    client = connect(create_emulator())
    start_upgrade(client)
    client.emulator.step(seconds)
    state: Any = json.loads(json.dumps(client.emulator.state()))
    other = connect(create_emulator())
    other.emulator.load_state(state)
    assert get_version(other) == get_version(client)
    for each in (client, other):
        each.emulator.step(5)
        assert get_version(each) == "v2"
    assert other.emulator.state() == client.emulator.state()


def test_a_state_file_carries_the_version_of_the_api(tmp_path: Path) -> None:
    client = connect(create_emulator(api="v2"))
    client.add_templates("1", "apple")
    client.call("set_time", {"sec": 1_700_000_000, "usec": 0})
    client.call("set_predict_speed", {"speed": "normal"})
    client.emulator.step(5)
    client.emulator.save(tmp_path / "v2.json")
    url = f"emulator:?state={tmp_path / 'v2.json'}&clock=frozen"
    other = connect(open_transport(url, asynchronous=False).emulator)
    assert other.emulator.state() == client.emulator.state()
    calls = ("get_device_info", "get_item_list", "get_result")
    assert [other.call(each) for each in calls] == [client.call(each) for each in calls]
    assert other.call("add_item_template", {"id": "1"}) == client.call("add_item_template", {"id": "1"})
    with pytest.raises(ValueError, match="api"):
        open_transport(f"{url}&api=v1", asynchronous=False)


def test_a_state_of_an_emulator_without_v2_can_be_loaded() -> None:
    client = connect(create_emulator())
    client.teach("1", "Apple", "apple")
    client.restore(client.back_up())
    state: Any = json.loads(json.dumps(client.emulator.state()))
    known = {
        "store_id", "store_name", "activated", "require_activation", "sn", "engine", "firmware", "sdk", "sync",
        "sync_mode", "master_ip", "master_sn", "sold_out_limit", "pace", "backup_seconds", "restore_seconds",
        "reboot_seconds", "storage_bytes", "backup_padding",
    }  # fmt: skip
    for name in state["settings"].keys() - known:
        del state["settings"][name]
    contents = state["device"]["contents"]
    del contents["upgrade"], contents["date"], contents["restore"]["firmware"]
    for name in ("other_method", "result_sid", "center_entry", "sid_for_id", "template_max"):
        del state["dialect"][name]
    other = connect(create_emulator(api="v2"))
    other.emulator.load_state(state)
    assert other.call_data("get_item_list") == [{"id": "1", "name": "Apple"}]
    assert other.emulator.state() == client.emulator.state()
