"""All the waiting of a client, once without and once with an event loop.

Everything above this module is written once, as coroutines. `SyncWire` never suspends them, so `run` can
drive them to their end in an ordinary call; `AsyncWire` really awaits. The two differ in nothing else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from ._deadline import Deadline
from ._http import (
    NOT_SENT,
    AsyncBaseTransport,
    BaseTransport,
    HTTPError,
    Request,
    Response,
    StreamError,
    TimeoutException,
)
from .errors import AnswerLostError, AnswerTimeoutError, UnreachableError, VisionAIError

if TYPE_CHECKING:
    import anyio

P = ParamSpec("P")
T = TypeVar("T")

CONNECT_SHARE = 0.9
"""Of the time left: so that a connection that never comes up is told from an answer that never comes."""


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine over a `SyncWire`, which never waits for an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise RuntimeError("a synchronous call tried to wait for an event loop")


class Wire(Protocol):
    """What the core needs of the world."""

    def turn(self, until: Deadline) -> AbstractAsyncContextManager[None]:
        """One request at a time: entered when it is this caller's turn."""
        ...

    def limit(self, until: Deadline) -> AbstractAsyncContextManager[None]:
        """Ends what is done in it when time is up, where that is possible."""
        ...

    async def send(self, request: Request) -> Response:
        """Sends the request and reads the answer's head."""
        ...

    def chunks(self, response: Response) -> AsyncGenerator[bytes]:
        """The answer's body."""
        ...

    def shield(self) -> AbstractAsyncContextManager[None]:
        """What is done in it is done to its end, also after a cancellation."""
        ...

    async def discard(self, response: Response) -> None:
        """Gives the answer up, read or not."""
        ...

    async def sleep(self, seconds: float) -> None: ...

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs what may block for long (a slow disk), beside the event loop where there is one."""
        ...

    async def close(self) -> None: ...


def timeouts(until: Deadline, stall: float) -> dict[str, float]:
    """httpx's timeouts for a call with that deadline in which nothing may stand still longer than `stall`."""
    left = until.left
    each = max(stall if left is None else min(left, stall), 0.001)
    return {"connect": each * CONNECT_SHARE, "read": each, "write": each, "pool": each * CONNECT_SHARE}


def _busy(until: Deadline) -> UnreachableError:
    return UnreachableError(
        f"not sent: another call of this client was still under way after {until.elapsed:.3g} s. "
        "A module is asked one thing at a time; give the call more time, or wait for the other one."
    )


NESTED = (
    "a call from inside another one of the same client, perhaps from a progress callback during a transfer: "
    "make it after the transfer"
)


class SyncWire:
    """For ordinary programs and threads."""

    def __init__(self, transport: BaseTransport) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self._owner: int | None = None

    @asynccontextmanager
    async def turn(self, until: Deadline) -> AsyncGenerator[None]:
        if self._owner == threading.get_ident():
            raise VisionAIError(NESTED)
        left = until.left
        if not self._lock.acquire(timeout=-1 if left is None else max(left, 0)):
            raise _busy(until)
        self._owner = threading.get_ident()
        try:
            yield
        finally:
            self._owner = None
            self._lock.release()

    @asynccontextmanager
    async def limit(self, until: Deadline) -> AsyncGenerator[None]:
        yield  # a blocking read cannot be ended from outside: the timeouts of each read have to do

    async def send(self, request: Request) -> Response:
        return self._transport.handle_request(request)

    async def chunks(self, response: Response) -> AsyncGenerator[bytes]:
        for chunk in response.iter_bytes():
            yield chunk

    @asynccontextmanager
    async def shield(self) -> AsyncGenerator[None]:
        yield

    async def discard(self, response: Response) -> None:
        response.close()

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)

    async def close(self) -> None:
        self._transport.close()


class AsyncWire:
    """For programs with an event loop: asyncio's or trio's."""

    def __init__(self, transport: AsyncBaseTransport) -> None:
        self._transport = transport
        self._lock: anyio.Lock | None = None

    @asynccontextmanager
    async def turn(self, until: Deadline) -> AsyncGenerator[None]:
        import anyio  # not needed by programs without an event loop

        if self._lock is None:
            self._lock = anyio.Lock()
        lock, acquired = self._lock, False
        with anyio.move_on_after(until.left):
            try:
                await lock.acquire()
            except RuntimeError:
                raise VisionAIError(NESTED) from None
            acquired = True
        if not acquired:
            raise _busy(until)
        try:
            yield
        finally:
            lock.release()

    @asynccontextmanager
    async def limit(self, until: Deadline) -> AsyncGenerator[None]:
        import anyio

        with anyio.fail_after(until.left):
            yield

    async def send(self, request: Request) -> Response:
        return await self._transport.handle_async_request(request)

    async def chunks(self, response: Response) -> AsyncGenerator[bytes]:
        async for chunk in response.aiter_bytes():
            yield chunk

    @asynccontextmanager
    async def shield(self) -> AsyncGenerator[None]:
        import anyio

        with anyio.CancelScope(shield=True):
            yield

    async def discard(self, response: Response) -> None:
        async with self.shield():  # also when it is given up because of a cancellation
            await response.aclose()

    async def sleep(self, seconds: float) -> None:
        import anyio

        await anyio.sleep(seconds)

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        import functools

        from anyio import to_thread

        return await to_thread.run_sync(functools.partial(function, *args, **kwargs))

    async def close(self) -> None:
        await self._transport.aclose()


@asynccontextmanager
async def failures_told(operation: str, until: Deadline, hint: str = "") -> AsyncGenerator[None]:
    """Nothing of httpx or the operating system's sockets gets past here."""
    try:
        yield
    except VisionAIError:
        raise
    except NOT_SENT as error:
        raise UnreachableError(
            f"{operation}: the module cannot be reached ({_reason(error)}).{hint}"
        ) from error
    except (TimeoutException, TimeoutError) as error:
        raise AnswerTimeoutError(
            f"{operation}: no whole answer within {until.elapsed:.3g} s. "
            "The module may have acted on the request."
        ) from error
    except (HTTPError, StreamError, OSError) as error:
        raise AnswerLostError(
            f"{operation}: the connection broke before the answer was whole ({_reason(error)}). "
            "The module may have acted on the request."
        ) from error


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
