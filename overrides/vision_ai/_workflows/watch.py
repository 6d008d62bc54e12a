"""Watching the pan: asks again and again, and reports what has changed.

`Watch` and `AsyncWatch` are iterators and not generators: leaving the loop leaves nothing behind, and an `__anext__`
that was cancelled can be called again. Nothing is asked while the program handles an event.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from time import perf_counter
from typing import NamedTuple, cast

from vision_ai_generated import api, models

from .._pipeline.pipeline import Pipeline
from .._pipeline.retry import LOST_CALL_ERRORS
from .._runtime.clock import REAL_CLOCK, Clock
from .._runtime.sync import run_sync
from .._validation import LONGEST_WAIT, check_count, check_flag, describe, is_number
from ..errors import DeviceError, InvalidAnswerError, InvalidInputError, UnreachableError, VisionAIError
from ..events import ConnectionLost, ConnectionRestored, Event, PanEmpty, Recognized
from ..options import Retries
from ..progress import is_asynchronous
from .pan_state import Pan, PanState, Reading, make_reader
from .restart import set_clock

RESPONSE_TIMEOUT = 5.0
"""The longest time, in seconds, that the module gets for a response."""
SHORTEST_GAP, LONGEST_GAP = 0.5, 5.0
"""Seconds between two attempts to reach a lost module."""
JITTER = 1.25
"""By how much a gap may be longer than another one."""
SHORTEST_CHECK, LONGEST_CHECK = 0.01, 0.1
"""Seconds between two calls of `when` while it is false: it costs little, and the consumer waits for it."""
PASSING_CATEGORIES = ("camera", "network", "engine", "internal")
"""Of error codes: what may be over by itself, or once somebody has plugged in a cable."""
IN_USE = "another thread or task is waiting for the next event of this watch: let each of them have a watch of its own"


class Settings(NamedTuple):
    """The checked arguments of `watch()`."""

    every: float
    stable_for: int
    when: Callable[[], object] | None
    min_score: float
    empty_without_guesses: bool
    empty_codes: frozenset[int]

    @staticmethod
    def check(
        every: float,
        stable_for: int,
        when: Callable[[], object] | None,
        min_score: float,
        empty_without_guesses: bool,
        empty_codes: Collection[int],
    ) -> Settings:
        """Return the settings; refuse what is not possible."""
        if not is_number(every) or not 0 <= every <= LONGEST_WAIT:
            raise InvalidInputError(
                f"every must be a number of seconds from 0 up and at most {LONGEST_WAIT:g}, not {describe(every)}"
            )
        if not is_number(min_score) or not 0 <= min_score <= 1:
            raise InvalidInputError(f"min_score must be a number from 0 to 1, not {describe(min_score)}")
        if when is not None and (not callable(when) or is_asynchronous(when)):
            raise InvalidInputError(
                "when must be an ordinary function without arguments (not async), such as lambda: grams > 20, or None, "
                f"not {describe(when)}"
            )
        return Settings(
            float(every),
            check_count("stable_for", stable_for, 1),
            when,
            float(min_score),
            check_flag("empty_without_guesses", empty_without_guesses),
            _check_codes(empty_codes),
        )


def _check_codes(codes: object) -> frozenset[int]:
    items = tuple(cast("Collection[int]", codes)) if isinstance(codes, Collection) else ()
    if not isinstance(codes, Collection) or not all(type(item) is int for item in items):
        raise InvalidInputError(
            "empty_codes must be a collection of error codes (integers), such as {-6210}, not "
            f"{describe(cast(object, codes))}"
        )
    return frozenset(items)


class _BaseWatch:
    """What both clients share: everything but the waiting for one event."""

    def __init__(self, pipeline: Pipeline, settings: Settings) -> None:
        pipeline.refuse_if_closed()
        options = pipeline.options
        self._pipeline = pipeline.in_background(
            options._replace(timeout=min(options.timeout, RESPONSE_TIMEOUT))
        )
        self._probe = self._pipeline.with_options(self._pipeline.options._replace(retries=Retries(count=0)))
        """For a lost module, which is asked again anyway."""
        self._settings = settings
        self._every = settings.every
        self._when = settings.when
        self._check_pause = min(max(settings.every, SHORTEST_CHECK), LONGEST_CHECK)
        self._read = make_reader(settings.min_score, empty_without_guesses=settings.empty_without_guesses)
        self._pan = PanState(settings.stable_for)
        self._asked = 0.0
        """The moment of the latest question."""
        self._gap = 0.0
        """Seconds from it to the next one."""
        self._is_lost = False
        self._needs_recognition = False
        """Whether a lost module is back only when it recognizes, and not already when it responds."""
        self._attempts = 0
        """How often a lost module was asked."""
        self._is_in_use = False

    async def _next_event(self) -> Event | None:
        """Ask until something has changed. Return None where the watch has ended."""
        if self._is_in_use:
            raise VisionAIError(IN_USE)
        self._is_in_use = True
        try:
            while not self._pipeline.has_ended:
                event = await (self._reconnect() if self._is_lost else self._ask())
                if event is not None:
                    return event
            return None
        finally:
            self._is_in_use = False

    def _end(self) -> None:
        self._pipeline.ended = self._probe.ended = True
        self._pipeline.state.pauses.end()

    # --- One question.

    async def _ask(self) -> Event | None:
        """Ask once. Return what has changed."""
        clock = await self._wait_until_due()
        if not self._may_ask():
            self._pan.forget()
            return await self._pipeline.pause(self._check_pause)
        self._asked, self._gap = clock.monotonic(), self._every
        self._pipeline.began = perf_counter()
        result: models.RecognitionResult | None = None
        try:
            result = await self._pipeline.call(api.GET_RESULT, {})
        except VisionAIError as error:
            if not self._means_empty(error):
                return self._note_loss(error, clock)
            reading = Pan.EMPTY
        else:
            reading = self._read(result)
        moment = clock.monotonic()
        if self._pan.change(reading, moment):
            return self._make_event(reading, result, moment, clock)
        return None

    async def _wait_until_due(self) -> Clock:
        """Wait until the next question is due. Return the clock."""
        pipeline = self._pipeline
        clock = pipeline.transport.clock or REAL_CLOCK
        # At most one gap, also where the clock was replaced by another one.
        await pipeline.pause(min(self._asked + self._gap - clock.monotonic(), self._gap))
        return clock

    def _may_ask(self) -> bool:
        return self._when is None or bool(self._when())

    def _means_empty(self, error: VisionAIError) -> bool:
        return isinstance(error, DeviceError) and error.code in self._settings.empty_codes

    def _make_event(
        self, reading: Reading, result: models.RecognitionResult | None, moment: float, clock: Clock
    ) -> Event | None:
        if reading is Pan.EMPTY:
            return PanEmpty(moment, clock.now())
        if result is None or reading is Pan.UNRECOGNIZED:
            return None
        journal = self._pipeline.state.journal
        if journal is not None:
            journal.note_recognition(result, perf_counter() - self._pipeline.began, self._pan.count)
        return Recognized(result, self._pan.since, moment, clock.now())

    # --- A lost module.

    def _note_loss(self, error: VisionAIError, clock: Clock) -> Event | None:
        """Return the event of a failed question; raise the error where it does not pass."""
        if not self._passes(error):
            raise error
        if self._pipeline.has_ended or _is_busy(error):
            return None
        self._is_lost = True
        self._needs_recognition = not isinstance(error, LOST_CALL_ERRORS)
        self._attempts = 0
        self._pan.interrupt()
        moment = clock.monotonic()
        self._schedule_attempt(moment)
        return ConnectionLost(error, moment, clock.now())

    def _passes(self, error: VisionAIError) -> bool:
        """Whether a failure may be over later without a change of the program or of the module's settings."""
        if self._pipeline.has_ended:
            return True
        if isinstance(error, DeviceError):
            return error.retryable or error.category in PASSING_CATEGORIES
        if isinstance(error, InvalidAnswerError):  # a web server may be up before the module is
            return not self._pipeline.options.strict
        return isinstance(error, LOST_CALL_ERRORS)

    def _schedule_attempt(self, moment: float) -> None:
        from random import uniform  # not needed before

        # Jittered, so that the terminals of a store do not ask all at once after a power cut.
        gap = SHORTEST_GAP * 2**self._attempts * uniform(1, JITTER)
        self._asked, self._gap = moment, min(gap, LONGEST_GAP * uniform(1 / JITTER, 1))

    async def _reconnect(self) -> Event | None:
        """Look once whether the module is back."""
        clock = await self._wait_until_due()
        may_ask = self._may_ask()
        if self._needs_recognition and not may_ask:
            return await self._pipeline.pause(self._check_pause)
        self._asked = clock.monotonic()
        try:
            info = await self._probe.call(api.GET_DEVICE_INFO, {})
            if may_ask:
                await self._try_recognition()
        except VisionAIError as error:
            if not self._passes(error):
                raise
            self._attempts = min(self._attempts + 1, 10)
            self._schedule_attempt(clock.monotonic())
            return None
        await set_clock(self._probe)
        self._is_lost = False
        self._gap = self._every
        return ConnectionRestored(info, clock.monotonic(), clock.now())

    async def _try_recognition(self) -> None:
        try:
            await self._probe.call(api.GET_RESULT, {})
        except DeviceError as error:
            if not self._means_empty(error):
                raise


