"""The template pictures of one lesson: they are taken, committed, or taken back when the lesson fails.

A picture whose response was lost has a number that nobody told. It is found by comparing the module's list before and
after the lesson.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from vision_ai_generated import api
from vision_ai_generated.operation import Operation

from .._pipeline.pipeline import Pipeline
from .._pipeline.retry import LOST_CALL_ERRORS
from .._runtime.deadline import Deadline
from ..errors import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    InvalidAnswerError,
    UnreachableError,
    VisionAIError,
)
from ..progress import CallbackFailed

ATTEMPTS = 3
"""How often the deletion of one picture is tried."""
HASTE = 2.0
"""The longest time in seconds to take pictures back where the program wants to end: at Ctrl-C or a cancellation."""
UNKNOWN_OUTCOME = (AnswerLostError, AnswerTimeoutError, InvalidAnswerError)
"""Errors of a call that the module may have carried out."""


async def list_cache(pipeline: Pipeline, item_id: str) -> list[str]:
    """Return the numbers of a product's pictures in the cache (V1)."""
    pictures = await pipeline.call(api.GET_REGISTERED_ITEM_LIST, {})
    return [each.image_id for each in pictures if each.id == item_id and each.image_id is not None]


async def list_templates(pipeline: Pipeline, item_id: str) -> list[str]:
    """Return the numbers of a product's templates (V2)."""
    items = await pipeline.call(api.GET_ITEM_LIST, {})
    if not any(item.id == item_id for item in items):
        return []  # what the list of its templates would be is not documented
    return await pipeline.call(api.GET_ITEM_TEMPLATE_LIST, {"id": item_id})


class LessonForm(NamedTuple):
    """How a version of the API takes a picture of a product, and takes it back."""

    add: Operation[Any]
    arguments: dict[str, object]
    delete: Operation[Any]
    list_numbers: Callable[[Pipeline, str], Awaitable[list[str]]]
    number: str
    """The name of the field with the picture's number, in results and in requests."""
    noun: str
    remains: str
    """What is said of a picture that could not be taken back."""


