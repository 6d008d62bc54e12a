"""Firmware profiles: their contents, reading and writing them, and what is refused."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from attrs import fields
from jsonschema import Draft202012Validator

import vision_ai_tools.conformance
from vision_ai import InvalidInputError, Profile, VisionAI

SCHEMA = Draft202012Validator(
    json.loads(
        Path(vision_ai_tools.conformance.__file__)
        .with_name("profile.schema.json")
        .read_text(encoding="utf-8")
    )
)
COMPLETE: dict[str, Any] = {
    "vision_ai_profile": 1,
    "field_names": "item_id",
    "part_name": None,
    "restore_path": "/api/restore",
    "api": "v1",
    "firmware": "9.9.4.2",
    "engine": "9.5.0",
    "contract": "1.0.0",
    "taken_on": "2026-11-22",
    "note": "店 7",
}
WRONG: dict[str, Any] = {
    "field_names": ["item", None, 1, True, ["id"]],
    "part_name": [1, True, ["file"], "two\nlines", "nul\0"],
    "restore_path": ["/api/other", "restore", 0],
    "firmware": [9.9, 1, ["9"]],
    "engine": [9],
    "contract": [1.0],
    "taken_on": ["today", "22.11.2026", 20261122, "2026-13-01"],
    "note": [1],
}


def write_profile(folder: Path, value: object) -> Path:
    path = folder / "module.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_the_default_profile_matches_the_contract() -> None:
    assert Profile().to_dict() == {"vision_ai_profile": 1, "field_names": "both", "part_name": "file"}


def test_it_is_written_and_read_back(tmp_path: Path) -> None:
    profile = Profile.from_dict(COMPLETE)
    assert profile.to_dict() == COMPLETE
    path = profile.save(tmp_path / "module.json")
    assert Profile.from_file(path) == profile == Profile.from_file(str(path))
    assert "店 7" in path.read_text(encoding="utf-8") and list(tmp_path.iterdir()) == [path]
    assert pickle.loads(pickle.dumps(profile)) == profile and hash(profile) == hash(
        Profile.from_dict(COMPLETE)
    )
    SCHEMA.validate(json.loads(path.read_text(encoding="utf-8")))


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    assert (
        Profile.from_file(write_profile(tmp_path, "\ufeff" + json.dumps(COMPLETE))).field_names == "item_id"
    )


def test_missing_keys_have_their_default() -> None:
    profile = Profile.from_dict({"vision_ai_profile": 1, "restore_path": None})
    assert profile == Profile()


def test_keys_of_a_newer_version_are_kept(tmp_path: Path) -> None:
    newer = {**COMPLETE, "charset": "gbk", "limits": {"pictures": 12}}
    profile = Profile.from_file(write_profile(tmp_path, newer))
    assert profile.to_dict() == newer
    assert profile.further == {"charset": "gbk", "limits": {"pictures": 12}}
    SCHEMA.validate(newer)


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_refused_with_file_and_key(tmp_path: Path, key: str, value: object) -> None:
    path = write_profile(tmp_path, {"vision_ai_profile": 1, key: value})
    with pytest.raises(InvalidInputError) as refused:
        VisionAI("emulator:", profile=path)
    assert str(refused.value).startswith(f"{path}: {key} must be ")
    with pytest.raises(InvalidInputError, match=f"^{key} must be "):
        Profile(**{key: value})
    # the schema's pattern does not know the calendar
    assert not SCHEMA.is_valid({"vision_ai_profile": 1, key: value}) or value == "2026-13-01"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it is not a JSON object"),
        ({}, '"vision_ai_profile": 1 is missing'),
        ({"vision_ai_conformance": 1}, '"vision_ai_profile": 1 is missing'),
        ({"vision_ai_profile": 2}, "needs a newer version of this SDK"),
        ({"vision_ai_profile": "1"}, "must be 1, not '1'"),
        ({"vision_ai_profile": True}, "must be 1, not True"),
    ],
)
def test_a_file_that_is_not_a_profile_is_refused(tmp_path: Path, content: object, words: str) -> None:
    path = write_profile(tmp_path, content)
    with pytest.raises(InvalidInputError) as refused:
        Profile.from_file(path)
    assert str(path) in str(refused.value) and words in str(refused.value)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "module.json"
    path.write_bytes(json.dumps(COMPLETE, ensure_ascii=False).encode("gbk"))
    with pytest.raises(InvalidInputError, match="it is not JSON"):
        Profile.from_file(path)


def test_a_missing_file_raises_file_not_found_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        VisionAI("emulator:", profile=tmp_path / "none.json")


@pytest.mark.parametrize("given", [3, b"module.json", ["id"]])
def test_other_types_are_refused(given: Any) -> None:
    with pytest.raises(InvalidInputError, match="a file's path, a mapping or a Profile"):
        VisionAI("emulator:", profile=given)


def test_the_schema_has_the_fields_of_a_profile() -> None:
    keys = {each.name for each in fields(Profile)} - {"further"} | {"vision_ai_profile"}
    assert SCHEMA.schema["properties"].keys() == keys == COMPLETE.keys()
