"""Who may write a recording, on each system."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from vision_ai._transports.har.file_lock import LOCKED_BYTE, open_binary, try_lock


def test_a_second_program_may_not_write(tmp_path: Path) -> None:
    with open_binary(tmp_path / "day.har", 0o600) as first, open_binary(tmp_path / "day.har", 0o600) as other:
        assert try_lock(first)
        assert not try_lock(other)
        first.close()
        assert try_lock(other)


@pytest.mark.parametrize(
    ("error", "may_write"),
    [
        (None, True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (OSError(errno.EDEADLK, "Resource deadlock avoided"), False),
        (OSError(0, "Error"), False),  # wine
        (OSError(errno.EINVAL, "Invalid argument"), True),  # a file system without locks
    ],
)
def test_on_windows_one_byte_is_locked(
    error: OSError | None, may_write: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []

    def lock(number: int, mode: int, count: int) -> None:
        asked.append((file.tell(), count))
        if error is not None:
            raise error

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=lock, LK_NBLCK=2))
    with open_binary(tmp_path / "day.har", 0o600) as file:
        file.write(b"{}")
        assert try_lock(file) is may_write
        assert file.tell() == 2
    assert asked == [(LOCKED_BYTE, 1)]


def test_a_system_without_locks_lets_everybody_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("fcntl", "msvcrt"):
        monkeypatch.setitem(sys.modules, name, None)
    with open_binary(tmp_path / "day.har", 0o600) as file:
        assert try_lock(file)
