"""The emulated module as an object for tests and programs."""

from __future__ import annotations

import json
import random
from itertools import count
from os import PathLike
from pathlib import Path
from typing import ClassVar, Unpack
from weakref import WeakValueDictionary

from attrs import frozen

from vision_ai_emulator.camera.camera import Camera
from vision_ai_emulator.camera.item import KINDS
from vision_ai_emulator.device import firmware_file
from vision_ai_emulator.device.clock import Clock, DeviceClock, ManualClock, RealClock
from vision_ai_emulator.device.device import Device
from vision_ai_emulator.device.firmware_file import Firmware
from vision_ai_emulator.device.persistent_state import LEARN_MODE_OFF, LEARN_MODE_ON
from vision_ai_emulator.device.settings import Settings, SettingsChanges
from vision_ai_emulator.faults.plan import FaultPlan
from vision_ai_emulator.http.dialect import LENIENT, Dialect
from vision_ai_emulator.http.interface import HttpInterface
from vision_ai_emulator.http.request_log import LogEntry
from vision_ai_emulator.shared.files import write_text
from vision_ai_emulator.shared.json_values import Json
from vision_ai_emulator.shared.options import check_integer
from vision_ai_emulator.snapshot import read_snapshot, write_snapshot

EMPTY = "empty"
"""The value of `pan` for an empty pan."""

_DEFAULT_PAN = "apple"

_emulators: WeakValueDictionary[str, Emulator] = WeakValueDictionary()
_numbers = count(1)


@frozen
class UpgradeFile:
    """A firmware file that upgrades a V1 device to V2."""

    name: str
    """As the vendor names such files: `SX_B1109_firmware_9.9.5.7.evo`."""
    content: bytes

    def save(self, folder: str | PathLike[str]) -> Path:
        """Write the file into a folder under its name, and return its path."""
        path = Path(folder) / self.name
        path.write_bytes(self.content)
        return path


@frozen(kw_only=True)
class ServerInfo:
    """Where an emulator is served; all None if it is not."""

    url: str | None = None
    control_url: str | None = None
    """The control interface's URL on the port that stays open while the device is unreachable."""
    state_file: str | None = None
    """The file that the control interface saves the state to."""


