"""A slice of the fault matrix, and proof that the matrix can fail; `make faults` runs all of it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import matrix
import pytest
from expectations import TROUBLES
from matrix import Cell, Verdict, cells, run_cells
from subjects import SUBJECTS

from vision_ai import AsyncVisionAI, InvalidAnswerError, VisionAI, _files
from vision_ai._pipeline import pipeline, retry
from vision_ai_emulator import Emulator, Fault, serve

SLICE = {"get_image", "register_item", "backup, download"}


def planned(wanted: Callable[[Cell], bool]) -> list[Cell]:
    chosen = [cell for cell in cells() if wanted(cell)]
    assert chosen
    return chosen


def wrongs(verdicts: list[Verdict]) -> list[str]:
    return [f"{verdict.cell}: {wrong}" for verdict in verdicts for wrong in verdict.wrong]


def test_the_matrix_has_every_operation_every_workflow_and_every_fault() -> None:
    from vision_ai_emulator.device.operations import OPERATIONS
    from vision_ai_emulator.faults.kinds import KINDS

    assert {subject.target for subject in SUBJECTS if not subject.workflow} == set(OPERATIONS)
    workflows = {subject.name.partition(",")[0] for subject in SUBJECTS if subject.workflow}
    assert workflows == {"confirm", "learn", "backup", "save_backup", "restore", "wait_until_ready"}
    assert {trouble.kind for trouble in TROUBLES} == set(KINDS)
    assert {cell.flavour for cell in cells()} == {"sync", "async"}


def test_a_slice_of_the_matrix_is_as_expected() -> None:
    chosen = planned(lambda cell: cell.subject.name in SLICE and cell.lasting in cell.trouble.only)
    verdicts = run_cells(chosen)
    assert len(verdicts) == len(chosen)
    assert wrongs(verdicts) == []


def one(subject: str, trouble: str, lasting: str = "always") -> list[Cell]:
    return planned(
        lambda cell: (
            (cell.subject.name, cell.trouble.name, cell.lasting, cell.flavour)
            == (subject, trouble, lasting, "sync")
        )
    )


def test_a_client_that_repeats_what_may_have_been_done_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "REPEATABLE_EFFECTS", ("read", "set", "act", "destructive"))
    found = wrongs(run_cells(one("register_item", "dropped, done")))
    assert any("register_item was done more than once" in wrong for wrong in found), found


def test_a_client_that_lets_a_foreign_error_out_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def foreign(*_: Any) -> Any:
        raise KeyError("id")

    monkeypatch.setattr(pipeline, "decode_result", foreign)
    found = wrongs(run_cells(one("get_result", "trailing comma")))
    assert any("none of the SDK's errors" in wrong for wrong in found), found


def test_a_client_that_keeps_half_a_backup_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def kept(file: _files.PendingFile) -> None:
        file.finish()
        file.put_in_place(replace=False)

    monkeypatch.setattr(_files.PendingFile, "discard", kept)
    found = wrongs(run_cells(one("save_backup, download", "dropped in the answer")))
    assert any("the backup is not whole" in wrong for wrong in found), found


def test_a_call_that_hangs_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix, "HANG", 0.0)
    found = wrongs(run_cells(one("get_calib", "trailing comma")))
    assert any("outlived its deadline" in wrong for wrong in found), found


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_an_answer_without_end_is_given_up_in_bounded_memory(flavour: Any) -> None:
    emulator = Emulator()
    emulator.faults.add(Fault("endless", "get_result", None))
    with serve(emulator) as url:
        client = matrix.Client(flavour, url)
        try:
            tracemalloc.start()
            with pytest.raises(InvalidAnswerError, match="more than"):
                client.patient.get_result()
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        finally:
            client.end()
    assert peak < 4 * pipeline.LARGEST_RESPONSE


def test_both_clients_are_in_the_matrix() -> None:
    with matrix.stage() as scene:
        kinds = [type(matrix.Client(flavour, scene.url)._client) for flavour in matrix.FLAVOURS]
    assert kinds == [VisionAI, AsyncVisionAI]
