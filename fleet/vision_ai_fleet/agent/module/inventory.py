"""What the module is, and how it is: the value of the bucket `inventory`."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    DeviceInfo,
    UnreachableError,
    VisionAI,
    VisionAIError,
    __version__,
)
from vision_ai.transports import PoolTimeout

from .health import Health
from .memory import API, CALIBRATION, DEVICE, ModuleMemory

T = TypeVar("T")
TIMEOUT = 5.0
"""Seconds of each question."""
FACTORY_STORE = "0000"
"""The store of a module that is not activated for one."""
MODULE_HOST = "172.22.0.6"
"""The address of a module on USB. Only there the cable is checked."""
SLOW_INTERVAL = 600.0
"""Seconds after which the camera, the number of products and the cable are looked at again."""
LINK_INTERVAL = 60.0
"""Seconds after which the cable of a module that does not respond is looked at again."""
LOST = (UnreachableError, AnswerTimeoutError, AnswerLostError)


class InventoryReader:
    """Reads a module's inventory. One thread at a time.

    Args:
        url: The module's.
        interface: The network interface that it is connected to; None for the only one.
        health: What calls have shown so far.
        memory: Has the last known device.
        is_busy: Whether the till is selling. Then only the device information is asked for.
    """

    def __init__(
        self,
        url: str,
        interface: str | None,
        health: Health,
        memory: ModuleMemory,
        is_busy: Callable[[], bool],
    ) -> None:
        self._is_on_usb = is_on_usb(url)
        self._interface = interface
        self._health = health
        self._memory = memory
        self._is_busy = is_busy
        self._items: int | None = None
        self._calibration: dict[str, Any] | None = None
        self._link: list[dict[str, str]] = []
        self._state: tuple[str, int | None] = ("unreachable", None)
        self._looked_at = self._link_checked_at = float("-inf")

    def read(self, module: VisionAI) -> dict[str, Any]:
        """Return the inventory. A module that does not respond is one of its states."""
        state, code, info = "ready", None, None
        client = module.with_options(timeout=TIMEOUT, retries=1)
        try:
            info = client.get_device_info()
        except LOST as error:
            state, code = self._state if _is_in_use(error) else ("unreachable", None)
        except DeviceError as error:
            state, code = "error", error.code
        except VisionAIError:
            state = "error"
        if info is not None:
            self._memory.set(DEVICE, info.to_dict())
            self._memory.set(API, module.api_version)
            self._look_closer(client, info)
            state, code = self._judge(info)
        else:
            self._check_link(LINK_INTERVAL)
        self._state = state, code
        device = self._memory.get_object(DEVICE)
        return {
            "device": device,
            "api": self._memory.get(API),
            "sdk": __version__,
            "python": platform.python_version(),
            "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
            "module": state,
            "code": code,
            "link": self._link,
            "reported": {"learn_mode": device.get("learnMode"), "calibration": self._calibration},
            "items": self._items,
            "time": time.time(),
        }

    def look_again(self) -> None:
        """Ask for everything the next time: something was changed."""
        self._looked_at = float("-inf")

    def _look_closer(self, module: VisionAI, info: DeviceInfo) -> None:
        """Ask for what changes seldom, while the till is quiet."""
        if self._is_busy() or time.monotonic() < self._looked_at + SLOW_INTERVAL:
            return
        self._looked_at = time.monotonic()
        self._check_link(0.0)
        area = _ask(module.get_calib)
        self._calibration = area.to_dict() if area is not None else self._memory.get(CALIBRATION)
        items = info.item_count if info.item_count is not None else _ask(module.get_item_list)
        self._items = len(items) if isinstance(items, list) else items
        _ask(module.get_image)  # `health` learns what becomes of it

    def _judge(self, info: DeviceInfo) -> tuple[str, int | None]:
        if self._health.camera_code is not None:
            return "camera_lost", self._health.camera_code
        if self._health.activation_code is not None or info.client_id == FACTORY_STORE:
            return "not_activated", self._health.activation_code
        return "ready", None

    def _check_link(self, interval: float) -> None:
        """Let the doctor look at the cable and the network, without root, unless it did seconds ago."""
        if not self._is_on_usb or time.monotonic() < self._link_checked_at + interval:
            return
        self._link_checked_at = time.monotonic()
        from vision_ai_tools.doctor.cable_checks import check_cable
        from vision_ai_tools.link.usb import SYSFS

        self._link = [
            {"step": each.step, "status": each.state, "code": each.code}
            for each in check_cable(SYSFS, self._interface)
        ]


def is_on_usb(url: str) -> bool:
    """Whether a URL is the one of a module on USB."""
    return urlsplit(url).hostname == MODULE_HOST


def _is_in_use(error: VisionAIError) -> bool:
    """Whether a question was not sent because another call took long, such as an upload of the till."""
    return isinstance(error, UnreachableError) and isinstance(error.__cause__, PoolTimeout | None)


def _ask(operation: Callable[[], T]) -> T | None:
    try:
        return operation()
    except VisionAIError:
        return None
