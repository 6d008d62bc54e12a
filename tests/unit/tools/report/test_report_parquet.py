"""Parquet files give the report that the journal gives from which they were exported."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from shared_cli import run_cli
from shared_journal import START, JournalFile, SimulatedTill

from vision_ai_tools.report.aggregate import aggregate
from vision_ai_tools.report.figures import make_figures

duckdb: Any = pytest.importorskip("duckdb")

DAY = timedelta(days=1)
TILL = SimulatedTill(seed=3, days=24, weighings_a_day=40)


def export(journal: Path, folder: Path, name: str = "till.parquet") -> list[Path]:
    """Export the recognitions and the events of a journal."""
    files = [folder / name, folder / f"events-{name}"]
    assert run_cli("journal", "export", journal, "-o", files[0]).status == 0
    assert run_cli("journal", "export", journal, "--events", "-o", files[1]).status == 0
    return files


def export_days(files: list[Path], folder: Path, store: str, scale: str) -> None:
    """Write exported files as the fleet's export does: a file for each day, with names of stores and scales."""
    with duckdb.connect() as database:
        for file, kind in zip(files, ("recognitions", "events"), strict=True):
            rows = f"SELECT *, '{store}' AS store, '{scale}' AS scale FROM '{file}'"
            for (day,) in database.execute(f"SELECT DISTINCT left(time, 10) FROM '{file}'").fetchall():
                target = folder / f"{kind}-{day}.parquet"
                old = f" UNION ALL SELECT * FROM '{target}'" if target.exists() else ""
                database.execute(
                    f"CREATE OR REPLACE TEMP TABLE day AS {rows} WHERE left(time, 10) = '{day}'{old}"
                )
                database.execute(f"COPY day TO '{target}'")


