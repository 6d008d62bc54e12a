"""Saving: complete or not at all, a regular file stays what it is, and anything else is written to as it is."""

from __future__ import annotations

import errno
import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from samples import JPEG

from vision_ai import Image, Profile, _file_lock, _files
from vision_ai.files import save_file
from vision_ai_emulator import Emulator

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX files")
Save = Callable[[Path], object]

SAVERS: dict[str, Save] = {
    "picture": lambda path: Image(JPEG).save(path),
    "profile": lambda path: Profile(note="mine").save(path),
    "report": lambda path: save_file(path, b"a report"),
    "emulator": lambda path: Emulator().save(path),
}


@pytest.fixture(params=SAVERS)
def save(request: pytest.FixtureRequest) -> Save:
    return SAVERS[request.param]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@posix
def test_an_existing_file_keeps_its_mode_and_owner(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"before" * 100_000)
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 1234, 2345)
    before = path.stat()
    save(path)
    after = path.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert b"before" not in path.read_bytes()
    assert after.st_ino != before.st_ino  # replaced in one step
    assert names_in(tmp_path) == ["x"]


@posix
def test_a_new_file_has_the_mode_that_the_mask_leaves(save: Save, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        save(tmp_path / "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640


@posix
@pytest.mark.parametrize("exists", [True, False], ids=["to a file", "dangling"])
def test_a_link_is_followed(save: Save, tmp_path: Path, exists: bool) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "files").mkdir()
    target = tmp_path / "files" / "target"
    if exists:
        target.write_bytes(b"before")
    second = tmp_path / "files" / "second"
    second.symlink_to("target")
    link = tmp_path / "links" / "link"
    link.symlink_to("../files/second")
    save(link)
    assert link.is_symlink()
    assert second.is_symlink()
    assert target.stat().st_size > 0
    assert target.read_bytes() != b"before"
    assert names_in(tmp_path / "links") == ["link"]


@posix
def test_a_pipe_stays_a_pipe(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(path.read_bytes()))
    reader.start()
    save(path)
    reader.join(20)
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert received[0]
    assert names_in(tmp_path) == ["pipe"]


@posix
@pytest.mark.parametrize("linked", [False, True])
def test_a_device_stays_a_device(save: Save, tmp_path: Path, linked: bool) -> None:
    device = tmp_path / "device"
    try:
        os.mknod(device, stat.S_IFCHR | 0o600, os.makedev(1, 3))  # as /dev/null
        device.open("wb").close()
    except OSError:
        pytest.skip("this user may make no device nodes here")
    path = device
    if linked:
        path = tmp_path / "link"
        path.symlink_to("device")
    save(path)
    assert stat.S_ISCHR(device.stat().st_mode)
    assert device.stat().st_rdev == os.makedev(1, 3)
    assert path.is_symlink() is linked


@posix
def test_a_file_that_is_open_is_written_to_where_it_is_named_by_its_number(tmp_path: Path) -> None:
    with (tmp_path / "x").open("w+b") as file:
        file.write(b"before" * 1000)
        file.flush()
        path = Path(f"/proc/self/fd/{file.fileno()}")
        if not path.exists():
            pytest.skip("this system has no /proc")
        Image(JPEG).save(path)
        assert os.fstat(file.fileno()).st_ino == (tmp_path / "x").stat().st_ino
    assert (tmp_path / "x").read_bytes() == JPEG


def test_a_folder_is_an_error(save: Save, tmp_path: Path) -> None:
    with pytest.raises(OSError):
        save(tmp_path)
    assert names_in(tmp_path) == []


def test_a_folder_that_is_missing_is_an_error(save: Save, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save(tmp_path / "missing" / "x")


def test_a_full_disk_leaves_the_file_as_it_was(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "x").write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        save(tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"before"
    assert names_in(tmp_path) == ["x"]


@posix
def test_a_planted_link_is_not_followed(save: Save, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    for name in (".x.unfinished", ".x.part", ".x.new", "x.tmp"):
        (tmp_path / name).symlink_to(victim)
    save(tmp_path / "x")
    assert victim.read_bytes() == b"precious"


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"before")
    path.chmod(0o400)
    with pytest.raises(PermissionError):
        Image(JPEG).save(path)
    assert path.read_bytes() == b"before"


# What killed runs leave.


def age(path: Path, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def kill_a_run_in(folder: Path) -> Path:
    """Let a process end in the middle of a download; return what it left."""
    child = os.fork()
    if child == 0:
        with _files.open_pending(folder, "a.evo", mode=0o600) as file:
            file.write(b"half")
            file.sync()
            os._exit(9)
    os.waitpid(child, 0)
    (left,) = folder.iterdir()
    return left


@posix
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = kill_a_run_in(tmp_path)
    _files.check_folder(tmp_path)
    assert left.exists()  # a run that has just begun may not have its lock yet
    age(left, 3600)
    _files.check_folder(tmp_path)
    assert names_in(tmp_path) == []


@posix
def test_what_another_run_writes_is_kept(tmp_path: Path) -> None:
    with _files.open_pending(tmp_path, "a.evo") as file:
        file.write(b"half")
        file.sync()
        (temporary,) = tmp_path.iterdir()
        age(temporary, 10 * 24 * 3600)
        _files.check_folder(tmp_path)
        assert temporary.exists()
    assert file.put_in_place(replace=False).name == "a.evo"


@posix
@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        (".a.evo.0123456789abcdef.part", True),
        (".12345678-20261128-093000.evo.0123456789abcdef.part", True),
        ("a.evo.0123456789abcdef.part", False),
        (".a.evo.part", False),
        (".a.evo.0123456789abcdeg.part", False),
        ("film.part", False),
        (".a.evo.0123456789abcdef.part.bak", False),
    ],
)
def test_only_temporary_files_of_this_sdk_are_removed(tmp_path: Path, name: str, is_ours: bool) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    age(path, 3600)
    folder = tmp_path / ".folder.0123456789abcdef.part"
    folder.mkdir()
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    link = tmp_path / ".link.0123456789abcdef.part"
    link.symlink_to(victim)
    age(victim, 3600)
    _files.check_folder(tmp_path)
    assert path.exists() is not is_ours
    assert folder.exists()
    assert victim.read_bytes() == b"precious"


@pytest.mark.parametrize(("hours", "stays"), [(2, True), (48, False)])
def test_without_locks_only_age_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int, stays: bool
) -> None:
    class NoLocks:
        LOCK_EX = LOCK_NB = LOCK_SH = 0

        @staticmethod
        def flock(*_: object) -> None:
            raise OSError(errno.ENOLCK, "No locks available")

    path = tmp_path / ".a.evo.0123456789abcdef.part"
    path.write_bytes(b"x")
    age(path, hours * 3600)
    monkeypatch.setattr(_file_lock, "fcntl", NoLocks)
    _files.check_folder(tmp_path)
    assert path.exists() is stays
