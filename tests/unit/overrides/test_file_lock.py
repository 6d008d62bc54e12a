"""One program at a time may write a file, on each system."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from vision_ai import _file_lock
from vision_ai._file_lock import LOCKED_BYTE, try_lock


def test_a_second_opener_is_locked_out(tmp_path: Path) -> None:
    path = tmp_path / "day.har"
    with path.open("ab") as first, path.open("ab") as other:
        assert try_lock(first.fileno()) is True
        assert try_lock(other.fileno()) is False
        first.close()
        assert try_lock(other.fileno()) is True


@pytest.mark.parametrize(
    ("error", "locked"),
    [
        (None, True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (OSError(errno.EDEADLK, "Resource deadlock avoided"), False),
        (OSError(0, "Error"), False),  # wine
        (OSError(errno.EINVAL, "Invalid argument"), None),  # a file system without locks
    ],
)
def test_on_windows_one_byte_is_locked(
    error: OSError | None, locked: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []

    def lock(number: int, mode: int, count: int) -> None:
        asked.append((file.tell(), count))
        if error is not None:
            raise error

    monkeypatch.setattr(_file_lock, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=lock, LK_NBLCK=2))
    with (tmp_path / "day.har").open("w+b", buffering=0) as file:
        file.write(b"{}")
        assert try_lock(file.fileno()) is locked
        assert file.tell() == 2
    assert asked == [(LOCKED_BYTE, 1)]


def test_a_system_without_locks_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_file_lock, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", None)
    with (tmp_path / "day.har").open("w+b") as file:
        assert try_lock(file.fileno()) is None
