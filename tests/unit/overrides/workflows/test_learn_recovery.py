"""What a failed `learn` leaves on the module: nothing, or what its error says."""

from __future__ import annotations

from typing import Any

import pytest

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    CameraError,
    DeviceError,
    EngineError,
    InvalidAnswerError,
    Progress,
    Retries,
    UnreachableError,
    VisionAIError,
)
from vision_ai_emulator import Emulator, Fault

FIG = {"id": "003", "name": "Fig"}
LIST = "get_registered_item_list"
QUICK = Retries(count=1, pause=0.001)


@pytest.fixture(params=["v1", "v2"])
def teaching(request: Any, connect: Any) -> Teaching:
    return Teaching(Emulator(api=request.param), connect)


class Teaching:
    """A module that has a picture of the product already, and a client."""

    def __init__(self, emulator: Emulator, connect: Any) -> None:
        self.emulator = emulator
        self.version = emulator.settings.api
        self.module = connect(emulator.url, api=self.version, timeout=5, retries=QUICK)
        self.take, self.delete = (
            ("register_item", "delete_registered_image")
            if self.version == "v1"
            else ("add_item_template", "delete_item_template")
        )
        self.before = [self.add_another()]

    def add_another(self) -> str:
        """Another program takes a picture of the same product."""
        device = self.emulator.device
        return (
            device.register_item(**FIG).image_id
            if self.version == "v1"
            else device.add_item_template("003").sid
        )

    @property
    def pictures(self) -> list[str]:
        """The product's pictures on the module."""
        device = self.emulator.device
        if self.version == "v1":
            return [each.image_id for each in device.get_registered_item_list() if each.id == "003"]
        return device.get_item_template_list("003")

    def fail(self, kind: Any, operation: str = "", times: int | None = 1, **parameters: Any) -> None:
        self.emulator.faults.add(Fault(kind, operation or self.take, times, **parameters))

    def at(self, picture: int, function: Any) -> Any:
        """Return a callback that calls the function before that picture."""
        return lambda step: function() if step.done == picture else None


LOSSES = [
    ("drop_before_answer", {"acted": True}, AnswerLostError),
    ("drop_before_answer", {"acted": False}, AnswerLostError),
    ("truncated_json", {}, InvalidAnswerError),
    ("http_status", {"status": 500, "acted": True}, InvalidAnswerError),
]


@pytest.mark.parametrize(("kind", "parameters", "expected"), LOSSES)
@pytest.mark.parametrize("picture", [0, 2])
def test_a_lost_picture_is_found_and_taken_back(
    teaching: Teaching, picture: int, kind: Any, parameters: dict[str, Any], expected: type[VisionAIError]
) -> None:
    lose = teaching.at(picture, lambda: teaching.fail(kind, **parameters))
    with pytest.raises(expected) as caught:
        teaching.module.learn(**FIG, progress=lose)
    assert teaching.pictures == teaching.before
    assert caught.value.leftovers == ()
    assert "Nothing of this attempt is left" in caught.value.__notes__[0]


def test_a_picture_of_another_program_is_not_taken_for_the_lost_one(teaching: Teaching) -> None:
    def lose() -> None:
        teaching.before.append(teaching.add_another())
        teaching.fail("drop_before_answer", acted=True)

    with pytest.raises(AnswerLostError) as caught:
        teaching.module.learn(**FIG, progress=teaching.at(1, lose))
    assert teaching.pictures[:2] == teaching.before
    assert len(teaching.pictures) == 3
    assert caught.value.leftovers is None
    assert all(number in caught.value.__notes__[0] for number in teaching.pictures[1:])


def test_a_picture_that_cannot_be_looked_for_is_reported(teaching: Teaching) -> None:
    lists = LIST if teaching.version == "v1" else "get_item_list"
    teaching.fail("error_code", lists, code=-6117)
    teaching.fail("drop_before_answer", acted=True)
    with pytest.raises(AnswerLostError) as caught:
        teaching.module.learn(**FIG)
    assert len(teaching.pictures) == 2
    assert caught.value.leftovers is None
    assert "whose number is not known" in caught.value.__notes__[0]


def test_a_lost_deletion_is_repeated_if_the_picture_is_still_there(teaching: Teaching) -> None:
    def lose() -> None:
        teaching.fail("error_code", code=-6103)
        teaching.fail("drop_before_answer", teaching.delete, acted=False)

    with pytest.raises(CameraError) as caught:
        teaching.module.learn(**FIG, progress=teaching.at(1, lose))
    assert teaching.pictures == teaching.before
    assert caught.value.leftovers == ()
    assert teaching.emulator.acted[teaching.delete] == 1