def _is_busy(error: VisionAIError) -> bool:
    """Whether it was this client that had no time; the failure of a connection has a cause."""
    return isinstance(error, UnreachableError) and error.__cause__ is None


class Watch(_BaseWatch):
    """The events of a module, as `VisionAI.watch` returns them: an iterator that waits for the next one.

    It ends when it or the client is closed, and only then. What was raised does not end it: the next step goes on.
    """

    def __iter__(self) -> Watch:
        return self

    def __next__(self) -> Event:
        event = run_sync(self._next_event())
        if event is None:
            raise StopIteration
        return event

    def close(self) -> None:
        """End the iteration, also from another thread, and leave the client open. Calling it again does nothing.

        A thread that waits for the next event stops waiting at once, or after the request that is under way.
        """
        self._end()


class AsyncWatch(_BaseWatch):
    """The events of a module, as `AsyncVisionAI.watch` returns them: an iterator that waits for the next one.

    It ends when it or the client is closed, and only then. What was raised does not end it: the next step goes on. A
    step that was cancelled can be repeated: no event is lost.
    """

    def __aiter__(self) -> AsyncWatch:
        return self

    async def __anext__(self) -> Event:
        event = await self._next_event()
        if event is None:
            raise StopAsyncIteration
        return event

    async def aclose(self) -> None:
        """End the iteration, also from another task, and leave the client open. Calling it again does nothing.

        A task that waits for the next event stops waiting at once, or after the request that is under way.
        """
        self._end()
