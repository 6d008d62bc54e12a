"""Names of backups: what file systems accept, and what browsers can show and send back."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from shared_console import serve_console

from vision_ai_tools.console.backup_store import BackupStore
from vision_ai_tools.console.errors import ConsoleError


async def produce() -> AsyncIterator[bytes]:
    yield b"\0a backup"


def save(folder: Path, name: str) -> str:
    return asyncio.run(BackupStore(folder).save(name, produce()))


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("pears.evo", "pears.evo"),
        ("../../etc/passwd", "passwd"),
        (r"C:\fakepath\pears.evo", "pears.evo"),
        ("西瓜.evo", "西瓜.evo"),
        ("西" * 200 + ".evo", "西" * 65 + ".evo"),
        ("é" * 200, "é" * 100),
        ("a" * 300, "a" * 200),
        ("a." + "b" * 300, "a." + "b" * 19),
        ("\U0001f349" * 100 + ".evo", "\U0001f349" * 49 + ".evo"),
        ("a\ud800b.evo", "a\ufffdb.evo"),
        ("caf\udce9.evo", "caf_xe9.evo"),
        (" . ", "backup.evo"),
        ("", "backup.evo"),
        ("NUL", "_NUL"),
        ("con.evo", "_con.evo"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("console.evo", "console.evo"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_an_uploaded_name_fits_the_file_system(tmp_path: Path, name: str, saved: str) -> None:
    assert save(tmp_path, name) == saved
    assert len(os.fsencode(saved)) <= 255
    second = save(tmp_path, name)
    assert second != saved and len(os.fsencode(second)) <= 255
    assert Path(second).suffix == Path(saved).suffix or len(Path(saved).suffix) > 16
    assert {each.read_bytes() for each in tmp_path.iterdir()} == {b"\0a backup"}


def test_what_a_killed_upload_left_is_removed(tmp_path: Path) -> None:
    async def break_off() -> AsyncIterator[bytes]:
        yield b"\0half of a backup"
        [part] = tmp_path.glob(".*")
        killed.append(part.name)
        raise TimeoutError

    killed: list[str] = []
    with pytest.raises(TimeoutError):
        asyncio.run(BackupStore(tmp_path).save("pears.evo", break_off()))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / killed[0]).write_bytes(b"\0half of a backup")
    os.utime(tmp_path / killed[0], (0, 0))
    (tmp_path / ".other.part").write_bytes(b"another program's")
    BackupStore(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".other.part"]


def test_two_uploads_of_one_name_at_once_get_two_names(tmp_path: Path) -> None:
    async def save_both() -> list[str]:
        store = BackupStore(tmp_path)
        return list(
            await asyncio.gather(store.save("pears.evo", produce()), store.save("pears.evo", produce()))
        )

    assert sorted(asyncio.run(save_both())) == ["pears-2.evo", "pears.evo"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have Unicode file names only")
def test_a_file_name_that_is_not_utf8_is_listed_and_served(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.evo")).write_bytes(b"\0a backup")
    store = BackupStore(tmp_path)
    assert [each["name"] for each in store.list_files()] == ["caf\\xe9.evo"]
    assert store.find("caf\\xe9.evo").read_bytes() == b"\0a backup"
    with serve_console("emulator:", tmp_path) as console:
        response = httpx.get(f"{console.url}backups/caf%5Cxe9.evo", trust_env=False)
    assert (response.status_code, response.content) == (200, b"\0a backup")
    assert "caf%5Cxe9.evo" in response.headers["content-disposition"]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")
    (tmp_path / "broken.evo").symlink_to(tmp_path / "missing")
    (tmp_path / "folder.evo").mkdir()
    store = BackupStore(tmp_path)
    assert [each["name"] for each in store.list_files()] == ["a.evo"]
    for name in ("broken.evo", "folder.evo", ".", "..", "", "../a.evo"):
        with pytest.raises(ConsoleError):
            store.find(name)
