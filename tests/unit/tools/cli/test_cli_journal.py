"""`vision-ai journal`: what is in a journal, its export, and pruning it."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from shared_cli import run_cli

from vision_ai import CameraError, VisionAI
from vision_ai_emulator import Emulator, Settings

FILE = "recognitions.db"


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a journal: an apple that was confirmed, a banana that was not, and a lost camera."""
    folder = tmp_path_factory.mktemp("journal")
    emulator = Emulator(pan="apple", settings=Settings())
    with VisionAI(emulator.url, journal=folder / FILE) as module:
        module.learn(id="001", name="Apple", pictures=1)
        module.confirm(module.get_result(), id="001", name="Apple")
        emulator.put("banana")
        module.learn(id="002", name="Banana\x1b[2J", pictures=1)
        module.get_result()
        emulator.fail_next(-6103, "get_result")
        with pytest.raises(CameraError):
            module.get_result()
    return folder


def test_show_lists_the_newest_first(journal: Path) -> None:
    header, second, first = run_cli("journal", "show", cwd=journal).out.splitlines()
    assert header.split() == ["Time", "Guesses", "Confirmed", "Place", "Latency"]
    assert "002 Banana" in second and "–" in second and "\x1b" not in second
    assert "001 Apple 99%" in first and "001 Apple  " in first and " ms" in first


@pytest.mark.parametrize(
    ("options", "guesses"),
    [
        ((), ["002", "001"]),
        (("--limit", "1"), ["002"]),
        (("--product", "001"), ["001"]),
        (("--unconfirmed",), ["002"]),
        (("--since", "1h"), ["002", "001"]),
        (("--until", "1h"), []),
        (("--since", "2020-01-01", "--until", "2020-01-02T09:30+08:00"), []),
    ],
    ids=" ".join,
)
def test_rows_can_be_selected(journal: Path, options: tuple[str, ...], guesses: list[str]) -> None:
    rows = run_cli("journal", "show", FILE, *options, "--json", cwd=journal).value
    assert [row["guess"] for row in rows] == guesses
    assert bool(guesses) != ("No recognitions" in run_cli("journal", "show", *options, cwd=journal).out)


def test_show_lists_events(journal: Path) -> None:
    events = run_cli("journal", "show", "--events", "--json", cwd=journal).value
    assert [(each["kind"], each["code"], each["detail"]) for each in events] == [
        ("device_error", -6103, "get_result"),
        ("taught", None, "002"),
        ("taught", None, "001"),
    ]
    assert "device error  -6103  get_result" in run_cli("journal", "show", "--events", cwd=journal).out
    assert "No events" in run_cli("journal", "show", "--events", "--until", "1h", cwd=journal).out


def test_csv_goes_to_standard_output(journal: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run_cli("journal", "export", cwd=journal).out)))
    first = rows[0]
    assert (first["guess"], first["choice"], first["choice_name"], first["place"]) == (
        "001",
        "001",
        "Apple",
        "1",
    )
    assert (first["intop"], first["serial_number"], first["engine"]) == ("true", "12345678", "9.5.0")
    assert json.loads(first["guesses"]) == [["001", 0.99]]
    assert (rows[1]["choice"], rows[1]["intop"]) == ("", "")
    assert first["time_utc"].endswith("Z") and first["time"][10] == "T"


@pytest.mark.parametrize("named", [True, False])
def test_json_is_one_array(journal: Path, tmp_path: Path, named: bool) -> None:
    target = tmp_path / "rows.json"
    if named:  # its name says the format
        result = run_cli("journal", "export", "-o", target, "--json", cwd=journal).value
        assert result == {"file": str(target), "format": "json", "rows": 2}
        text = target.read_text()
    else:
        text = run_cli("journal", "export", "--format", "json", cwd=journal).out
    first, second = json.loads(text)
    assert (first["choice"], first["intop"], second["choice"], second["guesses"][0][0]) == (
        "001",
        True,
        None,
        "002",
    )
    assert (
        json.loads(run_cli("journal", "export", "--until", "1h", "--format", "json", cwd=journal).out) == []
    )


def test_parquet_has_types(journal: Path, tmp_path: Path) -> None:
    duckdb: Any = pytest.importorskip("duckdb")
    target = tmp_path / "o'brien.parquet"
    result = run_cli("journal", "export", "--output", target, cwd=journal)
    assert result.out.startswith("2 recognitions saved in "), result
    with duckdb.connect() as database:
        query = (
            "SELECT guess, score, place, intop, year(time_utc) > 2000 FROM read_parquet(?) ORDER BY time_utc"
        )
        rows = database.execute(query, [str(target)]).fetchall()
    assert rows == [("001", 0.99, 1, True, True), ("002", 0.99, None, None, True)]
    assert [file.name for file in tmp_path.iterdir()] == [target.name]


def test_parquet_without_its_extra_says_which(
    journal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    result = run_cli("journal", "export", "-o", tmp_path / "x.parquet", cwd=journal)
    assert result.status == 2
    assert result.failure[1] == "Install it: pip install 'vision-ai-module[report]'"
    assert list(tmp_path.iterdir()) == []


def test_prune_deletes_and_counts(tmp_path: Path, journal: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes((journal / FILE).read_bytes())
    assert run_cli("journal", "prune", copy, "--older-than", "30", "--json").value["deleted"] == 0
    result = run_cli("journal", "prune", copy, "--older-than", "0d", "--max-size", "200MB")
    assert result.out == f"5 rows deleted from {copy}\n"
    assert "No recognitions" in run_cli("journal", "show", copy).out


def test_recognize_keeps_a_journal(url: str, tmp_path: Path) -> None:
    run_cli("items", "teach", "001", "Apple", url=url)
    run_cli("recognize", "--confirm", "001", "--journal", FILE, url=url, cwd=tmp_path)
    [row] = run_cli("journal", "show", "--json", cwd=tmp_path).value
    assert (row["choice"], row["choice_name"], row["place"]) == ("001", "Apple", 1)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("show", "none.db"), 1, "none.db: No such file or directory"),
        (("export", "none.db"), 1, "none.db: No such file or directory"),
        (("prune", "none.db", "--older-than", "1d"), 1, "none.db: No such file or directory"),
        (("show", "text.db"), 1, "text.db is not a journal"),
        (("prune", "text.db", "--max-size", "1MB"), 1, "text.db is not a journal"),
        (("prune",), 2, "nothing says what to delete"),
        (("prune", "--older-than", "old"), 2, "--older-than: 'old' is not a length of time"),
        (("prune", "--max-size", "big"), 2, "--max-size: 'big' is not a size"),
        (("show", "--since", "soon"), 2, "--since: 'soon' is not a time"),
        (("show", "--events", "--unconfirmed"), 2, "--events does not work with --product and --unconfirmed"),
        (("export", "--format", "parquet"), 2, "Parquet is no text: there is no file to write"),
        (("export", "--json"), 2, "--json prints no rows: there is no file to write"),
        (("export", FILE, "-o", FILE), 2, "the output file is the journal itself"),
        (("export", "-o", "no/x.csv"), 1, "no: no such folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_failures_say_what_to_do(
    tmp_path: Path, journal: Path, arguments: tuple[str, ...], status: int, message: str
) -> None:
    (tmp_path / FILE).write_bytes((journal / FILE).read_bytes())
    (tmp_path / "text.db").write_text("plu;name\n" * 100)
    result = run_cli("journal", *arguments, cwd=tmp_path)
    assert result.status == status
    shown = result.json["error"]["message"] if "--json" in arguments else result.failure[0]
    assert shown == message
