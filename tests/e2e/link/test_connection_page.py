"""docs/connection.md shows the current output of the program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from network_lab import NetworkLab

from vision_ai_tools import link
from vision_ai_tools.doctor import STEPS
from vision_ai_tools.link.config_files import (
    make_ifupdown_file,
    make_network_manager_file,
    make_networkd_file,
    make_udev_rule,
)
from vision_ai_tools.link.forwarding.memory import Memory
from vision_ai_tools.link.forwarding.nftables import make_ruleset

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "connection.md").read_text(encoding="utf-8")


def read_transcript(mark: str, page: str = PAGE) -> str:
    return re.search(rf"<!-- {mark} -->\n```text\n(.*?)\n?```", page, re.DOTALL)[1]


def run_doctor(lab: NetworkLab, language: str) -> str:
    text = lab.vision_ai_as_user("doctor", COLUMNS="100", LANGUAGE=language).stdout
    return re.sub(r"\S*/vision-ai ", "vision-ai ", text).strip()


@pytest.mark.parametrize(("language", "folder"), [("en", "."), ("ru", "ru"), ("zh", "zh")])
def test_transcripts_are_current(lab: NetworkLab, language: str, folder: str) -> None:
    page = (DOCS / folder / "connection.md").read_text(encoding="utf-8")
    assert run_doctor(lab, language) == read_transcript("well", page)
    lab.ip("address", "flush", "dev", "usb0")
    lab.ip("link", "set", "usb0", "down")
    assert run_doctor(lab, language) == read_transcript("plugged in", page)


def test_table_has_every_step_in_order() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == STEPS


def test_config_files_are_listed() -> None:
    for file in (
        make_udev_rule("visionai0", None),
        make_networkd_file("visionai0"),
        make_network_manager_file("visionai0"),
        make_ifupdown_file("visionai0"),
    ):
        assert f"`/{file.path}`" in PAGE


def test_ruleset_of_forwarding_is_current() -> None:
    ruleset = make_ruleset(
        link.make_forwarding(["192.168.10.0/24"]), Memory(was_forwarding=False, nat_digest="")
    )
    assert ruleset.expandtabs(4).strip() == read_transcript("ruleset")


def test_python_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_AI_URL", "emulator:")
    names: dict[str, Any] = {}
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(example, names)
    assert names["diagnosis"].well
