"""A slice of the fault matrix, and proof that the matrix can fail; `make faults` runs all of it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import fault_matrix
import pytest
from call_cases import CALL_CASES
from expected_outcomes import FAULT_CASES
from fault_matrix import FLAVORS, Cell, CellResult, Flavor, cells, run_cells

from vision_ai import AsyncVisionAI, InvalidAnswerError, VisionAI, _files
from vision_ai._pipeline import pipeline, retry
from vision_ai._pipeline.response import LONGEST_JSON
from vision_ai._workflows import lesson
from vision_ai_emulator import Emulator, Fault, serve

SLICE = [
    "get_image",
    pytest.param("register_item", marks=pytest.mark.slow),
    pytest.param("add_item_template (V2)", marks=pytest.mark.slow),
    pytest.param("get_result (V2, found)", marks=pytest.mark.slow),
    pytest.param("wait_until_ready, set_time (V2)", marks=pytest.mark.slow),
    pytest.param("backup, download", marks=pytest.mark.slow),
]


WORKFLOWS = {
    "v1": {"confirm", "learn", "backup", "save_backup", "restore", "wait_until_ready"},
    "v2": {"learn", "stopped learn", "wait_until_ready"},
}


def test_a_client_that_finds_out_the_version_is_in_the_matrix() -> None:
    found = [call_case for call_case in CALL_CASES if call_case.api == "auto"]
    assert {call_case.effect for call_case in found} == {"read", "set", "act"}
    assert {call_case.version for call_case in found} == {"v2"}


def select_cells(wanted: Callable[[Cell], bool]) -> list[Cell]:
    selected = [cell for cell in cells() if wanted(cell)]
    assert selected
    return selected


def problems_of(results: list[CellResult]) -> list[str]:
    return [f"{result.cell}: {problem}" for result in results for problem in result.problems]


def test_the_matrix_has_every_operation_every_workflow_and_every_fault() -> None:
    from vision_ai_emulator.device.operations import OPERATIONS
    from vision_ai_emulator.faults.kinds import KINDS

    for version, workflows in WORKFLOWS.items():
        call_cases = [call_case for call_case in CALL_CASES if call_case.api == version]
        targets = {call_case.target for call_case in call_cases if not call_case.workflow}
        assert targets == set(OPERATIONS[version])
        assert {each.name.partition(",")[0] for each in call_cases if each.workflow} == workflows
    assert len({call_case.name for call_case in CALL_CASES}) == len(CALL_CASES)
    assert {fault_case.kind for fault_case in FAULT_CASES} == set(KINDS)
    assert {cell.flavor for cell in cells()} == {"sync", "async"}


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.parametrize("name", SLICE)
def test_a_slice_of_the_matrix_is_as_expected(name: str, flavor: Flavor) -> None:
    selected = select_cells(lambda cell: cell.call_case.name == name and cell.flavor == flavor)
    results = run_cells(selected)
    assert len(results) == len(selected)
    assert problems_of(results) == []


def one_cell(call_case: str, fault_case: str, repetition: str = "always") -> list[Cell]:
    return select_cells(
        lambda cell: (
            (cell.call_case.name, cell.fault_case.name, cell.repetition, cell.flavor)
            == (call_case, fault_case, repetition, "sync")
        )
    )


def test_a_client_that_repeats_an_applied_call_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "REPEATABLE_EFFECTS", ("read", "set", "act", "destructive"))
    found = problems_of(run_cells(one_cell("register_item", "dropped, done")))
    assert any("register_item was applied more than once" in problem for problem in found), found


def test_a_client_that_repeats_an_applied_call_of_v2_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "REPEATABLE_EFFECTS", ("read", "set", "act", "destructive"))
    found = problems_of(run_cells(one_cell("add_item_template (V2)", "dropped, done")))
    assert any("add_item_template was applied more than once" in problem for problem in found), found


def test_a_client_that_leaves_a_template_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    async def keep_templates(*_: object) -> None: ...

    monkeypatch.setattr(lesson.Lesson, "take_back", keep_templates)
    for name in ("stopped learn, delete_item_template", "learn, add_item_template"):
        found = problems_of(run_cells(one_cell(f"{name} (V2)", "dropped, done", "once")))
        assert any("a failed learn() has left" in problem for problem in found), found


def test_a_client_that_raises_a_foreign_error_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_key_error(*_: Any) -> Any:
        raise KeyError("id")

    monkeypatch.setattr(pipeline, "decode_result", raise_key_error)
    found = problems_of(run_cells(one_cell("get_result", "trailing comma")))
    assert any("not an error of the SDK" in problem for problem in found), found


def test_a_client_that_keeps_an_incomplete_backup_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def keep_file(file: _files.PendingFile) -> None:
        file.finish()
        file.put_in_place(replace=False)

    monkeypatch.setattr(_files.PendingFile, "discard", keep_file)
    found = problems_of(run_cells(one_cell("save_backup, download", "dropped in the answer")))
    assert any("the backup is incomplete" in problem for problem in found), found


def test_a_call_that_hangs_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault_matrix, "HANG", 0.0)
    found = problems_of(run_cells(one_cell("get_calib", "trailing comma")))
    assert any("missed its deadline" in problem for problem in found), found


@pytest.mark.parametrize("flavor", ["sync", "async"])
def test_an_endless_response_is_rejected_with_bounded_memory(flavor: Any) -> None:
    emulator = Emulator()
    emulator.faults.add(Fault("endless", "get_result", None))
    with serve(emulator) as url:
        client = fault_matrix.Client(flavor, url)
        try:
            tracemalloc.start()
            with pytest.raises(InvalidAnswerError, match="more than"):
                client.with_long_timeout.get_result()
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        finally:
            client.close()
    assert peak < 4 * LONGEST_JSON


def test_both_clients_are_in_the_matrix() -> None:
    with fault_matrix.serve_device() as device:
        kinds = [type(fault_matrix.Client(flavor, device.url)._client) for flavor in fault_matrix.FLAVORS]
    assert kinds == [VisionAI, AsyncVisionAI]
