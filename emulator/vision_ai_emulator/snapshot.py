"""The complete state of an emulator as one JSON document: the content of a state file.

It contains the pan, the catalog, the cache, the jobs, the settings, the dialect, the clock's time and the
random numbers: on a frozen clock an emulator that continues from it returns the same bytes as the original.
It does not contain pending faults and the request log, which belong to a test and not to the device.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import get_type_hints

from attrs import asdict, frozen

from vision_ai_emulator.camera.camera import Camera, CameraSnapshot
from vision_ai_emulator.device.clock import DeviceClock
from vision_ai_emulator.device.device import Device
from vision_ai_emulator.device.device_core import DeviceSnapshot
from vision_ai_emulator.device.settings import Settings, SettingsChanges
from vision_ai_emulator.http.dialect import SWITCHES, Dialect
from vision_ai_emulator.shared.json_values import (
    Json,
    require_integer,
    require_number,
    require_object,
    require_string,
)
from vision_ai_emulator.shared.options import check_integer, parse_json

_FORMAT = "VISION-AI emulator state"
_VERSION = 1


@frozen(kw_only=True)
class Snapshot:
    """The state of an emulator, read from a state file."""

    seed: int
    settings: Settings
    dialect: Dialect
    clock_seconds: float
    clock_date: datetime
    camera: CameraSnapshot
    device: DeviceSnapshot


def write_snapshot(
    seed: int, dialect: Dialect, clock: DeviceClock, camera: Camera, device: Device
) -> dict[str, Json]:
    """Return the state as JSON."""
    settings, contents = device.take_snapshot()
    return {
        "format": _FORMAT,
        "version": _VERSION,
        "seed": seed,
        "settings": asdict(settings),
        "dialect": asdict(dialect),
        "clock": {
            "seconds": clock.seconds(),
            "now": clock.now().isoformat(timespec="microseconds"),
        },
        "camera": camera.to_json(),
        "device": contents,
    }


def read_snapshot(value: Json, device: Device) -> Snapshot:
    """Read the result of `write_snapshot`. Raises ValueError for anything else."""
    try:
        return _read(require_object(value), device)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"this is not a state of an emulator: {reason}") from None


def _read(state: Mapping[str, Json], device: Device) -> Snapshot:
    if state.get("format") != _FORMAT or state.get("version") != _VERSION:
        raise ValueError(f'it lacks "format": "{_FORMAT}" and "version": {_VERSION}')
    clock = require_object(state["clock"])
    return Snapshot(
        seed=check_integer("seed", require_integer(state["seed"])),
        settings=Settings(
            **parse_json(require_object(state["settings"]), get_type_hints(SettingsChanges), "the emulator")
        ),
        dialect=Dialect(**parse_json(require_object(state["dialect"]), SWITCHES, "a dialect")),
        clock_seconds=require_number(clock["seconds"]),
        clock_date=datetime.fromisoformat(require_string(clock["now"])),
        camera=CameraSnapshot.from_json(state["camera"]),
        device=device.read_snapshot(state["device"]),
    )
