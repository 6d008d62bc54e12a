"""The example in Go passes the core of the wire vectors."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).with_name("go_vectors")
VECTORS = Path(__file__).parents[3] / "openapi" / "vectors"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("go") is None and not os.environ.get("CI"):
        pytest.skip("Go is not installed")
    built = tmp_path_factory.mktemp("go") / "vectors"
    subprocess.run(["go", "build", "-o", built, "."], cwd=FOLDER, check=True)
    return built


def run(program: Path, vectors: Path, *level: str) -> tuple[int, set[str], str]:
    """Return the exit status, the failed vectors, and the last line."""
    result = subprocess.run([program, vectors, *level], capture_output=True, text=True)
    lines = result.stdout.splitlines()
    failed = {found[1] for line in lines if (found := re.match(r"FAILED (\S+):", line))}
    return result.returncode, failed, lines[-1]


def read_vectors() -> Iterator[dict[str, Any]]:
    for path in VECTORS.glob("*.json"):
        yield from json.loads(path.read_text(encoding="utf-8")).get("vectors", [])


def test_the_client_passes_the_core(program: Path) -> None:
    unrated = {each["id"] for each in read_vectors() if "level" not in each}
    _, failed, summary = run(program, VECTORS)
    assert failed <= unrated
    assert int(summary.split()[0]) > 100


def write(folder: Path, **changes: object) -> None:
    """Write the first vector of `get_learnmode` with changes."""
    document = json.loads((VECTORS / "get_learnmode.json").read_text(encoding="utf-8"))
    document["vectors"] = [{**document["vectors"][0], **changes}]
    (folder / "get_learnmode.json").write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    ("level", "runs"),
    [("core", {"core", "lenient", "policy"}), ("lenient", {"lenient", "policy"}), ("policy", {"policy"})],
)
def test_a_level_includes_the_ones_before_it(
    program: Path, tmp_path: Path, level: str, runs: set[str]
) -> None:
    write(tmp_path, level=level)
    for wanted in ("core", "lenient", "policy"):
        status, _, summary = run(program, tmp_path, wanted)
        assert (status, summary) == (
            (0, "1 passed, 0 failed") if wanted in runs else (1, "0 passed, 0 failed")
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"expect": {"result": {"mode": 1}}},
        {"expect": {"error": {"kind": "lost"}}},
        {"operation": "getCalib"},
        {"exchanges": []},
    ],
)
def test_a_difference_is_found(program: Path, tmp_path: Path, changes: dict[str, object]) -> None:
    write(tmp_path, **changes)
    status, failed, _ = run(program, tmp_path)
    assert status == 1
    assert failed == {"get_learnmode/vendor-example"}
