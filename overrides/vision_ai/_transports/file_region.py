"""A part of a file in a request's body, which the kernel sends without copying it through Python."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

from .platform import MSG_NOSIGNAL, can_sendfile, pread, sendfile

STEP = 1024 * 1024
"""Bytes handed to the kernel at a time; progress is reported after each."""
READ_STEP = 256 * 1024
"""The same where the bytes have to be read."""
NOT_SUPPORTED = frozenset(
    {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOTSOCK, errno.ESPIPE}
)
"""sendfile() does not serve this file system or this file."""
CONNECTION_ERRORS = frozenset(
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
"""Errors of the connection; all others of sendfile() are the file's."""


class FileRegion:
    """`length` bytes of an open file from `offset`; the file's position is neither used nor moved.

    `report` is called with the number of bytes each time some were sent. An error of the file or of `report` is
    raised unchanged and kept in `failure`, so that it can be told apart from an error of the connection.
    """

    __slots__ = ("_fileno", "_read", "_report", "failure", "left", "length", "offset")

    def __init__(
        self, fileno: int, offset: int, length: int, report: Callable[[int], object] | None = None
    ) -> None:
        self._fileno = fileno
        self._report = report
        self._read = not can_sendfile()
        self.offset = offset
        self.length = length
        self.left = length
        self.failure: BaseException | None = None

    def send_some(self, to: socket.socket) -> int:
        """Send what a non-blocking socket accepts: the bytes sent.

        Raises:
            BlockingIOError: the socket accepts none now.
        """
        try:
            sent = self._send_read(to) if self._read else self._send_file(to)
        except BlockingIOError:
            raise
        except OSError as error:
            if error.errno in NOT_SUPPORTED and not self._read:
                self._read = True
                return self.send_some(to)
            if error.errno not in CONNECTION_ERRORS:
                self.failure = error
            raise
        if sent == 0:
            self.failure = OSError("the file became shorter while it was sent")
            raise self.failure
        self.offset += sent
        self.left -= sent
        return sent

    def report(self, sent: int) -> None:
        """Report progress."""
        if self._report is None:
            return
        try:
            self._report(sent)
        except BaseException as error:
            self.failure = error
            raise

    def _send_file(self, to: socket.socket) -> int:
        return sendfile(to.fileno(), self._fileno, self.offset, min(self.left, STEP))

    def _send_read(self, to: socket.socket) -> int:
        data = pread(self._fileno, min(self.left, READ_STEP), self.offset)
        return to.send(data, MSG_NOSIGNAL) if data else 0
