"""Generated models: nothing wrongly typed gets in, nothing unknown gets lost."""

from __future__ import annotations

import copy
import pickle
from io import BytesIO
from typing import Any

import httpx
import pytest

from vision_ai_generated import operations
from vision_ai_generated.api.backup import start_restore
from vision_ai_generated.client import Client
from vision_ai_generated.models.device_info import DeviceInfo
from vision_ai_generated.models.get_item_list_answer import GetItemListAnswer
from vision_ai_generated.models.learn_mode import LearnMode
from vision_ai_generated.models.recognition_result import RecognitionResult
from vision_ai_generated.models.register_item_request import RegisterItemRequest
from vision_ai_generated.models.restore_upload import RestoreUpload
from vision_ai_generated.models.sync_mode import SyncMode
from vision_ai_generated.types import UNSET, File, ShapeError

GUESS = {"id": "002", "score": 0.55}


@pytest.mark.parametrize(
    ("wrong", "where"),
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
def test_a_wrong_shape_is_refused_and_named(wrong: Any, where: str) -> None:
    with pytest.raises(ShapeError, match=where):
        RecognitionResult.from_dict(wrong)


def test_unknown_fields_are_kept_and_sent_back() -> None:
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


def test_an_integer_may_be_written_with_a_decimal_point() -> None:
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
def test_a_value_of_another_type_is_no_enum_value(cls: Any, wrong: Any) -> None:
    with pytest.raises(ValueError, match=cls.__name__):
        cls(wrong)


def test_case_does_not_make_a_mode_unknown() -> None:
    assert DeviceInfo.from_dict(info(syncMode="Normal")).sync_mode is SyncMode.NORMAL


def test_models_and_what_is_unset_survive_copy_and_pickle() -> None:
    request = RegisterItemRequest(id="1", name="Apple")
    for again in (copy.copy(request), copy.deepcopy(request), pickle.loads(pickle.dumps(request))):
        assert again == request
        assert again.item_id is UNSET
        assert again.to_dict() == {"id": "1", "name": "Apple"}


@pytest.mark.parametrize("data", ["text", {"id": "1", "name": "x"}, [{"id": "1"}], [None], 7])
def test_the_envelopes_own_models_are_as_strict(data: Any) -> None:
    with pytest.raises(ShapeError, match=r"GetItemListAnswer\.data"):
        GetItemListAnswer.from_dict({"code": 0, "data": data})


def test_the_envelopes_own_models_take_null_and_nothing() -> None:
    assert GetItemListAnswer.from_dict({"code": 0, "data": None}).data is None
    assert GetItemListAnswer.from_dict({"code": 0}).data is UNSET


def test_the_table_of_operations_says_what_the_contract_says() -> None:
    restore = operations.START_RESTORE
    assert (restore.body, restore.effect, restore.second_path) == ("multipart", "destructive", "/api/restore")
    assert operations.OPERATIONS["start_restore_alias"].deprecated
    assert not hasattr(operations.Operations, "start_restore_alias")
    register = {each.name: each.twin for each in operations.REGISTER_ITEM.fields}
    assert register == {"id": "item_id", "name": "item_name"}
    assert operations.GET_IMAGE.answer == "binary"
    assert operations.GET_BACKUP_STATUS.answer == "bare"
    assert operations.GET_ITEM_LIST.returns == "list"
    assert operations.REBOOT.returns == "nothing"


def test_the_generators_own_client_sends_a_form_with_a_boundary_of_its_own() -> None:
    # Upstream's is `+++` for every form, which cuts a backup short that has it in a line.
    content = b"before\r\n--+++--\r\nafter"
    bodies: list[bytes] = []

    def module(request: httpx.Request) -> httpx.Response:
        bodies.append(request.read())
        return httpx.Response(200, json={"code": 0, "data": None})

    client = Client(base_url="http://module", httpx_args={"transport": httpx.MockTransport(module)})
    for _ in range(2):
        start_restore.sync(client=client, body=RestoreUpload(file=File(BytesIO(content), "test.evo")))
    assert all(content in body for body in bodies)
    first_lines = {body.split(b"\r\n")[0] for body in bodies}
    assert len(first_lines) == 2
    assert not any(line == b"--+++" for line in first_lines)
