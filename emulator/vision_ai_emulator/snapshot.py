"""The whole emulator as one JSON document: what a state file holds.

An emulator that goes on from one gives the same answers as the one it was taken from, on a frozen clock byte
for byte: pan, catalogue, cache, jobs, settings, dialect, the clock's time and the random numbers are all in
it. Planned faults and the log of requests belong to whoever tests, and are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, get_type_hints

from attrs import asdict

from vision_ai_emulator.device.settings import Settings, SettingsChanges
from vision_ai_emulator.http.dialect import SWITCHES, Dialect
from vision_ai_emulator.shared.jsoncpp import Json, a_number, a_text, an_integer, an_object
from vision_ai_emulator.shared.options import from_json

if TYPE_CHECKING:
    from vision_ai_emulator.emulator import Emulator

_FORMAT = "VISION-AI emulator state"
_VERSION = 1


def taken_from(emulator: Emulator) -> dict[str, Json]:
    """The state of an emulator now."""
    return {
        "format": _FORMAT,
        "version": _VERSION,
        "seed": emulator.seed,
        "settings": asdict(emulator.settings),
        "dialect": asdict(emulator.dialect),
        "clock": {
            "seconds": emulator.device_clock.seconds(),
            "now": emulator.device_clock.now().isoformat(timespec="microseconds"),
        },
        "camera": emulator.camera.to_json(),
        "device": emulator.device.to_json(),
    }


def put_into(emulator: Emulator, value: Json) -> None:
    """Let an emulator go on from a state. Raises ValueError, and changes nothing, where it is none."""
    try:
        _put(emulator, an_object(value))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"this is no state of an emulator that can be loaded: {what}") from None


def _put(emulator: Emulator, state: Mapping[str, Json]) -> None:
    if state.get("format") != _FORMAT or state.get("version") != _VERSION:
        raise ValueError(f'it does not say "format": "{_FORMAT}", "version": {_VERSION}')
    seed = an_integer(state["seed"])
    settings = Settings(
        **from_json(an_object(state["settings"]), get_type_hints(SettingsChanges), "the emulator")
    )
    dialect = Dialect(**from_json(an_object(state["dialect"]), SWITCHES, "a dialect"))
    clock = an_object(state["clock"])
    seconds, now = a_number(clock["seconds"]), datetime.fromisoformat(a_text(clock["now"]))
    show = emulator.camera.load(state["camera"])
    go_on = emulator.device.load(state["device"])
    # All is read: from here on nothing can fail.
    show()
    emulator.device_clock.go_on_from(seconds, now)
    emulator.go_on_as(seed, settings, dialect)
    go_on(settings)
