"""docs/connection.md shows what the program shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from link_bench import LinkBench

from vision_ai_tools.doctor import STEPS
from vision_ai_tools.link.files import ifupdown, network_manager, networkd, udev_rule

PAGE = (Path(__file__).parents[3] / "docs/connection.md").read_text(encoding="utf-8")
AS_A_CLERK = ("unshare", "--user", "--map-user=1000")


def shown_on_page(mark: str) -> str:
    return re.search(rf"<!-- {mark} -->\n```text\n(.*?)\n?```", PAGE, re.DOTALL)[1]


def shown_by_doctor(bench: LinkBench) -> str:
    text = bench.run(*AS_A_CLERK, "vision-ai", "doctor", COLUMNS="100").stdout
    return re.sub(r"\S*/vision-ai ", "vision-ai ", text).strip()


def test_the_transcripts_are_current(bench: LinkBench) -> None:
    assert shown_by_doctor(bench) == shown_on_page("well")
    bench.ip("address", "flush", "dev", "usb0")
    bench.ip("link", "set", "usb0", "down")
    assert shown_by_doctor(bench) == shown_on_page("plugged in")


def test_the_table_has_every_step_in_order() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == STEPS


def test_the_files_are_named() -> None:
    for file in (
        udev_rule("visionai0", None),
        networkd("visionai0"),
        network_manager("visionai0"),
        ifupdown("visionai0"),
    ):
        assert f"`/{file.path}`" in PAGE


def test_the_python_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_AI_URL", "emulator:")
    (example,) = re.findall(r"```python\n(from .*?)```", PAGE, re.DOTALL)
    names: dict = {}
    exec(example, names)
    assert names["diagnosis"].well
