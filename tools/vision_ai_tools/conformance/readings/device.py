"""A18, A19, A20, A22: what a module reports about itself, and how it writes coordinates and modes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from vision_ai import SyncMode

from ..capture import Exchange
from ..observations import Observations
from .registry import Finding, accept_reading, leave_undecided, reading, reject_reading

NOT_ACTIVATED = -6128
FACTORY_STORE = "0000"
"""The store number of a module that is not activated."""
MASTER_FIELDS = ("masterIP", "masterSN")
WHOLE_NUMBERS = {
    "get_calib": ("left", "top", "width", "height"),
    "get_learnmode": ("mode",),
    "get_device_info": ("learnMode",),
}
"""The numbers that the tables call Number, or that mean the same as one of these."""


def _iterate_data(
    observations: Observations, *operations: str
) -> Iterator[tuple[Exchange, Mapping[str, Any]]]:
    """Yield the successful responses of these operations with their data."""
    for each in observations.get_responses(*operations):
        data: object = each.fields.get("data")
        if each.code == 0 and isinstance(data, Mapping):
            yield each, cast("Mapping[str, Any]", data)


@reading(
    "A18",
    text='clientName is the store\'s name, and "factory is not activated".',
    reading='Without a store: a text such as "not activated", an empty text, or null.',
    level="read",
)
def find_store_name(observations: Observations) -> Finding:
    infos = list(_iterate_data(observations, "get_device_info"))
    refused = any(each.code == NOT_ACTIVATED for each in observations.exchanges)
    infos = [(each, data) for each, data in infos if refused or data.get("clientID") == FACTORY_STORE]
    if not infos:
        return leave_undecided("The module is activated, or did not describe itself.")
    exchange, data = infos[0]
    name = data.get("clientName")
    if name is not None and not isinstance(name, str):
        return reject_reading("The name of the store is not a text.", exchange)
    kind = "a text" if name else "null" if name is None else "an empty text"
    return accept_reading(f"Without a store, the name of the store is {kind}.", exchange)


@reading(
    "A19",
    text='masterIP and masterSN are Strings, and a "null character" without the mode slave.',
    reading="An empty text or null.",
    level="read",
)
def find_master_fields(observations: Observations) -> Finding:
    infos = [
        (each, data)
        for each, data in _iterate_data(observations, "get_device_info")
        if str(data.get("syncMode", data.get("sync_mode", ""))).lower() != SyncMode.SLAVE
    ]
    if not infos:
        return leave_undecided("The module is a slave, or did not describe itself.")
    exchange, data = infos[0]
    odd = {name: data[name] for name in MASTER_FIELDS if data.get(name) not in (None, "")}
    if odd:
        return reject_reading(f"Without a main scale, {' and '.join(odd)} are not empty.", exchange)
    values = ", ".join(f"{name} {json.dumps(data[name])}" for name in MASTER_FIELDS if name in data)
    return accept_reading(f"Without a main scale: {values or 'neither field'}.", exchange)


@reading(
    "A20",
    text="The field is syncMode in the example and sync_mode in the text; a value is Normal in the table.",
    reading="syncMode, in lower case.",
    level="read",
)
def find_sync_mode(observations: Observations) -> Finding:
    infos = list(_iterate_data(observations, "get_device_info"))
    infos = [(each, data) for each, data in infos if {"syncMode", "sync_mode"} & data.keys()]
    if not infos:
        return leave_undecided("The module reported no synchronization mode.")
    exchange, data = infos[0]
    if "syncMode" not in data:
        return reject_reading("The synchronization mode is in sync_mode.", exchange)
    mode = str(data["syncMode"])
    if mode != mode.lower():
        return reject_reading(f"The synchronization mode is {mode}, which is not in lower case.", exchange)
    return accept_reading(f"The field is syncMode, with the value {mode}.", exchange)


@reading(
    "A22",
    text="Coordinates and modes are Numbers; in the examples they are whole.",
    reading="Integers are sent. 41.0 is read as 41.",
    level="read",
)
def find_number_format(observations: Observations) -> Finding:
    numbers = [
        (each, data[name])
        for operation, names in WHOLE_NUMBERS.items()
        for each, data in _iterate_data(observations, operation)
        for name in names
        if isinstance(data.get(name), int | float)
    ]
    if not numbers:
        return leave_undecided("No response had a coordinate or a mode.")
    odd = [each for each, number in numbers if isinstance(number, float)]
    fractions = [each for each, number in numbers if isinstance(number, float) and not number.is_integer()]
    if fractions:
        return reject_reading("Some coordinates or modes are fractions.", *fractions)
    if odd:
        return reject_reading("Coordinates and modes have a decimal point, as 41.0.", *odd)
    return accept_reading("Coordinates and modes are whole numbers.", numbers[0][0])
