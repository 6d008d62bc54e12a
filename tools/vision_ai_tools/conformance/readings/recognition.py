"""A8, A10, A21: a recognition, and the camera's picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from ..body import is_jpeg
from ..capture import Exchange
from ..media_types import describe_media_type, get_media_type
from ..observations import Observations
from .registry import Finding, accept_reading, leave_undecided, reading, reject_reading


@reading(
    "A8",
    text="get_result's data is a String; its example is an object.",
    reading="An object.",
    level="read",
    versions=("v1", "v2"),
)
def find_recognition_type(observations: Observations) -> Finding:
    responses = [each for each in observations.get_responses("get_result") if each.code == 0]
    if not responses:
        return leave_undecided("No recognition succeeded.", *observations.get_responses("get_result"))
    odd = [each for each in responses if not isinstance(each.fields.get("data"), Mapping)]
    if odd:
        return reject_reading("The data of get_result is not an object.", *odd)
    return accept_reading("The data of get_result is an object.", responses[0])


@reading(
    "A10",
    text="get_image returns image/jpeg; errors are envelopes.",
    reading="Either one. The first bytes tell them apart.",
    level="read",
    versions=("v1", "v2"),
)
def find_picture_format(observations: Observations) -> Finding:
    responses = observations.get_responses("get_image")
    if not responses:
        return leave_undecided("get_image returned no complete response.")
    pictures = [each for each in responses if is_jpeg(each.body)]
    neither = [each for each in responses if each not in pictures and each.code in (None, 0)]
    if neither:
        return reject_reading("A response to get_image is neither a JPEG nor an error.", *neither)
    odd = [each for each in pictures if get_media_type(each) != "image/jpeg"]
    if odd:
        return reject_reading(f"The Content-Type of the picture is {describe_media_type(odd[0])}.", *odd)
    if pictures:
        return accept_reading("The picture is a JPEG with the Content-Type image/jpeg.", pictures[0])
    return accept_reading(
        f"There was no picture; get_image returned the error {responses[0].code} as JSON.", responses[0]
    )


@reading(
    "A21",
    text="data.items of get_result is an Object; its example is a list.",
    reading="A list.",
    level="read",
)
def find_guesses_type(observations: Observations) -> Finding:
    items: list[tuple[Exchange, object]] = []
    for each in observations.get_responses("get_result"):
        data: object = each.fields.get("data")
        if each.code == 0 and isinstance(data, Mapping) and "items" in data:
            items.append((each, cast("Mapping[str, object]", data)["items"]))
    if not items:
        return leave_undecided("No recognition had items.", *observations.get_responses("get_result"))
    odd = [each for each, value in items if not isinstance(value, list)]
    if odd:
        return reject_reading("The items of get_result are not a list.", *odd)
    return accept_reading("The items of get_result are a list.", items[0][0])
