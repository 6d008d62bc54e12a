"""Every file that the SDK writes is complete or not there; what is no regular file is written to as it is."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
import time
from collections.abc import Generator, Iterator
from io import BufferedWriter
from pathlib import Path
from typing import cast

from . import _file_lock
from ._runtime.forks import process
from .errors import InvalidAnswerError, InvalidInputError, VisionAIError

UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
"""Characters that some file system gives a meaning."""
RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(?:COM|LPT)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE
)
"""Names of devices on Windows, whatever their ending is: a stick is carried from one system to another."""
LONGEST_NAME = 200
"""Bytes; file systems end at 255, and a number may be added."""
LONGEST_SUFFIX = 20
"""Bytes of a name's last part that is kept when it has to be shortened."""
LONGEST_PATH = 8192
"""Characters of a name as the module has it; no file system has longer paths, and a URL must hold it."""
PART = ".part"
"""The end of a temporary name."""
IS_PART = re.compile(r"\..{1,40}\.[0-9a-f]{16}\.part", re.DOTALL).fullmatch
SHORTEST_AGE = 60.0
"""Seconds since its last change after which a temporary file may be a killed run's: its lock may be taken later than
it is made."""
LONGEST_TRANSFER = 24 * 3600.0
"""The same where the file system has no locks."""
MOST_LINKS = 40
"""Symbolic links in a row that a system follows."""
NEW_FILE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL  # never what somebody else has put there, a link included
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOINHERIT", 0)
)
_POSIX_FLAGS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"))
"""Windows has none of them."""
EXISTING_FILE = (
    os.O_WRONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
)


class PendingFile:
    """A file under a temporary name beside its target, until it is put in place."""

    def __init__(self, file: BufferedWriter, temporary: Path, target: Path) -> None:
        self._file = file
        self._temporary = temporary
        self._target = target
        self._complete = False
        self._generation = process.generation

    @property
    def inherited(self) -> bool:
        """Whether this process got it by a fork: the parent goes on writing it."""
        return self._generation != process.generation

    def write(self, data: bytes | memoryview) -> None:
        self._refuse_if_inherited()
        self._file.write(data)

    def sync(self) -> None:
        """Put what was written on the disk, not only in its cache."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def finish(self) -> None:
        """Put everything on the disk, and close the file."""
        if self._complete:
            return
        self._refuse_if_inherited()
        self.sync()
        self._file.close()
        self._complete = True

    def discard(self) -> None:
        """Remove the file. In a child process, only close this process's end of it."""
        if self.inherited:
            self._file.raw.close()  # without what the buffer has, which the parent writes
            return
        with contextlib.suppress(OSError):  # closing writes what is left, and the disk may be full
            self._file.close()
        self._temporary.unlink(missing_ok=True)

    def put_in_place(self, *, replace: bool) -> Path:
        """Give the file its name: the target's, or one with a number where that is taken."""
        self._refuse_if_inherited()
        try:
            if replace:
                self._temporary.replace(self._target)
                path = self._target
            else:
                path = self._put_beside_others()
        except BaseException:
            self._temporary.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return path

    def _refuse_if_inherited(self) -> None:
        if self.inherited:
            raise VisionAIError(
                f"{self._target.name}: not written by this process, because it was forked during the transfer. The "
                "parent process goes on."
            )

    def _put_beside_others(self) -> Path:
        for candidate in _candidates(self._target):
            try:
                os.link(self._temporary, candidate)  # fails where the name is taken, in one step
            except FileExistsError:
                continue
            except OSError:
                # FAT, as on USB sticks, has no links.
                if candidate.exists():
                    continue
                self._temporary.replace(candidate)
                return candidate
            self._temporary.unlink()
            return candidate
        raise AssertionError("unreachable: the candidates do not end")


def _candidates(target: Path) -> Iterator[Path]:
    yield target
    number = 2
    while True:
        yield target.with_name(f"{target.stem}-{number}{target.suffix}")
        number += 1


@contextlib.contextmanager
def open_pending(
    folder: Path, name: str, *, like: os.stat_result | None = None, mode: int = 0o666
) -> Generator[PendingFile]:
    """Open a new file for a target of that name; it is removed when anything goes wrong, Ctrl-C too.

    Args:
        folder: Where it is to stand.
        name: Its name.
        like: The file that it replaces, whose mode and owner it gets.
        mode: Its mode where it replaces none; the process's mask applies.
    """
    temporary = folder / f".{name[:40]}.{os.urandom(8).hex()}{PART}"
    pending: PendingFile | None = None
    try:
        # Unreadable for others until it has the mode of the file that it replaces.
        number = os.open(temporary, NEW_FILE, 0o600 if like is not None else mode)
        pending = PendingFile(os.fdopen(number, "wb"), temporary, folder / name)
        _file_lock.try_lock(number)
        if like is not None:
            _adopt(number, like, folder / name)
        yield pending
        pending.finish()
    except BaseException:
        if pending is not None:
            pending.discard()
        else:
            temporary.unlink(missing_ok=True)
        raise


