"""All the waiting of a client, once without and once with an event loop.

Everything above this module is written once, as coroutines. `SyncWire` never suspends them, so `run` can
drive them to their end in an ordinary call; `AsyncWire` really awaits. The two differ in nothing else.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

from ._deadline import CONNECT_SHARE, Deadline
from ._failures import kinds
from ._message import Message, WholeAnswer
from ._settings import DEFAULT_URL
from ._turns import TaskTurns, ThreadTurns
from .errors import AnswerLostError, AnswerTimeoutError, UnreachableError, VisionAIError

if TYPE_CHECKING:
    from ._http import Request, Response

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
    """A way to the module that is shorter than httpx's requests and responses, and goes without httpx.

    For programs without an event loop, its coroutines never wait for one."""

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

    def presented(self) -> Any:
        """The same as an httpx transport, which is closed in place of this."""
        ...


class Wire(Protocol):
    """What the core needs of the world."""

    direct: Direct | None
    """The shorter way, where there is one."""
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


def direct(carrier: object) -> Direct | None:
    # Of its own class: a wrapper that hands on all that it does not know must not be passed by.
    return cast(Direct, carrier) if hasattr(type(carrier), "answers_whole") else None


def presented(carrier: object) -> Any:
    """A carrier as an httpx transport."""
    short = direct(carrier)
    return carrier if short is None else short.presented()


def timeouts(until: Deadline, stall: float) -> dict[str, float]:
    """httpx's timeouts for a call with that deadline in which nothing may stand still longer than `stall`."""
    left = until.left
    each = max(stall if left is None else min(left, stall), 0.001)
    return {"connect": each * CONNECT_SHARE, "read": each, "write": each, "pool": each * CONNECT_SHARE}


class SyncWire:
    """For ordinary programs and threads."""

    def __init__(self, carrier: object, at_once: int = 1) -> None:
        self._carrier: Any = carrier
        turns = ThreadTurns(at_once)
        self.enter: Enter = turns.enter
        self.leave = turns.leave
        self.direct = direct(carrier)

    @asynccontextmanager
    async def limit(self, until: Deadline) -> AsyncGenerator[None]:
        yield  # a blocking read cannot be ended from outside: the timeouts of each read have to do

    async def send(self, request: Request) -> Response:
        transport = self._carrier = presented(self._carrier)
        return transport.handle_request(request)

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
        self._carrier.close()


class AsyncWire:
    """For programs with an event loop: asyncio's or trio's."""

    def __init__(self, carrier: object, at_once: int = 1) -> None:
        self._carrier: Any = carrier
        turns = TaskTurns(at_once)
        self.enter: Enter = turns.enter
        self.leave = turns.leave
        self.direct = direct(carrier)

    @asynccontextmanager
    async def limit(self, until: Deadline) -> AsyncGenerator[None]:
        import anyio

        with anyio.fail_after(until.left):
            yield

    async def send(self, request: Request) -> Response:
        transport = self._carrier = presented(self._carrier)
        return await transport.handle_async_request(request)

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
        await self._carrier.aclose()


class Told:
    """What fails within it is told as the SDK's error: nothing of httpx or of sockets gets past here."""

    __slots__ = ("_address", "_operation", "_until")

    def __init__(self, operation: str, until: Deadline, address: str | None = None) -> None:
        """`address` is the module's, where it may be that it cannot be reached."""
        self._operation = operation
        self._until = until
        self._address = address

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, kinds.any) and not isinstance(error, VisionAIError):
            raise told(error, self._operation, self._until, self._address) from error


def told(error: Exception, operation: str, until: Deadline, address: str | None) -> VisionAIError:
    """What one of `kinds.any` means for a call."""
    if isinstance(error, kinds.not_sent):
        return UnreachableError(
            f"{operation}: the module cannot be reached ({_reason(error)}).{_hint(address)}"
        )
    if isinstance(error, kinds.not_in_time):
        return AnswerTimeoutError(
            f"{operation}: no whole answer within {until.elapsed:.3g} s. "
            "The module may have acted on the request."
        )
    return AnswerLostError(
        f"{operation}: the connection broke before the answer was whole ({_reason(error)}). "
        "The module may have acted on the request."
    )


def _hint(address: str | None) -> str:
    if address is None or address.removeprefix(DEFAULT_URL)[:1] not in ("", ":", "/"):
        return ""
    return " Is it switched on, and is this terminal's address on the USB network 172.22.0.7/24?"


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