class Emulator:
    """An emulated VISION-AI module: a camera above a pan, and an engine that recognizes what it was taught.

    A new emulator has an apple on the pan and knows no product.

        emulator = Emulator(seed=1, pan="banana", sn="00000042")
        assert emulator.pan == "banana"

    Args:
        seed: The seed of all random numbers.
        clock: The device's clock: real time, or a `ManualClock`.
        pan: One of `Emulator.kinds`, or "empty".
        settings: The properties of the device. Keyword arguments replace single fields of it: `api="v2"`.
        dialect: How the device parses requests and encodes responses.
    """

    kinds: ClassVar[tuple[str, ...]] = KINDS
    """The kinds of produce that can be put on the pan."""

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
        self._seed = check_integer("seed", seed)
        self._initial_settings = (settings or Settings()).change(**changes)
        self._initial_dialect = dialect
        self.device_clock: DeviceClock = DeviceClock(clock or RealClock())
        self.camera: Camera = Camera(self._make_rng("camera"))
        self.device: Device = Device(
            self._initial_settings, self.device_clock, self.camera, self._make_rng("identifiers")
        )
        self.faults: FaultPlan = FaultPlan(self._make_rng("faults"))
        """What goes wrong on purpose: `faults.add(Fault(…))`, `remove`, `clear`, `pending`."""
        self.http: HttpInterface = HttpInterface(self.device, self.faults, self.device_clock, dialect)
        """The HTTP interface, for servers and transports."""
        self.server_info: ServerInfo = ServerInfo()
        """Where the emulator is served; the server sets it."""
        self.set_pan(pan)
        self._name = f"e{next(_numbers)}"
        _emulators[self._name] = self

    def __repr__(self) -> str:
        return f"<Emulator {self.url}, on the pan: {self.pan or 'nothing'}>"

    @property
    def url(self) -> str:
        """`emulator:<unique name>`, which is valid in this process as long as this object exists."""
        return f"emulator:{self._name}"

    @property
    def pan(self) -> str | None:
        """The kind of the item on the pan; None for an empty pan."""
        return self.camera.kind

    def put(self, kind: str) -> None:
        """Replace the item on the pan by another one of `kind`; no two look exactly the same."""
        self.camera.put(kind)

    def clear(self) -> None:
        """Remove the item from the pan."""
        self.camera.clear()

    def clear_pan(self) -> None:
        """Remove the item from the pan, as `clear` does."""
        self.clear()

    def set_pan(self, pan: str | None) -> None:
        """Put one of `Emulator.kinds` on the pan; "empty" clears the pan, None puts an apple on it."""
        if pan == EMPTY:
            self.clear()
        else:
            self.put(_DEFAULT_PAN if pan is None else pan)

    @property
    def seed(self) -> int:
        """The seed of all random numbers. Setting it restarts them."""
        return self._seed

    @seed.setter
    def seed(self, seed: int) -> None:
        self._seed = check_integer("seed", seed)
        self.camera.reseed(self._make_rng("camera"))
        self.device.reseed(self._make_rng("identifiers"))
        self.faults.reseed(self._make_rng("faults"))

    @property
    def settings(self) -> Settings:
        """The properties of the device. Replacing them acts like a firmware change.

        `store_id`, `store_name` and `activated` take effect at the next reset.
        """
        return self.device.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._initial_settings = self.device.settings = settings

    def change(self, **changes: Unpack[SettingsChanges]) -> None:
        """Replace some of the settings: `change(firmware="9.9.5.0", pace="polls")`."""
        self.settings = self.settings.change(**changes)

    @property
    def dialect(self) -> Dialect:
        """How the device parses requests and encodes responses; may be replaced at any time."""
        return self.http.dialect

    @dialect.setter
    def dialect(self, dialect: Dialect) -> None:
        self._initial_dialect = self.http.dialect = dialect

    @property
    def clock(self) -> Clock:
        """The device's clock; may be replaced at any time. The device's time never goes back."""
        return self.device_clock.source

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self.device_clock.switch(clock)

    def freeze(self) -> None:
        """Stop the clock: from now on only `step` advances it."""
        if not isinstance(self.clock, ManualClock):
            self.clock = ManualClock(self.device_clock.now())

    def unfreeze(self) -> None:
        """Continue with real time."""
        if isinstance(self.clock, ManualClock):
            self.clock = RealClock()

    def step(self, seconds: float) -> None:
        """Advance a manual clock by `seconds`."""
        if not isinstance(self.clock, ManualClock):
            raise TypeError(
                "only a manual clock can be stepped: create Emulator(clock=ManualClock()), or call freeze()"
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
        """Become a new device, plugged in, without faults and with an empty log. The clock continues.

        Arguments that are omitted keep their latest values, except `pan`, which starts with an apple.
        """
        settings = (settings or self._initial_settings).change(**changes)
        if seed is not None:
            check_integer("seed", seed)
        if pan not in (None, EMPTY, *KINDS):
            raise ValueError(f"the emulator cannot draw {pan!r}: it knows {', '.join(KINDS)}")
        self._initial_settings = settings
        self.dialect = dialect or self._initial_dialect
        self.faults.clear()
        self.seed = self._seed if seed is None else seed
        self.set_pan(pan)
        self.device.initialize(settings, self._make_rng("identifiers"))
        self.http.log.clear(numbers=True)

    def make_upgrade_file(self) -> UpgradeFile:
        """Return a firmware file that upgrades this device to V2 if it is restored like a backup.

        After the restore the device updates its application, restarts by itself and speaks V2. The serial number,
        the store and the calibration area survive; products only with the setting `upgrade_keeps_products`.
        """
        firmware = Firmware(board=self.settings.board)
        return UpgradeFile(firmware.filename, firmware_file.write(firmware))

    def state(self) -> dict[str, Json]:
        """Return the complete state as JSON; `vision_ai_emulator.snapshot` describes it."""
        return write_snapshot(self._seed, self.dialect, self.device_clock, self.camera, self.device)

    def load_state(self, value: Json) -> None:
        """Continue from the result of `state`. Raises ValueError for anything else, and changes nothing."""
        snapshot = read_snapshot(value, self.device)
        self.camera.apply_snapshot(snapshot.camera)
        self.device_clock.continue_from(snapshot.clock_seconds, snapshot.clock_date)
        self._seed = snapshot.seed
        self._initial_settings = snapshot.settings
        self.dialect = snapshot.dialect
        self.faults.reseed(self._make_rng("faults"))
        self.device.apply_snapshot(snapshot.device, snapshot.settings)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the state to a file; an error leaves an existing file unchanged."""
        write_text(path, json.dumps(self.state(), ensure_ascii=False))

    def load(self, path: str | PathLike[str]) -> None:
        """Continue from the state in a file. Raises OSError, or ValueError if the file contains no state."""
        try:
            value: Json = json.loads(Path(path).read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{path} does not contain a state of an emulator: {error}") from None
        self.load_state(value)

    @property
    def requests(self) -> tuple[tuple[str, str], ...]:
        """Method and path of the latest requests (at most 1000), oldest first."""
        return tuple((each.method, each.path) for each in self.http.log.entries)

    @property
    def log(self) -> tuple[LogEntry, ...]:
        """The latest requests (at most 1000) with their details, oldest first."""
        return self.http.log.entries

    @property
    def acted(self) -> dict[str, int]:
        """How often the device performed each operation: a lost response counts, an error does not."""
        return self.http.log.operation_counts

    def clear_log(self) -> None:
        """Clear the requests and the operation counts."""
        self.http.log.clear()

    @property
    def learn_mode(self) -> int:
        """1 if the device learns while it recognizes, 0 if it only recognizes, which in V2 also protects its
        templates (-6217)."""
        return self.device.get_catalog().learn_mode

    @learn_mode.setter
    def learn_mode(self, mode: int) -> None:
        if mode not in (LEARN_MODE_OFF, LEARN_MODE_ON):
            raise ValueError(f"the learn mode is 0 or 1, not {mode!r}")
        self.device.set_learnmode(mode)

    @property
    def plugged_in(self) -> bool:
        """Whether the USB cable, which powers the device, is plugged in."""
        return self.device.plugged_in

    def unplug(self) -> None:
        """Unplug the USB cable: running requests break off, and the device is unreachable until `plug_in`.

        The device loses what a restart clears: pictures that are not committed, running jobs, and in V2 the time.
        No effect if it is unplugged already.
        """
        self.device.unplug()

    def plug_in(self) -> None:
        """Plug the USB cable in: the device starts, and is reachable after `reboot_seconds` of its clock.

        No effect if it is plugged in already.
        """
        self.device.plug_in()

    @property
    def camera_lost(self) -> bool:
        """Whether the camera is unplugged: every operation that needs a picture then returns -6103."""
        return self.device.camera_lost

    @camera_lost.setter
    def camera_lost(self, lost: bool) -> None:
        self.device.camera_lost = lost

    def fail_next(self, code: int, operation: str | None = None, times: int = 1) -> None:
        """Return the error `code` from the next `times` calls of one operation (`get_result` …) or of any."""
        self.faults.fail_next(code, operation, times)

    def activate(self, store_id: str, store_name: str) -> None:
        """Activate the device for a store, as an installer does after a factory reset."""
        self.device.activate(store_id, store_name)

    def deactivate(self) -> None:
        """Remove the activation."""
        self.device.deactivate()

    def _make_rng(self, purpose: str) -> random.Random:
        return random.Random(f"{self._seed}: {purpose}")


def find_emulator(name: str) -> Emulator:
    """Return the emulator whose URL is `emulator:<name>`. Raises ValueError if there is none."""
    emulator = _emulators.get(name)
    if emulator is None:
        raise ValueError(
            f"this process has no emulator named {name!r}: use the url of an Emulator object that still"
            " exists, or 'emulator:' for a new one"
        )
    return emulator
