"""The agent's own client of the module."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from vision_ai import Call, VisionAI
from vision_ai.transports import Transport

from .gateway import Caller, Gateway
from .settings import Api

T = TypeVar("T")
THREADS = 4
"""For a job, a call of a person, the inventory and the journal."""


class ModuleClient:
    """Calls a module in threads, since the SDK's client blocks.

    Args:
        gateway: Carries the calls.
        api: The version of the module's API.
        on_call: Called, in any thread, with what became of each call.
    """

    def __init__(self, gateway: Gateway, api: Api, on_call: Callable[[Call], None]) -> None:
        self.gateway = gateway
        self._api: Api = api
        self._on_call = on_call
        self._threads = ThreadPoolExecutor(THREADS, "vision-ai agent")
        self.sdk: VisionAI = self._make_sdk()

    @property
    def transport(self) -> Transport:
        """Carries requests after those of the till."""
        return self.gateway.open_transport(Caller.AGENT)

    def forget_version(self) -> None:
        """Find out the version of the module's API anew: its firmware has changed."""
        self.sdk = self._make_sdk()

    async def run(self, function: Callable[..., T], *arguments: Any, **more: Any) -> T:
        """Call a function that blocks, in a thread."""
        work = partial(function, *arguments, **more)
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        """Release the threads. The gateway, once closed, ends the calls under way."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _make_sdk(self) -> VisionAI:
        return VisionAI(self.gateway.base_url, transport=self.transport, api=self._api, on_call=self._on_call)