class Lesson:
    """The pictures of one attempt to teach a product."""

    def __init__(self, pipeline: Pipeline, form: LessonForm, item_id: str) -> None:
        self._pipeline = pipeline
        self._form = form
        self._item_id = item_id
        self.taken: list[Any] = []
        self._earlier: set[str] | None = None
        """The numbers of the product's pictures before the lesson; None where they are not known."""
        self._unnumbered = 0
        """Pictures that were taken, or may have been, and whose numbers are not known."""

    async def begin(self) -> None:
        """Remember which pictures the product has already."""
        try:
            self._earlier = set(await self._form.list_numbers(self._pipeline, self._item_id))
        except (AnswerLostError, AnswerTimeoutError) as error:
            raise UnreachableError(
                f"learn: no picture was taken, because the module does not answer: {error}"
            ) from error
        except UnreachableError:
            raise
        except VisionAIError:
            pass  # only a lost picture needs the list

    async def take_picture(self) -> None:
        """Take one picture."""
        try:
            picture = await self._pipeline.call(self._form.add, self._form.arguments)
        except BaseException as error:
            if isinstance(error, UNKNOWN_OUTCOME) or not isinstance(error, VisionAIError):
                self._unnumbered += 1
            raise
        self.taken.append(picture)
        if getattr(picture, self._form.number) is None:
            self._unnumbered += 1

    async def commit(self) -> None:
        """Let the pictures in the cache take effect (V1). Take them back where that failed."""
        try:
            await self._pipeline.call(api.COMMIT_REGISTERED_ITEM, {"id": self._item_id})
        except BaseException as error:
            if isinstance(error, VisionAIError) and not isinstance(error, UNKNOWN_OUTCOME):
                await self.take_back(error)
            else:
                await self._settle_commit(error)
            raise

    async def take_back(self, reason: BaseException) -> None:
        """Delete the pictures of this attempt, and note in the error what stays."""
        async with self._pipeline.runtime.shield():
            remaining, notes = await self._delete_pictures(self._limit_time(reason))
        if not notes and (self.taken or self._unnumbered) and isinstance(reason, VisionAIError):
            notes = [f"Nothing of this attempt is left on the module: its {self._form.noun}s were deleted."]
        _report(reason, remaining, notes)

    async def _delete_pictures(self, deadline: Deadline) -> tuple[tuple[str, ...] | None, list[str]]:
        """Return the numbers of the pictures that stay, None where they are not known, and sentences about them."""
        form, product = self._form, repr(self._item_id)
        notes: list[str] = []
        remaining: list[str] = []
        numbers = self._known_numbers
        certain = True
        if self._unnumbered:
            found = await self._find_unknown(deadline)
            if found is not None and len(found) <= self._unnumbered:
                numbers += found
            else:
                certain = False
                which = f": it may be one of {', '.join(found)}" if found else ""
                notes.append(
                    f"Perhaps a {form.noun} of {product} whose number is not known {form.remains}{which}."
                )
        for number in numbers:
            error = await self._delete(number, deadline)
            if error is not None:
                remaining.append(number)
                notes.append(f"{form.noun.capitalize()} {number} of {product} {form.remains}: {error}")
        return (tuple(remaining) if certain else None), notes

    @property
    def _known_numbers(self) -> list[str]:
        numbers = (getattr(each, self._form.number) for each in self.taken)
        return [number for number in numbers if number is not None]

    async def _find_unknown(self, deadline: Deadline) -> list[str] | None:
        """Return the pictures of the list that came during the lesson and have no known number; None without a list."""
        if self._earlier is None:
            return None
        try:
            listed = await self._list(deadline)
        except VisionAIError:
            return None
        known = {*self._earlier, *self._known_numbers}
        return [number for number in listed if number not in known]

    async def _list(self, deadline: Deadline) -> list[str]:
        """List the product's pictures. A module that cannot be asked is asked again until time is up."""
        retry = 0
        while True:
            try:
                return await self._form.list_numbers(self._pipeline.within(deadline), self._item_id)
            except LOST_CALL_ERRORS:
                pause = self._pipeline.options.retries.pause_before(retry)
                if (deadline.left or 0) <= pause:
                    raise
            await self._pipeline.runtime.sleep(pause)
            retry += 1

    async def _delete(self, number: str, deadline: Deadline) -> VisionAIError | None:
        """Delete one picture; return the failure where it stays.

        A deletion may be repeated where the list still has the picture, since it names a single one.
        """
        attempt = 1
        while True:
            try:
                await self._pipeline.within(deadline).call(
                    self._form.delete, {"id": self._item_id, self._form.number: number}
                )
                return None
            except VisionAIError as error:
                again = isinstance(error, (*LOST_CALL_ERRORS, InvalidAnswerError)) or (
                    isinstance(error, DeviceError) and error.retryable
                )
                if not again or attempt == ATTEMPTS:
                    return error
                failure = error
            try:
                if number not in await self._list(deadline):
                    return None
            except VisionAIError:
                return failure
            attempt += 1

    async def _settle_commit(self, reason: BaseException) -> None:
        """Find out whether a commit was applied whose response did not come, and note it in the error."""
        product = repr(self._item_id)
        async with self._pipeline.runtime.shield():
            deadline = self._limit_time(reason)
            cached = await self._find_cached(deadline)
            recognized = None if cached is None or cached else await self._is_recognized(deadline)
        if cached is None:
            note = (
                f"It is not known whether the pictures of {product} were committed or are still in the cache: look at "
                "the list of products and at the cache before you teach it again."
            )
        elif cached and isinstance(reason, (AnswerLostError, InvalidAnswerError)):
            await self.take_back(reason)  # the module does not work on it any more
            return
        elif cached:
            note = (
                f"The module may still be committing: pictures {', '.join(cached)} of {product} are in the cache. Look "
                "at the cache again; commit what is still there, or delete it."
            )
        elif recognized is False:
            _report(
                reason,
                (),
                [
                    f"The cache is empty and {product} is not recognized: the module restarted. Teach it again."
                ],
            )
            return
        else:
            recognizes = ", and the module recognizes it" if recognized else ""
            note = (
                f"The pictures of {product} are no longer in the cache{recognizes}: the commit was probably carried "
                "out. Check that the product is recognized."
            )
        _report(reason, tuple(cached) if cached else None, [note])

    async def _find_cached(self, deadline: Deadline) -> list[str] | None:
        """Return which pictures of this attempt are in the cache; None where that cannot be found out."""
        if self._unnumbered and self._earlier is None:
            return None
        try:
            listed = await self._list(deadline)
        except VisionAIError:
            return None
        known = self._known_numbers
        earlier = self._earlier if self._earlier is not None else {*listed}.difference(known)
        return [number for number in listed if number in known or number not in earlier]

    async def _is_recognized(self, deadline: Deadline) -> bool | None:
        try:
            items = await self._pipeline.within(deadline).call(api.GET_ITEM_LIST, {})
        except VisionAIError:
            return None
        return any(item.id == self._item_id for item in items)

    def _limit_time(self, reason: BaseException) -> Deadline:
        """Return until when the pictures are taken back: as long as one call may take."""
        timeout = self._pipeline.options.timeout
        waits = isinstance(reason, Exception | CallbackFailed)
        return Deadline(timeout if waits else min(timeout, HASTE))


def _report(reason: BaseException, remaining: tuple[str, ...] | None, notes: list[str]) -> None:
    """Note in what a lesson ended with, or in what the program's callback raised, what is left of it."""
    if isinstance(reason, CallbackFailed):
        reason = reason.error
    for note in notes:
        reason.add_note(note)
    if isinstance(reason, VisionAIError):
        reason.leftovers = remaining
