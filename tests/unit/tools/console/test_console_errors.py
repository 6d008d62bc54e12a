"""Errors as JSON data for the page."""

from __future__ import annotations

import pytest

from vision_ai import (
    AnswerLostError,
    BackupStatus,
    DeviceError,
    InvalidInputError,
    RestoreStatus,
    TransferError,
    UnreachableError,
)
from vision_ai.advice import find_transfer_advice
from vision_ai_tools.console.errors import ConsoleError, describe_error
from vision_ai_translations import LANGUAGES


@pytest.mark.parametrize(
    ("error", "kind", "detail"),
    [
        (InvalidInputError("left must be\na number"), "input", "left must be a number"),
        (UnreachableError("no route"), "unreachable", "no route"),
        (AnswerLostError("closed"), "lost", "closed"),
        (
            OSError(28, "No space left on device", "/backups/a.evo"),
            "file",
            "/backups/a.evo: No space left on device",
        ),
        (ValueError("a defect"), "unexpected", "a defect"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_error_has_a_kind_and_one_line_of_detail(error: Exception, kind: str, detail: str) -> None:
    assert describe_error(error) == {"kind": kind, "detail": detail}


def test_error_of_the_console() -> None:
    error = ConsoleError("no_such_backup", name="a.evo")
    assert describe_error(error) == {"kind": "no_such_backup", "name": "a.evo"}


def test_error_of_the_module_has_its_code_and_name() -> None:
    data = describe_error(DeviceError.of(-6103, operation="get_image"))
    assert (data["kind"], data["code"], data["name"]) == ("device", -6103, "CAMERA_LOST")


def test_advice_depends_on_the_operation_and_is_in_both_languages() -> None:
    teaching = describe_error(DeviceError.of(-6500, operation="register_item"))["advice"]
    assert teaching["en"].startswith("Put one product on the pan") and "秤盘" in teaching["zh"]
    assert describe_error(DeviceError.of(-6500, operation="get_result"))["advice"] != teaching


def test_transfer_has_the_number_of_its_status() -> None:
    backup = BackupStatus.from_dict({"code": 0, "filename": "", "msg": "备份失败", "status": 6})
    data = describe_error(TransferError("backup failed", status=backup))
    advice = find_transfer_advice(backup)
    assert data == {
        "kind": "transfer",
        "detail": "backup failed",
        "transfer": "backup",
        "status": 6,
        "advice": {language: advice.translate(language) for language in LANGUAGES},
    }


def test_transfer_with_an_error_code_has_its_name() -> None:
    restore = RestoreStatus.from_dict({"code": -6211, "msg": "校验失败", "status": 7})
    data = describe_error(TransferError("restore failed", status=restore, code=-6211))
    assert (data["transfer"], data["status"]) == ("restore", 7)
    assert (data["code"], data["name"]) == (-6211, "FILE_VERIFICATION_FAILED")
