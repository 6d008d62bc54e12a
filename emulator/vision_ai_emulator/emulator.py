"""The emulated module as a test or a program holds it in its hand."""

from __future__ import annotations

import random
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, ClassVar, Unpack
from weakref import WeakValueDictionary

from attrs import evolve

from vision_ai_emulator.camera import KINDS, Camera
from vision_ai_emulator.clock import Clock, ManualClock, RealClock
from vision_ai_emulator.device import Device
from vision_ai_emulator.faults import Faults
from vision_ai_emulator.operations import OPERATIONS
from vision_ai_emulator.settings import Settings, SettingsChanges
from vision_ai_emulator.wire import Wire

if TYPE_CHECKING:
    from vision_ai_emulator.transport import EmulatorTransport

EMPTY = "empty"
"""What to give as `pan` for a device that starts with nothing on its pan."""

_DEFAULT_PAN = "apple"

_living: WeakValueDictionary[str, Emulator] = WeakValueDictionary()
_numbers = count(1)


class Emulator:
    """A VISION-AI module in software: a camera over a pan, and an engine that recognises what it was taught.

    A fresh one has an apple on the pan and knows no product.

    `seed` decides everything that looks random. `clock` is the real one unless a `ManualClock` is given.
    `pan` is one of `Emulator.kinds` or "empty". Everything else is a field of `Settings`, given as
    `settings=` or by name:

    >>> emulator = Emulator(seed=1, pan="banana", sn="00000042")
    >>> emulator.pan
    'banana'
    """

    kinds: ClassVar[tuple[str, ...]] = KINDS
    """What can be put on the pan."""

    def __init__(
        self,
        seed: int = 0,
        clock: Clock | None = None,
        pan: str | None = None,
        *,
        settings: Settings | None = None,
        **changes: Unpack[SettingsChanges],
    ) -> None:
        self.clock: Clock = clock or RealClock()
        self.settings = evolve(settings or Settings(), **changes)
        self.camera = Camera(random.Random(f"{seed}: camera"))
        self.device = Device(self.settings, self.clock, self.camera, random.Random(f"{seed}: identifiers"))
        self.faults = Faults()
        self.wire = Wire(self.device, self.faults)
        pan = _DEFAULT_PAN if pan is None else pan
        if pan != EMPTY:
            self.put(pan)
        self._name = f"e{next(_numbers)}"
        _living[self._name] = self

    def __repr__(self) -> str:
        return f"<Emulator {self.url}, on the pan: {self.pan or 'nothing'}>"

    @property
    def url(self) -> str:
        """`emulator:<unique name>`, understood in this process for as long as this object is alive."""
        return f"emulator:{self._name}"

    @property
    def pan(self) -> str | None:
        """What lies on the pan, None for nothing."""
        return self.camera.kind

    def put(self, kind: str) -> None:
        """Lay a fresh item on the pan in the place of what lies there, never twice quite the same."""
        self.camera.put(kind)

    def clear_pan(self) -> None:
        """Take everything off the pan."""
        self.camera.clear()

    def step(self, seconds: float) -> None:
        """Let time pass on a manual clock."""
        if not isinstance(self.clock, ManualClock):
            raise TypeError("only a manual clock can be stepped: Emulator(clock=ManualClock())")
        self.clock.step(seconds)

    @property
    def requests(self) -> tuple[tuple[str, str], ...]:
        """Method and path of the latest requests (at most 1000), oldest first."""
        return self.wire.requests

    @property
    def camera_lost(self) -> bool:
        """Whether the camera is unplugged: all that needs a picture then answers -6103."""
        return self.device.camera_lost

    @camera_lost.setter
    def camera_lost(self, lost: bool) -> None:
        self.device.camera_lost = lost

    def fail_next(self, code: int, operation: str | None = None, times: int = 1) -> None:
        """Let the next `times` calls answer `code`: any, or those of one operation (`get_result` …)."""
        if operation is not None and operation not in OPERATIONS:
            raise ValueError(
                f"there is no operation {operation!r}: it is one of {', '.join(sorted(OPERATIONS))}"
            )
        self.faults.fail_next(code, operation, times)

    def activate(self, store_id: str, store_name: str) -> None:
        """Associate the device with a store, as an installer does after a factory reset."""
        self.device.activate(store_id, store_name)

    def transport(self) -> EmulatorTransport:
        """A transport for httpx's clients, sync and async, that reaches this device without a socket."""
        from vision_ai_emulator.transport import EmulatorTransport

        return EmulatorTransport(self)

    @contextmanager
    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Generator[str]:
        """Serve this device over HTTP from a background thread; gives the base URL, without a final slash.

        Port 0 takes any free one. Raises OSError where the port is taken.
        """
        from vision_ai_emulator.server import EmulatorServer

        with EmulatorServer(self, host, port) as server:
            yield server.url


def living(name: str) -> Emulator:
    """The emulator of that name (its URL without `emulator:`). Raises ValueError where there is none."""
    emulator = _living.get(name)
    if emulator is None:
        raise ValueError(
            f"there is no emulator named {name!r} in this process: use the url of an Emulator object that is"
            " still alive, or plain 'emulator:' for a fresh one"
        )
    return emulator
