"""A7, A9, A24, A28: the shape of the two product lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..capture import Exchange
from ..observations import Observations
from .registry import Finding, accept_reading, leave_undecided, reading, reject_reading

LISTS = ("get_item_list", "get_registered_item_list")


def _iterate_entries(data: object) -> Iterator[Mapping[str, Any]]:
    """Yield the entries, in whatever shape the list has."""
    if isinstance(data, Mapping):
        fields = cast("Mapping[str, Any]", data)
        yield from _iterate_entries(fields["items"]) if "items" in fields else iter((fields,))
    elif isinstance(data, list):
        for each in cast("list[object]", data):
            if isinstance(each, Mapping):
                yield cast("Mapping[str, Any]", each)


def _describe_odd_shape(data: object) -> str:
    """Describe a shape that is not a list of objects; "" for one that is."""
    if isinstance(data, list):
        many = any(isinstance(each.get("image_id"), list) for each in _iterate_entries(cast(object, data)))
        return "lists with several image_id in an entry" if many else ""
    if isinstance(data, Mapping):
        return "an object with items" if "items" in data else "one object"
    return "null" if data is None else f"a {type(data).__name__}"


@reading(
    "A7",
    text="One list is a String, the other an Object with the fields of one entry.",
    reading="Lists of objects, with one entry for each picture.",
    level="act",
)
def find_list_shape(observations: Observations) -> Finding:
    responses = [each for each in observations.get_responses(*LISTS) if each.code == 0]
    odd = [each for each in responses if _describe_odd_shape(each.fields.get("data"))]
    if odd:
        shapes = sorted({_describe_odd_shape(each.fields.get("data")) for each in odd})
        return reject_reading(f"The product lists are {', '.join(shapes)}.", *odd)
    full = [each for each in responses if each.operation == LISTS[1] and each.fields["data"]]
    if not full:
        return leave_undecided("The product lists are lists. No picture was in the cache.", *responses)
    return accept_reading("The product lists are lists of objects, one for each picture.", *full)


@reading(
    "A9",
    text="data.name is an Object; its example is a text.",
    reading="A text.",
    level="act",
)
def find_name_type(observations: Observations) -> Finding:
    names: list[tuple[Exchange, object]] = [
        (each, entry["name"])
        for each in observations.get_responses(*LISTS)
        for entry in _iterate_entries(each.fields.get("data"))
        if "name" in entry
    ]
    if not names:
        return leave_undecided("The product lists are empty.")
    odd = [each for each, name in names if not isinstance(name, str)]
    if odd:
        return reject_reading("The name of a product is not a text.", *odd)
    return accept_reading("The names of products are texts.", names[0][0])


@reading(
    "A24",
    text='get_registered_item_list has the image_id "for submission"; commit_registered_item has only the product.',
    reading="A commit has only the product, and includes all its pictures.",
    level=None,
)
def find_commit_scope(observations: Observations) -> Finding:
    commits = [each for each in observations.get_responses("commit_registered_item") if each.code == 0]
    if not commits:
        return leave_undecided("No product was committed. A module cannot forget a product.")
    return accept_reading("A commit with only the product succeeds.", commits[0])


@reading(
    "A28",
    text="Product numbers are Strings such as 001; one table has the example 1.",
    reading="Texts, with their leading zeros.",
    level="act",
)
def find_product_number_type(observations: Observations) -> Finding:
    numbers: list[tuple[Exchange, object]] = [
        (each, entry["id"])
        for each in observations.get_responses(*LISTS)
        for entry in _iterate_entries(each.fields.get("data"))
        if "id" in entry
    ]
    if not numbers:
        return leave_undecided("The product lists are empty.")
    odd = [each for each, number in numbers if not isinstance(number, str)]
    if odd:
        return reject_reading("The number of a product is not a text.", *odd)
    return accept_reading("The numbers of products are texts.", numbers[0][0])