def _adopt(number: int, like: os.stat_result, original: Path) -> None:
    """Give an open file the owner, the mode and the attributes of another one, as far as this user may."""
    permissions = stat.S_IMODE(like.st_mode)
    if sys.platform != "win32" and hasattr(os, "fchown"):
        try:
            os.fchown(number, like.st_uid, like.st_gid)
        except OSError:
            permissions &= 0o777
    if sys.platform != "win32" and hasattr(os, "fchmod"):
        with contextlib.suppress(OSError):
            os.fchmod(number, permissions)
    if sys.platform == "linux" and hasattr(os, "listxattr"):  # access control lists, for example
        with contextlib.suppress(OSError):
            for name in os.listxattr(original):
                os.setxattr(number, name, os.getxattr(original, name))


def save_file(path: str | os.PathLike[str], data: bytes | bytearray | memoryview) -> Path:
    """Write a file: complete or not at all, also when the disk is full or the computer is switched off.

    An existing regular file is replaced in one step and keeps its mode and owner; a symbolic link is followed. A
    device, a pipe or a terminal is written to as it is.

    Returns:
        The path.

    Raises:
        OSError: it cannot be written; an existing file is unchanged.
    """
    target = Path(path)
    real, status = _find_target(target)
    if real is None:
        _write_as_it_is(target, data)
        return target
    with open_pending(real.parent, real.name, like=status) as file:
        file.write(data if isinstance(data, bytes) else memoryview(data))
    file.put_in_place(replace=True)
    return target


def _find_target(path: Path) -> tuple[Path | None, os.stat_result | None]:
    """Return where a regular file stands or is to stand, and its status. None for what is no regular file."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return Path(os.path.realpath(path)), None  # also the target of a link that leads nowhere yet
    if not stat.S_ISREG(status.st_mode) or _is_open_file(path):
        return None, status
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return Path(os.path.realpath(path)), status


def _is_open_file(path: Path) -> bool:
    """Whether a path names a file that a process has open, as /dev/stdout does."""
    for _ in range(MOST_LINKS):
        folder = os.path.realpath(path.parent)
        if folder.startswith(("/proc/", "/dev/fd")):
            return True
        if not path.is_symlink():
            return False
        path = Path(folder, path.readlink())
    return False


def _write_as_it_is(path: Path, data: bytes | bytearray | memoryview) -> None:
    """Write to something that exists: a device, a pipe, a terminal. A folder raises what Python raises for one."""
    number = os.open(path, EXISTING_FILE)
    with os.fdopen(number, "wb") as file:
        if stat.S_ISREG(os.fstat(number).st_mode):
            file.truncate(0)
        file.write(data)


def remove_stale_parts(folder: Path) -> None:
    """Remove what killed runs left in a folder: files that were never put in place and that nobody writes."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if IS_PART(entry.name):
                with contextlib.suppress(OSError):
                    _remove_if_stale(Path(entry.path), entry.stat(follow_symlinks=False))


def _remove_if_stale(path: Path, status: os.stat_result) -> None:
    age = time.time() - status.st_mtime
    if not stat.S_ISREG(status.st_mode) or age < SHORTEST_AGE:
        return
    if _file_lock.fcntl is None:
        path.unlink()  # Windows refuses that for a file that a program has open
        return
    number = os.open(path, os.O_RDWR | _POSIX_FLAGS)
    try:
        # A file system without locks cannot tell whether a run still writes: then only age does.
        locked = _file_lock.try_lock(number)
        if locked or (locked is None and age > LONGEST_TRANSFER):
            path.unlink()
    finally:
        os.close(number)


def _sync_folder(folder: Path) -> None:
    """Put a folder's entries on the disk, where the system can: otherwise a new name may be lost with the power."""
    directory: int | None = getattr(os, "O_DIRECTORY", None)
    if directory is None:  # Windows
        return
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY | directory)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def check_folder(folder: str | os.PathLike[str]) -> Path:
    """Return a folder that can be written in, without what killed runs left there.

    Raise what Python raises for any other path.
    """
    import tempfile  # not needed by programs that make no backups

    if not isinstance(cast(object, folder), str | os.PathLike):
        raise InvalidInputError(f"folder must be a path, not {folder!r}")
    path = Path(folder)
    if not path.is_dir():
        kind = errno.ENOTDIR if path.exists() else errno.ENOENT
        raise OSError(kind, f"{os.strerror(kind)} (make the folder first)", str(path))
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise OSError(error.errno, f"cannot write in this folder: {error.strerror}", str(path)) from None
    remove_stale_parts(path)
    return path


def to_local_name(filename: str) -> str:
    """Return the module's name for a file as a name within a local folder, never outside it.

    Raises:
        InvalidAnswerError: nothing usable is left of the name.
    """
    name = make_local_name(filename) if len(filename) <= LONGEST_PATH else ""
    if not name:
        raise InvalidAnswerError(f"the module names its backup {filename[:60]!r}: no file can have that name")
    return name


def make_local_name(path: str) -> str:
    """Return the last part of a path of any system as a name that every file system takes; "" where that cannot be.

    With a number behind it, it is still not too long.
    """
    last = re.split(r"[/\\]", path)[-1]
    name = UNSAFE.sub("_", last).strip(" .")
    if not _is_unicode(name):
        return ""
    if RESERVED.match(name):
        name = f"_{name}"
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    ending = _shorten(dot + suffix, LONGEST_SUFFIX) if dot else ""
    shortened = _shorten(stem if dot else name, LONGEST_NAME - len(ending.encode())) + ending
    return shortened.rstrip(" .")  # Windows removes these


def _shorten(text: str, most: int) -> str:
    """Return as many characters as fit in that many bytes of UTF-8."""
    return text.encode()[:most].decode(errors="ignore")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
