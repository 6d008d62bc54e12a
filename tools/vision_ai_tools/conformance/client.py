"""Asking a module one thing after the other, and noticing when it no longer answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from os import PathLike
from typing import TypeVar

import httpx

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    InvalidAnswerError,
    UnreachableError,
    VisionAI,
)
from vision_ai._har.recording import recorded
from vision_ai._profile import FieldNames
from vision_ai._transports import Way, chosen_carrier
from vision_ai._wire import presented

from .capture import KEPT, Exchange, Line
from .observations import Outcome, Seen

T = TypeVar("T")

Say = Callable[[str], object]
"""Told what is being done, in a few words."""

LOSSES = 2
"""Requests without an answer, one after the other, after which the module counts as gone."""
POLLS_WITHOUT_ANSWER = 90
"""How long it may be gone while it restores or restarts, in questions about that: a minute and a half."""


class Stopped(Exception):
    """The examination cannot go on."""

    def __init__(self, outcome: Outcome, because: str) -> None:
        super().__init__(because)
        self.outcome: Outcome = outcome


class Asker:
    """The way to one module: through the SDK, so that it is known what the SDK makes of an answer."""

    def __init__(
        self,
        seen: Seen,
        way: Way,
        *,
        timeout: float,
        pause: float,
        poll: float,
        record: str | PathLike[str] | None = None,
    ) -> None:
        """`pause` is the time between two requests, `poll` that between two questions about a job."""
        self.seen = seen
        self.timeout = timeout
        self.poll = poll
        self._address, carrier = chosen_carrier(seen.url, way, asynchronous=False)
        transport = presented(carrier)
        if record is not None:
            transport = recorded(transport, record, asynchronous=False, secrets=False)
        assert isinstance(transport, httpx.BaseTransport)
        self._line = Line(transport, pause)
        self._losses = 0
        self._lost_since = 0.0
        self._module = self.client()
        seen.exchanges = self._line.exchanges

    def client(self, *, field_names: FieldNames = "both", part_name: str | None = "file") -> VisionAI:
        """A client over the line. It is not to be closed: the line is, in the end."""
        return VisionAI(
            self.seen.url,
            transport=self._line,
            timeout=self.timeout,
            retries=0,
            field_names=field_names,
            part_name=part_name,
        )

    def ask(
        self,
        call: Callable[[VisionAI], T],
        *,
        by: VisionAI | None = None,
        purpose: str = "",
        may_restart: bool = False,
    ) -> T | None:
        """The result of a call; None where there is none, whatever the reason. The exchange tells it.

        Raises Stopped where that was one unanswered request too many; a module that `may_restart` gets time.
        """
        try:
            with self._line.purpose(purpose):
                result = call(by or self._module)
        except (UnreachableError, AnswerTimeoutError, AnswerLostError) as error:
            self._lost(error, may_restart)
            return None
        except DeviceError:
            result = None
        except InvalidAnswerError as error:
            self._line.exchanges[-1].refused_by_sdk = str(error)
            result = None
        self._losses = 0
        return result

    def ask_command(self, path: str, purpose: str) -> None:
        """Ask for a path that the SDK does not know."""
        request = httpx.Request(
            "POST",
            self._address + path,
            headers={"Content-Length": "0"},
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self.timeout)},
        )
        try:
            with self._line.purpose(purpose):
                self._read(self._line.handle_request(request))
        except (httpx.HTTPError, OSError) as error:
            self._lost(error, may_restart=False)
            return
        self._losses = 0

    def wait(self) -> None:
        """Wait until it is time for the next question about a job."""
        time.sleep(self.poll)

    @property
    def last(self) -> Exchange:
        """What was asked last."""
        return self._line.exchanges[-1]

    def forget_losses(self) -> None:
        """For a loss that was to be expected."""
        self._losses = 0

    def close(self) -> None:
        """End the connection."""
        self._line.close()

    def _read(self, response: httpx.Response) -> None:
        """An answer, or so much of it as anybody would send."""
        until = time.monotonic() + self.timeout
        try:
            for _ in response.iter_raw():
                if self.last.size > KEPT or time.monotonic() > until:
                    self.last.failure = "it did not come to its end"
                    return
        finally:
            response.close()

    def _lost(self, error: Exception, may_restart: bool) -> None:
        self._losses += 1
        if self._losses == 1:
            self._lost_since = time.monotonic()
        patience = POLLS_WITHOUT_ANSWER * self.poll if may_restart else 0.0
        if self._losses >= LOSSES and time.monotonic() - self._lost_since >= patience:
            answered = any(each.status is not None for each in self._line.exchanges)
            raise Stopped("broken_off" if answered else "unreachable", str(error) or type(error).__name__)
