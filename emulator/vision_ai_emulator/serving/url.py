"""The `emulator:` URL: a new emulator with options, or an existing one by its name."""

from __future__ import annotations

from typing import cast, get_type_hints
from urllib.parse import parse_qsl

from vision_ai_emulator.device.clock import ManualClock
from vision_ai_emulator.device.settings import SettingsChanges
from vision_ai_emulator.emulator import Emulator, find_emulator
from vision_ai_emulator.http.dialect import SWITCHES, Dialect
from vision_ai_emulator.shared.options import find_type, parse_text

_SCHEME = "emulator:"


def find_or_create_emulator(url: str) -> Emulator:
    """Return the emulator for an `emulator:` URL.

    `emulator:<name>` is the existing `Emulator` with that `url`. `emulator:` is a new one, and
    `emulator:?pan=banana&seed=3` a new one with options: `seed`, `pan`, `clock` (real or frozen), `state` (a
    file), the fields of `Settings` and those of `Dialect`. Raises ValueError for anything else, OSError if
    the file cannot be read.
    """
    scheme, rest = url[: len(_SCHEME)], url[len(_SCHEME) :]
    if scheme.lower() != _SCHEME:
        raise ValueError(f"{url!r} is not an emulator URL: it must begin with {_SCHEME!r}")
    name, question_mark, query = rest.partition("?")
    if name and question_mark:
        raise ValueError(f"{url!r} names an existing emulator, which has its options: remove the '?…'")
    return find_emulator(name) if name else _create_emulator(query)


def _create_emulator(query: str) -> Emulator:
    settings = get_type_hints(SettingsChanges)
    types: dict[str, object] = {"clock": str, "pan": str, "seed": int, "state": str, **settings, **SWITCHES}
    options = {
        name: parse_text(name, text, find_type(name, types, "the emulator"))
        for name, text in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    }
    emulator = Emulator(
        cast(int, options.get("seed", 0)),
        _make_clock(str(options.get("clock", "real"))),
        cast(str | None, options.get("pan")),
        dialect=Dialect(**{name: value for name, value in options.items() if name in SWITCHES}),
        **cast(SettingsChanges, {name: value for name, value in options.items() if name in settings}),
    )
    if "state" in options:
        conflicts = set(options) - {"state", "clock", "pan"}
        if conflicts:
            raise ValueError(
                f"a state contains the {' and the '.join(sorted(conflicts))}: remove this option"
            )
        emulator.load(str(options["state"]))
        if "pan" in options:
            emulator.set_pan(str(options["pan"]))
    return emulator


def _make_clock(mode: str) -> ManualClock | None:
    if mode not in ("real", "frozen"):
        raise ValueError(f"the option 'clock' is real or frozen, not {mode!r}")
    return ManualClock() if mode == "frozen" else None
