"""Errors: every code of the catalog, their attributes, and that they can be pickled and copied."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from samples import BACKUP_DONE, DEVICE_INFO, JPEG, RESULT
from scripted_transport import ScriptedTransport, error_response

import vision_ai
from vision_ai import (
    ERROR_CODES,
    AnswerLostError,
    AnswerTimeoutError,
    BackupState,
    BackupStatus,
    DeviceError,
    DeviceInfo,
    ErrorCode,
    Image,
    InvalidAnswerError,
    InvalidInputError,
    LearnMode,
    RecognitionResult,
    RestoreState,
    SyncMode,
    TransferError,
    UnreachableError,
    VisionAIError,
    errors,
)
from vision_ai_generated.error_codes import ERROR_CATEGORIES
from vision_ai_generated.types import UNSET

CATEGORIES = {
    "camera": vision_ai.CameraError,
    "command": vision_ai.CommandError,
    "activation": vision_ai.ActivationError,
    "update": vision_ai.UpdateError,
    "compatibility": vision_ai.CompatibilityError,
    "request": vision_ai.RequestError,
    "file": vision_ai.FileError,
    "network": vision_ai.NetworkError,
    "engine": vision_ai.EngineError,
    "internal": vision_ai.InternalError,
}
VENDORS_CODES = """-6103 -6117 -6124 -6126 -6127 -6128 -6130 -6131 -6132 -6133 -6138 -6140 -6141 -6142 -6143
    -6109 -6134 -6137 -6144 -6217 -6200 -6202 -6203 -6204 -6207 -6209 -6210 -6211 -6212 -6213 -6214"""


@pytest.fixture
def flavor() -> str:
    """Both clients make errors with the same code."""
    return "sync"


def test_the_catalog_has_every_code_of_the_vendor() -> None:
    assert sorted(ERROR_CODES) == sorted(int(code) for code in VENDORS_CODES.split())
    assert {int(code) for code in ErrorCode} >= set(ERROR_CODES)


def test_every_category_has_its_class() -> None:
    assert set(CATEGORIES) == set(ERROR_CATEGORIES)
    assert {cls.category for cls in DeviceError.__subclasses__()} == set(CATEGORIES)


@pytest.mark.parametrize("code", sorted(ERROR_CODES))
def test_a_known_code_raises_the_error_of_its_category(
    connect: Any, transport: ScriptedTransport, code: int
) -> None:
    with pytest.raises(DeviceError) as caught:
        connect(transport.respond(error_response(code))).get_device_info()
    error, entry = caught.value, ERROR_CODES[code]
    assert type(error) is CATEGORIES[entry.category]
    assert (error.code, error.name, error.meaning, error.retryable) == (
        code,
        entry.name,
        entry.meaning,
        entry.retryable,
    )
    assert (error.operation, error.answer) == ("get_device_info", {"code": code, "data": None})
    assert "\n" not in str(error)
    assert str(code) in str(error)
    assert entry.name in str(error)
    assert str(error).startswith("get_device_info: ")


@pytest.mark.parametrize("code", [-6500, -6501, -6550, -6599])
def test_every_code_of_the_engine_range_is_an_engine_error(
    connect: Any, transport: ScriptedTransport, code: int
) -> None:
    with pytest.raises(vision_ai.EngineError) as caught:
        connect(transport.respond(error_response(code))).get_result()
    assert (caught.value.code, caught.value.name) == (code, "ALGORITHM_ERROR")


@pytest.mark.parametrize("code", [-6499, -6600, -1, 1, 404, -9999, 10**20])
def test_an_unknown_code_keeps_its_number(connect: Any, transport: ScriptedTransport, code: int) -> None:
    with pytest.raises(DeviceError) as caught:
        connect(transport.respond(error_response(code))).get_result()
    assert type(caught.value) is DeviceError
    assert (caught.value.code, caught.value.name, caught.value.retryable) == (code, "UNKNOWN", False)
    assert str(code) in str(caught.value)


def test_an_error_can_be_made_from_its_code() -> None:
    error = DeviceError.of(-6103)
    assert isinstance(error, vision_ai.CameraError)
    assert (error.operation, error.answer) == ("", None)
    assert str(error).startswith("CAMERA_LOST (-6103)")


def test_the_class_hierarchy_is_as_documented() -> None:
    ours = [UnreachableError, AnswerTimeoutError, AnswerLostError, InvalidAnswerError, TransferError]
    ours += [DeviceError, InvalidInputError]
    assert all(cls.__mro__[1] is VisionAIError for cls in ours)
    assert issubclass(AnswerTimeoutError, TimeoutError)
    assert issubclass(InvalidInputError, ValueError)
    assert {getattr(errors, name) for name in errors.__all__} <= {
        getattr(vision_ai, name)
        for name in vision_ai.__all__
        if name != "__version__" and name != "DEFAULT_URL" and name != "ERROR_CODES"
    }


STATUS = BackupStatus.from_dict(BACKUP_DONE)
ERRORS: list[VisionAIError] = [
    VisionAIError("root"),
    InvalidInputError("input"),
    UnreachableError("unreachable"),
    AnswerTimeoutError("late"),
    AnswerLostError("lost"),
    InvalidAnswerError("invalid", content=b"\xff\0", status=302),
    TransferError("transfer", status=STATUS, code=-6203),
    DeviceError.of(5, operation="get_result", answer={"code": 5}),
    *[
        DeviceError.of(entry.code, operation="get_result", answer={"code": entry.code})
        for entry in {entry.category: entry for entry in ERROR_CODES.values()}.values()
    ],
]
COPIES: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    *[
        lambda value, protocol=protocol: pickle.loads(pickle.dumps(value, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ],
]
COPY_NAMES = ["copy", "deepcopy", *[f"pickle-{number}" for number in range(pickle.HIGHEST_PROTOCOL + 1)]]


@pytest.mark.parametrize("make_copy", COPIES, ids=COPY_NAMES)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_can_be_copied_and_pickled(error: VisionAIError, make_copy: Callable[[Any], Any]) -> None:
    error.add_note("a note")
    duplicate = make_copy(error)
    assert type(duplicate) is type(error)
    assert duplicate.args == error.args
    assert str(duplicate) == str(error)
    assert vars(duplicate) == vars(error)
    assert duplicate.__notes__[-1] == "a note"


VALUES: list[Any] = [
    DeviceInfo.from_dict({**DEVICE_INFO, "syncMode": "peer", "more": 1}),
    RecognitionResult.from_dict(RESULT),
    STATUS,
    Image(JPEG),
    SyncMode.SLAVE,
    SyncMode("peer"),
    LearnMode(7),
    BackupState(99),
    RestoreState(-1),
    ErrorCode(-6103),
    UNSET,
    vision_ai.Progress("learning", done=1, total=3),
    vision_ai.Retries(3),
]


@pytest.mark.parametrize("make_copy", COPIES, ids=COPY_NAMES)
@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_result_can_be_copied_and_pickled(value: Any, make_copy: Callable[[Any], Any]) -> None:
    duplicate = make_copy(value)
    assert type(duplicate) is type(value)
    assert duplicate == value
    assert repr(duplicate) == repr(value)
    if value is UNSET:
        assert duplicate is UNSET
    if isinstance(value, Image):
        assert (duplicate.width, duplicate.height) == (value.width, value.height)


@pytest.mark.parametrize("member", [SyncMode("peer"), LearnMode(7), BackupState(99)], ids=repr)
def test_an_unknown_enum_member_equals_its_raw_value(member: Any) -> None:
    raw = member.value
    assert member == raw
    assert {raw: "found"}[member] == "found"
    assert str(member) == str(raw)
    assert f"{member}" == str(raw)
    assert member not in list(type(member))
