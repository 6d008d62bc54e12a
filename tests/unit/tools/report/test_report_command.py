from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from shared_cli import run_cli
from shared_journal import START, JournalFile

from vision_ai_tools.report.aggregate import BYTES_PER_PROCESS, aggregate


@pytest.fixture
def till(journal: JournalFile) -> JournalFile:
    journal.add_product("001", "Apple")
    for choice in ("001", "001", "001", "002"):
        journal.add([("001", 0.9), ("002", 0.1)], choice)
    return journal


def test_it_writes_a_page_and_prints_a_summary(till: JournalFile, tmp_path: Path) -> None:
    result = run_cli("report", "recognitions.db", "--lang", "ru", cwd=tmp_path)
    assert result.status == 0
    assert "Верный первым        3 из 4 (от 30% до 95%)" in result.out
    assert "Отчёт о распознавании" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "report.html" in result.err


def test_json_has_all_figures_in_every_language(till: JournalFile, tmp_path: Path) -> None:
    results = [
        run_cli("report", "recognitions.db", "--json", "--lang", each, cwd=tmp_path) for each in ("en", "zh")
    ]
    assert results[0].out == results[1].out
    figures = results[0].value
    assert figures["overall"]["first"] == {
        "count": 3,
        "total": 4,
        "share": 0.75,
        "low": pytest.approx(0.3006, abs=1e-4),
        "high": pytest.approx(0.9544, abs=1e-4),
    }
    assert not (tmp_path / "report.html").exists()


def test_csv_writes_a_table_for_each_section(till: JournalFile, tmp_path: Path) -> None:
    assert run_cli("report", "recognitions.db", "--csv", "tables", cwd=tmp_path).status == 0
    files = {each.stem: each.read_text(encoding="utf-8-sig") for each in (tmp_path / "tables").iterdir()}
    assert len(files) == 13
    [apple, pear] = csv.DictReader(io.StringIO(files["products"]))
    assert (apple["name"], apple["weighings"], apple["first_count"], apple["first_low"]) == (
        "Apple",
        "3",
        "3",
        "0.438503",
    )
    assert (pear["id"], pear["first_share"]) == ("002", "0.0")
    assert not (tmp_path / "report.html").exists()


def test_days_and_the_assumption_can_be_set(till: JournalFile, tmp_path: Path) -> None:
    till.add([("001", 0.9)], "001", at=START.replace(day=2))
    result = run_cli(
        "report",
        "recognitions.db",
        *("--since", "2026-10-02", "--until", "2026-10-02", "--seconds-per-search", "5", "--json"),
        cwd=tmp_path,
    )
    assert (result.value["recognitions"], result.value["time"]["seconds_saved"]) == (1, 5.0)
    result = run_cli(
        "report", "recognitions.db", "--since", "2026-10-02", "--until", "2026-10-01", cwd=tmp_path
    )
    assert (result.status, result.failure[0]) == (2, "--until is before --since")


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_reported(
    till: JournalFile, tmp_path: Path
) -> None:
    (tmp_path / "notes.db").write_text("not a journal, but long enough")
    result = run_cli("report", "recognitions.db", "notes.db", "no.db", cwd=tmp_path)
    assert result.status == 1
    assert (
        "notes.db: the file is not a journal" in result.err and "no.db: there is no such file" in result.err
    )
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "notes.db" in page and "The file is not a journal." in page
    result = run_cli("report", "recognitions.db", "no.db", "--json", cwd=tmp_path)
    assert (result.status, result.value["problems"][0]["problem"]) == (1, "missing")


def test_a_folder_without_journals(tmp_path: Path) -> None:
    result = run_cli("report", ".", cwd=tmp_path)
    assert (result.status, result.failure[0]) == (2, "there are no journals in .")


def test_a_missing_extra_is_named(till: JournalFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith("vision_ai_tools.report.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run_cli("report", "recognitions.db", cwd=tmp_path)
    assert result.status == 2
    assert "vision-ai-module[report]" in result.failure[1]
    assert run_cli("report", "recognitions.db", "--json", cwd=tmp_path).status == 0


def test_the_sums_need_the_standard_library_alone(till: JournalFile) -> None:
    program = (
        "import sys, json; from pathlib import Path\n"
        "from vision_ai_tools.report.aggregate import aggregate\n"
        "from vision_ai_tools.report.figures import make_figures\n"
        "print(make_figures(aggregate([Path(sys.argv[1])])).overall.first.count)\n"
        "print(json.dumps([each for each in sys.modules if each in ('matplotlib', 'numpy', 'jinja2', 'rich')]))\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", program, till.path], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert (out[0], json.loads(out[1])) == ("3", [])


def test_several_processes_find_the_same(
    till: JournalFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vision_ai_tools.report.aggregate.BYTES_PER_PROCESS", 1)
    assert BYTES_PER_PROCESS > 1
    till.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [till.path]
    for number in range(3):
        files.append(tmp_path / f"copy{number}.db")
        files[-1].write_bytes(till.path.read_bytes())
    files.insert(2, tmp_path / "no.db")
    parallel = aggregate(files, processes=2)
    assert parallel == aggregate(files)
    assert parallel.days.total() == 16
    assert [each.problem for each in parallel.sources] == [None, None, "missing", None, None]
