"""B1 … B5: the difference between the versions, and what is not known of V2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..capture import Exchange
from ..observations import OTHER_METHOD, Observations, is_unknown_command
from .registry import Finding, accept_reading, leave_undecided, reading, reject_reading

CENTER = "center"
OF_V2 = ("board", "app")
"""Fields of the device information that only V2 has."""


@reading(
    "B1",
    text="What a module answers to the method of the other version is not documented.",
    reading="A right answer, -6117, HTTP 404 or 405. board or app in the device information says V2.",
    level="read",
    versions=("v1", "v2"),
)
def find_version_difference(observations: Observations) -> Finding:
    other = next((each for each in observations.exchanges if each.purpose == OTHER_METHOD), None)
    if other is None or not other.is_complete:
        return leave_undecided("The method of the other version was not tried.")
    info = observations.device_info or {}
    shows_v2 = any(name in info for name in OF_V2)
    if observations.device_info is not None and shows_v2 != (observations.version == "v2"):
        named = "has board or app" if shows_v2 else "has neither board nor app"
        return reject_reading(
            f"The module speaks {str(observations.version).upper()}, and its device information {named}.",
            *observations.get_responses("get_device_info"),
        )
    if other.code == 0:
        found = "a right answer"
    else:
        found = f"HTTP {other.status}" if other.code is None else f"code {other.code}"
    found = f"The response to {other.method} {other.target} is {found}."
    if other.code == 0 or is_unknown_command(other):
        return accept_reading(found, other)
    return reject_reading(found, other)


@reading(
    "B2",
    text="Only the start of a recognition's response was seen, without a sid.",
    reading="A sid may be there. Nothing depends on it.",
    level="read",
    versions=("v2",),
)
def find_recognition_number(observations: Observations) -> Finding:
    responses = [
        (each, cast("Mapping[str, Any]", each.fields["data"]))
        for each in observations.get_responses("get_result")
        if each.code == 0 and isinstance(each.fields.get("data"), Mapping)
    ]
    if not responses:
        return leave_undecided("No recognition succeeded.", *observations.get_responses("get_result"))
    odd = [each for each, data in responses if not isinstance(data.get("sid", ""), str)]
    if odd:
        return reject_reading("The sid of a recognition is not a text.", *odd)
    found = "has a sid" if "sid" in responses[0][1] else "has no sid"
    return accept_reading(f"A recognition {found}.", responses[0][0])


def _get_template_lists(observations: Observations) -> list[tuple[Exchange, Any]]:
    return [
        (each, each.fields.get("data"))
        for each in observations.get_responses("get_item_template_list")
        if each.code == 0
    ]


def _list_templates(data: object) -> list[object]:
    """Return the entries of a list of templates, in whatever shape it has."""
    if isinstance(data, Mapping):
        data = cast("Mapping[str, object]", data).get("items")
    return cast("list[object]", data) if isinstance(data, list) else []


@reading(
    "B3",
    text="The list of templates in the example has an entry center beside the numbers.",
    reading="center is no template. It may be missing.",
    level="act",
    versions=("v2",),
)
def find_center_entry(observations: Observations) -> Finding:
    lists = [(each, _list_templates(data)) for each, data in _get_template_lists(observations)]
    full = [(each, entries) for each, entries in lists if entries]
    if not full:
        return leave_undecided("No product had templates.", *(each for each, _ in lists))
    odd = [each for each, entries in full if not all(isinstance(entry, str) for entry in entries)]
    if odd:
        return reject_reading("A list of templates has entries that are not texts.", *odd)
    found = "has the entry center" if CENTER in full[0][1] else "has no entry center"
    return accept_reading(f"The list of templates {found}.", full[0][0])


def _iterate_items(observations: Observations) -> Iterator[tuple[Exchange, Mapping[str, Any]]]:
    for each in observations.get_responses("get_item_list"):
        for entry in _list_templates(each.fields.get("data")):
            if isinstance(entry, Mapping):
                yield each, cast("Mapping[str, Any]", entry)


@reading(
    "B4",
    text="One entry in the example of the product list has sid in place of id.",
    reading="A slip: the name is id.",
    level="act",
    versions=("v2",),
)
def find_item_number(observations: Observations) -> Finding:
    entries = list(_iterate_items(observations))
    if not entries:
        return leave_undecided("The product list is empty.", *observations.get_responses("get_item_list"))
    odd = [each for each, entry in entries if "id" not in entry]
    if odd:
        return reject_reading("Entries of the product list have no id.", *odd)
    return accept_reading("Entries of the product list have an id.", entries[0][0])


@reading(
    "B5",
    text="max stands beside data in the example of a list of templates.",
    reading="It stands there.",
    level="act",
    versions=("v2",),
)
def find_template_limit(observations: Observations) -> Finding:
    lists = _get_template_lists(observations)
    if not lists:
        return leave_undecided("No list of templates was returned.")
    inside = [each for each, data in lists if isinstance(data, Mapping) and "max" in data]
    if inside:
        return reject_reading("max is inside data, beside the list.", *inside)
    missing = [each for each, _ in lists if "max" not in each.fields]
    if missing:
        return reject_reading("The list of templates has no max.", *missing)
    return accept_reading("max is beside data.", lists[0][0])
