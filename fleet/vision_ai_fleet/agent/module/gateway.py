"""The one connection to the module.

A module is documented for one request at a time. The till, the agent and people all go through here: the till first,
and a long download of the agent makes room for it.
"""

from __future__ import annotations

import threading
import time
from enum import Enum

from vision_ai.transports import (
    ConnectError,
    Deadline,
    PoolTimeout,
    ReadError,
    Request,
    Response,
    Route,
    Transport,
    run_sync,
)


class Caller(Enum):
    """Who sends a request."""

    TILL = "till"
    AGENT = "agent"


class Gateway:
    """Lets one request at a time through to a module, until its response is closed.

    Args:
        route: Of the module, with a synchronous transport. It is closed with the gateway.
    """

    def __init__(self, route: Route) -> None:
        self.base_url = route.base_url
        self.interruptions = 0
        """How many downloads of the agent were broken off for the till."""
        self._transport = route.transport
        self._changed = threading.Condition()
        self._in_use = False
        self._waiting_tills = 0
        self._closed = False
        self._till_called_at = float("-inf")

    @property
    def till_waits(self) -> bool:
        """Whether a request of the till waits for another one."""
        return self._waiting_tills > 0

    @property
    def till_called_at(self) -> float:
        """When a call of the till last began or ended, on the monotonic clock; minus infinity for never."""
        return self._till_called_at

    def open_transport(self, caller: Caller) -> GatewayTransport:
        """Return a transport for one who calls the module. Closing it does nothing."""
        return GatewayTransport(self, caller)

    def close(self) -> None:
        """End the connection, and the calls that are under way. Calling it again does nothing."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        run_sync(self._transport.close())

    async def send(self, caller: Caller, request: Request, deadline: Deadline) -> Response:
        """Send a request as soon as no other one is under way."""
        self._acquire(caller, deadline)
        try:
            response = await self._transport.send(request, deadline)
        except BaseException:
            self.release(caller)
            raise
        gives_way = caller is Caller.AGENT and request.method == "GET" and request.exact_length
        return _GatewayResponse(response, self, caller, gives_way=gives_way)

    def _acquire(self, caller: Caller, deadline: Deadline) -> None:
        moment = deadline.next_moment
        timeout = None if moment is None else max(moment - time.monotonic(), 0.0)
        is_till = caller is Caller.TILL
        with self._changed:
            if is_till:
                self._waiting_tills += 1
                self._till_called_at = time.monotonic()
            try:
                free = self._changed.wait_for(
                    lambda: self._closed or (not self._in_use and (is_till or not self._waiting_tills)),
                    timeout,
                )
            finally:
                if is_till:
                    self._waiting_tills -= 1
                    self._changed.notify_all()  # an agent may have waited for this one alone
            if self._closed:
                raise ConnectError("the agent is being stopped")
            if not free:
                raise PoolTimeout("another call to the module did not end in time")
            self._in_use = True

    def release(self, caller: Caller) -> None:
        """Let the next request through. For the gateway's own responses."""
        with self._changed:
            self._in_use = False
            if caller is Caller.TILL:
                self._till_called_at = time.monotonic()
            self._changed.notify_all()


class GatewayTransport(Transport):
    """One caller's side of the gateway."""

    asynchronous = False

    def __init__(self, gateway: Gateway, caller: Caller) -> None:
        self._gateway = gateway
        self._caller = caller

    async def send(self, request: Request, deadline: Deadline) -> Response:
        return await self._gateway.send(self._caller, request, deadline)

    async def close(self) -> None:
        pass  # others use the gateway


class _GatewayResponse(Response):
    """A response that releases the module when its body was read, or when it is closed."""

    def __init__(self, response: Response, gateway: Gateway, caller: Caller, *, gives_way: bool) -> None:
        self.copy_head(response)
        self.length = response.length
        self._response = response
        self._gateway = gateway
        self._caller = caller
        self._gives_way = gives_way
        self._is_released = False

    @property
    def coded_size(self) -> int | None:
        return self._response.coded_size

    async def read(self, limit: int) -> bytes | bytearray:
        try:
            return await self._response.read(limit)
        finally:
            self._release()

    async def read_into(self, view: memoryview) -> int:
        if self._gives_way and self._gateway.till_waits:
            self._gateway.interruptions += 1
            await self.close()
            raise ReadError("the till needed the module")
        try:
            count = await self._response.read_into(view)
        except BaseException:
            self._release()
            raise
        if count == 0:
            self._release()
        return count

    async def close(self) -> None:
        try:
            await self._response.close()
        finally:
            self._release()

    def _release(self) -> None:
        if not self._is_released:
            self._is_released = True
            self._gateway.release(self._caller)
