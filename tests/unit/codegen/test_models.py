"""The generated models read what can be understood, reject the rest, and keep unknown values."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from vision_ai_generated import api
from vision_ai_generated.models.backup_status import BackupStatus
from vision_ai_generated.models.calibration_area import CalibrationArea
from vision_ai_generated.models.device_info import DeviceInfo
from vision_ai_generated.models.item import Item
from vision_ai_generated.models.learn_mode import LearnMode
from vision_ai_generated.models.recognition_result import RecognitionResult
from vision_ai_generated.models.recognized_item import RecognizedItem
from vision_ai_generated.models.registered_item import RegisteredItem
from vision_ai_generated.models.sync_mode import SyncMode
from vision_ai_generated.operations import Operations
from vision_ai_generated.types import STRICT, UNSET, ShapeError, check_required

GUESS = {"id": "002", "score": 0.55}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "RecognitionResult must be an object"),
        ([], "RecognitionResult must be an object"),
        ({}, "RecognitionResult must have the fields items, sid"),
        (
            {"left": 1, "top": 2},
            "RecognitionResult must have the fields items, sid; its fields are: left, top",
        ),
        ({"sid": "1", "items": "002"}, "RecognitionResult.items must be a list, not '002'"),
        ({"sid": "1", "items": 2}, "RecognitionResult.items must be a list, not 2"),
        ({"sid": ["1"], "items": []}, "RecognitionResult.sid must be a string, not \\['1'"),
        ({"sid": {}, "items": []}, "RecognitionResult.sid must be a string, not {}"),
        ({"sid": "1", "items": ["002"]}, r"RecognitionResult.items\[\] must be an object"),
        ({"sid": "1", "items": [None]}, r"RecognitionResult.items\[\] must be an object"),
        ({"sid": "1", "items": [{"id": "002"}]}, "RecognizedItem.score is missing"),
        ({"sid": "1", "items": [{"score": 1}]}, "RecognizedItem.id is missing"),
        (
            {"sid": "1", "items": [{**GUESS, "score": "a half"}]},
            "RecognizedItem.score must be a finite number",
        ),
        ({"sid": "1", "items": [{**GUESS, "score": "1_0"}]}, "RecognizedItem.score must be a finite number"),
        ({"sid": "1", "items": [{**GUESS, "score": "nan"}]}, "RecognizedItem.score must be a finite number"),
        (
            {"sid": "1", "items": [{**GUESS, "score": "1e999"}]},
            "RecognizedItem.score must be a finite number",
        ),
        ({"sid": "1", "items": [{**GUESS, "score": ""}]}, "RecognizedItem.score must be a finite number"),
        ({"sid": "1", "items": [{**GUESS, "score": None}]}, "RecognizedItem.score must be a finite number"),
        ({"sid": "1", "items": [{**GUESS, "score": True}]}, "RecognizedItem.score must be a finite number"),
        ({"sid": "1", "items": [{**GUESS, "score": 1e999}]}, "RecognizedItem.score must be a finite number"),
        (
            {"sid": "1", "items": [{**GUESS, "score": 10**400}]},
            "RecognizedItem.score must be a finite number",
        ),
        ({"sid": "1", "items": [{**GUESS, "id": None}]}, "RecognizedItem.id must be a string"),
        ({"sid": "1", "items": [{**GUESS, "id": 1e30}]}, "RecognizedItem.id must be a string"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_location(value: Any, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        RecognitionResult.from_dict(value)


@pytest.mark.parametrize(
    ("value", "items", "sid"),
    [
        ({"sid": "1", "items": None}, [], "1"),
        ({"sid": "1", "items": {}}, [], "1"),
        ({"sid": "1", "items": ""}, [], "1"),
        ({"sid": "1"}, [], "1"),
        ({"items": [GUESS]}, [("002", 0.55)], None),
        ({"items": [GUESS], "sid": None}, [("002", 0.55)], None),
        ({"sid": "1", "items": GUESS}, [("002", 0.55)], "1"),
        ({"sid": 20220414150011198237897, "items": []}, [], "20220414150011198237897"),
        ({"sid": "1", "items": [{"id": 2, "score": "0.55"}]}, [("2", 0.55)], "1"),
        ({"sid": "1", "items": [{"id": "2", "score": 1}]}, [("2", 1.0)], "1"),
        ({"sid": "1", "items": [{"id": "2", "score": " 1e-2 "}]}, [("2", 0.01)], "1"),
        ({"sid": 9.5, "items": [{"id": 2.25, "score": "+1"}]}, [("2.25", 1.0)], "9.5"),
    ],
)
def test_what_is_missing_or_of_another_kind_is_read(value: Any, items: Any, sid: Any) -> None:
    result = RecognitionResult.from_dict(value)
    assert [(item.id, item.score) for item in result.items] == items
    assert all(type(item.score) is float for item in result.items)
    assert result.sid == sid


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


def test_every_field_of_the_device_information_may_be_missing() -> None:
    complete = info(masterIP="172.22.0.9", masterSN="9")
    device = DeviceInfo.from_dict(complete)
    present = [each for each in DeviceInfo.__match_args__ if getattr(device, each) is not None]
    assert len(present) == len(complete)
    for name in complete:
        rest = {key: value for key, value in complete.items() if key != name}
        for fields in (rest, {**rest, name: None}):
            device = DeviceInfo.from_dict(fields)
            missing = [each for each in present if getattr(device, each) is None]
            assert len(missing) == 1
            assert device.to_dict() == rest
    only = DeviceInfo.from_dict({"sn": "1"})
    assert (only.sn, only.firmware, only.learn_mode, only.sync_mode) == ("1", None, None, None)
    assert DeviceInfo().to_dict() == {}


def test_a_missing_field_has_the_default_of_the_contract() -> None:
    for fields in ({}, {"msg": None}):
        status = BackupStatus.from_dict({"code": 0, "status": 1, **fields})
        assert (status.msg, status.filename) == ("", "")


@pytest.mark.parametrize(
    ("raw", "number"),
    [(41.0, 41), ("41", 41), ("41.0", 41), (" 41 ", 41), ("-3", -3), ("007", 7), ("9" * 30, int("9" * 30))],
)
def test_an_integer_may_have_a_fraction_of_zero_or_be_a_string(raw: Any, number: int) -> None:
    threshold = DeviceInfo.from_dict(info(soldOutLimit=raw)).sold_out_limit
    assert threshold == number
    assert type(threshold) is int


@pytest.mark.parametrize(
    "raw", [41.5, "41.5", "", "many", "0x10", "4_1", "٤", True, "9" * 5000, "1e400", "NaN"]
)
def test_a_value_that_would_lose_something_is_none_and_kept_as_it_is(raw: Any) -> None:
    device = DeviceInfo.from_dict(info(soldOutLimit=raw))
    assert device.sold_out_limit is None
    assert device["soldOutLimit"] is raw
    assert device.to_dict() == info(soldOutLimit=raw)


@pytest.mark.parametrize(
    ("raw", "text"), [(7, "7"), (0, "0"), (9.5, "9.5"), (9.0, "9.0"), (10**22 + 1, "1" + "0" * 21 + "1")]
)
def test_a_number_is_a_text_if_its_digits_are_known(raw: Any, text: str) -> None:
    device = DeviceInfo.from_dict(info(sn=raw, firmware=raw))
    assert (device.sn, device.firmware) == (text, text)


@pytest.mark.parametrize("raw", [1e30, 2.0220414150011198e22, 0.1 + 0.2, True, False])
def test_a_number_with_unknown_digits_is_no_text(raw: Any) -> None:
    device = DeviceInfo.from_dict(info(sn=raw))
    assert device.sn is None
    assert device["sn"] is raw


def test_modes_may_be_strings() -> None:
    assert DeviceInfo.from_dict(info(learnMode="1")).learn_mode is LearnMode.ON
    assert DeviceInfo.from_dict(info(learnMode="7")).learn_mode == 7
    assert DeviceInfo.from_dict(info(learnMode="")).learn_mode is None
    assert DeviceInfo.from_dict(info(syncMode=3)).sync_mode == "3"


def test_infinite_numbers_are_null_wherever_they_are() -> None:
    infinities = [float("inf"), {"a": [float("-inf"), float("nan"), 1.5]}]
    device = DeviceInfo.from_dict(info(load=infinities, soldOutLimit=float("inf"), sn=float("nan")))
    assert device["load"] == [None, {"a": [None, None, 1.5]}]
    assert (device.sold_out_limit, device.sn) == (None, None)
    json.dumps(device.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("model", "other"),
    [
        (DeviceInfo, {}),
        (DeviceInfo, {"left": 1, "top": 2, "width": 3, "height": 4}),
        (CalibrationArea, {"mode": 1}),
        (CalibrationArea, {"code": 0, "status": 1, "msg": ""}),
        (Item, GUESS),
        (Item, {"image": "", "image_id": "1"}),
        (RegisteredItem, {"image": "", "image_id": "1"}),
        (RecognitionResult, {"id": "1", "name": "x"}),
    ],
)
def test_an_object_of_another_response_is_rejected(model: Any, other: dict[str, Any]) -> None:
    with pytest.raises(ShapeError, match="must have the fields"):
        model.from_dict(other)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sn": 7}, "DeviceInfo.sn must be a string, not 7"),
        ({"sn": None}, "DeviceInfo.sn must be a string, not None"),
        ({"sn": UNSET}, "DeviceInfo.sn is missing"),
        ({"soldOutLimit": "3"}, "DeviceInfo.soldOutLimit must be an integer, not '3'"),
        ({"learnMode": "1"}, "DeviceInfo.learnMode must be an integer, not '1'"),
        ({"masterIP": 7}, "DeviceInfo.masterIP must be a string, not 7"),
        ({"clientName": UNSET}, "DeviceInfo.clientName is missing"),
        ({"sync_mode": "slave", "syncMode": UNSET}, "DeviceInfo.syncMode is missing"),
        ({"syncMode": 3}, "DeviceInfo.syncMode must be a string"),
    ],
)
def test_a_departure_from_the_contract_is_refused_while_strict_is_set(fields: Any, message: str) -> None:
    values = {name: value for name, value in info(**fields).items() if value is not UNSET}
    DeviceInfo.from_dict(values)
    token = STRICT.set(True)
    try:
        with pytest.raises(ShapeError, match=message):
            check_required([DeviceInfo.from_dict(values)], "v1")
        departing = DeviceInfo.from_dict(info(soldOutLimit=3.0, extra=1, syncMode="mesh", learnMode=7))
        check_required([departing], "v1")  # no departures
    finally:
        STRICT.reset(token)


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


@pytest.mark.parametrize("data", ["text", {"id": "1", "name": "x"}, [{}], [["1"]], [None], 7, None, UNSET])
def test_a_list_of_another_shape_is_rejected(data: Any) -> None:
    with pytest.raises(ShapeError, match=r"list\[Item\]|Item must have"):
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
    assert len(api.OPERATIONS) == 30
    for name, operation in api.OPERATIONS.items():
        assert getattr(api, name.upper()) is operation
    with pytest.raises(AttributeError, match="START_NOTHING"):
        api.START_NOTHING  # noqa: B018
