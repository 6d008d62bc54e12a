"""Read what the tabs show from the module, one request at a time, and notice when the module comes or goes.

What lies on the pan is watched by recognition.py.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from vision_ai import AsyncVisionAI, VisionAIError
from vision_ai_generated.operation import Version

from .errors import CONNECTION_ERRORS, describe_error
from .hub import PICTURE, ConnectionHub

logger = logging.getLogger(__name__)

REQUEST_TIMEOUT = 5.0
"""Seconds for one request."""
PRESENCE_TIMEOUT = 2.5
"""Seconds within which a module that is present returns its device information."""
LIVE_INTERVAL = 0.5
"""Seconds between two pictures, and between two recognitions: a till may be selling with the same module."""
SLOW_INTERVAL = 5.0
"""Seconds between two requests for what seldom changes. After an action, it is read at once."""
LOAD_WINDOW = 5.0
"""Seconds over which the requests are counted that the page causes."""
TICK = 0.05
"""Seconds between two checks for sections that are due."""
RETRY_INTERVAL = 1.0
"""Seconds between two attempts to reach a module that is gone."""


class Query(NamedTuple):
    interval: float
    """Seconds between two requests."""
    read: Callable[[], Awaitable[Any]]
    versions: tuple[Version, ...] = ("v1", "v2")
    """The versions of the API that have the section."""


class ModulePoller:
    """Reads the sections of the hub's state from the module, for all tabs together."""

    def __init__(self, module: AsyncVisionAI, url: str, hub: ConnectionHub, lock: asyncio.Lock) -> None:
        """`lock` is held during each request to the module."""
        self._module = module.with_options(timeout=REQUEST_TIMEOUT, retries=1)
        self._presence = module.with_options(timeout=PRESENCE_TIMEOUT, retries=1)
        self._url = url
        self._hub = hub
        self._lock = lock
        self._due: dict[str, float] = {}
        self._errors: dict[str, Any] = {}
        self._requests: deque[float] = deque()
        self._queries = {
            "device": Query(SLOW_INTERVAL, self._read_device),
            PICTURE: Query(LIVE_INTERVAL, self._read_picture),
            "calib": Query(SLOW_INTERVAL, self._read_calib, ("v1",)),
            "learnmode": Query(SLOW_INTERVAL, self._read_learnmode, ("v1",)),
            "items": Query(SLOW_INTERVAL, self._read_items),
            "pending": Query(SLOW_INTERVAL, self._read_pending, ("v1",)),
        }
        hub.publish("link", {"state": "connecting", "url": url})
        hub.publish("load", 0)

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            await self._hub.wait_for_subscriptions()
            self._publish_load()
            if not self._is_connected:
                await self._poll("device")
                await asyncio.sleep(0 if self._is_connected else RETRY_INTERVAL)
                continue
            for section in self._queries:
                if self._is_connected and self._is_due(section):
                    await self._poll(section)
            await asyncio.sleep(TICK)

    def schedule(self, *sections: str) -> None:
        """Read these sections again at once; without arguments, all of them."""
        for each in sections or tuple(self._queries):
            self._due.pop(each, None)

    async def read_now(self, *sections: str) -> None:
        """Read these sections, as far as the module's API has them. The caller holds the lock."""
        for each in sections:
            if self._has_section(each):
                await self._read(each)

    @property
    def _is_connected(self) -> bool:
        return self._hub.state["link"]["state"] == "connected"

    def _is_due(self, section: str) -> bool:
        if not self._has_section(section):
            return False
        is_wanted = section == "device" or self._hub.is_wanted(section)
        return is_wanted and time.monotonic() >= self._due.get(section, 0.0)

    def _has_section(self, section: str) -> bool:
        version = self._module.api_version
        return version is None or version in self._queries[section].versions

    async def _poll(self, section: str) -> None:
        async with self._lock:
            await self._read(section)

    async def _read(self, section: str) -> None:
        query = self._queries[section]
        self.count_request()
        try:
            value = await query.read()
        except CONNECTION_ERRORS as error:
            self._handle_connection_error(section, error)
        except VisionAIError as error:
            self.set_error(section, describe_error(error))
        except Exception as error:  # noqa: BLE001  # a defect in one section must not end the polling of all
            self._handle_defect(section, error)
        else:
            self.set_error(section, None)
            if section != PICTURE:
                self._hub.publish(section, value)
            if section == "device":
                self._handle_presence()
        self._due[section] = time.monotonic() + query.interval

    def count_request(self) -> None:
        """Count a request to the module that the tabs cause."""
        self._requests.append(time.monotonic())

    def _publish_load(self) -> None:
        """Publish how many requests a second the tabs cause, as a whole number that does not flicker."""
        start = time.monotonic() - LOAD_WINDOW
        while self._requests and self._requests[0] < start:
            self._requests.popleft()
        self._hub.publish("load", round(len(self._requests) / LOAD_WINDOW))

    def _handle_connection_error(self, section: str, error: VisionAIError) -> None:
        if section == "device":
            link = {"state": "unreachable", "url": self._url, "failure": describe_error(error)}
            self._hub.publish("link", link)
        else:  # only this response is lost, or the module is gone: the next request shows which
            self.set_error(section, describe_error(error))
            self.schedule("device")

    def _handle_defect(self, section: str, error: Exception) -> None:
        failure = describe_error(error)
        if self._errors.get(section) != failure:  # once, not with every request
            logger.error("the console cannot read %r from the module", section, exc_info=error)
        self.set_error(section, failure)
        if section == "device":
            self._hub.publish("link", {"state": "unreachable", "url": self._url, "failure": failure})

    def _handle_presence(self) -> None:
        if not self._is_connected:
            self.schedule()
            self._hub.publish("link", {"state": "connected", "url": self._url})

    def set_error(self, section: str, error: dict[str, Any] | None) -> None:
        """Publish why a section cannot be read; None: it can."""
        errors = {each: data for each, data in self._errors.items() if each != section}
        self._errors = errors if error is None else errors | {section: error}
        self._hub.publish("errors", self._errors)

    async def _read_device(self) -> dict[str, Any]:
        info = (await self._presence.get_device_info()).to_dict()
        self._publish_version()
        return info

    def _publish_version(self) -> None:
        """Publish the version of the API, and forget what the module does not report any more."""
        version = self._module.api_version
        if version == self._hub.state.get("api"):
            return
        for section in self._queries:
            if not self._has_section(section):
                self.set_error(section, None)
                self._hub.publish(section, None)
        self._hub.publish("api", version)

    async def _read_picture(self) -> None:
        self._hub.publish_picture(await self._module.get_image())

    async def _read_calib(self) -> dict[str, Any]:
        return (await self._module.get_calib()).to_dict()

    async def _read_learnmode(self) -> dict[str, Any]:
        return (await self._module.get_learnmode()).to_dict()

    async def _read_items(self) -> list[dict[str, Any]]:
        return [item.to_dict() for item in await self._module.get_item_list()]

    async def _read_pending(self) -> list[dict[str, Any]]:
        return [entry.to_dict() for entry in await self._module.get_registered_item_list()]
