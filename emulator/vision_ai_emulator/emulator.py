"""The emulated module as a test or a program holds it in its hand."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from itertools import count
from os import PathLike
from pathlib import Path
from typing import ClassVar, Unpack
from weakref import WeakValueDictionary

from attrs import evolve

from vision_ai_emulator import snapshot as state
from vision_ai_emulator.camera.camera import KINDS, Camera
from vision_ai_emulator.control.routing import Control, ControlExchange, is_control
from vision_ai_emulator.device.device import Device
from vision_ai_emulator.device.settings import Settings, SettingsChanges
from vision_ai_emulator.faults.faults import Faults
from vision_ai_emulator.http.dialect import LENIENT, Dialect
from vision_ai_emulator.http.request_handler import Exchange, Wire
from vision_ai_emulator.http.request_log import LoggedRequest
from vision_ai_emulator.shared.clock import Clock, DeviceClock, ManualClock, RealClock
from vision_ai_emulator.shared.jsoncpp import Json

EMPTY = "empty"
"""What to give as `pan` for a device that starts with nothing on its pan."""

_DEFAULT_PAN = "apple"

_living: WeakValueDictionary[str, Emulator] = WeakValueDictionary()
_numbers = count(1)


class Emulator:
    """A VISION-AI module in software: a camera over a pan, and an engine that recognises what it was taught.

    A fresh one has an apple on the pan and knows no product.

    `seed` decides everything that looks random. `clock` is the real one unless a `ManualClock` is given.
    `pan` is one of `Emulator.kinds` or "empty". `dialect` is how it reads requests and writes answers.
    Everything else is a field of `Settings`, given as `settings=` or by name:

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
        dialect: Dialect = LENIENT,
        **changes: Unpack[SettingsChanges],
    ) -> None:
        self._seed = seed
        self._made_with = evolve(settings or Settings(), **changes)
        self._made_as = dialect
        self.device_clock = DeviceClock(clock or RealClock())
        self.camera = Camera(self._chance("camera"))
        self.device = Device(self._made_with, self.device_clock, self.camera, self._chance("identifiers"))
        self.faults = Faults(self._chance("faults"))
        """What goes wrong on purpose: `faults.add(Fault(…))`, `remove`, `clear`, `planned`."""
        self.wire = Wire(self.device, self.faults, self.device_clock, dialect)
        self.control = Control(self)
        """The control interface, for whoever brings requests to the device."""
        self.lay(pan)
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

    def lay(self, pan: str | None) -> None:
        """What lies on the pan at the start: one of `Emulator.kinds`, "empty", or None for an apple."""
        if pan == EMPTY:
            self.clear_pan()
        else:
            self.put(_DEFAULT_PAN if pan is None else pan)

    def clear_pan(self) -> None:
        """Take everything off the pan."""
        self.camera.clear()

    @property
    def seed(self) -> int:
        """What decides all that looks random. Setting it starts the random numbers over."""
        return self._seed

    @seed.setter
    def seed(self, seed: int) -> None:
        self._seed = seed
        self.camera.reseed(self._chance("camera"))
        self.device.reseed(self._chance("identifiers"))
        self.faults.reseed(self._chance("faults"))

    @property
    def settings(self) -> Settings:
        """What kind of device it is. They can be replaced: the firmware is another one from then on.

        `store_id`, `store_name` and `activated` matter for a fresh device only.
        """
        return self.device.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._made_with = self.device.settings = settings

    def change(self, **changes: Unpack[SettingsChanges]) -> None:
        """Replace some of the settings: `change(firmware="9.9.5.0", pace="polls")`."""
        self.settings = evolve(self.settings, **changes)

    @property
    def dialect(self) -> Dialect:
        """How requests are read and answers written; may be replaced at any time."""
        return self.wire.dialect

    @dialect.setter
    def dialect(self, dialect: Dialect) -> None:
        self._made_as = self.wire.dialect = dialect

    @property
    def clock(self) -> Clock:
        """The device's clock. Another may take its place at any time; the device's time never goes back."""
        return self.device_clock.source

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self.device_clock.switch(clock)

    def freeze(self) -> None:
        """Stop the clock: time passes only by `step` from now on."""
        if not isinstance(self.clock, ManualClock):
            self.clock = ManualClock(self.device_clock.now())

    def unfreeze(self) -> None:
        """Let time pass by itself."""
        if isinstance(self.clock, ManualClock):
            self.clock = RealClock()

    def step(self, seconds: float) -> None:
        """Let time pass on a manual clock."""
        if not isinstance(self.clock, ManualClock):
            raise TypeError(
                "only a manual clock can be stepped: Emulator(clock=ManualClock()), or freeze() it"
            )
        self.clock.step(seconds)

    def reset(
        self,
        seed: int | None = None,
        pan: str | None = None,
        *,
        settings: Settings | None = None,
        dialect: Dialect | None = None,
        **changes: Unpack[SettingsChanges],
    ) -> None:
        """Become a fresh device, without faults and with an empty log; the clock goes on.

        What is not given stays as it was given last; the pan starts with an apple.
        """
        settings = evolve(settings or self._made_with, **changes)
        if pan not in (None, EMPTY, *KINDS):
            raise ValueError(f"the emulator cannot draw {pan!r}: it knows {', '.join(KINDS)}")
        self._made_with = settings
        self.dialect = dialect or self._made_as
        self.faults.clear()
        self.seed = self._seed if seed is None else seed
        self.lay(pan)
        self.device.start_over(self._made_with, self._chance("identifiers"))
        self.wire.log.clear(numbers=True)

    def state(self) -> dict[str, Json]:
        """Everything, as JSON: see `vision_ai_emulator.state`."""
        return state.taken_from(self)

    def load_state(self, value: Json) -> None:
        """Go on from a state. Raises ValueError, and changes nothing, where it is none."""
        state.put_into(self, value)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the state to a file, whole or not at all."""
        file = Path(path)
        unfinished = file.with_name(f".{file.name}.unfinished")
        unfinished.write_text(json.dumps(self.state(), ensure_ascii=False), encoding="utf-8")
        unfinished.replace(file)

    def load(self, path: str | PathLike[str]) -> None:
        """Go on from the state in a file. Raises OSError, or ValueError where it holds no state."""
        try:
            value: Json = json.loads(Path(path).read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{path} holds no state of an emulator: {error}") from None
        self.load_state(value)

    def go_on_as(self, seed: int, settings: Settings, dialect: Dialect) -> None:
        """Take over what of a state belongs to no part of the device."""
        self._seed = seed
        self._made_with = settings
        self.dialect = dialect
        self.faults.reseed(self._chance("faults"))

    @property
    def requests(self) -> tuple[tuple[str, str], ...]:
        """Method and path of the latest requests (at most 1000), oldest first."""
        return tuple((each.method, each.path) for each in self.wire.log.requests)

    @property
    def log(self) -> tuple[LoggedRequest, ...]:
        """The latest requests (at most 1000) with all that is known of them, oldest first."""
        return self.wire.log.requests

    @property
    def acted(self) -> dict[str, int]:
        """How often the device really did each operation: a lost answer counts, a refusal does not."""
        return self.wire.log.acted

    def clear_log(self) -> None:
        """Forget the requests, and how often the device acted."""
        self.wire.log.clear()

    @property
    def camera_lost(self) -> bool:
        """Whether the camera is unplugged: all that needs a picture then answers -6103."""
        return self.device.camera_lost

    @camera_lost.setter
    def camera_lost(self, lost: bool) -> None:
        self.device.camera_lost = lost

    def fail_next(self, code: int, operation: str | None = None, times: int = 1) -> None:
        """Let the next `times` calls answer `code`: any, or those of one operation (`get_result` …)."""
        self.faults.fail_next(code, operation, times)

    def activate(self, store_id: str, store_name: str) -> None:
        """Associate the device with a store, as an installer does after a factory reset."""
        self.device.activate(store_id, store_name)

    def deactivate(self) -> None:
        """Take the association with a store away."""
        self.device.deactivate()

    def begin(self, method: str, target: str, headers: Mapping[str, str]) -> Exchange | ControlExchange:
        """A request whose head has come, to the device or to the control interface."""
        if is_control(target):
            return self.control.begin(method, target)
        return self.wire.begin(method, target, headers)

    def _chance(self, purpose: str) -> random.Random:
        return random.Random(f"{self._seed}: {purpose}")


def living(name: str) -> Emulator:
    """The emulator of that name (its URL without `emulator:`). Raises ValueError where there is none."""
    emulator = _living.get(name)
    if emulator is None:
        raise ValueError(
            f"there is no emulator named {name!r} in this process: use the url of an Emulator object that is"
            " still alive, or plain 'emulator:' for a fresh one"
        )
    return emulator
