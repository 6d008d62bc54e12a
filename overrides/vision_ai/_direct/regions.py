"""Pieces of files in a request's body, which the kernel sends without their passing through Python."""

from __future__ import annotations

import errno
import os
import signal
import socket
from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

STEP = 1024 * 1024
"""Bytes handed to the kernel at a time; progress is told after each."""
READ_STEP = 256 * 1024
"""The same, where the bytes have to be read."""
NOT_BY_THE_KERNEL = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ESPIPE})
"""sendfile() is not for this file system, or this file."""
CONNECTION = frozenset(
    {
        errno.EPIPE,
        errno.ECONNRESET,
        errno.ECONNABORTED,
        errno.ENOTCONN,
        errno.ETIMEDOUT,
        errno.EHOSTUNREACH,
        errno.ENETUNREACH,
        errno.ENETDOWN,
        errno.EHOSTDOWN,
    }
)
"""The connection's errors; all others of sendfile() are the file's."""


class FileRegion:
    """`length` bytes of an open file from `offset`; its position is neither used nor moved.

    `progress` is called with the number of bytes each time some were sent. What goes wrong with the file, or
    in `progress`, is raised as it is, and kept in `failure`: to be told from the connection's troubles.
    """

    __slots__ = ("_fileno", "_progress", "_read", "failure", "left", "length", "offset")

    def __init__(
        self, fileno: int, offset: int, length: int, progress: Callable[[int], object] | None = None
    ) -> None:
        self._fileno = fileno
        self._progress = progress
        # sendfile() knows no MSG_NOSIGNAL, and a program may have chosen to end with SIGPIPE.
        self._read = signal.getsignal(signal.SIGPIPE) == signal.SIG_DFL
        self.offset = offset
        self.length = length
        self.left = length
        self.failure: BaseException | None = None

    def send_some(self, to: socket.socket) -> int:
        """Sends what a non-blocking socket takes: the bytes sent. BlockingIOError when it takes none."""
        try:
            sent = self._send_read(to) if self._read else self._send_whole(to)
        except BlockingIOError:
            raise
        except OSError as error:
            if error.errno in NOT_BY_THE_KERNEL and not self._read:
                self._read = True
                return self.send_some(to)
            if error.errno not in CONNECTION:
                self.failure = error
            raise
        if sent == 0:
            self.failure = OSError("the file became shorter while it was sent")
            raise self.failure
        self.offset += sent
        self.left -= sent
        return sent

    def tell(self, sent: int) -> None:
        """Reports progress."""
        if self._progress is None:
            return
        try:
            self._progress(sent)
        except BaseException as error:
            self.failure = error
            raise

    def _send_whole(self, to: socket.socket) -> int:
        return os.sendfile(to.fileno(), self._fileno, self.offset, min(self.left, STEP))

    def _send_read(self, to: socket.socket) -> int:
        data = os.pread(self._fileno, min(self.left, READ_STEP), self.offset)
        return to.send(data, socket.MSG_NOSIGNAL) if data else 0


@runtime_checkable
class Segmented(Protocol):
    """A request's stream that gives its body as bytes and regions of files, instead of being iterated."""

    def segments(self) -> Iterable[bytes | FileRegion]: ...
