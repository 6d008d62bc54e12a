"""What a pipeline needs beside a transport: waiting, threads, and the lock of its requests."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import ParamSpec, Protocol, TypeVar

from .locks import RequestLock

P = ParamSpec("P")
T = TypeVar("T")


class Runtime(Protocol):
    """The same for both clients; `SyncRuntime` never suspends."""

    @property
    def lock(self) -> RequestLock:
        """The lock of this client's requests."""
        ...

    @property
    def version_lock(self) -> RequestLock:
        """The lock under which the version of the API is found out."""
        ...

    def shield(self) -> AbstractAsyncContextManager[None]:
        """Complete what is done in it, also after a cancellation."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    async def yield_to_others(self) -> None:
        """Let other tasks run, and a cancellation take effect, in a loop that may never wait."""
        ...

    async def run_blocking(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what may block for long (a slow disk), beside the event loop where there is one."""
        ...
