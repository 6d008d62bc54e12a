"""The third-party transport of docs/transports.md works once its package is installed."""

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

from vision_ai import InvalidInputError, VisionAI
from vision_ai_emulator import Emulator, serve

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "transports.md"
TEXT = PAGE.read_text(encoding="utf-8")
OWN_SCHEME = TEXT.split("## Add a URL scheme\n")[1].split("\n## ")[0]
FILE = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def url() -> Iterator[str]:
    with serve(Emulator(pan="banana")) as url:
        yield url


@pytest.fixture
def installed(tmp_path: Path, url: str) -> dict[str, str]:
    """Return the environment of a program with the page's package installed and a scale to reach."""
    name, code = FILE.search(OWN_SCHEME).groups()  # type: ignore[union-attr]
    declared = tomllib.loads(re.search(r"```toml\n(.*?)```", OWN_SCHEME, re.DOTALL)[1])  # type: ignore[index]
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
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_has_at_most_ten_lines() -> None:
    _, code = FILE.search(OWN_SCHEME).groups()  # type: ignore[union-attr]
    body = [line for line in code.splitlines() if line.strip() and not line.startswith("import ")]
    assert len(body) <= 10


def test_an_installed_package_adds_its_scheme(installed: dict[str, str], tmp_path: Path) -> None:
    program = (
        "from vision_ai import VisionAI\n"
        "for url in (None, 'scale:fruit-3'):\n"
        "    with VisionAI(url) as module:\n"
        "        print(module.get_device_info().firmware, module.get_image().width)\n"
    )
    assert run(program, installed, tmp_path) == "9.9.4.2 1280\n" * 2


def test_an_unknown_scheme_error_lists_the_installed_schemes(
    installed: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError, match=r"no transport for 'scale'; known are .*replay:"):
        VisionAI("scale:fruit-3")
    program = (
        "from vision_ai import VisionAI\ntry: VisionAI('skale:1')\nexcept ValueError as error: print(error)"
    )
    assert " scale:" in run(program, installed, tmp_path)
