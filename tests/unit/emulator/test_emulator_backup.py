"""Backup and restore: the jobs' pace, what the file holds, and all that can be wrong with it."""

from __future__ import annotations

import hashlib
import re
import struct
from typing import Any

import pytest
from emulator_support import Channel, in_process, make

AREA = {"height": 300, "left": 450, "top": 100, "width": 340}


def taught(**options: Any) -> Channel:
    """A device whose every setting differs from a fresh one's."""
    channel = in_process(make(**options))
    channel.teach("001", "苹果", "apple")
    channel.data("set_learnmode", {"mode": 0})
    channel.data("set_calib", AREA)
    return channel


def state(channel: Channel) -> tuple[Any, ...]:
    calls = ("get_item_list", "get_learnmode", "get_calib", "get_registered_item_list")
    return tuple(channel.data(call) for call in calls)


def resealed(content: bytes, change: tuple[bytes, bytes]) -> bytes:
    """A backup with something replaced (by as many bytes) and a checksum that is right again."""
    changed = content[:-32].replace(*change)
    assert changed != content[:-32]
    return changed + hashlib.sha256(changed).digest()


def test_backup_by_the_clock(channel: Channel) -> None:
    idle = {"code": 0, "filename": "", "msg": "没有备份任务", "status": 0}
    assert channel.post("get_backup_status") == idle
    assert channel.post("start_backup") == {"code": 0}
    running = {"code": 0, "filename": "", "msg": "正在生成备份数据", "status": 1}
    assert channel.post("get_backup_status") == running
    channel.emulator.step(0.999)
    assert channel.post("get_backup_status") == running
    channel.emulator.step(0.001)
    done = channel.post("get_backup_status")
    assert re.fullmatch(r"\d{23}\.evo", done["filename"])
    assert done == {"code": 0, "filename": done["filename"], "msg": "备份完成", "status": 3}
    assert channel.post("get_backup_status") == done


def test_restore_by_the_clock(channel: Channel) -> None:
    content = channel.backup()
    idle = {"code": 0, "msg": "没有恢复任务", "status": 0}
    assert channel.post("get_restore_status") == idle
    assert channel.post("start_restore", files={"file": content}) == {"code": 0, "data": None}
    assert channel.post("get_restore_status") == {"code": 0, "msg": "正在恢复数据", "status": 2}
    channel.emulator.step(0.75)
    assert channel.post("get_restore_status") == {"code": 0, "msg": "正在校验数据", "status": 3}
    channel.emulator.step(0.74)
    assert channel.post("get_restore_status")["status"] == 3
    channel.emulator.step(0.01)
    assert channel.post("get_restore_status") == {"code": 0, "msg": "数据恢复完成", "status": 4}


def test_pace_is_a_setting() -> None:
    channel = in_process(make(backup_seconds=0, restore_seconds=100))
    channel.post("start_backup")
    filename = channel.post("get_backup_status")["filename"]
    content = channel.client.get(f"/download/{filename}").content
    channel.post("start_restore", files={"file": content})
    channel.emulator.step(99)
    assert channel.post("get_restore_status")["status"] == 3


def test_only_one_job_at_a_time(direct: Channel) -> None:
    content = direct.backup()
    direct.post("start_backup")
    assert direct.code("start_backup") == -6204
    assert direct.code("start_restore", files={"file": content}) == -6204
    direct.emulator.step(1)
    assert direct.code("start_restore", files={"file": content}) == 0
    assert direct.code("start_restore", files={"file": content}) == -6204
    assert direct.code("start_backup") == -6204
    direct.emulator.step(1.5)
    assert direct.code("start_backup") == 0


def test_a_restore_brings_everything_back(channel: Channel) -> None:
    content = taught().backup()
    channel.teach("002", "Pear", "pear")
    assert channel.code("start_restore", files={"file": content}) == 0
    channel.emulator.step(1.49)
    assert [each["id"] for each in channel.data("get_item_list")] == ["002"]
    channel.emulator.step(0.01)
    assert channel.data("get_item_list") == [{"id": "001", "name": "苹果"}]
    assert channel.data("get_learnmode") == {"mode": 0}
    assert channel.data("get_calib") == AREA
    channel.emulator.put("pear")
    assert channel.best() is None
    channel.emulator.put("apple")
    assert channel.best() == "001"
    # what is taught afterwards stays
    channel.teach("003", "Lemon", "lemon")
    assert channel.post("get_restore_status")["status"] == 4
    assert [each["id"] for each in channel.data("get_item_list")] == ["001", "003"]


