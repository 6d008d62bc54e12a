"""The stream of a real server as Parquet files, and the report on them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shared_fleet_events import NOON, make_other, make_recognition, publish
from shared_journal import SimulatedTill

from vision_ai.journal import JournalReader
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.events import export as export_module
from vision_ai_fleet.events.cloud_event import make_journal_event, make_recognition_event
from vision_ai_fleet.events.export import export_events
from vision_ai_fleet.names import ScaleId
from vision_ai_tools.report.aggregate import aggregate
from vision_ai_tools.report.figures import make_figures
from vision_ai_tools.report.journals import find_journals

if TYPE_CHECKING:
    from conftest import Center

duckdb: Any = pytest.importorskip("duckdb")
Run = Callable[[Any], Any]


def read(folder: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as database:
        files = f"read_parquet('{folder}/recognitions-*.parquet')"
        query = f"SELECT store, scale, id, revision, choice FROM {files} ORDER BY ALL"
        return database.execute(query).fetchall()


def test_an_export_goes_on_where_the_last_one_ended(center: Center, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "events"
    yesterday = NOON - timedelta(days=1)

    async def use() -> None:
        async with center.open("0042/07") as connection:
            await publish(connection, make_recognition(row=1), make_recognition(row=2, at=yesterday))
            first = await export_events(connection, folder)
            assert (first.events, first.position, len(first.files)) == (2, 2, 2)
            again = await export_events(connection, folder)
            assert (again.events, again.files, again.position) == (0, (), 2)
            late = make_recognition(row=3, at=yesterday)
            await publish(connection, make_recognition(row=1, choice="001", revision=2), make_other(), late)
            second = await export_events(connection, folder)
            assert (second.events, len(second.files)) == (3, 3)

    run(use())
    assert read(folder) == [
        ("0042", "07", "i-1", 2, "001"),
        ("0042", "07", "i-2", 1, None),
        ("0042", "07", "i-3", 1, None),
    ]
    assert not (folder / ".export-spool").exists()


def test_an_export_that_broke_is_made_up_for(
    center: Center, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_module, "EVENTS_PER_ROUND", 1)  # a round for each batch

    async def use() -> None:
        async with center.open("0042/07") as connection:
            await publish(connection, *(make_recognition(row=row) for row in range(1500)))
            with monkeypatch.context() as patch:
                patch.setattr(export_module.Spool, "merge", _break_second(export_module.Spool.merge))
                with pytest.raises(OSError, match="no space"):
                    await export_events(connection, tmp_path)
            assert 0 < len(read(tmp_path)) < 1500
            with (
                export_module._open_state(tmp_path),
                pytest.raises(FleetError, match="another export runs"),
            ):
                await export_events(connection, tmp_path)
            assert (await export_events(connection, tmp_path)).events < 1500

    run(use())
    assert len(read(tmp_path)) == 1500


def _break_second(merge: Callable[..., None]) -> Callable[..., None]:
    calls: list[object] = []

    def merge_once(spool: Any, folder: Path) -> None:
        calls.append(folder)
        if len(calls) == 2:
            raise OSError("no space left on device")
        merge(spool, folder)

    return merge_once


@pytest.mark.slow
def test_an_export_that_is_killed_again_and_again_loses_and_doubles_nothing(
    center: Center, run: Run, tmp_path: Path
) -> None:
    folder, credentials = tmp_path / "events", tmp_path / "operator.creds"
    center.operator.write(credentials)
    rows = 8_000

    async def fill() -> None:
        async with center.open("0042/07") as connection:
            for start in range(0, rows, 2000):
                events = (
                    make_recognition(row=row, at=NOON - timedelta(days=row % 3))
                    for row in range(start, start + 2000)
                )
                await publish(connection, *events)

    run(fill())
    program = (
        "import asyncio, sys; from pathlib import Path\n"
        "from vision_ai_fleet.connection import connect; from vision_ai_fleet.credentials import Credentials\n"
        "from vision_ai_fleet.events import export\n"
        "export.EVENTS_PER_ROUND = 2000\n"
        "async def use():\n"
        "    async with connect(Credentials.read(sys.argv[1])) as connection:\n"
        "        print('ready', flush=True)\n"
        "        await export.export_events(connection, Path(sys.argv[2]),\n"
        "            report_progress=lambda count: print(count, flush=True))\n"
        "asyncio.run(use())\n"
    )
    arguments = [sys.executable, "-c", program, str(credentials), str(folder)]
    for kill_after in (2, 5, 8):
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(kill_after):
                process.stdout.readline()
            os.kill(process.pid, signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    assert sorted(int(row[2].removeprefix("i-")) for row in read(folder)) == list(range(rows))


def test_a_folder_belongs_to_one_choice_of_stores(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        async with center.open("0042/07") as connection:
            await publish(connection, make_recognition("0042/07"), make_recognition("0043/01"))
            assert (await export_events(connection, tmp_path, store="0043")).events == 1
            with pytest.raises(FleetError, match="the folder has the events of 0043"):
                await export_events(connection, tmp_path)

    run(use())
    assert [row[0] for row in read(tmp_path)] == ["0043"]


def test_another_stream_is_exported_from_its_beginning(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        async with center.open("0042/07") as connection:
            await publish(connection, make_recognition(row=1), make_recognition(row=2))
            await export_events(connection, tmp_path)
            await connection.jetstream.delete_stream("EVENTS")
        async with center.open("0042/07") as connection:
            await publish(connection, make_recognition(row=3))
            await export_events(connection, tmp_path)

    run(use())
    assert [row[2] for row in read(tmp_path)] == ["i-1", "i-2", "i-3"]


def test_the_report_is_that_of_the_journals(center: Center, run: Run, tmp_path: Path) -> None:
    """Two tills send their journals; the report of the exported files is the report of the journals."""
    start = NOON - timedelta(days=8)
    journals: dict[ScaleId, Path] = {}
    for number in (1, 2):
        journals[ScaleId("0042", f"0{number}")] = path = tmp_path / f"{number}.db"
        SimulatedTill(seed=number, days=6, weighings_a_day=20, start=start).write(path)
    folder = tmp_path / "events"

    async def use() -> None:
        async with center.open("0042/01") as connection:
            for scale, path in journals.items():
                with JournalReader(path) as journal:
                    rows = [make_recognition_event(scale, "i", row) for row in journal.recognitions()]
                    others = [make_journal_event(scale, "i", row) for row in journal.events()]
                await publish(connection, *rows, *others)
            await export_events(connection, folder)

    run(use())
    expected = make_figures(aggregate(list(journals.values()))).to_dict()
    found = make_figures(aggregate(find_journals([folder]))).to_dict()
    assert {each["kind"] for each in expected["changes"]} == {"taught", "engine"}
    assert [each["scale"] for each in found["scales"]] in (["01", "02"], ["02", "01"])
    for name in ("journals", "stores", "scales"):
        del expected[name], found[name]
    assert found == expected
