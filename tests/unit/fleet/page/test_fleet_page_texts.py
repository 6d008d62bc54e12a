"""The page uses only texts that exist, and each of them. test_translations.py checks the texts themselves."""

from __future__ import annotations

import json
import re

import pytest

from vision_ai_fleet.jobs import JOB_KINDS, State
from vision_ai_fleet.observability.alerts import Rule
from vision_ai_fleet.page.actions import _KINDS  # pyright: ignore[reportPrivateUsage]
from vision_ai_fleet.page.app import ASSETS
from vision_ai_fleet.page.rollouts import GROUPS
from vision_ai_fleet.page.rows import STATUSES
from vision_ai_fleet.rollout import Phase
from vision_ai_translations import PAGES

TEXTS = json.loads((PAGES / "fleet.json").read_text(encoding="utf-8"))
CONSOLE_TEXTS = json.loads((PAGES / "console.json").read_text(encoding="utf-8"))
SOURCES = [path.read_text(encoding="utf-8") for path in (*ASSETS.glob("*.js"), ASSETS / "index.html")]
COMPOSED = (
    *(
        "status.",
        "state.",
        "phase.",
        "group.",
        "kind.",
        "rule.",
        "order.",
        "activity.",
        "drift.",
        "mode.",
        "failure.",
    ),
    *("column.", "tile.", "title", "quality.tile.", "quality.by_", "rollout.", "start.", "offline.", "link."),
)
"""Prefixes of keys that the page composes."""


def test_every_used_key_has_a_text_and_every_fleet_text_is_used() -> None:
    used = set[str]()
    for source in SOURCES:
        used.update(re.findall(r'data-t(?:-label)?="([^"]+)"', source))
        used.update(re.findall(r'\bt\("([^"]+)"', source))
        used.update(re.findall(r'[(?:] "?([a-z_]+(?:\.[a-z_0-9]+)+)"', source))
        used.update(re.findall(r'"([a-z_]+(?:\.[a-z_0-9]+)+)"', source.replace('.js"', "")))
    missing = {key for key in used if key not in TEXTS and key not in CONSOLE_TEXTS}
    assert {key for key in missing if not key.startswith(("page/", "versions."))} == set()
    assert [key for key in TEXTS if key not in used and not key.startswith(COMPOSED)] == []


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("status", STATUSES),
        ("state", State),
        ("phase", Phase),
        ("group", GROUPS),
        ("kind", JOB_KINDS),
        ("rule", Rule),
        ("order", ("spread", "store", "within-store")),
        ("activity", ("idle", "busy", "job")),
        ("failure", [kind for _, kind in _KINDS if kind not in ("input", "unreachable")]),
    ],
)
def test_every_value_has_a_text(prefix: str, values: object) -> None:
    for value in values:  # pyright: ignore
        assert f"{prefix}.{value}" in TEXTS


def test_every_refusal_of_an_action_has_a_text() -> None:
    raised = set[str]()
    for path in ASSETS.parent.glob("*.py"):
        raised.update(re.findall(r'ActionError\("(\w+)"', path.read_text(encoding="utf-8")))
    assert len(raised) > 3
    for kind in raised | {"no_token", "no_console", "read_only", "unexpected"}:
        assert f"failure.{kind}" in TEXTS or f"failure.{kind}" in CONSOLE_TEXTS
