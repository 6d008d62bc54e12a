"""What a module returns for an empty pan is found out where the operator says that it is empty."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import pytest
from conformance_support import ChangedTransport, check, make_emulator
from jsonschema import Draft202012Validator
from shared_cli import run_cli

import vision_ai_tools.conformance
from vision_ai import InvalidInputError
from vision_ai_emulator import Emulator, serve
from vision_ai_tools.conformance import Report

SCHEMA = Path(vision_ai_tools.conformance.__file__).parent / "report.schema.json"


def make_taught_emulator(**options: Any) -> Emulator:
    emulator = make_emulator(**options)
    emulator.device.teach("001", "Apple")
    emulator.clear()
    return emulator


def check_empty(target: Emulator | httpx.BaseTransport, folder: Path) -> Report:
    report = check(target, folder, pan="empty")
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(report.to_dict())
    return report


@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize(
    ("settings", "found", "watch"),
    [
        ({}, "10 had no guesses.", {}),
        (
            {"empty_pan_result": "low_scores"},
            "10 had scores of up to 0.10.",
            {"empty_without_guesses": False, "min_score": 0.15},
        ),
        (
            {"empty_pan_result": "error"},
            "10 returned the error -6500.",
            {"empty_without_guesses": False, "empty_codes": [-6500]},
        ),
        ({"empty_pan_result": "error", "empty_pan_code": -6103}, "does not depend on the pan", None),
    ],
)
def test_the_arguments_of_watch_are_found(
    tmp_path: Path, api: str, settings: dict[str, Any], found: str, watch: dict[str, Any] | None
) -> None:
    report = check_empty(make_taught_emulator(api=api, **settings), tmp_path)
    empty_pan = report.empty_pan
    assert empty_pan is not None
    assert found in empty_pan.found and empty_pan.watch == watch
    assert [each.request for each in empty_pan.evidence] == [
        f"{'GET' if api == 'v2' else 'POST'} /api/get_result"
    ]
    note = report.profile.note or "" if report.profile else ""
    arguments = ", ".join(f"{name}={value!r}" for name, value in (watch or {}).items())
    assert (f"watch({arguments})" in note) == (watch is not None)
    assert (f"`module.watch({arguments})`" in report.to_markdown()) == (watch is not None)


def change_results(*data: object) -> Callable[[httpx.Request, httpx.Response], httpx.Response]:
    """Return each of the results in turn."""
    results = cycle(data)

    def change(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/api/get_result":
            return response
        return httpx.Response(200, json=next(results))

    return change


def make_result(*scores: float) -> dict[str, Any]:
    items = [{"id": f"00{number}", "score": score} for number, score in enumerate(scores)]
    return {"code": 0, "data": {"sid": "1", "items": items}}


def check_results(folder: Path, *results: object) -> tuple[str, Any]:
    report = check_empty(ChangedTransport(make_taught_emulator(), change_results(*results)), folder)
    assert report.empty_pan is not None
    return report.empty_pan.found, report.empty_pan.watch


def test_several_kinds_of_results_are_found_together(tmp_path: Path) -> None:
    found, watch = check_results(
        tmp_path, make_result(), make_result(0.2, 0.1), {"code": -6555, "data": None}
    )
    assert found == (
        "Of 10 recognitions of the empty pan, 4 had no guesses, 3 had scores of up to 0.20, "
        "3 returned the error -6555."
    )
    assert watch == {"min_score": 0.25, "empty_codes": [-6555]}


@pytest.mark.parametrize(("score", "min_score"), [(0.0, 0.05), (0.05, 0.1), (0.11, 0.2), (0.49, 0.55)])
def test_the_least_score_has_a_margin(tmp_path: Path, score: float, min_score: float) -> None:
    assert check_results(tmp_path, make_result(score))[1]["min_score"] == min_score


def test_a_score_like_that_of_a_product_decides_nothing(tmp_path: Path) -> None:
    found, watch = check_results(tmp_path, make_result(), make_result(0.5))
    assert "up to 0.50" in found and watch is None


def test_a_response_that_the_sdk_cannot_use_decides_nothing(tmp_path: Path) -> None:
    found, watch = check_results(tmp_path, {"code": 0, "data": "x"})
    assert found.startswith("No recognition") and watch is None


def test_a_module_without_products_decides_nothing(tmp_path: Path) -> None:
    report = check_empty(make_emulator(pan="empty"), tmp_path)
    assert report.empty_pan is not None and report.empty_pan.watch is None
    assert "knows no products" in report.empty_pan.found


def test_nothing_is_found_out_unasked(tmp_path: Path) -> None:
    emulator = make_taught_emulator()
    report = check(emulator, tmp_path)
    assert report.empty_pan is None and emulator.acted["get_result"] == 3
    assert "Empty pan" not in report.to_markdown()


def test_another_word_about_the_pan_is_refused(tmp_path: Path) -> None:
    emulator = make_taught_emulator()
    with pytest.raises(InvalidInputError, match="pan must be empty"):
        check(emulator, tmp_path, pan="full")
    assert emulator.requests == ()


def test_the_command_shows_what_to_write(tmp_path: Path) -> None:
    with serve(make_taught_emulator(empty_pan_result="low_scores")) as url:
        result = run_cli("conformance", "--url", url, "--pause", 0, "--pan", "empty", cwd=tmp_path)
    assert result.status == 0, result.err
    assert "module.watch(empty_without_guesses=False, min_score=0.15)" in result.out
