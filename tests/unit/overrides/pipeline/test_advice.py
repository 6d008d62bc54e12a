"""What to do about an error depends on its code and on the operation, and never contradicts its meaning."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from samples import json_response, success_response
from scripted_transport import ScriptedTransport

from vision_ai import (
    ERROR_CODES,
    BackupStatus,
    CameraError,
    DeviceError,
    RestoreStatus,
    TransferError,
)
from vision_ai.advice import ADVICE, ANY_OPERATION, find_advice, find_transfer_advice
from vision_ai_emulator import Emulator
from vision_ai_generated.api import OPERATIONS
from vision_ai_generated.error_codes import ERROR_RANGES

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
POLL = 0.001
NAMES = [entry.name for entry in ERROR_CODES.values()] + [each.name for each in ERROR_RANGES]
FINAL_STATUSES = {"FAILED", "RESTORE_FAILED", "VERIFICATION_FAILED"}

CONTRADICTIONS = {
    "ALREADY_ACTIVATED": r"\bactivate\b",
    "ALREADY_LATEST_VERSION": r"\b(?:update|download|install)\b",
    "NOT_ACTIVATED": "Nothing to do",
    "DOWNLOAD_NOT_STARTED": r"\bagain\b",
    "NETWORK_ERROR": "camera",
    "SYNC_TIMEOUT": "camera",
    "FILE_VERIFICATION_FAILED": "same copy",
    "STORE_MISMATCH": "engine",
    "DEVICE_MISMATCH": "engine",
    "ENGINE_VERSION_MISMATCH": "store",
    "PARAMETER_ERROR": "[Rr]estart the module",
    "JSON_PARSING_FAILED": "[Rr]estart the module",
    "UNKNOWN_COMMAND": "[Tt]ry again",
}
"""What the advice for a code must not say, whatever the operation."""


@pytest.mark.parametrize("name", NAMES)
def test_each_code_of_the_contract_has_advice(name: str) -> None:
    assert (name, ANY_OPERATION) in ADVICE


def test_the_table_knows_only_names_and_operations_that_exist() -> None:
    for name, operation in ADVICE:
        assert name in {*NAMES, *FINAL_STATUSES, "IDLE", "UNKNOWN"}
        assert operation in {ANY_OPERATION, *OPERATIONS}


@pytest.mark.parametrize("key", ADVICE, ids=" ".join)
def test_advice_is_a_sentence_in_each_language(key: tuple[str, str]) -> None:
    advice = ADVICE[key]
    english, russian, chinese = advice.text, advice.translate("ru"), advice.translate("zh")
    assert re.fullmatch(r"[A-Z].*\.", english) and not CHINESE.search(english)
    assert chinese.endswith("。") and CHINESE.search(chinese)
    assert re.fullmatch(r"[А-Я].*\.", russian) and not CHINESE.search(russian)
    assert not advice.command or advice.command.startswith("vision-ai ")


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_advice_does_not_contradict_the_code(name: str) -> None:
    for (each, operation), advice in ADVICE.items():
        if each == name:
            assert not re.search(CONTRADICTIONS[name], f"{advice.text} {advice.command}"), operation


@pytest.mark.parametrize("code", [-6124, -6131])
def test_there_is_nothing_to_do_about_what_is_done_already(code: int) -> None:
    assert str(DeviceError.of(code)).count("Nothing to do") == 1


def test_a_backup_for_another_module_is_only_mentioned_where_there_is_one() -> None:
    for code in (-6140, -6141, -6142, -6143):
        assert "backup" in find_advice(code, "start_restore").text
        assert "backup" in find_advice(code, "get_restore_status").text
        assert "backup" not in find_advice(code, "get_result").text


@pytest.mark.parametrize("operation", ["register_item", "add_item_template"])
def test_teaching_with_an_empty_pan_says_so(operation: str) -> None:
    error = DeviceError.of(-6500, operation=operation)
    assert "Put one product on the pan" in error.advice
    assert error.advice in str(error)
    assert "estart" not in error.advice


@pytest.mark.parametrize("code", [-1, -7777, 42])
def test_an_unknown_code_has_advice(code: int) -> None:
    assert find_advice(code) == ADVICE["UNKNOWN", ANY_OPERATION]


def test_the_second_path_of_a_restore_has_the_same_advice() -> None:
    assert find_advice(-6140, "start_restore_alias") == find_advice(-6140, "start_restore")


BACKUP_ENDS = [
    {"code": 0, "filename": "", "msg": "备份数据生成失败", "status": 6},
    {"code": 0, "filename": "", "msg": "没有备份任务", "status": 0},
    {"code": 0, "filename": "", "msg": "备份完成", "status": 3},
    {"code": 0, "filename": "", "msg": "未知", "status": 99},
    {"code": -6203, "filename": "", "msg": "备份数据生成失败：写文件失败", "status": 6},
]
RESTORE_ENDS = [
    {"code": 0, "msg": "数据恢复失败", "status": 5},
    {"code": 0, "msg": "数据校验失败", "status": 7},
    {"code": 0, "msg": "没有恢复任务", "status": 0},
    {"code": 0, "msg": "未知", "status": 99},
    {"code": -6141, "msg": "数据校验失败：门店不匹配", "status": 7},
]


@pytest.mark.parametrize("end", BACKUP_ENDS, ids=lambda end: f"{end['status']} {end['code']}")
def test_the_end_of_a_backup_is_described_in_english(
    connect: Any, transport: ScriptedTransport, end: dict[str, Any], tmp_path: Path
) -> None:
    module = connect(transport.respond(success_response(), json_response(end)))
    with pytest.raises(TransferError) as caught:
        module.backup(tmp_path, poll=POLL)
    assert_english(caught.value, find_transfer_advice(BackupStatus.from_dict(end), end["code"]).text)


@pytest.mark.parametrize("end", RESTORE_ENDS, ids=lambda end: f"{end['status']} {end['code']}")
def test_the_end_of_a_restore_is_described_in_english(
    connect: Any, transport: ScriptedTransport, end: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")
    module = connect(transport.respond(success_response(), json_response(end)))
    with pytest.raises(TransferError) as caught:
        module.restore(tmp_path / "a.evo", poll=POLL)
    assert_english(caught.value, find_transfer_advice(RestoreStatus.from_dict(end), end["code"]).text)


def assert_english(error: TransferError, advice: str) -> None:
    assert not CHINESE.search(str(error)), str(error)
    assert str(error).endswith(advice) and error.advice == advice
    assert error.status is not None and CHINESE.search(error.status.msg), "programs still get it"


CODES = {entry.name: entry.code for entry in ERROR_CODES.values()}
CODES |= {each.name: each.first for each in ERROR_RANGES}
RESTARTS = [key for key, advice in ADVICE.items() if "reboot" in advice.command and key[0] in CODES]


@pytest.mark.parametrize("key", RESTARTS)
def test_advice_for_v2_names_no_restart_by_command(key: tuple[str, str]) -> None:
    code = CODES[key[0]]
    advice = find_advice(code, key[1], "v2")
    assert "switch the module off and on" in advice.text.lower()
    assert "断电" in advice.translate("zh") and "重启" not in advice.translate("zh")
    assert "выключите" in advice.translate("ru") and "перезагру" not in advice.translate("ru").lower()
    assert advice.command == ""
    assert "reboot" in find_advice(code, key[1], "v1").command


@pytest.mark.parametrize(("api", "command"), [("v1", "restart the module"), ("v2", "switch the module off")])
def test_errors_have_the_advice_of_their_version(connect: Any, api: Any, command: str) -> None:
    emulator = Emulator(api=api)
    emulator.fail_next(-6103, "get_image")
    emulator.fail_next(-6103, "set_calib")
    module = connect(emulator.url, api="auto")
    for call in (module.get_image, lambda: module.set_calib(left=400, top=30, width=400, height=500)):
        module.get_device_info()
        with pytest.raises(CameraError) as caught:
            call()
        assert caught.value.api_version == api
        assert command in caught.value.advice
