"""Arguments outside the contract raise an InvalidInputError that names them, and nothing is sent."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from samples import BY_NAME, RESULT, SAMPLES
from scripted_transport import ScriptedTransport, success_response

from vision_ai import InvalidInputError, LearnMode, Progress, RecognitionResult, VisionAIError

TEXTS: list[Any] = ["", 5, None, b"001", True, ["001"], "\ud800"]
CALIB_LIMITS = {"left": (0, 1279), "top": (0, 719), "width": (1, 1280), "height": (1, 720)}


@pytest.fixture
def flavor() -> str:
    """Both clients check arguments with the same code."""
    return "sync"


def _cases() -> list[Any]:
    cases: list[Any] = []
    for sample in SAMPLES:
        for name, value in sample.arguments.items():
            if isinstance(value, str):
                cases += [(sample.name, name, wrong) for wrong in TEXTS]
    for name, (least, most) in CALIB_LIMITS.items():
        wrong: list[Any] = [least - 1, most + 1, -(10**30), 10**30, 1.0, 1.5, True, "1", None, math.nan, [1]]
        cases += [("set_calib", name, value) for value in wrong]
    cases += [
        ("set_learnmode", "mode", value) for value in (2, -1, True, False, 1.0, "1", None, LearnMode(7))
    ]
    cases += [("result_feedback", "intop", value) for value in (1, 0, None, "true", 1.0)]
    return cases


@pytest.mark.parametrize(("name", "argument", "value"), _cases(), ids=lambda value: ascii(value)[:24])
def test_an_argument_outside_the_contract_is_rejected(
    connect: Any, transport: ScriptedTransport, name: str, argument: str, value: Any
) -> None:
    sample = BY_NAME[name]
    module = connect(transport)
    with pytest.raises(InvalidInputError, match=argument) as caught:
        getattr(module, name)(**{**sample.arguments, argument: value})
    message = str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, VisionAIError)
    assert message.startswith(f"{name}: {argument} must be ")
    assert not transport.requests


@pytest.mark.parametrize(
    ("area", "message_part"),
    [
        ((1000, 0, 281, 720), "left 1000 + width 281 is 1281, at most 1280"),
        ((1279, 0, 2, 720), "left 1279 + width 2"),
        ((0, 700, 1280, 21), "top 700 + height 21 is 721, at most 720"),
        ((0, 1, 1280, 720), "top 1 + height 720"),
    ],
)
def test_an_area_that_exceeds_the_picture_is_rejected(
    connect: Any, transport: ScriptedTransport, area: tuple[int, int, int, int], message_part: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        connect(transport).set_calib(**dict(zip(("left", "top", "width", "height"), area, strict=True)))
    assert message_part in str(caught.value)
    assert not transport.requests


@pytest.mark.parametrize("area", [(0, 0, 1280, 720), (1279, 719, 1, 1), (0, 0, 1, 1), (444, 39, 348, 482)])
def test_an_area_that_just_fits_is_accepted(
    connect: Any, transport: ScriptedTransport, area: tuple[int, int, int, int]
) -> None:
    names = ("left", "top", "width", "height")
    connect(transport.respond(success_response())).set_calib(**dict(zip(names, area, strict=True)))
    assert [transport.requests[0].json[name] for name in names] == list(area)


@pytest.mark.parametrize("allowed", ["0 to 1279", "1 to 720", "0, 1", "a text", "not empty", "True or False"])
def test_the_message_states_the_allowed_values(
    connect: Any, transport: ScriptedTransport, allowed: str
) -> None:
    module = connect(transport)
    calls = {
        "0 to 1279": lambda: module.set_calib(left=-1, top=0, width=1, height=1),
        "1 to 720": lambda: module.set_calib(left=0, top=0, width=1, height=0),
        "0, 1": lambda: module.set_learnmode(mode=2),
        "a text": lambda: module.delete_registered_item(id=1),
        "not empty": lambda: module.delete_registered_item(id=""),
        "True or False": lambda: module.result_feedback(sid="1", id="1", name="x", intop=1),
    }
    with pytest.raises(InvalidInputError, match=f"must be .*{allowed}, not "):
        calls[allowed]()


def test_a_missing_parameter_is_a_type_error(connect: Any, transport: ScriptedTransport) -> None:
    with pytest.raises(TypeError, match="name"):
        connect(transport).register_item(id="1")


async def asynchronous(step: Progress) -> None:
    raise AssertionError("never awaited")


class AsynchronousCallable:
    async def __call__(self, step: Progress) -> None:
        raise AssertionError("never awaited")


BAD_SECONDS: list[Any] = [0, -1, math.nan, math.inf, "1", True, None]
BAD_PROGRESS: list[Any] = [5, "print", asynchronous, AsynchronousCallable(), AsynchronousCallable().__call__]
WORKFLOWS = ["backup", "save_backup", "restore", "wait_until_ready"]


def call(module: Any, workflow: str, folder: Path, **options: Any) -> None:
    (folder / "a.evo").write_bytes(b"\0a backup")
    {
        "backup": lambda: module.backup(folder, **options),
        "save_backup": lambda: module.save_backup("a.evo", folder, **options),
        "restore": lambda: module.restore(folder / "a.evo", **options),
        "wait_until_ready": lambda: module.wait_until_ready(**options),
        "learn": lambda: module.learn(id="1", name="x", **options),
    }[workflow]()


@pytest.mark.parametrize(
    ("workflow", "option", "value"),
    [
        *[(name, "timeout", value) for name in WORKFLOWS for value in BAD_SECONDS],
        *[(name, "poll", value) for name in WORKFLOWS if name != "save_backup" for value in BAD_SECONDS],
        *[(name, "progress", value) for name in [*WORKFLOWS, "learn"] for value in BAD_PROGRESS],
        *[("learn", "pictures", value) for value in (0, -1, True, 1.5, "3", None)],
        *[("learn", name, value) for name in ("id", "name") for value in TEXTS],
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_an_invalid_workflow_option_is_rejected(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, workflow: str, option: str, value: Any
) -> None:
    module = connect(transport)
    with pytest.raises(InvalidInputError, match=option):
        if option in ("id", "name"):
            module.learn(**{"id": "1", "name": "x", option: value})
        else:
            call(module, workflow, tmp_path, **{option: value})
    assert not transport.requests


@pytest.mark.parametrize("value", TEXTS, ids=ascii)
@pytest.mark.parametrize("argument", ["id", "name"])
def test_confirm_checks_its_arguments(
    connect: Any, transport: ScriptedTransport, argument: str, value: Any
) -> None:
    result = RecognitionResult.from_dict(RESULT)
    with pytest.raises(InvalidInputError, match=argument):
        connect(transport).confirm(result, **{"id": "1", "name": "x", argument: value})
    assert not transport.requests


@pytest.mark.parametrize(
    "result", [None, "20220414150011198", RESULT, []], ids=["None", "sid", "dict", "list"]
)
def test_confirm_needs_a_recognition(connect: Any, transport: ScriptedTransport, result: Any) -> None:
    with pytest.raises(InvalidInputError, match="result"):
        connect(transport).confirm(result, id="1", name="x")
    assert not transport.requests


@pytest.mark.parametrize("filename", TEXTS, ids=ascii)
def test_save_backup_checks_the_name(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, filename: Any
) -> None:
    with pytest.raises(InvalidInputError, match="filename"):
        connect(transport).save_backup(filename, tmp_path)
    assert not transport.requests


@pytest.mark.parametrize("folder", [None, 5, b"/tmp", True], ids=repr)
@pytest.mark.parametrize("workflow", ["backup", "save_backup"])
def test_a_folder_that_is_not_a_path_is_rejected(
    connect: Any, transport: ScriptedTransport, workflow: str, folder: Any
) -> None:
    module = connect(transport)
    with pytest.raises(InvalidInputError, match="folder"):
        module.backup(folder) if workflow == "backup" else module.save_backup("a.evo", folder)
    assert not transport.requests


def test_a_name_too_long_for_a_url_is_rejected(connect: Any, transport: ScriptedTransport) -> None:
    with pytest.raises(InvalidInputError):
        connect(transport).download_backup(filename="x" * 70_000)
    assert not transport.requests


def test_the_message_of_a_huge_argument_is_short(connect: Any, transport: ScriptedTransport) -> None:
    with pytest.raises(InvalidInputError) as caught:
        connect(transport).delete_registered_item(id=b"x" * 1_000_000)
    assert len(str(caught.value)) < 500
