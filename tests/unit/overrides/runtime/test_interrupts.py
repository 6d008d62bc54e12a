"""Ctrl-C at any moment leaves neither a busy client nor an open socket."""

from __future__ import annotations

import gc
import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from samples import CALIB
from scripted_transport import success_response
from shared_socket_server import ok, respond, serve

from vision_ai import VisionAI

GOOD = success_response(CALIB).content

pytestmark = [
    # Where the interrupt comes between the making of a coroutine and its first step.
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
]


class Interruption(BaseException):
    """What the signal handler raises, as Python's own raises KeyboardInterrupt."""


class Interrupter:
    """Raises an exception in the main thread at random moments of a call, from a timer of the kernel."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0

    def __enter__(self) -> Interrupter:
        self._before = signal.signal(signal.SIGALRM, self._raise)
        # pytest would keep one that a destructor raised, and with it the frames of the call and their connection.
        self._hook_before, sys.unraisablehook = sys.unraisablehook, self._ignore
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._before)
        sys.unraisablehook = self._hook_before

    def _ignore(self, unraisable: sys.UnraisableHookArgs) -> None:
        if unraisable.exc_type is not Interruption:
            self._hook_before(unraisable)

    def _raise(self, *_: object) -> None:
        self.count += 1
        raise Interruption

    def interrupt(self, call: Any, longest: float) -> None:
        """Make a call, and interrupt it if it has not ended before."""
        try:
            try:
                signal.setitimer(signal.ITIMER_REAL, self.random.uniform(0.000_02, longest))
                call()
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except Interruption:
            pass


def open_sockets() -> int:
    """Count this process's sockets."""
    count = 0
    for link in Path("/proc/self/fd").iterdir():
        try:
            count += str(link.readlink()).startswith("socket:")
        except OSError:
            continue
    return count


@pytest.mark.parametrize("concurrency", [1, 3])
@pytest.mark.parametrize(
    "count", [pytest.param(100, id="some"), pytest.param(2000, marks=pytest.mark.slow, id="many")]
)
def test_an_interrupted_call_leaves_the_client_free(count: int, concurrency: int) -> None:
    with (
        serve(respond(ok(GOOD))) as server,
        VisionAI(server.url, retries=0, timeout=5, concurrency=concurrency) as module,
        Interrupter(seed=count) as interrupter,
    ):
        started = time.perf_counter()
        module.get_calib()
        longest = (time.perf_counter() - started) * 1.5
        while interrupter.count < count:
            interrupter.interrupt(module.get_calib, longest)
            assert not module._pipeline.runtime.lock._holders  # type: ignore[attr-defined]
        assert module.get_calib().left == 444
        transport: Any = module._pipeline.transport
        gc.collect()
        assert len(transport._connections.open) <= concurrency
        assert transport.idle == len(transport._connections.open)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts sockets in /proc")
def test_interrupted_calls_leave_no_socket() -> None:
    with serve(respond(ok(GOOD))) as server, Interrupter(seed=2) as interrupter:
        before = open_sockets()
        with VisionAI(server.url, retries=0, timeout=5) as module:
            while interrupter.count < 200:
                interrupter.interrupt(module.get_calib, 0.002)
        gc.collect()
        give_up = time.monotonic() + 10
        while open_sockets() > before and time.monotonic() < give_up:
            time.sleep(0.01)  # the server closes its ends
        assert open_sockets() <= before


def test_an_interrupted_caller_does_not_keep_waiting_threads_waiting() -> None:
    results: list[int] = []

    def work() -> None:
        for _ in range(30):
            results.append(module.with_options(timeout=10).get_calib().left)

    with (
        serve(respond(ok(GOOD))) as server,
        VisionAI(server.url, retries=0, timeout=10) as module,
        Interrupter(seed=5) as interrupter,
    ):
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            interrupter.interrupt(module.get_calib, 0.003)
        for thread in threads:
            thread.join()
    assert results == [444] * 90
