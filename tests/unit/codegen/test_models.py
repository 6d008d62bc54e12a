"""The generated models reject invalid values, and keep unknown ones."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from vision_ai_generated import api
from vision_ai_generated.models.device_info import DeviceInfo
from vision_ai_generated.models.learn_mode import LearnMode
from vision_ai_generated.models.recognition_result import RecognitionResult
from vision_ai_generated.models.recognized_item import RecognizedItem
from vision_ai_generated.models.sync_mode import SyncMode
from vision_ai_generated.operations import Operations
from vision_ai_generated.types import UNSET, ShapeError

GUESS = {"id": "002", "score": 0.55}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "RecognitionResult must be an object"),
        ([], "RecognitionResult must be an object"),
        ({"sid": "1"}, "RecognitionResult.items is missing"),
        ({"sid": "1", "items": None}, "RecognitionResult.items must be a list, not None"),
        ({"sid": "1", "items": {}}, "RecognitionResult.items must be a list"),
        ({"sid": 1, "items": []}, "RecognitionResult.sid must be a string, not 1"),
        ({"sid": None, "items": []}, "RecognitionResult.sid must be a string"),
        ({"sid": "1", "items": ["002"]}, r"RecognitionResult.items\[\] must be an object"),
        ({"sid": "1", "items": [{"id": "002"}]}, "RecognizedItem.score is missing"),
        ({"sid": "1", "items": [{**GUESS, "score": "0.5"}]}, "RecognizedItem.score must be a finite number"),
        ({"sid": "1", "items": [{**GUESS, "score": True}]}, "RecognizedItem.score must be a finite number"),
        (
            {"sid": "1", "items": [{**GUESS, "score": 10**400}]},
            "RecognizedItem.score must be a finite number",
        ),
        ({"sid": "1", "items": [{**GUESS, "id": 2}]}, "RecognizedItem.id must be a string"),
    ],
)
def test_a_wrong_shape_is_rejected_with_its_location(value: Any, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        RecognitionResult.from_dict(value)


def test_unknown_fields_are_kept_in_both_directions() -> None:
    sent = {"sid": "1", "items": [{**GUESS, "weight": 7}], "took": 12}
    result = RecognitionResult.from_dict(sent)
    assert result["took"] == 12
    assert result.items[0]["weight"] == 7
    assert result.to_dict() == sent


def info(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(("clientID", "clientName", "engine", "firmware", "sdk"), "x")
    return {
        **values,
        "sn": "1",
        "sync": "2",
        "soldOutLimit": 3,
        "learnMode": 1,
        "syncMode": "normal",
        **changes,
    }


def test_a_field_with_a_default_is_never_unset() -> None:
    assert DeviceInfo.from_dict(info()).master_ip == ""
    assert DeviceInfo.from_dict(info(masterIP="172.22.0.9")).master_ip == "172.22.0.9"


def test_an_integer_can_have_the_form_41_0() -> None:
    threshold = DeviceInfo.from_dict(info(soldOutLimit=41.0)).sold_out_limit
    assert threshold == 41
    assert type(threshold) is int
    with pytest.raises(ShapeError, match=r"DeviceInfo\.soldOutLimit must be an integer, not 41.5"):
        DeviceInfo.from_dict(info(soldOutLimit=41.5))


@pytest.mark.parametrize(("cls", "raw"), [(LearnMode, 7), (SyncMode, "mesh")])
def test_an_unknown_enum_value_keeps_its_raw_value(cls: Any, raw: Any) -> None:
    member = cls(raw)
    assert isinstance(member, cls)
    assert (member, member.value, member.name) == (raw, raw, "UNKNOWN")
    assert member in {raw}
    assert str(member) == str(raw)
    assert member not in list(cls)
    for again in (pickle.loads(pickle.dumps(member)), copy.deepcopy(member)):
        assert (again, type(again), again.name) == (raw, cls, "UNKNOWN")


@pytest.mark.parametrize(
    ("cls", "wrong"), [(LearnMode, "1"), (LearnMode, 1.5), (SyncMode, 1), (SyncMode, None)]
)
def test_a_value_of_another_type_is_not_an_enum_value(cls: Any, wrong: Any) -> None:
    with pytest.raises(ValueError, match=cls.__name__):
        cls(wrong)


def test_a_mode_in_another_case_is_known() -> None:
    assert DeviceInfo.from_dict(info(syncMode="Normal")).sync_mode is SyncMode.NORMAL


def test_models_survive_copy_and_pickle() -> None:
    result = RecognitionResult.from_dict({"sid": "1", "items": [GUESS], "took": 12})
    for again in (
        copy.copy(result),
        copy.deepcopy(result),
        *(pickle.loads(pickle.dumps(result, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)),
    ):
        assert again == result
        assert again.to_dict() == result.to_dict()


def test_models_are_equal_when_all_their_fields_are() -> None:
    def result(**changes: Any) -> RecognitionResult:
        return RecognitionResult.from_dict({"sid": "1", "items": [GUESS], **changes})

    assert result() == result()
    assert result() != result(sid="2")
    assert result() != result(items=[])
    assert result() != result(took=12)
    assert result() != result().to_dict()
    assert repr(result(took=12)) == "RecognitionResult(items=[RecognizedItem(id='002', score=0.55)], sid='1')"
    with pytest.raises(TypeError, match="unhashable"):
        hash(result())


def test_a_model_supports_pattern_matching() -> None:
    match RecognitionResult.from_dict({"sid": "1", "items": [GUESS]}):
        case RecognitionResult([RecognizedItem(id, score)], sid):
            assert (id, score, sid) == ("002", 0.55, "1")


def test_unset_is_one_object_after_copy_and_pickle() -> None:
    for again in (copy.copy(UNSET), copy.deepcopy(UNSET), pickle.loads(pickle.dumps(UNSET))):
        assert again is UNSET


@pytest.mark.parametrize("data", ["text", {"id": "1", "name": "x"}, [{"id": "1"}], [None], 7, None, UNSET])
def test_a_list_of_another_shape_is_rejected(data: Any) -> None:
    with pytest.raises(ShapeError, match=r"list\[Item\]|Item\."):
        api.GET_ITEM_LIST.decode(data)


def test_operations_have_the_facts_of_the_contract() -> None:
    restore = api.START_RESTORE
    assert (restore.body, restore.effect, restore.alternative_path) == (
        "multipart",
        "destructive",
        "/api/restore",
    )
    assert api.OPERATIONS["start_restore_alias"].deprecated
    assert not hasattr(Operations, "start_restore_alias")
    register = {each.name: each.alias for each in api.REGISTER_ITEM.fields}
    assert register == {"id": "item_id", "name": "item_name"}
    assert api.GET_IMAGE.response == "binary"
    assert api.GET_BACKUP_STATUS.response == "bare"
    assert api.GET_ITEM_LIST.returns == "list"
    assert api.REBOOT.returns == "nothing"


def test_all_operations_are_the_objects_of_their_own_modules() -> None:
    assert len(api.OPERATIONS) == 22
    for name, operation in api.OPERATIONS.items():
        assert getattr(api, name.upper()) is operation
    with pytest.raises(AttributeError, match="START_NOTHING"):
        api.START_NOTHING  # noqa: B018
