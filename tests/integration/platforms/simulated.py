"""Runs a program in a Python that lacks what a platform lacks.

    python simulated.py PLATFORM program.py [ARGUMENT …]

The names are removed before anything that uses them is imported.
"""

from __future__ import annotations

import os
import runpy
import select
import signal
import sys
from collections.abc import Mapping
from types import ModuleType

PLATFORMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Windows": {
        "os": [
            "fchmod",
            "fork",
            "geteuid",
            "getpgid",
            "killpg",
            "O_CLOEXEC",
            "O_DIRECTORY",
            "O_NOFOLLOW",
            "O_NONBLOCK",
            "pread",
            "preadv",
            "pwrite",
            "register_at_fork",
            "sched_getaffinity",
            "sendfile",
            "setsid",
            "sysconf",
        ],
        "select": ["devpoll", "epoll", "kqueue", "poll", "POLLERR", "POLLHUP", "POLLIN", "POLLOUT"],
        "signal": [
            "pthread_sigmask",
            "SIG_BLOCK",
            "SIG_UNBLOCK",
            "SIGALRM",
            "SIGCHLD",
            "SIGHUP",
            "SIGKILL",
            "SIGPIPE",
            "SIGUSR1",
            "SIGUSR2",
            "setitimer",
            "sigwait",
            "sigpending",
        ],
        "socket": [
            "AF_NETLINK",
            "AF_PACKET",
            "AF_UNIX",
            "CMSG_SPACE",
            "MSG_DONTWAIT",
            "MSG_NOSIGNAL",
            "SO_BINDTODEVICE",
            "SO_PEERCRED",
            "SO_REUSEPORT",
            "TCP_CORK",
            "TCP_QUICKACK",
            "TCP_USER_TIMEOUT",
        ],
    },
    "macOS": {
        "os": [
            "O_TMPFILE",
            "sched_getaffinity",
            "sched_setaffinity",
            "memfd_create",
            "eventfd",
            "posix_fadvise",
        ],
        "select": ["epoll"],
        "signal": ["sigtimedwait", "sigwaitinfo", "SIGRTMIN"],
        "socket": [
            "AF_NETLINK",
            "AF_PACKET",
            "MSG_NOSIGNAL",
            "SO_BINDTODEVICE",
            "SO_PEERCRED",
            "TCP_CORK",
            "TCP_QUICKACK",
            "TCP_USER_TIMEOUT",
        ],
    },
    "eventlet": {"select": ["devpoll", "epoll", "kqueue", "poll"]},
    "without httptools": {},
}
"""Platform → module → the names that are missing there."""
MODULES: Mapping[str, tuple[str, ...]] = {
    # trio looks at what platform it is on while it is imported, and httpcore imports it where it is installed.
    "Windows": ("fcntl", "grp", "pwd", "resource", "termios", "trio", "tty"),
    "macOS": ("trio",),
    "without httptools": ("httptools",),
}
"""Platform → the modules that are missing there."""
PROACTOR = ("Windows",)
"""Platforms whose event loop has no readers, writers and signal handlers."""


def remove(names: tuple[str, ...] | list[str], module: ModuleType) -> None:
    """Remove names from a module."""
    for name in names:
        if hasattr(module, name):
            delattr(module, name)


def make_tcp_pair(*_: object) -> object:
    """Return a pair of connected sockets, as Python makes it where the system has none."""
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        first = socket.socket()
        first.connect(listener.getsockname())
        return first, listener.accept()[0]


def use_proactor_like_loop() -> None:
    """Make asyncio use an event loop without readers and writers."""
    import asyncio
    import warnings

    def make_refusal(name: str) -> object:
        def refuse(self: object, *arguments: object) -> object:
            # asyncio's selector loop uses its own public methods.
            if sys._getframe(1).f_globals["__name__"].startswith("asyncio."):
                return getattr(asyncio.SelectorEventLoop, name)(self, *arguments)
            raise NotImplementedError

        return refuse

    missing = [
        "add_reader",
        "remove_reader",
        "add_writer",
        "remove_writer",
        "add_signal_handler",
        "remove_signal_handler",
        "create_unix_connection",
        "create_unix_server",
    ]
    loop = type(
        "ProactorLikeEventLoop", (asyncio.SelectorEventLoop,), {each: make_refusal(each) for each in missing}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # policies, from Python 3.14 on
        policy = type("Policy", (asyncio.DefaultEventLoopPolicy,), {"_loop_factory": loop})()
        asyncio.set_event_loop_policy(policy)


def simulate(platform: str) -> None:
    """Remove what the platform lacks."""
    assert "selectors" not in sys.modules and "socket" not in sys.modules, "imported too early"
    names = PLATFORMS[platform]
    remove(names.get("select", ()), select)
    import socket

    remove(names.get("os", ()), os)
    remove(names.get("signal", ()), signal)
    remove(names.get("socket", ()), socket)
    for module in MODULES.get(platform, ()):
        sys.modules[module] = None  # type: ignore[assignment]  # importing it fails
    if not hasattr(socket, "AF_UNIX"):
        socket.socketpair = make_tcp_pair  # type: ignore[assignment]
    if platform in PROACTOR:
        use_proactor_like_loop()


if __name__ == "__main__":
    simulate(sys.argv[1])
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
