"""The README of the vectors is correct, and its example runs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from linters import NODE
from vectors import FOLDER, FOLDERS, SCHEMA, api_of, load, read

VECTORS = load()
README = (FOLDER / "README.md").read_text(encoding="utf-8")
EXAMPLE = Path(__file__).with_name("example.mjs")
OPERATION = "getResult"


def run_example(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([NODE, EXAMPLE, folder], capture_output=True, text=True, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the folder of the vectors, with a copy of the catalog beside it."""
    shutil.copytree(FOLDER, tmp_path / "vectors")
    shutil.copytree(FOLDER.parent / "dist", tmp_path / "dist")
    return tmp_path / "vectors"


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_vector_in_the_readme_is_real() -> None:
    [block] = code_blocks("json")
    assert json.loads(block) in VECTORS


def test_the_program_in_the_readme_is_the_example() -> None:
    assert code_blocks("js") == [EXAMPLE.read_text(encoding="utf-8")]


def test_the_example_passes_all_vectors_of_its_operation() -> None:
    result = run_example(FOLDER)
    ids = [
        each["id"]
        for each in VECTORS
        if each["operation"] == OPERATION and each["id"].startswith("get_result/")
    ]
    assert result.stdout.splitlines() == [f"passed {id}" for id in ids], result.stderr
    assert result.returncode == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"score": 0.06', '"score": 0.07'),
        ('"code": -6103', '"code": -6104'),
        ('"target": "/api/get_result"', '"target": "/api/get_results"'),
        ('"status": 200', '"status": 500'),
        ('"Content-Length": "0"', '"Content-Length": "1"'),
        ('{"then": "close"}', '{"head": ["HTTP/1.1 200 OK", "Content-Length: 0"]}'),
    ],
)
def test_the_example_fails_for_a_wrong_vector(folder: Path, old: str, new: str) -> None:
    path = folder / "get_result.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    result = run_example(folder)
    assert "FAILED" in result.stdout
    assert result.returncode == 1


def count(vectors: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Return the numbers of all vectors, of those for clients, and of those for devices."""
    clients = sum("client" in vector["tests"] for vector in vectors)
    devices = sum("device" in vector["tests"] for vector in vectors)
    return len(vectors), clients, devices


def test_the_numbers_of_vectors_are_correct() -> None:
    vectors, clients, devices = count(VECTORS)
    assert f"{vectors} vectors: {clients} for clients, {devices} for devices" in README


@pytest.mark.parametrize("api", FOLDERS)
def test_the_numbers_of_vectors_of_a_version_are_correct(api: str) -> None:
    [row] = re.findall(rf"^\| {api.upper()} \(`vision-ai.*$", README, re.MULTILINE)
    numbers = count([vector for vector in VECTORS if api_of(vector) == api])
    assert tuple(int(cell) for cell in row.split("|")[3:6]) == numbers


@pytest.mark.parametrize("level", ["core", "lenient", "policy"])
def test_the_numbers_of_the_levels_are_correct(level: str) -> None:
    v1, v2 = (sum(vector["level"] == level for vector in VECTORS if api_of(vector) == api) for api in FOLDERS)
    assert f"| `{level}` | {v1} | {v2} |" in README


def test_every_member_of_the_schema_is_documented() -> None:
    schema = read(SCHEMA)
    definitions = [schema["$defs"], *schema["$defs"].values()]
    members = {name for definition in definitions for name in definition.get("properties", {})}
    members |= {"is", "api", "retries", "fieldNames", "partName"}
    assert [name for name in sorted(members) if f"`{name}`" not in README] == []


def test_every_kind_of_variable_value_is_documented() -> None:
    kinds = set(re.findall(r'"\$any": "([a-z0-9-]+)"', json.dumps(VECTORS)))
    assert [kind for kind in sorted(kinds) if f'"{kind}"' not in README] == []
