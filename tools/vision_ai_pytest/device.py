"""From the keywords of `@pytest.mark.vision_ai` to an emulated device."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, cast

from attrs import fields_dict

from vision_ai_emulator import Clock, Emulator, ManualClock, Settings
from vision_ai_emulator.device.error_codes import DeviceError

QUICK: Mapping[str, float] = {"backup_seconds": 0.0, "restore_seconds": 0.0, "reboot_seconds": 0.5}
"""Times that a test need not wait for. A restart has to last until `wait_until_ready` has asked once: it
waits much longer for a module that it has not seen gone."""

TAUGHT = "taught"
PICTURES = 3
"""Template pictures of each product that is taught, as many as `learn` takes."""


class UnusableMarker(ValueError):
    """A keyword of the marker, or its value, is not possible; the message says which ones are."""


def known_keywords() -> list[str]:
    """All keywords of the marker."""
    own = [
        parameter.name
        for parameter in inspect.signature(Emulator).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    return sorted({TAUGHT, *own, *fields_dict(Settings)})


def make(keywords: Mapping[str, object]) -> Emulator:
    """A fresh emulator as the marker's keywords describe it. Raises UnusableMarker."""
    known = known_keywords()
    unknown = [name for name in keywords if name not in known]
    if unknown:
        raise UnusableMarker(f"no keyword {' or '.join(map(repr, unknown))}: it knows {', '.join(known)}")
    options: dict[str, Any] = {**({} if "settings" in keywords else QUICK), **keywords}
    products = _products(options.pop(TAUGHT, {}))
    options["clock"] = _clock(options.get("clock"))
    try:
        emulator = Emulator(**options)
    except (TypeError, ValueError) as error:
        raise UnusableMarker(str(error)) from error
    try:
        _teach(emulator, products)
    except (DeviceError, ValueError) as error:
        raise UnusableMarker(f"nothing can be taught: {error}") from error
    return emulator


def _clock(clock: object) -> Clock | None:
    match clock:
        case None | "real":
            return None
        case "manual":
            return ManualClock()
        case _ if callable(getattr(clock, "seconds", None)) and callable(getattr(clock, "now", None)):
            return cast(Clock, clock)
        case _:
            raise UnusableMarker(f"clock is 'manual', 'real' or a Clock, not {clock!r}")


def _products(taught: object) -> list[tuple[str, str, str]]:
    """Number, name and kind of each product."""
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
    raise UnusableMarker(
        "taught has a product's number and what it looks like, with or without its name:"
        f" {{'001': 'apple', '002': ('Pear, green', 'pear')}}, not {taught!r}"
    )


def _teach(emulator: Emulator, products: list[tuple[str, str, str]]) -> None:
    """As a client would with `learn`, but not in `Emulator.requests`, which are the test's own."""
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
