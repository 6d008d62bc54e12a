"""Make an emulator from the keywords of `@pytest.mark.vision_ai`."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, cast

from attrs import fields_dict

from vision_ai_emulator import Clock, Emulator, ManualClock, Settings
from vision_ai_emulator.device.error_codes import DeviceError

QUICK_SETTINGS: Mapping[str, float] = {
    "backup_seconds": 0.0,
    "restore_seconds": 0.0,
    "reboot_seconds": 0.5,
    "upgrade_seconds": 0.5,
}
"""Durations of jobs, so that a test does not wait. A restart must last until the first attempt of
`wait_until_ready`, which otherwise waits much longer for the module to go away."""

TAUGHT = "taught"
PICTURES = 3
"""Template pictures of each product, as many as `learn` takes."""


class InvalidMarkerError(ValueError):
    """A keyword of the marker or its value is not valid. The message says which ones are."""


def list_keywords() -> list[str]:
    """Return all keywords of the marker."""
    own = [
        parameter.name
        for parameter in inspect.signature(Emulator).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    return sorted({TAUGHT, *own, *fields_dict(Settings)})


def make_emulator(keywords: Mapping[str, object]) -> Emulator:
    """Make the emulator that the marker's keywords describe.

    Raises:
        InvalidMarkerError: A keyword or its value is not valid.
    """
    known = list_keywords()
    unknown = [name for name in keywords if name not in known]
    if unknown:
        raise InvalidMarkerError(
            f"unknown keyword {' or '.join(map(repr, unknown))}; the keywords are {', '.join(known)}"
        )
    options: dict[str, Any] = {**({} if "settings" in keywords else QUICK_SETTINGS), **keywords}
    products = _parse_products(options.pop(TAUGHT, {}))
    options["clock"] = _make_clock(options.get("clock"))
    try:
        emulator = Emulator(**options)
    except (TypeError, ValueError) as error:
        raise InvalidMarkerError(str(error)) from error
    try:
        _teach(emulator, products)
    except (DeviceError, ValueError) as error:
        raise InvalidMarkerError(f"the emulator cannot be taught: {error}") from error
    return emulator


def _make_clock(clock: object) -> Clock | None:
    match clock:
        case None | "real":
            return None
        case "manual":
            return ManualClock()
        case _ if callable(getattr(clock, "seconds", None)) and callable(getattr(clock, "now", None)):
            return cast(Clock, clock)
        case _:
            raise InvalidMarkerError(f"clock must be 'manual', 'real' or a Clock, not {clock!r}")


def _parse_products(taught: object) -> list[tuple[str, str, str]]:
    """Return the number, name and kind of each product."""
    products: list[tuple[str, str, str]] = []
    if isinstance(taught, Mapping):
        for id, product in cast("Mapping[object, object]", taught).items():
            match id, product:
                case str(), str():
                    products.append((id, product.capitalize(), product))
                case str(), (str(name), str(kind)):
                    products.append((id, name, kind))
                case _:
                    break
        else:
            return products
    raise InvalidMarkerError(
        "taught must map a product's number to its kind, or to its name and kind:"
        f" {{'001': 'apple', '002': ('Pear, green', 'pear')}}, not {taught!r}"
    )


def _teach(emulator: Emulator, products: list[tuple[str, str, str]]) -> None:
    """Teach the products as `learn` does, without entries in `Emulator.requests`, which belong to the test."""
    if not products:
        return
    pan = emulator.pan
    for id, name, kind in products:
        for _ in range(PICTURES):
            emulator.put(kind)
            emulator.device.register_item(id, name)
        emulator.device.commit_registered_item(id)
    if pan is None:
        emulator.clear_pan()
    else:
        emulator.put(pan)
