"""Ratios, verdicts on the targets, and tables follow from the measurements."""

from __future__ import annotations

from suite.registry import (
    BASELINE,
    BOTH,
    HTTP_CLIENT,
    HTTPX,
    PYREQWEST,
    RAW,
    ROOT,
    SDK,
    SDK_ASYNC,
    Contender,
    Workload,
)
from suite.results.ratios import rank, time_ratio
from suite.results.records import MEGABYTE, ContenderResult, WorkloadResult
from suite.results.report import render_markdown
from suite.results.targets import Verdict, evaluate_targets


def result(name: str, *wall: float, memory: int | None = None) -> ContenderResult:
    checkout = ROOT if name.startswith((SDK, BASELINE)) else None
    contender = Contender(name, "unused:Unused", checkout=checkout)
    return ContenderResult(contender, wall=list(wall), processor=list(wall), memory=memory)


def verdict_on(workload: str, quantity: str, against: str, results: list[ContenderResult]) -> Verdict:
    verdicts = evaluate_targets(workload, results)
    return next(
        each for each in verdicts if each.target.quantity == quantity and each.target.against == against
    )


def test_a_ratio_compares_within_a_round() -> None:
    disturbed, twice_as_long = result("a", 1, 1, 10), result("b", 2, 2, 20)
    assert time_ratio(twice_as_long, disturbed) == 2
    assert time_ratio(disturbed, twice_as_long) == 0.5


def test_time_targets_are_evaluated() -> None:
    results = [result(PYREQWEST, 1.5, 1.5), result(SDK, 1.5, 1.5), result(HTTP_CLIENT, 1.5, 1.5)]
    results.append(result(HTTPX, 4, 4))
    assert verdict_on("get_result", "time", PYREQWEST, results).met is True  # the same time is enough
    assert verdict_on("get_result", "time", HTTP_CLIENT, results).met is False  # the same time is not enough
    assert verdict_on("get_result", "time", HTTPX, results).met is False
    assert verdict_on("get_result", "time", PYREQWEST, results[1:]).met is None


def test_the_startup_target_is_one_and_a_half_times_that_of_http_client() -> None:
    results = [result(HTTP_CLIENT, 1, 1), result(SDK, 1.5, 1.5)]
    verdict = verdict_on("start", "time", HTTP_CLIENT, results)
    assert verdict.requirement == "at most 1.5 × the time of http.client"
    assert verdict.met is True
    assert verdict_on("start", "time", HTTP_CLIENT, [results[0], result(SDK, 1.6, 1.6)]).met is False


def test_the_sdk_may_not_be_slower_than_the_baseline() -> None:
    baseline = result(BASELINE, 1, 1)
    assert verdict_on("threads", "time", BASELINE, [baseline, result(SDK, 1.04, 1.04)]).met is True
    assert verdict_on("threads", "time", BASELINE, [baseline, result(SDK, 1.2, 1.2)]).met is False
    without = evaluate_targets("threads", [result(SDK, 1)])
    assert all(each.target.against != BASELINE for each in without)


def test_speed_and_memory_targets_are_evaluated() -> None:
    eight, more = 8 * MEGABYTE, 8 * MEGABYTE + 1
    results = [result(RAW, 1), result(SDK, 1.25, memory=eight), result(SDK_ASYNC, 1, memory=more)]
    results.append(result("other", 0.5))
    assert verdict_on("download", "speed", RAW, results).met is False
    assert verdict_on("download", "memory", "", results).met is True
    verdicts = evaluate_targets("upload", results)
    best = next(each for each in verdicts if each.target.quantity == "speed")
    assert "(other)" in best.requirement
    assert best.measured == "0.40 ×"
    memories = [each.met for each in verdicts if each.target.quantity == "memory"]
    assert memories == [True, False]


def test_the_baseline_is_not_the_fastest_other_client() -> None:
    results = [result(SDK, 1), result(BASELINE, 0.1), result("other", 0.5)]
    best = next(each for each in evaluate_targets("upload", results) if each.target.quantity == "speed")
    assert "(other)" in best.requirement


def test_the_fastest_comes_first_and_the_missing_last() -> None:
    missing = ContenderResult(Contender("missing", "unused:Unused"), missing="not installed")
    workload = Workload("any", "Any workload", "get_result", "time per call", RAW, BOTH)
    ranked = rank([missing, result("slow", 3), result("fast", 1)])
    assert [each.contender.name for each in ranked] == ["fast", "slow", "missing"]
    lines = render_markdown(WorkloadResult(workload, ranked, 0)).splitlines()
    assert len({len(line) for line in lines if line.startswith("|")}) == 1
