"""A module that a script plays to `watch()`, with a clock that stands still until somebody waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from samples import DEVICE_INFO
from scripted_transport import ScriptedTransport, SentRequest, success_response

START = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


class SteppedClock:
    """A clock that only `step` moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds - 1000)

    def step(self, seconds: float) -> None:
        assert seconds >= 0
        self.seconds += seconds


class ScriptedModule(ScriptedTransport):
    """Answers with the replies in turn. `moments` has when each request came, in seconds since the start."""

    def __init__(self, *replies: Any, forever: bool = False) -> None:
        super().__init__(*replies, forever=forever)
        self.clock = SteppedClock()
        self.moments: list[float] = []

    def _respond(self, request: httpx.Request, body: bytes) -> httpx.Response:
        self.moments.append(round(self.clock.seconds - 1000, 6))
        return super()._respond(request, body)

    def taking(self, seconds: float, reply: Any) -> Any:
        """Return a reply that comes only after a time."""

        def respond(_: SentRequest) -> Any:
            self.clock.step(seconds)
            return reply

        return respond


def guesses(*ids: str, score: float = 0.9) -> httpx.Response:
    """A recognition with these guesses, the first with `score`."""
    items = [{"id": id, "score": score if number == 0 else 0.01} for number, id in enumerate(ids)]
    return success_response({"items": items, "sid": "20220414150011198"})


APPLE, PEAR, NOTHING = guesses("apple", "pear"), guesses("pear", "apple"), guesses()
INFO = success_response(DEVICE_INFO)
GONE = httpx.ConnectError("refused")
LATE = httpx.ReadTimeout("late")
BROKEN = httpx.ReadError("broken")


def names(events: list[Any]) -> list[str]:
    """Return each event's class, for a product its number."""
    return [each.result.items[0].id if hasattr(each, "result") else type(each).__name__ for each in events]
