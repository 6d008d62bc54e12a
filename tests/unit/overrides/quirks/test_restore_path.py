"""The two paths of a restore (A3): the second one is used where the module does not know the first."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import pytest
from scripted_transport import (
    ScriptedTransport,
    error_response,
    json_response,
    raw_response,
    success_response,
)

from vision_ai import Call, CommandError, DeviceError, InvalidAnswerError, VisionAIError
from vision_ai_emulator.emulator import Emulator

FILE = b"the \0bytes of a backup"
TWO_PATHS = ["/api/start_restore", "/api/restore"]


UNKNOWN = {
    "-6117": error_response(-6117),
    "-6117 with HTTP 404": json_response({"code": -6117}, 404),
    "HTTP 404": raw_response(b"<h1>Not Found</h1>", "text/html", 404),
    "HTTP 405": raw_response(b"", None, 405),
    "HTTP 404 in JSON": json_response({"detail": "Not Found"}, 404),
}


@pytest.mark.parametrize("response", UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_path_is_followed_by_the_other_path_once(
    connect: Any, transport: ScriptedTransport, response: Any
) -> None:
    connect(transport.respond(response, success_response())).start_restore(file=io.BytesIO(FILE))
    assert transport.paths == TWO_PATHS
    assert [FILE in request.body for request in transport.requests] == [True, True]


@pytest.mark.parametrize("response", UNKNOWN.values(), ids=UNKNOWN)
def test_restore_continues_after_the_second_path(
    connect: Any, transport: ScriptedTransport, response: Any
) -> None:
    transport.respond(response, success_response(), json_response({"code": 0, "status": 4}))
    connect(transport).restore(io.BytesIO(FILE), poll=0.001)
    assert transport.paths == [*TWO_PATHS, "/api/get_restore_status"]


@pytest.mark.parametrize(
    "response",
    [
        error_response(-6140),
        error_response(-6200),
        raw_response(b"", None, 500),
        raw_response(b"", None, 400),
        raw_response(b"<h1>"),
        success_response([1]),
    ],
    ids=["-6140", "-6200", "HTTP 500", "HTTP 400", "HTML", "success"],
)
def test_any_other_response_is_final(connect: Any, transport: ScriptedTransport, response: Any) -> None:
    with contextlib.suppress(VisionAIError):
        connect(transport.respond(response)).start_restore(file=io.BytesIO(FILE))
    assert transport.paths == TWO_PATHS[:1]


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        (error_response(-6117), CommandError),
        (raw_response(b"gone", None, 405), InvalidAnswerError),
        (error_response(-6140), DeviceError),
    ],
)
def test_the_error_of_the_second_path_is_raised(
    connect: Any, transport: ScriptedTransport, second: Any, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as caught:
        connect(transport.respond(raw_response(b"", None, 404), second)).start_restore(file=io.BytesIO(FILE))
    assert transport.paths == TWO_PATHS
    if isinstance(caught.value, InvalidAnswerError):
        assert caught.value.status == 405


def test_the_emulator_gets_one_restore_request(module: Any, emulator: Emulator, tmp_path: Path) -> None:
    path = module.backup(tmp_path, poll=0.001)
    module.restore(path, poll=0.001)
    assert sum("restore" in path and "status" not in path for _, path in emulator.requests) == 1


def test_a_restore_at_its_second_path_is_one_call_for_the_hook(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    (tmp_path / "a.evo").write_bytes(b"a backup")
    calls: list[Call] = []
    module = connect(
        transport.respond(raw_response(b"no such page", status=404), success_response()), on_call=calls.append
    )
    module.start_restore(file=tmp_path / "a.evo")
    assert [(call.operation, call.code, call.tries) for call in calls] == [("start_restore", 0, 2)]
