"""Lists that may come in another shape (A7, B3, B4): the vendor's text calls one a String and another an Object, and
describes only the fields of one entry."""

from __future__ import annotations

from typing import Any, cast

from vision_ai_generated.types import refuse_if_strict

ITEMS = "items"
"""How the text writes a list's fields elsewhere: `data.items.id`."""
CENTER = "center"
"""An entry of a list of templates that is none (B3)."""
IMAGE_ID = "image_id"
"""One picture's number, or those of all pictures of an entry."""


def to_list(data: Any) -> Any:
    """Return a list of entries for a list, one entry, `{"items": […]}` or nothing; other values unchanged."""
    if not isinstance(data, list):
        refuse_if_strict(data, "data", "a list")
    if data is None or data == "":
        return []
    if isinstance(data, dict):
        entry = cast("dict[str, Any]", data)
        single_entry = [entry] if entry else []
        data = (entry[ITEMS] or []) if ITEMS in entry else single_entry  # null: how some writers write []
    if isinstance(data, list):
        entries = cast("list[Any]", data)
        return [single for entry in entries if entry != CENTER for single in _split_images(_repair_id(entry))]
    return data


def _repair_id(entry: Any) -> Any:
    """Return an entry with its product number as `id` where it is called `sid` (B4)."""
    if not isinstance(entry, dict):
        return entry
    fields = cast("dict[str, Any]", entry)
    if "id" in fields or not {"sid", "count"} <= fields.keys():
        return fields
    refuse_if_strict("sid", "data[]", "an entry with an id")
    return {"id": fields["sid"], **{name: value for name, value in fields.items() if name != "sid"}}


def _split_images(entry: Any) -> list[Any]:
    """Return one entry for each picture where an entry has the numbers of several."""
    if not isinstance(entry, dict):
        return [entry]
    fields = cast("dict[str, Any]", entry)
    image_ids = fields.get(IMAGE_ID)
    if not isinstance(image_ids, list):
        return [fields]
    refuse_if_strict(cast(object, image_ids), f"data[].{IMAGE_ID}", "a string")
    return [{**fields, IMAGE_ID: image_id} for image_id in cast("list[Any]", image_ids)]