def read(*files: Path, **options: date) -> dict[str, Any]:
    figures = make_figures(aggregate(list(files), **options)).to_dict()
    assert figures["problems"] == ()
    return figures


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal with lessons, a restore, another engine, and lost connections."""
    path = tmp_path_factory.mktemp("till") / "till.db"
    TILL.write(path)
    journal = JournalFile(path, is_new=False)
    journal.add_event("restored", at=START + 20 * DAY)
    journal.add_event("taught", at=START + 8 * DAY, device=None, detail="003")
    journal.add_event("device_error", at=START + 3 * DAY)
    journal.close()
    return path


def test_an_export_gives_the_same_figures(till: Path, tmp_path: Path) -> None:
    expected = read(till)
    assert {each["kind"] for each in expected["changes"]} == {"taught", "restored", "engine"}
    assert read(*export(till, tmp_path)) == expected
    days = {"since": date(2026, 10, 9), "until": date(2026, 10, 20)}
    assert read(tmp_path / "till.parquet", tmp_path / "events-till.parquet", **days) == read(till, **days)


def test_the_days_of_a_chain_give_the_same_figures_and_its_stores(tmp_path: Path) -> None:
    folder = tmp_path / "days"
    folder.mkdir()
    journals: list[Path] = []
    for number, (store, scale) in enumerate((("0042", "01"), ("0042", "02"), ("0043", "01"))):
        journals.append(tmp_path / f"{number}.db")
        SimulatedTill(seed=number, days=6, weighings_a_day=20).write(journals[-1])
        export_days(export(journals[-1], tmp_path, f"{number}.parquet"), folder, store, scale)
    expected, found = read(*journals), read(*folder.iterdir())
    assert len(found["changes"]) == 6
    stores, scales = found.pop("stores"), found.pop("scales")
    assert (expected.pop("stores"), expected.pop("scales")) == ((), ())
    assert (expected.pop("journals"), found.pop("journals")) == (3, 6)
    assert found == expected
    assert sorted((each["store"], each["recognitions"]) for each in stores) == [("0042", 254), ("0043", 127)]
    assert sorted((each["store"], each["scale"]) for each in scales) == [
        ("0042", "01"),
        ("0042", "02"),
        ("0043", "01"),
    ]
    assert sum(each["hits"]["weighings"] for each in scales) == found["overall"]["weighings"]


def test_files_of_journals_with_one_module_are_not_mixed(journal: JournalFile, tmp_path: Path) -> None:
    """A module moved to another till: the lesson there says nothing about the weighings here."""
    journal.add([("001", 0.9)], "001")
    other = JournalFile(tmp_path / "other.db")
    other.add_device(1)
    other.add([("001", 0.9)], "001", at=START + DAY)
    other.add_event("taught", at=START + DAY, detail="001")
    other.close()
    files = [*export(journal.path, tmp_path), *export(other.path, tmp_path, "other.parquet")]
    expected = read(journal.path, other.path)
    assert expected["changes"][0]["all_products"]["before"]["total"] == 0
    assert read(*files) == expected


def test_several_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "days"
    folder.mkdir()
    journals: list[Path] = []
    files: list[Path] = []
    for number in range(4):
        journals.append(tmp_path / f"{number}.db")
        SimulatedTill(seed=number, days=4, weighings_a_day=20).write(journals[-1])
        files += export(journals[-1], tmp_path, f"{number}.parquet")
        export_days(files[-2:], folder, "0042", f"0{number}")
    (tmp_path / "no.parquet").write_bytes(b"PAR1")
    files += [*sorted(folder.iterdir()), tmp_path / "no.parquet"]
    expected = aggregate(files)
    monkeypatch.setattr("vision_ai_tools.report.parquet_parts.BYTES_PER_PROCESS", 1)
    parallel = aggregate(files, processes=2)
    assert make_figures(parallel) == make_figures(expected)
    assert parallel.sources == expected.sources
    assert len(parallel.changes) == 16 and parallel.days.total() == 8 * 87


def test_names_with_quotes_and_texts_in_any_script(journal: JournalFile, tmp_path: Path) -> None:
    journal.add_product("1,\"2'", '苹果, "рус\'"\n')
    for _ in range(2):
        journal.add([("1,\"2'", 0.9)], "1,\"2'")
    journal.add([])
    folder = tmp_path / "o'brien [a]"
    folder.mkdir()
    assert read(*export(journal.path, folder, "till[1].parquet")) == read(journal.path)


def test_files_that_are_not_exports_are_named(till: Path, tmp_path: Path) -> None:
    good, events = export(till, tmp_path)
    with duckdb.connect() as database:
        database.execute(f"COPY (SELECT 1 AS number) TO '{tmp_path / 'other.parquet'}'")
    content = good.read_bytes()
    (tmp_path / "cut.parquet").write_bytes(content[: len(content) // 2])
    middle = len(content) // 3
    (tmp_path / "damaged.parquet").write_bytes(content[:middle] + bytes(400) + content[middle + 400 :])
    (tmp_path / "empty.parquet").touch()
    names = ["other.parquet", "cut.parquet", "damaged.parquet", "empty.parquet", "none.parquet"]
    sums = aggregate([good, *(tmp_path / each for each in names), events])
    assert {Path(each.path).name: each.problem for each in sums.sources} == {
        "till.parquet": None,
        "other.parquet": "foreign",
        "cut.parquet": "damaged",
        "damaged.parquet": "damaged",
        "empty.parquet": "empty",
        "none.parquet": "missing",
    }
    figures = make_figures(sums)
    assert figures.overall == make_figures(aggregate([till])).overall


def test_rows_without_the_form_of_a_journal_are_left_out(till: Path, tmp_path: Path) -> None:
    file, _ = export(till, tmp_path)
    bad = tmp_path / "bad.parquet"
    with duckdb.connect() as database:
        database.execute(
            f"COPY (SELECT * REPLACE (CASE place WHEN 2 THEN 'no list' ELSE guesses END AS guesses,"
            f" CASE WHEN choice IS NULL THEN 'today' ELSE time END AS time) FROM '{file}') TO '{bad}'"
        )
    [good], [source] = aggregate([file]).sources, aggregate([bad]).sources
    with duckdb.connect() as database:
        query = f"SELECT count(*) FROM '{file}' WHERE place = 2 OR choice IS NULL"
        [(expected,)] = database.execute(query).fetchall()
    assert (source.skipped, source.recognitions) == (expected, good.recognitions - expected)
    assert expected > 50


def test_the_command_takes_a_folder_of_both(till: Path, tmp_path: Path) -> None:
    export(till, tmp_path)
    (tmp_path / "till.db").write_bytes(till.read_bytes())
    figures = run_cli("report", ".", "--json", cwd=tmp_path).value
    assert (figures["journals"], figures["recognitions"]) == (2, 2 * (24 * 40 + 7))


def test_the_page_and_the_tables_have_the_stores(tmp_path: Path) -> None:
    SimulatedTill(seed=1, days=2, weighings_a_day=40).write(tmp_path / "till.db")
    files = export(tmp_path / "till.db", tmp_path)
    (tmp_path / "days").mkdir()
    export_days(files, tmp_path / "days", "0042", "07")
    result = run_cli("report", "days", "--by", "scale", "-o", "page.html", cwd=tmp_path)
    assert (result.status, result.out.split()[:6]) == (
        0,
        ["Store", "Scale", "Weighings", "Right", "first", "Not"],
    )
    assert "0042" in result.out and "07" in result.out
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "By store" in page and "0042" in page
    run_cli("report", "days", "--csv", "tables", cwd=tmp_path)
    assert (tmp_path / "tables" / "stores.csv").exists() and (tmp_path / "tables" / "scales.csv").exists()
    assert "By store" not in run_page(tmp_path)
    result = run_cli("report", "till.db", "--by", "store", cwd=tmp_path)
    assert (result.status, result.failure[0]) == (2, "--by store: the rows of these files name no store")


def run_page(folder: Path) -> str:
    assert run_cli("report", "till.db", cwd=folder).status == 0
    return (folder / "report.html").read_text(encoding="utf-8")


def test_without_duckdb_the_extra_is_named(
    till: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(till, tmp_path)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    result = run_cli("report", "till.parquet", cwd=tmp_path)
    assert result.status == 2
    assert result.failure == (
        "vision-ai report of Parquet files needs a package that is not installed (duckdb)",
        "Install it: pip install 'vision-ai-module[report]'",
    )
