"""All the waiting of a client, once without and once with an event loop.

Everything above this module is written once, as coroutines. `SyncWire` never suspends them, so `run` can
drive them to their end in an ordinary call; `AsyncWire` really awaits. The two differ in nothing else.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from ._deadline import CONNECT_SHARE, Deadline
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
from ._message import Message, WholeAnswer
from ._turns import TaskTurns, ThreadTurns
from .errors import AnswerLostError, AnswerTimeoutError, UnreachableError, VisionAIError

P = ParamSpec("P")
T = TypeVar("T")

Enter = Callable[[Deadline], Coroutine[Any, Any, None]]


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine over a `SyncWire`, which never waits for an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise RuntimeError("a synchronous call tried to wait for an event loop")


class Incoming(Protocol):
    """An answer whose body is still to be read."""

    @property
    def status(self) -> int: ...

    @property
    def content_type(self) -> str: ...

    @property
    def length(self) -> int | None:
        """Bytes of the body, where the head tells."""
        ...

    async def read(self, view: memoryview) -> int:
        """Receives until `view` is full or the body ends: how many bytes, 0 at its end."""
        ...

    def close(self) -> None:
        """Gives the answer up, read or not."""
        ...


class Direct(Protocol):
    """A transport with a shorter way than httpx's requests and responses.

    For programs without an event loop, its coroutine never waits for one."""

    @property
    def answers_whole(self) -> bool:
        """Whether it serves the event loop that runs here, if one does."""
        ...

    async def ask(self, message: Message, until: Deadline, most: int) -> WholeAnswer:
        """The whole answer, or the first bytes of one that has more than `most`."""
        ...

    async def open(self, message: Message, until: Deadline) -> Incoming:
        """The answer, its body still to be read."""
        ...


class Wire(Protocol):
    """What the core needs of the world."""

    direct: Direct | None
    """The transport's shorter way, where it has one."""
    enter: Enter
    """Waits for this caller's turn."""
    leave: Callable[[], None]
    """Ends it."""

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


def direct(transport: object) -> Direct | None:
    # Of its own class: a wrapper that hands on all that it does not know must not be passed by.
    return cast(Direct, transport) if hasattr(type(transport), "answers_whole") else None


def timeouts(until: Deadline, stall: float) -> dict[str, float]:
    """httpx's timeouts for a call with that deadline in which nothing may stand still longer than `stall`."""
    left = until.left
    each = max(stall if left is None else min(left, stall), 0.001)
    return {"connect": each * CONNECT_SHARE, "read": each, "write": each, "pool": each * CONNECT_SHARE}


class SyncWire:
    """For ordinary programs and threads."""

    def __init__(self, transport: BaseTransport, at_once: int = 1) -> None:
        self._transport = transport
        turns = ThreadTurns(at_once)
        self.enter: Enter = turns.enter
        self.leave = turns.leave
        self.direct = direct(transport)

    @asynccontextmanager
    async def limit(self, until: Deadline) -> AsyncGenerator[None]:
        yield  # a blocking read cannot be ended from outside: the timeouts of each read have to do

    async def send(self, request: Request) -> Response:
        return self._transport.handle_request(request)

    async def chunks(self, response: Response) -> AsyncGenerator[bytes]:
        if response.is_stream_consumed:  # by an event hook of the http_client, for example
            yield response.content
            return
        body = response.iter_bytes() if "content-encoding" in response.headers else response.stream
        for chunk in cast("Iterable[bytes]", body):
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

    def __init__(self, transport: AsyncBaseTransport, at_once: int = 1) -> None:
        self._transport = transport
        turns = TaskTurns(at_once)
        self.enter: Enter = turns.enter
        self.leave = turns.leave
        self.direct = direct(transport)

    @asynccontextmanager
    async def limit(self, until: Deadline) -> AsyncGenerator[None]:
        import anyio

        with anyio.fail_after(until.left):
            yield

    async def send(self, request: Request) -> Response:
        return await self._transport.handle_async_request(request)

    async def chunks(self, response: Response) -> AsyncGenerator[bytes]:
        if response.is_stream_consumed:
            yield response.content
            return
        body = response.aiter_bytes() if "content-encoding" in response.headers else response.stream
        async for chunk in cast("AsyncIterable[bytes]", body):
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


FAILURES = (HTTPError, StreamError, OSError)
"""All that transports raise; TimeoutError is an OSError."""


def told(operation: str, until: Deadline, error: Exception, hint: str = "") -> VisionAIError:
    """What a transport's failure means for a call: nothing of httpx or of sockets gets past here."""
    if isinstance(error, NOT_SENT):
        return UnreachableError(f"{operation}: the module cannot be reached ({_reason(error)}).{hint}")
    if isinstance(error, TimeoutException | TimeoutError):
        return AnswerTimeoutError(
            f"{operation}: no whole answer within {until.elapsed:.3g} s. "
            "The module may have acted on the request."
        )
    return AnswerLostError(
        f"{operation}: the connection broke before the answer was whole ({_reason(error)}). "
        "The module may have acted on the request."
    )


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
