"""The `on_call` hook, and the lines in the log."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from samples import CALIB
from scripted_transport import ScriptedTransport, error_response, success_response

from vision_ai import Call, CameraError, InvalidAnswerError, InvalidInputError, Retries, UnreachableError
from vision_ai_emulator import Emulator


def test_the_hook_gets_each_call_after_it_ends(connect: Any, emulator: Emulator) -> None:
    calls: list[Call] = []
    module = connect(emulator.url, on_call=calls.append)
    module.get_calib()
    module.get_result()
    assert [(call.operation, call.effect, call.code, call.tries) for call in calls] == [
        ("get_calib", "read", 0, 1),
        ("get_result", "read", 0, 1),
    ]
    assert all(call.duration > 0 and call.error is None for call in calls)


def test_the_hook_gets_the_code_of_a_device_error(connect: Any, transport: ScriptedTransport) -> None:
    calls: list[Call] = []
    module = connect(transport.respond(error_response(-6103)), on_call=calls.append)
    with pytest.raises(CameraError) as caught:
        module.get_result()
    assert calls[0].code == -6103
    assert calls[0].error is caught.value


def test_tries_are_counted_and_a_lost_call_has_no_code(connect: Any, transport: ScriptedTransport) -> None:
    calls: list[Call] = []
    transport.respond(httpx.ConnectError("gone"), httpx.ConnectError("gone"), success_response(CALIB))
    module = connect(transport, on_call=calls.append, retries=Retries(count=2, pause=0))
    module.get_calib()
    transport.respond(httpx.ConnectError("gone"))
    with pytest.raises(UnreachableError):
        module.with_options(retries=0).get_calib()
    assert [(call.code, call.tries) for call in calls] == [(0, 3), (None, 1)]


def test_the_hook_gets_transfers_too(connect: Any, emulator: Emulator, tmp_path: Path) -> None:
    calls: list[Call] = []
    module = connect(emulator.url, on_call=calls.append)
    module.restore(module.backup(tmp_path, poll=0.001), poll=0.001)
    names = [call.operation for call in calls]
    assert names[0] == "start_backup"
    assert {"get_backup_status", "download_backup", "start_restore", "get_restore_status"} < set(names)


def test_an_exception_in_the_hook_is_logged_and_does_not_reach_the_caller(
    connect: Any, transport: ScriptedTransport, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(call: Call) -> None:
        raise RuntimeError("no room in the statistics")

    assert connect(transport.respond(success_response(CALIB)), on_call=broken).get_calib().left == 444
    assert "on_call failed after get_calib" in caplog.text
    assert "no room in the statistics" in caplog.text


def test_the_log_has_one_line_per_call(
    connect: Any, transport: ScriptedTransport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="vision_ai")
    module = connect(transport.respond(success_response(CALIB), error_response(-6103)))
    module.get_calib()
    with pytest.raises(CameraError):
        module.get_result()
    first, second = [record.getMessage() for record in caplog.records if record.name == "vision_ai"]
    assert first.startswith("get_calib code=0 ") and first.endswith(" ms")
    assert second.startswith("get_result code=-6103 ") and "CameraError" in second


def test_the_log_contains_no_serial_number(
    connect: Any, transport: ScriptedTransport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="vision_ai")
    half = httpx.Response(
        200, content=b'{"code": 0, "data": {"sn": "SECRET123456", "clientName": "Corner Shop"'
    )
    with pytest.raises(InvalidAnswerError, match="SECRET123456"):
        connect(transport.respond(half), retries=0).get_device_info()
    assert "get_device_info" in caplog.text and "InvalidAnswerError" in caplog.text
    assert "SECRET123456" not in caplog.text
    assert "Corner Shop" not in caplog.text


def test_nothing_is_logged_above_debug_level(
    connect: Any, transport: ScriptedTransport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="vision_ai")
    connect(transport.respond(success_response(CALIB))).get_calib()
    assert caplog.records == []


def test_an_asynchronous_hook_is_rejected(connect: Any, transport: ScriptedTransport) -> None:
    async def on_call(call: Call) -> None: ...

    with pytest.raises(InvalidInputError, match="not async"):
        connect(transport, on_call=on_call)
