"""A client with a catalog names guesses, leaves out what the till does not sell, and needs no names."""

from __future__ import annotations

import copy
import logging
import pickle
from pathlib import Path
from typing import Any

import pytest
from scripted_transport import ScriptedTransport, success_response

from vision_ai import (
    AsyncVisionAI,
    Catalog,
    InvalidInputError,
    Product,
    RecognitionResult,
    RecognizedItem,
    UnsupportedOperationError,
    VisionAI,
)
from vision_ai_emulator import Emulator

NAMES = {"001": "Apple", "003": Product("003", "Pear", aliases=("Conference",))}
GUESSES = [{"id": "001", "score": 0.9}, {"id": "002", "score": 0.06}, {"id": "003", "score": 0.04}]
RECOGNITION = {"sid": "5", "items": GUESSES}


@pytest.fixture
def recognizing(transport: ScriptedTransport) -> ScriptedTransport:
    """A module that returns the three guesses, whatever it is asked."""
    return transport.respond(success_response(RECOGNITION), forever=True)


def make_source(kind: str, folder: Path) -> Any:
    match kind:
        case "mapping":
            return NAMES
        case "catalog":
            return Catalog(NAMES)
        case "function":
            return NAMES.get
        case _:
            path = folder / "plu.csv"
            path.write_text("id,name\n001,Apple\n003,Pear\n")
            return path if kind == "path" else str(path)


@pytest.mark.parametrize("kind", ["mapping", "catalog", "function", "path", "name of a file"])
def test_guesses_have_the_names_of_the_catalog(
    connect: Any, recognizing: ScriptedTransport, tmp_path: Path, kind: str
) -> None:
    module = connect(recognizing, catalog=make_source(kind, tmp_path))
    for client in (module, module.with_options(timeout=3)):
        assert [guess.name for guess in client.get_result().items] == ["Apple", None, "Pear"]


def test_guesses_have_no_names_without_a_catalog(connect: Any, recognizing: ScriptedTransport) -> None:
    result = connect(recognizing).get_result()
    assert [guess.name for guess in result.items] == [None] * 3
    assert result.all_items is result.items


def test_only_what_the_till_sells(connect: Any, recognizing: ScriptedTransport) -> None:
    module = connect(recognizing, catalog=NAMES, only_catalog=True)
    result = module.get_result()
    assert [guess.id for guess in result.items] == ["001", "003"]
    assert [(guess.id, guess.name) for guess in result.all_items] == [
        ("001", "Apple"),
        ("002", None),
        ("003", "Pear"),
    ]
    for choice, in_top in (("001", True), ("002", True), ("004", False)):
        module.confirm(result, choice, "A name")
        assert recognizing.requests[-1].json["intop"] is in_top, "derived from all guesses of the module"


def test_all_guesses_may_be_left_out(connect: Any, recognizing: ScriptedTransport) -> None:
    result = connect(recognizing, catalog={"9": "Fig"}, only_catalog=True).get_result()
    assert result.items == [] and len(result.all_items) == 3


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]
)
def test_names_and_all_guesses_survive_a_copy(
    connect: Any, recognizing: ScriptedTransport, duplicate: Any
) -> None:
    result = connect(recognizing, catalog=NAMES, only_catalog=True).get_result()
    other: RecognitionResult = duplicate(result)
    assert other == result
    assert [guess.name for guess in other.all_items] == ["Apple", None, "Pear"]


def test_names_belong_to_neither_the_json_form_nor_the_comparison(
    connect: Any, recognizing: ScriptedTransport
) -> None:
    named = connect(recognizing, catalog=NAMES).get_result()
    assert named.to_dict() == RECOGNITION
    assert named == RecognitionResult.from_dict(RECOGNITION)
    assert "name" not in RecognizedItem.__match_args__ and "name" not in vars(RecognizedItem("1", 0.5))
    assert RecognizedItem.from_dict({"id": "1", "score": 1.0, "name": "x"}).to_dict()["name"] == "x"


def fail(id: str) -> str:
    raise OSError(f"the database is gone, asked for {id}")


def interrupt(id: str) -> str:
    raise KeyboardInterrupt


