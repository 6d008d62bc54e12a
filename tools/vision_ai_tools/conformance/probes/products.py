"""`act`: pictures of a product with an unused number go into the cache and out again (A1, A7, A9, A15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from vision_ai import Item, RegisteredItem, VisionAI

from ..capture import Exchange
from ..client import ProbeClient
from ..observations import FIELD_NAMES, FieldNames, FieldNamesTrial
from ..readings.field_names import understands_field_names

NAME = "检查 check"
"""The name of the product. It is Chinese, to find out the charset (A15)."""
NO_PICTURE = "0"
"""A picture id that no module assigns."""
NOT_FOUND = -6202
PARAMETER_ERROR = -6213
HIGHEST_NUMBER = 99_999
"""Shops use shorter numbers."""
CLEANUP = "cleaning up"

T = TypeVar("T")


def register_and_delete(client: ProbeClient) -> None:
    """Register pictures and delete them. If one stays in the cache, the report says so."""
    items = client.call(VisionAI.get_item_list)
    cached = client.call(VisionAI.get_registered_item_list)
    if items is None or cached is None:
        client.observations.left_out.append(
            "register_item: the product lists could not be read, so no number is known to be unused"
        )
        return
    trial = _ProductTrial(client, find_unused_number(items, cached))
    warning = (
        f"Pictures of the product {trial.id} ({NAME}) may still be in the cache. "
        "Delete them or restart the module."
    )
    client.observations.traces.append(warning)
    try:
        trial.run()
    finally:
        if trial.clean_up():
            client.observations.traces.remove(warning)


def find_unused_number(items: list[Item], cached: list[RegisteredItem]) -> str:
    """Return the highest product number that no product has."""
    used = {each.id for each in items} | {each.id for each in cached}
    candidates = (str(HIGHEST_NUMBER - back) for back in range(len(used) + 1))
    return next(number for number in candidates if number not in used)


class _ProductTrial:
    """Registers and deletes pictures of one product, with each pair of field names."""

    def __init__(self, client: ProbeClient, id: str) -> None:
        self.id = id
        self._client = client
        self._pictures: set[str] = set()

    def run(self) -> None:
        """Register with each pair of field names, and delete with those that the module understood."""
        registered: dict[FieldNames, str] = {}
        for names in FIELD_NAMES:
            picture = self._register(names)
            if picture is not None:
                registered[names] = picture
        if not self._pictures:
            for names in FIELD_NAMES:
                self._delete_missing_picture(names)
        for names, picture in registered.items():
            self._delete(names, picture, whole_product=names == list(registered)[-1])

    def clean_up(self) -> bool:
        """Delete what is left in the cache, with any field names. Return whether nothing is left."""
        for names in reversed(FIELD_NAMES):
            left = self._list_left()
            if left == []:
                return True
            # A module that ignores these field names might delete something else.
            if understands_field_names(self._client.observations, names) is not False:
                self._client.report_progress(CLEANUP)
                module = self._client.make_client(field_names=names)
                self._client.call(
                    lambda module: module.delete_registered_item(id=self.id), by=module, purpose=CLEANUP
                )
                for picture in left or ():
                    self._delete_left_picture(module, picture)
        return self._list_left() == []

    def _call(self, names: FieldNames, operation: Callable[[VisionAI], T], purpose: str = "") -> T | None:
        module = self._client.make_client(field_names=names)
        return self._client.call(operation, by=module, purpose=f"field names: {names}{purpose}")

    def _register(self, names: FieldNames) -> str | None:
        """Return the id of the picture, if it is in the cache under the product's number."""
        self._client.report_progress(f"registering a picture, field names: {names}")
        picture = self._call(names, lambda module: module.register_item(id=self.id, name=NAME))
        exchange = self._client.last
        cached = self._client.call(VisionAI.get_registered_item_list) or []
        if picture is None:
            self._add_trial(names, exchange, _is_understood(exchange.code))
            return None
        if picture.image_id is None:
            self._add_trial(names, exchange, None)
            return None
        self._pictures.add(picture.image_id)
        # A module that ignores the field names may register the picture for no product or for another one.
        misplaced = any(each.image_id == picture.image_id and each.id != self.id for each in cached)
        self._add_trial(names, exchange, not misplaced)
        return None if misplaced else picture.image_id

    def _delete(self, names: FieldNames, picture: str, *, whole_product: bool) -> None:
        self._client.report_progress(f"deleting the picture, field names: {names}")
        if whole_product:
            self._call(names, lambda module: module.delete_registered_item(id=self.id))
        else:
            self._call(names, lambda module: module.delete_registered_image(id=self.id, image_id=picture))
        exchange = self._client.last
        self._add_trial(names, exchange, _is_understood(exchange.code))

    def _delete_missing_picture(self, names: FieldNames) -> None:
        """Find out the field names without a picture: delete one that does not exist."""
        self._call(
            names,
            lambda module: module.delete_registered_image(id=self.id, image_id=NO_PICTURE),
            ", for a picture that does not exist",
        )
        exchange = self._client.last
        self._add_trial(names, exchange, True if exchange.code in (0, NOT_FOUND) else None)

    def _add_trial(self, names: FieldNames, exchange: Exchange, understood: bool | None) -> None:
        self._client.observations.field_names.append(FieldNamesTrial(names, exchange, understood))

    def _list_left(self) -> list[RegisteredItem] | None:
        cached = self._client.call(VisionAI.get_registered_item_list, purpose=CLEANUP)
        if cached is None:
            return None
        return [each for each in cached if each.id == self.id or each.image_id in self._pictures]

    def _delete_left_picture(self, module: VisionAI, picture: RegisteredItem) -> None:
        id, image_id = picture.id, picture.image_id
        if not id or not image_id or id == self.id:  # no request can name a product without a number
            return
        self._client.call(
            lambda module: module.delete_registered_image(id=id, image_id=image_id),
            by=module,
            purpose=CLEANUP,
        )


def _is_understood(code: int | None) -> bool | None:
    return True if code == 0 else False if code == PARAMETER_ERROR else None
