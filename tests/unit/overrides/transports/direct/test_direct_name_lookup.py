"""A name lookup ends with the deadline of its call, also where the system's resolver hangs."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from vision_ai import UnreachableError, VisionAI
from vision_ai._transports.direct import name_lookup
from vision_ai._transports.direct.name_lookup import LookupTimeout, look_up

RESULT = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 9))
GUARD = 20.0


class Resolver:
    """Hangs at names until it is released. Numeric addresses pass."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.threads: list[threading.Thread] = []
        self.begun = threading.Semaphore(0)
        self.released = threading.Event()
        self._original = socket.getaddrinfo

    def getaddrinfo(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("flags", 0) & socket.AI_NUMERICHOST:
            return self._original(host, port, *args, **kwargs)
        self.asked.append(host)
        self.threads.append(threading.current_thread())
        self.begun.release()
        assert self.released.wait(GUARD)
        return [RESULT]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    resolver = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", resolver.getaddrinfo)
    yield resolver
    resolver.released.set()
    for thread in resolver.threads:
        thread.join(GUARD)


def test_a_call_ends_at_its_timeout_though_the_name_is_not_found(resolver: Resolver) -> None:
    with VisionAI("http://scale.test", timeout=0.1, retries=0) as module:
        started = time.monotonic()
        with pytest.raises(UnreachableError, match="name was not found in time"):
            module.get_calib()
        assert time.monotonic() - started < GUARD / 2  # the resolver would have taken longer


def test_a_name_is_looked_up_once_at_a_time(resolver: Resolver) -> None:
    for _ in range(3):
        with pytest.raises(LookupTimeout):
            look_up("scale.test", 80, 0.001)
    with pytest.raises(LookupTimeout):
        look_up("other.test", 80, 0.001)
    assert resolver.asked == ["scale.test", "other.test"]


def test_callers_of_one_name_share_its_answer(resolver: Resolver) -> None:
    with pytest.raises(LookupTimeout):
        look_up("scale.test", 80, 0.001)
    resolver.released.set()
    assert look_up("scale.test", 80, GUARD) == [RESULT]


def test_a_name_is_looked_up_anew_for_each_connection(resolver: Resolver) -> None:
    resolver.released.set()
    assert look_up("scale.test", 80, None) == look_up("scale.test", 80, None) == [RESULT]
    assert len(resolver.asked) == 2


def test_a_numeric_address_needs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_lookup, "look_up", lambda *_: pytest.fail("a name lookup"))
    for address in ("127.0.0.1:9", "[::1]:9"):
        with VisionAI(f"http://{address}", retries=0) as module, pytest.raises(UnreachableError):
            module.get_calib()


def test_without_threads_the_caller_looks_up_the_name(
    resolver: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    resolver.released.set()
    assert look_up("scale.test", 80, GUARD) == [RESULT]
    assert resolver.threads == [threading.current_thread()]
    resolver.threads.clear()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_child_process_looks_up_the_name_itself(resolver: Resolver) -> None:
    with pytest.raises(LookupTimeout):
        look_up("scale.test", 80, 0.001)
    assert resolver.begun.acquire(timeout=GUARD)
    child = os.fork()
    if child == 0:
        signal.alarm(int(GUARD))
        resolver.released = threading.Event()
        resolver.released.set()
        os._exit(0 if look_up("scale.test", 80, GUARD / 2) == [RESULT] else 1)
    assert os.waitpid(child, 0)[1] == 0