@pytest.mark.parametrize("find", [fail, lambda id: 5, lambda id: b"Apple"])
def test_a_function_that_fails_costs_the_name_only(
    connect: Any, recognizing: ScriptedTransport, caplog: pytest.LogCaptureFixture, find: Any
) -> None:
    module = connect(recognizing, catalog=find, only_catalog=True)
    results = [module.get_result() for _ in range(3)]
    for result in results:
        assert [guess.name for guess in result.items] == [None] * 3, "a search that failed excludes nothing"
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1 and warnings[0].exc_info is not None
    with pytest.raises(InvalidInputError, match="no name for '001'"):
        module.confirm(results[0], "001")


def test_ctrl_c_in_a_function_is_no_failure_of_it(connect: Any, recognizing: ScriptedTransport) -> None:
    with pytest.raises(KeyboardInterrupt):
        connect(recognizing, catalog=interrupt).get_result()


def test_a_name_that_is_empty_is_none(connect: Any, recognizing: ScriptedTransport) -> None:
    assert connect(recognizing, catalog=lambda id: "").get_result().items[0].name is None


async def find_later(id: str) -> str:
    return id


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"catalog": 5}, "catalog must be a Catalog"),
        ({"catalog": ["001"]}, "catalog must be a Catalog"),
        ({"catalog": find_later}, "not async"),
        ({"catalog": {1: "Apple"}}, "must be texts such as '001'"),
        ({"only_catalog": True}, "only_catalog=True needs a catalog"),
        ({"catalog": {}, "only_catalog": 1}, "only_catalog must be True or False"),
    ],
)
@pytest.mark.parametrize("client", [VisionAI, AsyncVisionAI])
def test_an_impossible_catalog_is_refused_at_once(client: Any, options: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        client("http://127.0.0.1:9", **options)


def test_a_mistake_in_the_file_is_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "plu.csv"
    path.write_text("id,name\n1,\n")
    with pytest.raises(InvalidInputError, match=r"plu\.csv, line 2: the name is empty"):
        VisionAI("http://127.0.0.1:9", catalog=path)
    with pytest.raises(FileNotFoundError):
        VisionAI("http://127.0.0.1:9", catalog=tmp_path / "other.csv")


def test_confirm_takes_the_name_from_the_catalog(connect: Any, recognizing: ScriptedTransport) -> None:
    module = connect(recognizing, catalog=NAMES)
    result = module.get_result()
    module.confirm(result, "003")
    assert recognizing.requests[-1].json["name"] == "Pear"
    module.confirm(result, id="003", name="Williams")
    assert recognizing.requests[-1].json["name"] == "Williams"


def test_learn_takes_the_name_from_the_catalog(connect: Any, emulator: Emulator) -> None:
    module = connect(emulator.url, catalog=NAMES)
    module.learn("003", pictures=1)
    module.learn("001", "Apple, red", pictures=1)
    assert sorted((item.id, item.name) for item in module.get_item_list()) == [
        ("001", "Apple, red"),
        ("003", "Pear"),
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, r"the product's name is missing: give name=, or VisionAI\(catalog=…\)"),
        ({"catalog": NAMES}, "the catalog has no name for '002': give name=, or add it to the catalog"),
    ],
)
def test_a_product_without_a_name_is_refused_before_anything_is_sent(
    connect: Any, transport: ScriptedTransport, options: Any, message: str
) -> None:
    module = connect(transport, **options)
    with pytest.raises(InvalidInputError, match=f"confirm: {message}"):
        module.confirm(RecognitionResult.from_dict(RECOGNITION), "002")
    with pytest.raises(InvalidInputError, match=f"learn: {message}"):
        module.learn("002")
    assert not transport.requests


@pytest.mark.parametrize("id", ["", 5, None])
def test_an_impossible_id_is_refused_without_a_name_too(
    connect: Any, transport: ScriptedTransport, id: Any
) -> None:
    module = connect(transport, catalog=NAMES)
    with pytest.raises(InvalidInputError, match="id must be"):
        module.confirm(RecognitionResult.from_dict(RECOGNITION), id)
    with pytest.raises(InvalidInputError, match="id must be"):
        module.learn(id)
    assert not transport.requests


def test_v2_learns_without_a_name_and_has_no_feedback(connect: Any) -> None:
    emulator = Emulator(api="v2")
    module = connect(emulator.url, api="v2")
    assert len(module.learn("003", pictures=2)) == 2
    assert [item.count for item in module.get_item_list()] == [2]
    with pytest.raises(UnsupportedOperationError):
        module.confirm(RecognitionResult.from_dict(RECOGNITION), "003")
