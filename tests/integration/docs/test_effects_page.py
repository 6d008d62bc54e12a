"""docs/effects.md has the effects of the contract."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vision_ai import AnswerLostError, UnreachableError, VisionAIError
from vision_ai._pipeline.retry import RetrySchedule
from vision_ai._runtime.deadline import Deadline
from vision_ai.options import Retries
from vision_ai_generated import api
from vision_ai_generated.operation import Operation

PAGE = (Path(__file__).parents[3] / "docs" / "effects.md").read_text(encoding="utf-8")
OPERATIONS: list[Operation[object]] = [
    each
    for each in (getattr(api, name) for name in api.__all__)
    if isinstance(each, Operation) and not each.deprecated
]


def test_the_page_has_the_effect_of_each_operation() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([V12, ]+) \| (\w+) \|", PAGE, re.MULTILINE)
    written = {name: (effect, versions) for name, versions, effect in rows}
    expected: dict[str, tuple[str, set[str]]] = {}
    for operation in OPERATIONS:
        _, versions = expected.setdefault(operation.name, (operation.effect, set()))
        versions.update(version.upper() for version in operation.versions)
    assert written == {
        name: (effect, ", ".join(sorted(versions))) for name, (effect, versions) in expected.items()
    }


def test_only_operations_that_only_read_or_set_have_no_advice() -> None:
    rows = re.findall(r"^\| `\w+` \| [V12, ]+ \| (\w+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert len(rows) > 20
    for effect, advice in rows:
        assert (advice == "–") == (effect in ("read", "set")), (effect, advice)


def is_repeated(operation: Operation[object], error: VisionAIError) -> bool:
    schedule = RetrySchedule(operation, Retries(), Deadline(10))
    schedule.begin_attempt()
    try:
        schedule.pause_after(error)
    except VisionAIError:
        return False
    return True


@pytest.mark.parametrize("effect", ["read", "set", "act", "destructive"])
def test_the_page_says_which_lost_calls_are_repeated(effect: str) -> None:
    row = re.search(rf"^\| `{effect}` \| .+ \| (.+) \|$", PAGE, re.MULTILINE)
    assert row is not None
    operations = [each for each in OPERATIONS if each.effect == effect]
    assert operations
    for operation in operations:
        assert is_repeated(operation, UnreachableError("no cable"))
        assert is_repeated(operation, AnswerLostError("lost")) == (row[1] == "always"), operation.name
