"""Names, stages, limits of failures, and what a newer or lying side may send."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vision_ai import InvalidInputError
from vision_ai_fleet.jobs import ENDS, JOB_KINDS, Execution, Job, State, get_job_kind
from vision_ai_fleet.names import ScaleId, check_name
from vision_ai_fleet.objects import Manifest
from vision_ai_fleet.rollout import (
    Rollout,
    RolloutSpec,
    RolloutState,
    check_spec,
    count_failures,
    count_stages,
)


@pytest.mark.parametrize("text", ["0042/07", "0042.07"])
def test_a_scale_is_named_by_its_store_and_itself(text: str) -> None:
    scale = ScaleId.parse(text)
    assert (scale, scale.key, str(scale)) == (ScaleId("0042", "07"), "0042.07", "0042/07")


@pytest.mark.parametrize(
    "text",
    [
        *("", "0042", "0042/", "/07", "0042/*", "0042/0 7", "0042/a.b", "0042/>"),
        *("chain/07", "é/1", "a" * 33 + "/1"),
    ],
)
def test_what_cannot_be_part_of_a_subject_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="letters, digits"):
        ScaleId.parse(text)


def test_a_scale_may_be_called_chain() -> None:
    assert check_name("scale", "chain") == "chain"


@pytest.mark.parametrize(
    ("stages", "total", "ends"),
    [
        (("1", "10%", "100%"), 200, [1, 20, 200]),
        (("1", "10%", "100%"), 3, [1, 1, 3]),
        (("5",), 3, [3]),
        (("1",), 4, [1, 4]),
        ((), 4, [4]),
        (("1", "10%"), 0, [0, 0]),
    ],
)
def test_stages_end_with_all_targets(stages: tuple[str, ...], total: int, ends: list[int]) -> None:
    assert count_stages(stages, total) == ends


@pytest.mark.parametrize("stages", [("50%", "10%"), ("ten",), ("-1",), ("101%",), ("1.5",)])
def test_stages_that_make_no_sense_are_refused(stages: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError, match="stage"):
        count_stages(stages, 100)


@pytest.mark.parametrize(
    ("limit", "submitted", "too_many"),
    [("5%", 100, 6), ("5%", 10, 1), ("0", 10, 1), ("2", 10, 3), ("100%", 10, 11)],
)
def test_failures_are_too_many_above_the_limit(limit: str, submitted: int, too_many: int) -> None:
    assert count_failures(limit, submitted) == too_many


@pytest.mark.parametrize(
    "change",
    [
        {"scope": "0 1"},
        {"id": "a.b"},
        {"stages": ("x",)},
        {"max_failures": "x"},
        {"window": "22-6"},
        {"window": "24:00-06:00"},
        {"order": "random"},
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused(change: dict[str, object]) -> None:
    spec = RolloutSpec("nightly", "backup")
    check_spec(spec)
    with pytest.raises(InvalidInputError):
        check_spec(replace(spec, **change))  # pyright: ignore


def test_entries_keep_their_values_and_ignore_what_a_newer_version_adds() -> None:
    job = Job("j", "backup", {"a": 1}, "r", "22:00-06:00", 5.0, 1.0)
    execution = Execution(State.FAILED, "backup", "j", code=-6142, result={"a": 1})
    rollout = Rollout(
        RolloutSpec("r", "backup", where=("a=1",), targets=("0042/07",)),
        RolloutState(counts={"FAILED": 1}),
        3,
    )
    assert Job.from_dict({**job.to_dict(), "newer": 1}) == job
    assert Execution.from_dict({**execution.to_dict(), "newer": 1}) == execution
    assert Rollout.from_dict({**rollout.to_dict(), "newer": 1}, 3) == rollout


@pytest.mark.parametrize(
    "payload", [{}, {"state": "DONE"}, {"state": 1, "kind": "x", "job": "y"}, {"state": "FAILED"}]
)
def test_what_is_no_execution_is_refused(payload: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError, match="not an execution"):
        Execution.from_dict(payload)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        None,
        {"stream": "S", "prefix": "p", "name": "n", "digest": "00", "size": 1},
        {"stream": "S", "prefix": "p", "name": "n", "digest": "0" * 64, "size": -1},
        {"stream": "S", "prefix": "p", "name": "n", "digest": "0" * 64, "size": 1, "chunk_size": 0},
        {"stream": "S", "prefix": "p", "name": "n", "digest": "0" * 64, "size": "1"},
    ],
)
def test_what_is_no_manifest_is_refused(payload: object) -> None:
    with pytest.raises(InvalidInputError, match="manifest"):
        Manifest.from_dict(payload)


def test_a_manifest_counts_its_own_chunks() -> None:
    given = {
        "stream": "S",
        "prefix": "p",
        "name": "n",
        "digest": "0" * 64,
        "size": 5,
        "chunk_size": 2,
        "chunks": 99,
    }
    assert Manifest.from_dict(given).chunks == 3


def test_kinds_of_jobs_say_what_may_be_done_again() -> None:
    assert {name for name, kind in JOB_KINDS.items() if not kind.is_repeatable} == {
        "restore",
        "reboot",
        "firmware",
    }
    assert get_job_kind("set-learn-mode").name == "set_learn_mode"
    assert State.RETRYING not in ENDS and State.INTERRUPTED.is_end
    with pytest.raises(InvalidInputError, match="teaching_list"):
        get_job_kind("explode")
