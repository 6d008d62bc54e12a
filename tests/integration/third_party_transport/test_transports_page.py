"""docs/transports.md: its examples run, and the package that it shows adds a URL scheme."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

from vision_ai import InvalidInputError, VisionAI
from vision_ai_emulator import Emulator, serve

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "transports.md"
TEXT = PAGE.read_text(encoding="utf-8")
URL_SCHEME = TEXT.split("## Add a URL scheme\n")[1].split("\n## ")[0]
FILE = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def url() -> Iterator[str]:
    with serve(Emulator(pan="banana")) as url:
        yield url


def test_each_example_runs_on_its_own(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VISION_AI_URL", url)
    monkeypatch.chdir(tmp_path)
    parser = CodeBlockParser(language="python", evaluator=PythonEvaluator())
    document = Sybil(parsers=[parser], path=str(ROOT), pattern="docs/transports.md").parse(PAGE)
    examples = list(document.examples())
    assert len(examples) >= 6
    for example in examples:
        document.namespace.clear()
        example.evaluate()


@pytest.fixture
def environment(tmp_path: Path, url: str) -> dict[str, str]:
    """The environment of a program that has the page's package installed, and a scale to connect to."""
    name, code = FILE.search(URL_SCHEME).groups()  # type: ignore[union-attr]
    declared = tomllib.loads(re.search(r"```toml\n(.*?)```", URL_SCHEME, re.DOTALL)[1])  # type: ignore[index]
    site = tmp_path / "site"
    information = site / "shop_scales-1.0.dist-info"
    information.mkdir(parents=True)
    (site / name).write_text(code, encoding="utf-8")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: shop-scales\nVersion: 1.0\n")
    groups = declared["project"]["entry-points"]
    (information / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in points.items())
            for group, points in groups.items()
        )
    )
    (tmp_path / "scales.json").write_text(json.dumps({"fruit-3": url}))
    return {**os.environ, "PYTHONPATH": str(site), "VISION_AI_URL": "scale:fruit-3"}


def run(program: str, environment: dict[str, str], folder: Path) -> str:
    completed = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr
    return completed.stdout


def test_the_package_takes_ten_lines() -> None:
    _, code = FILE.search(URL_SCHEME).groups()  # type: ignore[union-attr]
    body = [line for line in code.splitlines() if line.strip() and not line.startswith("import ")]
    assert len(body) <= 10


def test_an_installed_package_adds_its_scheme(environment: dict[str, str], tmp_path: Path) -> None:
    program = (
        "from vision_ai import VisionAI\n"
        "for url in (None, 'scale:fruit-3'):\n"
        "    with VisionAI(url) as module:\n"
        "        print(module.get_device_info().firmware, module.get_image().width)\n"
    )
    assert run(program, environment, tmp_path) == "9.9.4.2 1280\n" * 2


def test_an_unknown_scheme_is_refused_with_the_known_ones(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError, match=r"no transport for 'scale'; known are .*replay:"):
        VisionAI("scale:fruit-3")
    program = (
        "from vision_ai import VisionAI\ntry: VisionAI('skale:1')\nexcept ValueError as error: print(error)"
    )
    assert " scale:" in run(program, environment, tmp_path)
