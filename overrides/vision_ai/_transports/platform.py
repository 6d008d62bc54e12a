"""What an operating system may lack. Everything is looked up by its name, so that this module can be imported
everywhere.

Windows lacks the most. macOS lacks SO_BINDTODEVICE and, in some builds of Python, MSG_NOSIGNAL. eventlet removes
`select.poll`, and boards without a wheel of httptools have no fast parser.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import sys
from typing import Any, Protocol

from ..errors import InvalidInputError

MSG_NOSIGNAL: int = getattr(socket, "MSG_NOSIGNAL", 0)
"""Flag of send(): a broken connection is an error, and no signal."""
NO_SIGPIPE: int | None = getattr(socket, "SO_NOSIGPIPE", 0x1022 if sys.platform == "darwin" else None)
"""The same as an option of a socket. Python does not have macOS's constant."""
IN_PROGRESS: frozenset[int] = frozenset(
    {errno.EINPROGRESS, getattr(errno, "WSAEWOULDBLOCK", errno.EINPROGRESS)}
)
"""What connect_ex() returns while a connection is being made."""
POLLIN: int = getattr(select, "POLLIN", 1)
POLLOUT: int = getattr(select, "POLLOUT", 4)
LONGEST_SOCKET_PATH = 107 if sys.platform == "linux" else 103
"""Bytes of a Unix socket's path."""
OLDEST_HTTPTOOLS = (0, 6, 4)
"""Older ones let responses through that are not valid HTTP."""


class Poll(Protocol):
    """An object of `select.poll`."""

    def register(self, fd: socket.socket, eventmask: int, /) -> object: ...
    def poll(self, timeout: float | None = None, /) -> list[tuple[int, int]]: ...


def make_poll(opened: socket.socket, events: int) -> Poll:
    """Return a poll object for one socket."""
    poll: Poll = getattr(select, "poll")()  # noqa: B009  # typed for Linux only
    poll.register(opened, events)
    return poll


def explain_missing_direct() -> str | None:
    """Return why the direct transport cannot run here; None where it can.

    What is missing may change until the first client is made: eventlet takes `select.poll` away when a program asks.
    """
    if sys.platform == "win32":
        return "the direct transport does not run on Windows"
    if not hasattr(select, "poll"):
        return "select.poll is missing"
    version = _read_httptools_version()
    if version is None:
        return "httptools is not installed"
    if version < OLDEST_HTTPTOOLS:
        return f"httptools is older than {'.'.join(map(str, OLDEST_HTTPTOOLS))}"
    return None


def _read_httptools_version() -> tuple[int, ...] | None:
    try:
        import httptools
    except ImportError:
        return None
    text: object = getattr(httptools, "__version__", "")
    digits = "".join(each if each.isdigit() else " " for each in str(text)).split()
    return tuple(map(int, digits[:3]))


def require_unix_family() -> int:
    """Return the address family of Unix sockets.

    Raises:
        InvalidInputError: Python has none on this platform.
    """
    family: int | None = getattr(socket, "AF_UNIX", None)
    if family is None:
        raise InvalidInputError("unix: needs Unix sockets, which Python does not have on this platform")
    return int(family)


def interface_option(interface: str) -> tuple[int, int, bytes]:
    """Return the socket option that sends everything through one network interface.

    Raises:
        InvalidInputError: this platform has no such option.
    """
    option: int | None = getattr(socket, "SO_BINDTODEVICE", None)
    if option is None:
        raise InvalidInputError(
            "interface needs Linux (SO_BINDTODEVICE); give local_address, the address of that interface, instead"
        )
    return socket.SOL_SOCKET, option, os.fsencode(interface) + b"\0"


def can_sendfile() -> bool:
    """Whether sendfile() exists, and raises no signal where the connection is broken.

    It knows no MSG_NOSIGNAL, and a program may have chosen to end with SIGPIPE.
    """
    import signal  # seldom needed

    pipe: Any = getattr(signal, "SIGPIPE", None)
    return hasattr(os, "sendfile") and (pipe is None or signal.getsignal(pipe) != signal.SIG_DFL)


def sendfile(target: int, source: int, offset: int, count: int) -> int:
    """Call `os.sendfile`."""
    send: Any = getattr(os, "sendfile")  # noqa: B009  # typed for Unix only
    return send(target, source, offset, count)


def pread(source: int, count: int, offset: int) -> bytes:
    """Read from a position of a file. Where `os.pread` is missing, the file's own position returns afterwards."""
    read: Any = getattr(os, "pread", None)
    if read is not None:
        return read(source, count, offset)
    position = os.lseek(source, 0, os.SEEK_CUR)
    try:
        os.lseek(source, offset, os.SEEK_SET)
        return os.read(source, count)
    finally:
        os.lseek(source, position, os.SEEK_SET)
