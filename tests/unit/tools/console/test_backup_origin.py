"""Which module a backup is of: noted beside it, else in its name, and never of a file that was replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from vision_ai import DeviceInfo
from vision_ai_tools.console.backup_origin import find_origin, make_origin_path, save_origin
from vision_ai_tools.console.backup_store import BackupStore
from vision_ai_tools.console.errors import ConsoleError

INFO = DeviceInfo.from_dict({"sn": "12345678", "engine": "9.5.0", "firmware": "9.9.4.2"})
KNOWN = {"sn": "12345678", "engine": "9.5.0", "firmware": "9.9.4.2"}


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    file = tmp_path / "backup.evo"
    file.write_bytes(b"\0a backup")
    return file


def test_the_note_is_no_backup_of_the_list(backup: Path) -> None:
    save_origin(backup, INFO)
    (listed,) = BackupStore(backup.parent).list_files()
    assert listed.items() >= {"name": "backup.evo", "is_backup": True, **KNOWN}.items()


def test_a_note_is_not_about_a_file_that_replaced_the_backup(backup: Path) -> None:
    save_origin(backup, INFO)
    assert find_origin(backup, backup.stat().st_size) == KNOWN
    assert find_origin(backup, backup.stat().st_size + 1) == {}


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("12345678-20261128-134520.evo", {"sn": "12345678"}),
        ("A-1-20261128-134520-2.evo", {"sn": "A-1"}),
        ("pears.evo", {}),
        ("-20261128-134520.evo", {}),
        ("20261128-134520.evo", {}),
    ],
)
def test_without_a_note_the_name_has_the_serial_number(tmp_path: Path, name: str, origin: object) -> None:
    assert find_origin(tmp_path / name, 9) == origin


@pytest.mark.parametrize("note", [b"", b"[1]", b'{"size": 9}', b'{"size": 9, "sn": 1}', b"{" * 5000, b"\xff"])
def test_a_damaged_note_is_none(backup: Path, note: bytes) -> None:
    make_origin_path(backup).write_bytes(note)
    assert find_origin(backup, 9) == {}


def test_a_deleted_backup_leaves_nothing(backup: Path) -> None:
    save_origin(backup, INFO)
    store = BackupStore(backup.parent)
    store.delete("backup.evo")
    assert list(backup.parent.iterdir()) == []
    for name in ("backup.evo", ".backup.evo.json", "..", "../x"):
        with pytest.raises(ConsoleError):
            store.delete(name)


def test_what_is_plainly_no_backup_is_not_found_as_one(backup: Path) -> None:
    (backup.parent / "page.evo").write_bytes(b"<!doctype html>" + b" " * 9000)
    store = BackupStore(backup.parent)
    assert {each["name"]: each["is_backup"] for each in store.list_files()} == {
        "backup.evo": True,
        "page.evo": False,
    }
    assert store.find_backup("backup.evo") == backup
    with pytest.raises(ConsoleError) as caught:
        store.find_backup("page.evo")
    assert caught.value.data == {"kind": "no_backup", "name": "page.evo"}
