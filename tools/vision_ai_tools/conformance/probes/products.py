"""`act`: pictures of a product that is free are put into the cache and taken out again (A1, A7, A9, A15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from vision_ai import Item, RegisteredItem, VisionAI

from ..capture import Exchange
from ..client import Asker, Say
from ..observations import SPELLINGS, Spelling, SpellingTry
from ..readings.judgments import spelling_understood

NAME = "检查 check"
"""Of the product that is registered and deleted again: Chinese, to see its charset (A15)."""
NO_PICTURE = "0"
"""A picture's number that no module gives."""
FOUND_NOTHING = -6202
PARAMETER_ERROR = -6213
TIDYING = "tidying up"

T = TypeVar("T")


def register_and_delete(asker: Asker, say: Say) -> None:
    """The whole of it; nothing of it stays in the cache, or the report says so."""
    items = asker.ask(VisionAI.get_item_list)
    cached = asker.ask(VisionAI.get_registered_item_list)
    if items is None or cached is None:
        asker.seen.left_out.append(
            "register_item: the lists of products could not be read, so no number is known to be free"
        )
        return
    trial = _Trial(asker, say, free_number(items, cached))
    warning = (
        f"Pictures of the product {trial.id} ({NAME}) may be left in the cache: delete them, or restart it."
    )
    asker.seen.traces.append(warning)
    try:
        trial.run()
    finally:
        if trial.tidied():
            asker.seen.traces.remove(warning)


def free_number(items: list[Item], cached: list[RegisteredItem]) -> str:
    """A product's number that is nowhere used, as long as those of shops are."""
    used = {each.id for each in items} | {each.id for each in cached}
    highest_first = (str(99_999 - back) for back in range(len(used) + 1))
    return next(number for number in highest_first if number not in used)


class _Trial:
    """Pictures of one product, its names spelled in each way."""

    def __init__(self, asker: Asker, say: Say, id: str) -> None:
        self.id = id
        self._asker = asker
        self._say = say
        self._pictures: set[str] = set()

    def run(self) -> None:
        """Register with each spelling, and delete with those that were understood."""
        taken: dict[Spelling, str] = {}
        for spelling in SPELLINGS:
            picture = self._register(spelling)
            if picture is not None:
                taken[spelling] = picture
        if not self._pictures:
            for spelling in SPELLINGS:
                self._delete_no_picture(spelling)
        for spelling, picture in taken.items():
            self._delete(spelling, picture, whole_product=spelling == list(taken)[-1])

    def tidied(self) -> bool:
        """Whether nothing of it is in the cache, in the end, however that had to be asked for."""
        for spelling in reversed(SPELLINGS):
            left = self._left()
            if left == []:
                return True
            # A module that overlooks a spelling might delete something else.
            if spelling_understood(self._asker.seen, spelling) is not False:
                self._say("tidying up")
                by = self._asker.client(field_names=spelling)
                self._asker.ask(
                    lambda module: module.delete_registered_item(id=self.id), by=by, purpose=TIDYING
                )
                for stray in left or ():
                    self._delete_stray(by, stray)
        return self._left() == []

    def _ask(self, spelling: Spelling, call: Callable[[VisionAI], T], purpose: str = "") -> T | None:
        by = self._asker.client(field_names=spelling)
        return self._asker.ask(call, by=by, purpose=f"names spelled {spelling}{purpose}")

    def _register(self, spelling: Spelling) -> str | None:
        """The number of a picture in the cache, if it got there under the product's number."""
        self._say(f"registering a picture, names spelled {spelling}")
        picture = self._ask(spelling, lambda module: module.register_item(id=self.id, name=NAME))
        exchange = self._asker.last
        cached = self._asker.ask(VisionAI.get_registered_item_list) or []
        if picture is None:
            self._note(spelling, exchange, _understood(exchange.code))
            return None
        self._pictures.add(picture.image_id)
        # A module that overlooks the names could take the picture all the same, for no product or another.
        astray = any(each.image_id == picture.image_id and each.id != self.id for each in cached)
        self._note(spelling, exchange, not astray)
        return None if astray else picture.image_id

    def _delete(self, spelling: Spelling, picture: str, *, whole_product: bool) -> None:
        self._say(f"deleting the picture, names spelled {spelling}")
        if whole_product:
            self._ask(spelling, lambda module: module.delete_registered_item(id=self.id))
        else:
            self._ask(spelling, lambda module: module.delete_registered_image(id=self.id, image_id=picture))
        self._note(spelling, self._asker.last, _understood(self._asker.last.code))

    def _delete_no_picture(self, spelling: Spelling) -> None:
        """Where no picture could be taken: deleting one that is not there tells whether names are found."""
        self._ask(
            spelling,
            lambda module: module.delete_registered_image(id=self.id, image_id=NO_PICTURE),
            ", for a picture that is not there",
        )
        code = self._asker.last.code
        self._note(spelling, self._asker.last, True if code in (0, FOUND_NOTHING) else None)

    def _note(self, spelling: Spelling, exchange: Exchange, understood: bool | None) -> None:
        self._asker.seen.spellings.append(SpellingTry(spelling, exchange, understood))

    def _left(self) -> list[RegisteredItem] | None:
        cached = self._asker.ask(VisionAI.get_registered_item_list, purpose=TIDYING)
        if cached is None:
            return None
        return [each for each in cached if each.id == self.id or each.image_id in self._pictures]

    def _delete_stray(self, by: VisionAI, stray: RegisteredItem) -> None:
        if stray.id in ("", self.id):  # a product without a number cannot be asked for
            return
        self._asker.ask(
            lambda module: module.delete_registered_image(id=stray.id, image_id=stray.image_id),
            by=by,
            purpose=TIDYING,
        )


def _understood(code: int | None) -> bool | None:
    return True if code == 0 else False if code == PARAMETER_ERROR else None
