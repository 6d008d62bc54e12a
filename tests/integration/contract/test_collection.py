"""The collection has all requests of the contract, and a run of it changes nothing."""

from __future__ import annotations

import json

import pytest

from collection import FOLDERS, build_collection
from contract import DIST
from document import Node, operations
from linters import run_newman
from vision_ai_emulator import Emulator, serve

COLLECTION = DIST / "vision-ai.postman_collection.json"


@pytest.fixture(scope="module")
def collection() -> Node:
    return json.loads(COLLECTION.read_text(encoding="utf-8"))


def requests_by_effect(collection: Node) -> dict[str, list[Node]]:
    return {folder["name"]: [each["request"] for each in folder["item"]] for folder in collection["item"]}


def paths(contract: Node, effect: str) -> list[tuple[str, str]]:
    return [
        (method.upper(), path)
        for path, method, operation in operations(contract)
        if operation["x-effect"] == effect
    ]


def test_every_operation_is_in_the_folder_of_its_effect(contract: Node, collection: Node) -> None:
    folders = requests_by_effect(collection)
    assert list(folders) == list(FOLDERS) == ["read", "set", "act", "destructive"]
    for effect, requests in folders.items():
        found = [(each["method"], "/" + "/".join(each["url"]["path"])) for each in requests]
        expected = [
            (method, path.replace("{filename}", ":filename")) for method, path in paths(contract, effect)
        ]
        assert found == expected


def test_an_effect_that_the_collection_does_not_know_is_not_lost(contract: Node) -> None:
    contract["paths"]["/api/reboot"]["post"]["x-effect"] = "restart"
    with pytest.raises(ValueError, match="restart"):
        build_collection(contract)


def test_only_requests_that_change_nothing_have_an_address(collection: Node) -> None:
    """Programs that ignore the scripts of a collection cannot send the other requests either."""
    values = {each["key"]: each["value"] for each in collection["variable"]}
    assert values.pop("baseUrl") == "http://127.0.0.1:8172"
    assert values == {"setUrl": "", "actUrl": "", "destructiveUrl": ""}
    for effect, requests in requests_by_effect(collection).items():
        address = "{{baseUrl}}" if effect == "read" else f"{{{{{effect}Url}}}}"
        assert {each["url"]["host"][0] for each in requests} == {address}
        assert all(each["url"]["raw"].startswith(f"{address}/") for each in requests)


def test_requests_have_the_examples_of_the_contract(contract: Node, collection: Node) -> None:
    [body] = [
        each["body"]
        for each in requests_by_effect(collection)["set"]
        if each["url"]["path"] == ["api", "set_calib"]
    ]
    content = contract["paths"]["/api/set_calib"]["post"]["requestBody"]["content"]["application/json"]
    assert json.loads(body["raw"]) == next(iter(content["examples"].values()))["value"]


def test_parameters_are_in_the_path_and_in_the_query(contract: Node) -> None:
    operation = contract["paths"]["/download/{filename}"]["get"]
    schema = {"type": "integer", "examples": [7]}
    operation["parameters"].append(
        {"name": "part", "in": "query", "description": "A part.", "schema": schema}
    )
    collection = json.loads(build_collection(contract))
    [url] = [each["url"] for each in requests_by_effect(collection)["read"] if "variable" in each["url"]]
    assert [(each["key"], each["value"]) for each in url["variable"]] == [("filename", "test.evo")]
    assert [(each["key"], each["value"]) for each in url["query"]] == [("part", "7")]


def run(*unlocked: str) -> set[str]:
    """Run the collection with newman, and return the paths that the emulator received."""
    emulator = Emulator()
    with serve(emulator) as url:
        variables = [f"--env-var={name}={url}" for name in ("baseUrl", *unlocked)]
        result = run_newman("run", str(COLLECTION), *variables)
    assert result.returncode == 0, result.stdout + result.stderr
    return {path for _, path in emulator.requests}


@pytest.mark.slow
def test_a_run_sends_only_requests_that_change_nothing(linters: None, contract: Node) -> None:
    reads = {path.replace("{filename}", "test.evo") for _, path in paths(contract, "read")}
    assert run() == reads


@pytest.mark.slow
def test_a_folder_with_an_address_is_sent(linters: None, contract: Node) -> None:
    received = run("setUrl")
    assert {path for _, path in paths(contract, "set")} < received
    assert not received & {path for effect in ("act", "destructive") for _, path in paths(contract, effect)}