def test_a_lost_deletion_that_was_done_is_not_repeated(teaching: Teaching) -> None:
    def lose() -> None:
        teaching.fail("error_code", code=-6103)
        teaching.fail("drop_before_answer", teaching.delete, acted=True)

    with pytest.raises(CameraError):
        teaching.module.learn(**FIG, progress=teaching.at(1, lose))
    assert teaching.pictures == teaching.before
    assert sum(entry.operation == teaching.delete for entry in teaching.emulator.log) == 1


def test_what_stays_is_noted_in_the_error_of_the_callback(teaching: Teaching) -> None:
    def give_up() -> None:
        teaching.fail("error_code", teaching.delete, code=-6203)
        raise ValueError("no hand is free")

    with pytest.raises(ValueError, match="no hand") as caught:
        teaching.module.learn(**FIG, progress=teaching.at(1, give_up))
    assert teaching.pictures[-1] in caught.value.__notes__[0]


def test_no_picture_is_taken_of_a_module_that_does_not_answer(connect: Any, emulator: Emulator) -> None:
    emulator.faults.add(Fault("drop_before_answer", LIST, None))
    module = connect(emulator.url, api="v1", retries=QUICK)
    with pytest.raises(UnreachableError, match="no picture was taken"):
        module.learn(**FIG)
    assert "register_item" not in emulator.acted


# The commit, which only V1 has.


@pytest.fixture
def committing(connect: Any) -> Teaching:
    return Teaching(Emulator(), connect)


def learn_with_failing_commit(committing: Teaching, kind: Any, **parameters: Any) -> VisionAIError:
    committing.fail(kind, "commit_registered_item", **parameters)
    with pytest.raises(VisionAIError) as caught:
        committing.module.learn(**FIG)
    return caught.value


def test_a_failed_commit_takes_its_pictures_back(committing: Teaching) -> None:
    error = learn_with_failing_commit(committing, "error_code", code=-6510)
    assert isinstance(error, EngineError)
    assert (committing.pictures, error.leftovers) == (committing.before, ())
    assert "Nothing of this attempt is left" in error.__notes__[0]


def test_a_lost_commit_that_was_not_applied_takes_its_pictures_back(committing: Teaching) -> None:
    error = learn_with_failing_commit(committing, "drop_before_answer", acted=False)
    assert isinstance(error, AnswerLostError)
    assert (committing.pictures, error.leftovers) == (committing.before, ())


def test_a_lost_commit_that_was_applied_is_recognized_as_such(committing: Teaching) -> None:
    error = learn_with_failing_commit(committing, "drop_before_answer", acted=True)
    assert "the module recognizes it: the commit was probably carried out" in error.__notes__[0]
    assert committing.pictures == []
    assert error.leftovers is None


def test_pictures_that_a_silent_module_may_still_commit_stay(committing: Teaching) -> None:
    committing.module = committing.module.with_options(timeout=0.3)
    error = learn_with_failing_commit(committing, "drop_before_answer", acted=False, ending="silence")
    assert isinstance(error, AnswerTimeoutError)
    assert error.leftovers == tuple(committing.pictures[1:])
    assert "may still be committing" in error.__notes__[0]


def test_a_commit_that_a_restart_ended_is_to_be_repeated(committing: Teaching) -> None:
    committing.module = committing.module.with_options(retries=Retries(count=10, pause=0.05, factor=1))
    error = learn_with_failing_commit(committing, "reboot", seconds=0.1)
    assert "Teach it again" in error.__notes__[0]
    assert (committing.pictures, error.leftovers) == ([], ())


def test_a_commit_whose_outcome_cannot_be_found_out_says_so(committing: Teaching) -> None:
    committing.fail("drop_before_answer", "commit_registered_item", acted=True)
    with pytest.raises(AnswerLostError) as caught:
        committing.module.learn(
            **FIG, progress=committing.at(3, lambda: committing.fail("error_code", LIST, None, code=-6210))
        )
    assert "It is not known whether the pictures" in caught.value.__notes__[0]


def test_a_deletion_that_is_refused_is_not_repeated(teaching: Teaching) -> None:
    def refuse() -> None:
        teaching.fail("error_code", code=-6103)
        teaching.fail("error_code", teaching.delete, None, code=-6217)

    with pytest.raises(DeviceError, match="-6103") as caught:
        teaching.module.learn(**FIG, progress=teaching.at(1, refuse))
    assert caught.value.leftovers == (teaching.pictures[-1],)
    assert sum(entry.operation == teaching.delete for entry in teaching.emulator.log) == 1


def test_a_finished_lesson_leaves_its_pictures_in_effect(teaching: Teaching) -> None:
    steps: list[Progress] = []
    teaching.module.learn(**FIG, progress=steps.append)
    assert len(teaching.pictures) == (0 if teaching.version == "v1" else 4)  # V1: the cache is committed
    assert len(steps) == 4
