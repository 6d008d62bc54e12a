"""`vision-ai fleet backups`, `files`, `events` and `report`."""

from __future__ import annotations

from pathlib import Path

from shared_fleet_cli import NOW, Command, FakeFleet, make_test_backup

from vision_ai_fleet.event_stream import FleetEvent
from vision_ai_fleet.names import ScaleId


def test_backups_are_listed_by_store_scale_and_engine(command: Command, fleet: FakeFleet) -> None:
    fleet.stored += [make_test_backup("0042/07"), make_test_backup("0042/08"), make_test_backup("0043/01")]

    def get_names(*options: str) -> list[str]:
        return [f"{each['store']}/{each['scale']}" for each in command("backups", *options, "--json").value]

    assert get_names() == ["0042/07", "0042/08", "0043/01"]
    assert get_names("--store", "0042") == ["0042/07", "0042/08"]
    assert get_names("--scale", "0042/08") == ["0042/08"]
    assert get_names("list", "--engine", "9.9") == []
    assert "0042/07" in command("backups").out


def test_a_backup_is_downloaded_by_scale_or_digest(
    command: Command, fleet: FakeFleet, tmp_path: Path
) -> None:
    fleet.stored.append(make_test_backup("0042/07"))
    result = command("backups", "get", "0042/07", "--json")
    assert Path(tmp_path / result.value["file"]).read_bytes() == b"backup"
    assert Path(result.value["file"]).name.startswith("0042-07-20261128-")
    assert command("backups", "get", fleet.stored[0].digest[:8], "own.evo").status == 0
    assert (tmp_path / "own.evo").exists()
    assert command("backups", "get", "ffffff").status == 1


def test_files_are_put_listed_and_removed(command: Command, fleet: FakeFleet, tmp_path: Path) -> None:
    (tmp_path / "plu.csv").write_text("id,name\n")
    assert command("files", "put", "plu.csv", "--name", "autumn.csv").status == 0
    assert [each["name"] for each in command("files", "--json").value] == ["autumn.csv"]
    assert command("files", "remove", "none").status == 1
    assert command("files", "remove", "autumn.csv").status == 0
    assert "There are no files." in command("files").out


def test_events_are_shown_one_a_line(command: Command, fleet: FakeFleet) -> None:
    record = {"guesses": [], "guess": "001", "guess_name": "Apple", "choice": "002"}
    fleet.recorded = [
        FleetEvent(ScaleId("0042", "07"), "recognition", 1, NOW, {"data": record}),
        FleetEvent(ScaleId("0043", "01"), "connection_lost", 2, NOW, {"data": {"detail": "no route"}}),
    ]
    first, second = command("events").out.splitlines()
    assert "0042/07  recognition  001 Apple, confirmed 002" in first
    assert "0043/01  connection lost  no route" in second
    assert len(command("events", "--scale", "0042/07", "--json").json_lines) == 1
    assert len(command("events", "--kind", "connection_lost", "--json").json_lines) == 1
