"""Backup and restore: the progress of the jobs, the content of the file, and invalid files."""

from __future__ import annotations

import hashlib
import re
import struct
from typing import Any

import pytest
from emulator_support import EmulatorClient, connect, create_emulator

AREA = {"height": 300, "left": 450, "top": 100, "width": 340}


def connect_to_changed_device(**options: Any) -> EmulatorClient:
    """Return a client for a device whose settings all differ from a new one's."""
    client = connect(create_emulator(**options))
    client.teach("001", "苹果", "apple")
    client.call_data("set_learnmode", {"mode": 0})
    client.call_data("set_calib", AREA)
    return client


def read_state(client: EmulatorClient) -> tuple[Any, ...]:
    calls = ("get_item_list", "get_learnmode", "get_calib", "get_registered_item_list")
    return tuple(client.call_data(call) for call in calls)


def forge(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return a backup with bytes replaced by as many others, and with a valid checksum."""
    changed = content[:-32].replace(old, new)
    assert changed != content[:-32]
    return changed + hashlib.sha256(changed).digest()


def test_a_timed_backup_follows_the_clock(client: EmulatorClient) -> None:
    idle = {"code": 0, "filename": "", "msg": "没有备份任务", "status": 0}
    assert client.call("get_backup_status") == idle
    assert client.call("start_backup") == {"code": 0}
    running = {"code": 0, "filename": "", "msg": "正在生成备份数据", "status": 1}
    assert client.call("get_backup_status") == running
    client.emulator.step(0.999)
    assert client.call("get_backup_status") == running
    client.emulator.step(0.001)
    done = client.call("get_backup_status")
    assert re.fullmatch(r"\d{23}\.evo", done["filename"])
    assert done == {"code": 0, "filename": done["filename"], "msg": "备份完成", "status": 3}
    assert client.call("get_backup_status") == done


def test_a_timed_restore_follows_the_clock(client: EmulatorClient) -> None:
    content = client.back_up()
    idle = {"code": 0, "msg": "没有恢复任务", "status": 0}
    assert client.call("get_restore_status") == idle
    assert client.call("start_restore", files={"file": content}) == {"code": 0, "data": None}
    assert client.call("get_restore_status") == {"code": 0, "msg": "正在恢复数据", "status": 2}
    client.emulator.step(0.75)
    assert client.call("get_restore_status") == {"code": 0, "msg": "正在校验数据", "status": 3}
    client.emulator.step(0.74)
    assert client.call("get_restore_status")["status"] == 3
    client.emulator.step(0.01)
    assert client.call("get_restore_status") == {"code": 0, "msg": "数据恢复完成", "status": 4}


def test_the_duration_of_jobs_is_a_setting() -> None:
    client = connect(create_emulator(backup_seconds=0, restore_seconds=100))
    client.call("start_backup")
    filename = client.call("get_backup_status")["filename"]
    content = client.http.get(f"/download/{filename}").content
    client.call("start_restore", files={"file": content})
    client.emulator.step(99)
    assert client.call("get_restore_status")["status"] == 3


def test_only_one_job_runs_at_a_time(local_client: EmulatorClient) -> None:
    content = local_client.back_up()
    local_client.call("start_backup")
    assert local_client.call_code("start_backup") == -6204
    assert local_client.call_code("start_restore", files={"file": content}) == -6204
    local_client.emulator.step(1)
    assert local_client.call_code("start_restore", files={"file": content}) == 0
    assert local_client.call_code("start_restore", files={"file": content}) == -6204
    assert local_client.call_code("start_backup") == -6204
    local_client.emulator.step(1.5)
    assert local_client.call_code("start_backup") == 0


def test_a_restore_replaces_catalog_and_settings(client: EmulatorClient) -> None:
    content = connect_to_changed_device().back_up()
    client.teach("002", "Pear", "pear")
    assert client.call_code("start_restore", files={"file": content}) == 0
    client.emulator.step(1.49)
    assert [each["id"] for each in client.call_data("get_item_list")] == ["002"]
    client.emulator.step(0.01)
    assert client.call_data("get_item_list") == [{"id": "001", "name": "苹果"}]
    assert client.call_data("get_learnmode") == {"mode": 0}
    assert client.call_data("get_calib") == AREA
    client.emulator.put("pear")
    assert client.recognize() is None
    client.emulator.put("apple")
    assert client.recognize() == "001"
    # later changes stay
    client.teach("003", "Lemon", "lemon")
    assert client.call("get_restore_status")["status"] == 4
    assert [each["id"] for each in client.call_data("get_item_list")] == ["001", "003"]


def test_a_backup_contains_the_state_at_its_start() -> None:
    client = connect(create_emulator())
    client.call("start_backup")
    client.teach("1", "Apple", "apple")
    client.emulator.step(1)
    filename = client.call("get_backup_status")["filename"]
    client.restore(client.http.get(f"/download/{filename}").content)
    assert client.call_data("get_item_list") == []


def test_equal_states_have_equal_backups() -> None:
    one = connect_to_changed_device(seed=5)
    assert one.back_up() == one.back_up() == connect_to_changed_device(seed=5).back_up()
    assert one.back_up() != connect_to_changed_device(seed=6).back_up()


def test_only_the_latest_finished_backup_can_be_downloaded(client: EmulatorClient) -> None:
    first = client.back_up()
    name = client.call("get_backup_status")["filename"]
    client.teach("1", "Apple", "apple")
    client.call("start_backup")
    assert client.http.get(f"/download/{name}").content == first
    client.emulator.step(1)
    assert client.http.get(f"/download/{name}").json() == {"code": -6202, "data": None}
    new = client.call("get_backup_status")["filename"]
    assert client.http.get(f"/download/{new}").content != first


def test_large_backups_can_be_downloaded_and_restored(client: EmulatorClient) -> None:
    large = connect(create_emulator(backup_padding=3_000_001))
    large.teach("1", "Apple", "apple")
    content = large.back_up()
    assert len(content) > 3_000_001
    assert client.restore(content)["status"] == 4
    assert [each["name"] for each in client.call_data("get_item_list")] == ["Apple"]


FOREIGN = [
    ({"store_id": "11096"}, -6141, "门店不匹配"),
    ({"sn": "87654321"}, -6142, "设备不匹配"),
    ({"engine": "9.6.0"}, -6143, "引擎版本不匹配"),
    # the store is compared first
    ({"store_id": "1", "sn": "2", "engine": "3"}, -6141, "门店不匹配"),
]


@pytest.mark.parametrize(("options", "code", "message"), FOREIGN)
def test_a_backup_of_another_device_fails_verification(
    client: EmulatorClient, options: dict[str, Any], code: int, message: str
) -> None:
    client.teach("2", "Pear", "pear")
    before = read_state(client)
    foreign = connect_to_changed_device(**options).back_up()
    assert client.call_code("start_restore", files={"file": foreign}) == 0
    client.emulator.step(0.8)
    assert client.call("get_restore_status") == {"code": 0, "msg": "正在校验数据", "status": 3}
    client.emulator.step(0.8)
    failed = {"code": code, "msg": f"数据校验失败：{message}", "status": 7}
    assert client.call("get_restore_status") == failed
    assert client.call("get_restore_status") == failed
    assert read_state(client) == before


def test_a_corrupted_backup_is_rejected() -> None:
    content = connect_to_changed_device().back_up()
    client = connect(create_emulator())
    before = read_state(client)
    # magic bytes and lengths are checked at once
    for position in range(24):
        damaged = content[:position] + bytes([content[position] ^ 0x40]) + content[position + 1 :]
        assert client.call_code("start_restore", files={"file": damaged}) == -6140, position
    for position in range(24, len(content)):
        damaged = content[:position] + bytes([content[position] ^ 0x40]) + content[position + 1 :]
        status = client.restore(damaged)
        assert (status["status"], status["code"]) == (7, -6211), position
    assert read_state(client) == before


def test_a_file_that_is_not_a_complete_backup_is_rejected_at_once(client: EmulatorClient) -> None:
    content = client.back_up()
    for bad in (
        b"",
        b"x",
        b"PK\x03\x04",
        content[:-1],
        content[:24],
        content[:10],
        content + b"x",
        b"\0" * 5000,
    ):
        assert client.call_code("start_restore", files={"file": bad}) == -6140
    assert client.call("get_restore_status")["status"] == 0
    assert client.restore(content)["status"] == 4


def test_forged_files_with_a_valid_checksum_are_format_errors() -> None:
    client = connect(create_emulator())
    content = client.back_up()
    manifest, packed = struct.unpack(">QQ", content[8:24])
    forged = [
        forge(content, b'"engine"', b'"egnine"'),
        forge(content, b'{"engine"', b'["engine"'),
        forge(content, content[24 + manifest : 24 + manifest + packed], b"\0" * packed),
    ]
    for bad in forged:
        status = client.restore(bad)
        assert (status["status"], status["code"]) == (7, -6140)
    assert client.restore(content)["status"] == 4


def test_a_restore_succeeds_after_a_failed_one(local_client: EmulatorClient) -> None:
    assert local_client.restore(connect_to_changed_device(sn="1").back_up())["code"] == -6142
    assert local_client.restore(connect_to_changed_device().back_up()) == {
        "code": 0,
        "msg": "数据恢复完成",
        "status": 4,
    }


def test_a_backup_of_an_unactivated_device_fits_an_unactivated_device() -> None:
    content = connect(create_emulator(activated=False)).back_up()
    assert connect(create_emulator(activated=False)).restore(content)["status"] == 4
    assert connect(create_emulator()).restore(content)["code"] == -6141
