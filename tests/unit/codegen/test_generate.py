"""`make generate` and `make check-generated`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openapi_python_client
import pytest
from ruamel.yaml import YAML

from document import CONTRACT_V2, load
from generate import CONTRACT, HERE, PACKAGE, differences, generate

TEMPLATES = sorted(path.name for path in (HERE / "upstream").iterdir())


def contract() -> dict[str, Any]:
    return load(CONTRACT)


def write(document: dict[str, Any], folder: Path) -> Path:
    path = folder / "contract.yaml"
    YAML().dump(document, path)
    return path


def test_the_committed_package_is_up_to_date_and_generation_is_reproducible(tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert generate(CONTRACT, tmp_path / name / PACKAGE.name, CONTRACT_V2) == []
    assert differences(tmp_path / "first", tmp_path / "second") == []
    assert differences(PACKAGE, tmp_path / "first" / PACKAGE.name) == []


def test_the_check_finds_hand_edits_and_additional_files(tmp_path: Path) -> None:
    package = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    item = package / "models" / "item.py"
    item.write_text(item.read_text() + "# by hand\n")
    (package / "mine.py").touch()

    check = [sys.executable, str(HERE / "generate.py"), "--check", "--output", str(package)]
    result = subprocess.run(check, capture_output=True, text=True)

    assert result.returncode == 1
    assert "-# by hand" in result.stderr
    assert "only in the repository: mine.py" in result.stderr
    assert "make generate" in result.stderr


def test_a_warning_of_the_generator_is_a_problem(tmp_path: Path) -> None:
    document = contract()
    document["paths"]["/api/get_image"]["post"]["responses"]["200"]["content"] = {
        "image/strange": {"schema": {"type": "string", "format": "binary"}}
    }
    problems = generate(write(document, tmp_path), tmp_path / PACKAGE.name)
    assert problems
    assert "image/strange" in "".join(problems)


def test_an_unsupported_document_is_a_problem(tmp_path: Path) -> None:
    document = contract()
    document["openapi"] = "2.0"
    assert generate(write(document, tmp_path), tmp_path / PACKAGE.name)


def test_an_essential_field_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    document = contract()
    document["components"]["schemas"]["RecognizedItem"]["x-essential"] = ["id", "weight"]
    with pytest.raises(ValueError, match="RecognizedItem: x-essential names no field: weight"):
        generate(write(document, tmp_path), tmp_path / PACKAGE.name)


def test_a_replacement_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    document = contract()
    document["paths"]["/api/restore"]["post"]["x-replaced-by"] = "startNothing"
    with pytest.raises(ValueError, match="startNothing"):
        generate(write(document, tmp_path), tmp_path / PACKAGE.name)


EVERY_KIND = {
    "text": {"type": "string"},
    "flag": {"type": "boolean"},
    "ratio": {"type": "number"},
    "moment": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "key": {"type": "string", "format": "uuid"},
    "constant": {"const": "one"},
    "anything": {},
    "mode": {"$ref": "#/components/schemas/LearnMode"},
    "area": {"$ref": "#/components/schemas/CalibrationArea"},
    "words": {"type": "array", "items": {"type": "string"}},
    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}},
    "perhaps": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    "either": {
        "anyOf": [{"$ref": "#/components/schemas/Item"}, {"type": "array", "items": {"type": "string"}}]
    },
}

PROGRAM = """
import datetime, uuid
from vision_ai_generated import models

complete = {
    "text": "a", "flag": True, "ratio": 0.5, "moment": "2024-05-06T07:08:09+00:00", "day": "2024-05-06",
    "key": "12345678-1234-5678-1234-567812345678", "constant": "one", "anything": [{"a": 1}], "mode": 1,
    "area": {"left": 1, "top": 2, "width": 3, "height": 4, "color": "red"}, "words": ["a", "b"],
    "items": [{"id": "1", "name": "Apple"}], "perhaps": None, "either": ["x"], "unknown": {"b": 2},
}
model = models.EveryKind.from_dict(complete)
assert model.moment == datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
assert model.day == datetime.date(2024, 5, 6)
assert model.key == uuid.UUID(complete["key"])
assert model.mode is models.LearnMode.ON
assert model.area == models.CalibrationArea.from_dict(complete["area"])
assert model["unknown"] == {"b": 2}
del complete["perhaps"]
assert model.to_dict() == complete
assert models.EveryKind.from_dict({}).text is None  # no field is required

either = models.EveryKind.from_dict({"either": {"id": "1", "name": "Apple"}})
assert either.either == models.Item(id="1", name="Apple")
assert either.text is None and either.area is None and either.words == []
assert either.to_dict() == {"either": {"id": "1", "name": "Apple"}, "words": [], "items": []}

odd = models.EveryKind.from_dict({
    "text": 7, "flag": "yes", "ratio": "0.5", "moment": "soon", "day": 5, "key": "", "constant": "two", "mode": "1",
    "area": {"left": "1"}, "words": None, "items": {"id": 1}, "perhaps": 5, "either": None,
})
assert (odd.text, odd.flag, odd.ratio, odd.moment, odd.day, odd.key) == ("7", None, 0.5, None, None, None)
assert (odd.constant, odd.mode, odd.area.left, odd.area.top) == (None, 1, 1, None)
assert (odd.words, odd.items, odd.perhaps, odd.either) == ([], [models.Item(id="1")], "5", None)
assert odd["moment"] == "soon" and odd["flag"] == "yes"
print("all converted")
"""


def test_a_model_converts_every_kind_of_field_in_both_directions(tmp_path: Path) -> None:
    document = contract()
    schemas = document["components"]["schemas"]
    schemas["EveryKind"] = {"type": "object", "description": "All of it.", "properties": EVERY_KIND}
    schemas["GetCalibAnswer"]["properties"]["data"] = {"$ref": "#/components/schemas/EveryKind"}
    assert generate(write(document, tmp_path), tmp_path / PACKAGE.name) == []

    path = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    result = subprocess.run([sys.executable, "-c", path + PROGRAM], capture_output=True, text=True)
    assert result.stdout == "all converted\n", result.stderr


@pytest.mark.parametrize("name", TEMPLATES)
def test_upstream_templates_are_those_of_the_pinned_generator(name: str) -> None:
    installed = Path(openapi_python_client.__file__).parent / "templates" / name
    assert (HERE / "upstream" / name).read_bytes() == installed.read_bytes(), (
        f"{name} changed upstream: apply the change to templates/, and copy the file to upstream/"
    )
    assert (HERE / "templates" / name).exists()


def test_each_replaced_template_has_its_upstream_copy() -> None:
    ours = {path.name for path in (HERE / "templates").iterdir()}
    upstream = Path(openapi_python_client.__file__).parent / "templates"
    replaced = {name for name in ours if (upstream / name).exists()}
    assert replaced == set(TEMPLATES)
