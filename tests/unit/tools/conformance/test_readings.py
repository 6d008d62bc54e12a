"""Each switch of the emulator's dialects is found at the level that can see it, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance_support import (
    FOUND,
    WITH_RESET,
    check,
    get_verdicts,
    list_otherwise,
    make_emulator,
    set_dialect,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vision_ai_emulator import Emulator
from vision_ai_emulator.http.dialect import DESCRIPTIONS, LENIENT, SWITCHES, get_values
from vision_ai_tools.conformance import EFFECTS, Report

LEVELS = (*EFFECTS, WITH_RESET)
V1_SWITCHES = [switch for switch in SWITCHES if DESCRIPTIONS[switch].startswith("A")]
POSITIONS = [
    (switch, value)
    for switch in V1_SWITCHES
    for value in get_values(switch)
    if value != getattr(LENIENT, switch)
]
DECIDED_AT = {
    "read": {"A2", "A6", "A8", "A10", "A14", "A15", "A16", "A19", "A20", "A21", "A22", "A27", "B1"},
    "act": {"A1", "A5", "A7", "A9", "A12", "A25", "A26", "A28"},
    "destructive": {"A3", "A4", "A17"},
    WITH_RESET: {"A13", "A18"},
}
UNDECIDED = {"A11", "A23", "A24"}
"""Codes that no harmless request returns, and a commit, which a module cannot forget."""


def check_at(level: str, emulator: Emulator, folder: Path) -> Report:
    if level == WITH_RESET:
        return check(emulator, folder, "destructive", also=["reset_device"])
    return check(emulator, folder, level)


@pytest.mark.parametrize("level", LEVELS)
def test_the_default_emulator_uses_every_reading(emulator: Emulator, tmp_path: Path, level: str) -> None:
    report = check_at(level, set_dialect(emulator), tmp_path)
    decided = {
        id for name, ids in DECIDED_AT.items() if LEVELS.index(name) <= LEVELS.index(level) for id in ids
    }
    assert {id for id, verdict in get_verdicts(report).items() if verdict == "as_read"} == decided
    assert {id for id, verdict in get_verdicts(report).items() if verdict == "not_tried"} >= UNDECIDED
    assert report.conforms and not report.departures and not report.left_out


def make_cases() -> Iterator[Any]:
    """Yield each position with each level. Of these, the level that finds it and the one before decide."""
    for switch, value in POSITIONS:
        first = FOUND.get((switch, value), ("", "act"))[1]
        for level in LEVELS:
            is_boundary = LEVELS.index(first) - LEVELS.index(level) in (0, 1)
            marks = () if is_boundary else pytest.mark.slow
            yield pytest.param(switch, value, level, marks=marks, id=f"{switch}-{value}-{level}")


@pytest.mark.parametrize(("switch", "value", "level"), list(make_cases()))
def test_a_switch_is_found_at_the_level_that_can_see_it(
    emulator: Emulator, tmp_path: Path, switch: str, value: Any, level: str
) -> None:
    report = check_at(level, set_dialect(emulator, **{switch: value}), tmp_path)
    assert report.complete and not report.left_out
    reading, first = FOUND.get((switch, value), ("", ""))
    if not reading:
        assert list_otherwise(report) == set()
    elif LEVELS.index(level) >= LEVELS.index(first):
        assert list_otherwise(report) == {reading}
        assert report.reading(reading).evidence
    else:
        assert list_otherwise(report) == set()
        assert report.reading(reading).verdict == "not_tried"
        assert report.reading(reading).tried_by == (
            f"--effects {first}" if first in EFFECTS else "--effects destructive --also reset_device"
        )


def test_the_table_of_switches_is_complete() -> None:
    within_the_reading = {
        ("field_names", "id_only"),
        ("restore_path", "start_restore"),
        ("restore_part", "named_file"),
    }
    within_the_reading |= {("unknown_command", "http_404"), ("unknown_command", "http_405")}
    within_the_reading |= {("store_name", "empty"), ("store_name", "null"), ("master_fields", "null")}
    not_seen = {("guesses", "one_object_when_single")}  # the emulator has learned no product
    assert set(POSITIONS) == FOUND.keys() | within_the_reading | not_seen


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(dialect=st.fixed_dictionaries({switch: st.sampled_from(get_values(switch)) for switch in V1_SWITCHES}))
def test_switches_are_found_together(emulator: Emulator, tmp_path: Path, dialect: dict[str, Any]) -> None:
    report = check_at(WITH_RESET, set_dialect(emulator, **dialect), tmp_path)
    assert report.complete
    assert list_otherwise(report) == {
        FOUND[switch, value][0] for switch, value in dialect.items() if (switch, value) in FOUND
    }


@pytest.mark.parametrize(
    ("value", "found"), [("text", "a text"), ("empty", "an empty text"), ("null", "null")]
)
def test_the_name_of_no_store_is_found(emulator: Emulator, tmp_path: Path, value: str, found: str) -> None:
    set_dialect(emulator, store_name=value)
    emulator.deactivate()
    report = check(emulator, tmp_path)
    assert report.reading("A18").verdict == "as_read"
    assert report.reading("A18").found.endswith(f"is {found}.")
    assert not report.departures


@pytest.mark.parametrize("spelling", ["lenient", "id_only", "item_id_only"])
@pytest.mark.parametrize("pan", ["empty", "lost camera"])
def test_field_names_are_found_without_a_picture(tmp_path: Path, spelling: str, pan: str) -> None:
    emulator = set_dialect(make_emulator(pan="empty"), field_names=spelling)
    emulator.camera_lost = pan == "lost camera"
    report = check(emulator, tmp_path, "act")
    assert report.reading("A1").verdict == ("otherwise" if spelling == "item_id_only" else "as_read")
    assert report.profile is not None
    assert (
        report.profile.field_names
        == {"lenient": "both", "id_only": "id", "item_id_only": "item_id"}[spelling]
    )
