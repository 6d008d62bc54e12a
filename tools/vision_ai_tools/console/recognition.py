"""What lies on the pan, as the client's watch reports it: one event for each change, however many tabs show it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from vision_ai import (
    AsyncVisionAI,
    ConnectionLost,
    ConnectionRestored,
    Event,
    PanEmpty,
    RecognitionResult,
    Recognized,
    VisionAIError,
)

from .errors import describe_error
from .hub import ConnectionHub
from .poller import LIVE_INTERVAL, ModulePoller
from .safe_json import make_safe_text

logger = logging.getLogger(__name__)

SECTION = "result"
RESTART_PAUSE = 3.0
"""Seconds until the module is watched again after an error that does not pass by itself."""
MAX_RESULTS = 50
"""Number of recognitions that can still be confirmed."""


class RecognitionWatcher:
    """Publishes the section "result" while a tab shows it, and keeps the recognitions that can be confirmed."""

    def __init__(
        self, module: AsyncVisionAI, hub: ConnectionHub, poller: ModulePoller, is_busy: Callable[[], bool]
    ) -> None:
        """While `is_busy` returns true, the module is not asked."""
        self._module = module
        self._hub = hub
        self._poller = poller
        self._is_busy = is_busy
        self._results: OrderedDict[str, RecognitionResult] = OrderedDict()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                async for event in self._module.watch(every=LIVE_INTERVAL, when=self._may_ask):
                    self._handle_event(event)
            except VisionAIError as error:  # one that stays until somebody does something
                self._poller.set_error(SECTION, describe_error(error))
            except Exception as error:
                logger.exception("the console cannot watch the module")
                self._poller.set_error(SECTION, describe_error(error))
            await asyncio.sleep(RESTART_PAUSE)

    def find_result(self, sid: str) -> RecognitionResult | None:
        """Find a recent recognition."""
        return self._results.get(sid)

    async def recognize(self) -> str | None:
        """Recognize what lies on the pan once more, and return the number of the recognition, for `find_result`.

        Raises:
            VisionAIError: the module did not recognize.
        """
        result = await self._module.get_result()
        self._publish(result.to_dict())
        return self._keep(result)

    async def refresh(self) -> None:
        """Replace the recognition that the tabs show by a new one of the same product, if the module makes one."""
        with suppress(VisionAIError):
            await self.recognize()

    def _keep(self, result: RecognitionResult) -> str | None:
        """Keep a recognition so that it can be confirmed. Return its number; None where it has none."""
        if result.sid is None:
            return None
        sid = make_safe_text(result.sid)
        self._results[sid] = result
        while len(self._results) > MAX_RESULTS:
            self._results.popitem(last=False)
        return sid

    def _may_ask(self) -> bool:
        """Called before each question."""
        if self._hub.is_wanted(SECTION) and not self._is_busy():
            self._poller.count_request()
            return True
        self._hub.publish(SECTION, None)  # what lies on the pan may change meanwhile
        return False

    def _handle_event(self, event: Event) -> None:
        match event:
            case Recognized():
                self._keep(event.result)
                self._publish(event.result.to_dict())
            case PanEmpty():
                self._publish({"items": [], "sid": None})
            case ConnectionLost():
                self._poller.set_error(SECTION, describe_error(event.error))
                self._poller.schedule("device")
            case ConnectionRestored():
                self._poller.set_error(SECTION, None)
                self._poller.schedule("device")

    def _publish(self, value: dict[str, Any]) -> None:
        self._poller.set_error(SECTION, None)
        self._hub.publish(SECTION, value)
