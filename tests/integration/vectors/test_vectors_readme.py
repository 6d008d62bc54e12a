"""The page about the vectors is right, and its example runs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from node_tools import NODE
from vectors import FOLDER, SCHEMA, load, read

VECTORS = load()
README = (FOLDER / "README.md").read_text(encoding="utf-8")
EXAMPLE = Path(__file__).with_name("example.mjs")
OPERATION = "getResult"


def run_example(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([NODE, EXAMPLE, folder], capture_output=True, text=True, timeout=60)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The folder of the vectors somewhere else, with the catalogue beside it."""
    shutil.copytree(FOLDER, tmp_path / "vectors")
    shutil.copytree(FOLDER.parent / "dist", tmp_path / "dist")
    return tmp_path / "vectors"


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_it_shows_a_vector_as_it_is() -> None:
    [block] = code_blocks("json")
    assert json.loads(block) in VECTORS


def test_it_shows_the_example_that_runs_here() -> None:
    assert code_blocks("js") == [EXAMPLE.read_text(encoding="utf-8")]


def test_its_example_passes_all_vectors_of_its_operation() -> None:
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
def test_its_example_fails_when_a_vector_is_wrong(copied: Path, old: str, new: str) -> None:
    path = copied / "get_result.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    result = run_example(copied)
    assert "FAILED" in result.stdout
    assert result.returncode == 1


def test_it_counts_right() -> None:
    clients = sum("client" in vector["tests"] for vector in VECTORS)
    devices = sum("device" in vector["tests"] for vector in VECTORS)
    assert f"{len(VECTORS)} vectors: {clients} for clients, {devices} for devices" in README


def test_it_names_every_member_of_the_schema() -> None:
    schema = read(SCHEMA)
    definitions = [schema["$defs"], *schema["$defs"].values()]
    members = {name for definition in definitions for name in definition.get("properties", {})}
    members |= {"is", "retries", "fieldNames", "partName"}
    assert [name for name in sorted(members) if f"`{name}`" not in README] == []


def test_it_names_every_kind_of_value_that_may_vary() -> None:
    kinds = set(re.findall(r'"\$any": "([a-z0-9-]+)"', json.dumps(VECTORS)))
    assert [kind for kind in sorted(kinds) if f'"{kind}"' not in README] == []
