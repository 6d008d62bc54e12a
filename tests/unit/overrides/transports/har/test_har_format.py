"""A recording is valid HAR 1.2 by the schema of its validators: npm's har-schema, in this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from har_support import Clients, entries, run_day
from jsonschema import Draft6Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT6

from vision_ai import AnswerLostError
from vision_ai_emulator import Emulator, EmulatorTransport, Fault

SCHEMAS = Path(__file__).parent / "har-schema"
KNOWN_ADDITIONS = {"_secrets", "_error"}


@pytest.fixture(scope="module")
def har_schema() -> Draft6Validator:
    registry: Registry[Any] = Registry()
    for path in SCHEMAS.glob("*.json"):
        schema = json.loads(path.read_text())
        registry = registry.with_resource(path.name, Resource.from_contents(schema, DRAFT6))
    root = json.loads((SCHEMAS / "har.json").read_text())
    return Draft6Validator(root, registry=registry, format_checker=Draft6Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("secrets", [False, True])
def test_a_recording_is_valid_har(
    clients: Clients,
    inner: Any,
    emulator: Emulator,
    har: Path,
    tmp_path: Path,
    backup: Path,
    har_schema: Draft6Validator,
    secrets: bool,
) -> None:
    module = clients.record(har, inner, secrets=secrets)
    har_schema.validate(json.loads(har.read_text()))
    run_day(module, tmp_path)
    emulator.faults.add(Fault("drop_before_answer", "get_calib", times=1))
    with pytest.raises(AnswerLostError):
        module.get_calib()
    har_schema.validate(json.loads(har.read_text(encoding="utf-8")))
    for entry in entries(har):
        har_schema.evolve(schema={"$ref": "entry.json"}).validate(entry)


def test_the_schema_rejects_an_invalid_recording(
    har_schema: Draft6Validator, emulator: Emulator, har: Path
) -> None:
    clients = Clients("sync")
    clients.record(har, EmulatorTransport(emulator)).get_calib()
    clients.close()
    document = json.loads(har.read_text())
    del document["log"]["entries"][0]["timings"]["wait"]
    assert not har_schema.is_valid(document)


def test_additions_to_har_begin_with_an_underscore(clients: Clients, emulator: Emulator, har: Path) -> None:
    known = {name for path in SCHEMAS.glob("*.json") for name in json.loads(path.read_text())["properties"]}
    module = clients.record(har, EmulatorTransport(emulator))
    emulator.faults.add(Fault("drop_before_answer", "get_calib", times=1))
    with pytest.raises(AnswerLostError):
        module.get_calib()
    module.get_image()

    def names(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(names, value.values()))
        return set().union(*map(names, value)) if isinstance(value, list) else set()

    assert names(json.loads(har.read_text())) - known == KNOWN_ADDITIONS