def test_a_backup_is_of_the_moment_of_its_start() -> None:
    channel = in_process(make())
    channel.post("start_backup")
    channel.teach("1", "Apple", "apple")
    channel.emulator.step(1)
    filename = channel.post("get_backup_status")["filename"]
    channel.restore(channel.client.get(f"/download/{filename}").content)
    assert channel.data("get_item_list") == []


def test_the_same_state_gives_the_same_bytes() -> None:
    one = taught(seed=5)
    assert one.backup() == one.backup() == taught(seed=5).backup()
    assert one.backup() != taught(seed=6).backup()


def test_only_the_latest_finished_backup_can_be_downloaded(channel: Channel) -> None:
    first = channel.backup()
    name = channel.post("get_backup_status")["filename"]
    channel.teach("1", "Apple", "apple")
    channel.post("start_backup")
    assert channel.client.get(f"/download/{name}").content == first
    channel.emulator.step(1)
    assert channel.client.get(f"/download/{name}").json() == {"code": -6202, "data": None}
    new = channel.post("get_backup_status")["filename"]
    assert channel.client.get(f"/download/{new}").content != first


def test_large_files_go_both_ways(channel: Channel) -> None:
    large = in_process(make(backup_padding=3_000_001))
    large.teach("1", "Apple", "apple")
    content = large.backup()
    assert len(content) > 3_000_001
    assert channel.restore(content)["status"] == 4
    assert [each["name"] for each in channel.data("get_item_list")] == ["Apple"]


FOREIGN = [
    ({"store_id": "11096"}, -6141, "门店不匹配"),
    ({"sn": "87654321"}, -6142, "设备不匹配"),
    ({"engine": "9.6.0"}, -6143, "引擎版本不匹配"),
    # where everything differs, the store is found first
    ({"store_id": "1", "sn": "2", "engine": "3"}, -6141, "门店不匹配"),
]


@pytest.mark.parametrize(("options", "code", "words"), FOREIGN)
def test_a_foreign_backup_fails_verification(
    channel: Channel, options: dict[str, Any], code: int, words: str
) -> None:
    channel.teach("2", "Pear", "pear")
    before = state(channel)
    foreign = taught(**options).backup()
    assert channel.code("start_restore", files={"file": foreign}) == 0
    channel.emulator.step(0.8)
    assert channel.post("get_restore_status") == {"code": 0, "msg": "正在校验数据", "status": 3}
    channel.emulator.step(0.8)
    failed = {"code": code, "msg": f"数据校验失败：{words}", "status": 7}
    assert channel.post("get_restore_status") == failed
    assert channel.post("get_restore_status") == failed
    assert state(channel) == before


def test_a_corrupted_backup_fails_its_checksum() -> None:
    content = taught().backup()
    channel = in_process(make())
    before = state(channel)
    # the magic, and the lengths (which then do not match the file), are seen at once
    for position in range(24):
        damaged = content[:position] + bytes([content[position] ^ 0x40]) + content[position + 1 :]
        assert channel.code("start_restore", files={"file": damaged}) == -6140, position
    for position in range(24, len(content)):
        damaged = content[:position] + bytes([content[position] ^ 0x40]) + content[position + 1 :]
        status = channel.restore(damaged)
        assert (status["status"], status["code"]) == (7, -6211), position
    assert state(channel) == before


def test_what_is_no_whole_backup_is_refused_at_once(channel: Channel) -> None:
    content = channel.backup()
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
        assert channel.code("start_restore", files={"file": bad}) == -6140
    assert channel.post("get_restore_status")["status"] == 0
    assert channel.restore(content)["status"] == 4


def test_forged_files_with_a_right_checksum_are_format_errors() -> None:
    channel = in_process(make())
    content = channel.backup()
    manifest, packed = struct.unpack(">QQ", content[8:24])
    forged = [
        resealed(content, (b'"engine"', b'"egnine"')),
        resealed(content, (b'{"engine"', b'["engine"')),
        resealed(content, (content[24 + manifest : 24 + manifest + packed], b"\0" * packed)),
    ]
    for bad in forged:
        status = channel.restore(bad)
        assert (status["status"], status["code"]) == (7, -6140)
    assert channel.restore(content)["status"] == 4


def test_a_failed_restore_is_followed_by_a_good_one(direct: Channel) -> None:
    assert direct.restore(taught(sn="1").backup())["code"] == -6142
    assert direct.restore(taught().backup()) == {"code": 0, "msg": "数据恢复完成", "status": 4}


def test_a_backup_of_an_unactivated_device_fits_another() -> None:
    content = in_process(make(activated=False)).backup()
    assert in_process(make(activated=False)).restore(content)["status"] == 4
    assert in_process(make()).restore(content)["code"] == -6141
