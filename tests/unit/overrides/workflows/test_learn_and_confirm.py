"""`confirm`, `learn` and `with_options` on the emulator."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from samples import REGISTERED, RESULT
from scripted_transport import ScriptedTransport, error_response, success_response

from vision_ai import (
    CameraError,
    DeviceError,
    EngineError,
    Image,
    InvalidInputError,
    Progress,
    RecognitionResult,
    Retries,
    UnreachableError,
    VisionAI,
    VisionAIError,
)
from vision_ai_emulator.emulator import Emulator


@pytest.mark.parametrize(("choice", "in_top"), [("001", True), ("002", True), ("003", False), ("1", False)])
def test_confirm_determines_whether_the_choice_was_among_the_guesses(
    connect: Any, transport: ScriptedTransport, choice: str, in_top: bool
) -> None:
    result = RecognitionResult.from_dict(RESULT)
    connect(transport.respond(success_response())).confirm(result, id=choice, name="梨")
    body = transport.requests[0].json
    assert body["intop"] is in_top
    assert (body["sid"], body["id"], body["name"]) == (RESULT["sid"], choice, "梨")


def test_the_module_learns_from_feedback(module: Any, emulator: Emulator) -> None:
    emulator.put("banana")
    module.confirm(module.get_result(), id="9", name="Banana")
    assert [item.id for item in module.get_item_list()] == ["9"]
    result = module.get_result()
    assert result.items[0].id == "9"
    module.confirm(result, id="9", name="Banana")


def test_an_old_recognition_cannot_be_confirmed(module: Any) -> None:
    with pytest.raises(DeviceError, match="-6202"):
        module.confirm(RecognitionResult.from_dict(RESULT), id="9", name="Banana")


@pytest.mark.parametrize("pictures", [1, 3, 5])
def test_learn_registers_the_pictures_and_commits_once(
    module: Any, emulator: Emulator, pictures: int
) -> None:
    steps: list[Progress] = []
    pictures_taken = module.learn(id="003", name="Pear", pictures=pictures, progress=steps.append)
    assert len({each.image_id for each in pictures_taken}) == pictures
    assert all(Image.from_base64(each.image) for each in pictures_taken)
    assert [(each.phase, each.done, each.total) for each in steps] == [
        ("learning", done, pictures) for done in range(pictures + 1)
    ]
    assert [path for _, path in emulator.requests] == [
        "/api/get_registered_item_list",  # to find a lost picture
        *["/api/register_item"] * pictures,
        "/api/commit_registered_item",
    ]
    assert module.get_registered_item_list() == []
    assert [item.id for item in module.get_item_list()] == ["003"]


def test_learn_takes_three_pictures_by_default(module: Any) -> None:
    assert len(module.learn(id="003", name="Pear")) == 3


def test_a_failed_learn_deletes_its_pictures_and_commits_nothing(module: Any, emulator: Emulator) -> None:
    def lose_the_pan(step: Progress) -> None:
        if step.done == 2:
            emulator.clear_pan()

    before = module.register_item(id="003", name="Pear")  # of another program, so it must stay
    with pytest.raises(EngineError):
        module.learn(id="003", name="Pear", progress=lose_the_pan)
    assert [each.image_id for each in module.get_registered_item_list()] == [before.image_id]
    assert module.get_item_list() == []


def test_a_picture_that_remains_in_the_cache_is_reported(module: Any, emulator: Emulator) -> None:
    def fail(step: Progress) -> None:
        if step.done == 1:
            emulator.fail_next(-6103, "register_item")
            emulator.fail_next(-6203, "delete_registered_image")

    with pytest.raises(CameraError) as caught:
        module.learn(id="003", name="Pear", progress=fail)
    [left] = module.get_registered_item_list()
    assert left.image_id in "".join(caught.value.__notes__)


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_a_learn_that_its_callback_ends_leaves_nothing_in_the_cache(
    module: Any, kind: type[BaseException]
) -> None:
    def give_up(step: Progress) -> None:
        if step.done == 2:
            raise kind

    with pytest.raises(kind):
        module.learn(id="003", name="Pear", progress=give_up)
    assert module.get_registered_item_list() == []
    assert module.get_item_list() == []


def test_with_options_shares_the_connection(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport.respond(success_response({"mode": 1}), forever=True), timeout=7)
    other = module.with_options(timeout=3, retries=0)
    other.get_learnmode()
    module.get_learnmode()
    assert [each.timeout["read"] <= 3 for each in transport.requests] == [True, True]  # 7 s for 3 tries
    assert transport.requests[0].timeout["read"] > 7 / 3


def test_with_options_keeps_the_other_options(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport.respond(success_response(), forever=True), field_names="item_id", retries=0)
    module.with_options(timeout=3).commit_registered_item(id="1")
    assert transport.requests[0].json == {"item_id": "1"}


def test_with_options_accepts_retries_with_pauses(connect: Any, emulator: Emulator) -> None:
    module = connect(emulator.url).with_options(retries=Retries(count=1, pause=0))
    assert module.get_learnmode().mode == 1


def test_closing_a_client_closes_its_siblings(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport)
    module.with_options(timeout=3).close()
    with pytest.raises(VisionAIError, match="closed"):
        module.get_calib()
    module.close()
    assert transport.closed == 1
    assert not transport.requests
    assert "closed" in repr(module)


def test_the_synchronous_client_works_inside_an_event_loop(emulator: Emulator, tmp_path: Any) -> None:
    async def notebook() -> None:
        with VisionAI(emulator.url) as module:
            module.learn(id="1", name="Apple")
            path = module.backup(tmp_path, poll=0.001)
            module.restore(path, poll=0.001)
            emulator.device.reboot()
            with pytest.raises(UnreachableError):
                module.with_options(retries=0).get_result()

    asyncio.run(notebook())


def test_a_recognition_without_a_number_has_no_feedback(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport.respond(success_response({"items": [{"id": "1", "score": 1}]})))
    result = module.get_result()
    with pytest.raises(InvalidInputError, match="no number"):
        module.confirm(result, id="1", name="Apple")
    assert len(transport.requests) == 1


def test_a_picture_without_a_number_stays_in_the_cache_with_a_note(
    connect: Any, transport: ScriptedTransport
) -> None:
    picture = {"image": REGISTERED["image"]}
    transport.respond(error_response(-6117), success_response(picture), error_response(-6103))
    module = connect(transport, retries=0)
    with pytest.raises(CameraError) as caught:
        module.learn(id="1", name="Apple", pictures=2)
    assert any("still in the cache" in note for note in caught.value.__notes__)
    assert len(transport.requests) == 3
