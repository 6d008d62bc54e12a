"""Calls a module one request at a time, and notices when it stops responding."""

from __future__ import annotations

import time
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Literal, TypeVar

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    InvalidAnswerError,
    UnreachableError,
    VisionAI,
)
from vision_ai.recording import Recorder
from vision_ai.transports import (
    BodyTooLargeError,
    Deadline,
    Request,
    Route,
    TransportError,
    parse_url,
    run_sync,
)

from .capture import BODY_LIMIT, CaptureTransport, Exchange
from .chunked_form import ChunkedForm, make_chunked_request
from .observations import FieldNames, Observations, Outcome

T = TypeVar("T")
Api = Literal["auto", "v1", "v2"]

ProgressHandler = Callable[[str], object]
"""Called with a few words about the current step."""

MAX_LOSSES = 2
"""Requests in a row without a response, after which the module counts as gone."""
MAX_POLLS_WITHOUT_RESPONSE = 90
"""How many status queries a module may miss while it restores or restarts: with the default poll, 90 s."""


class RunStopped(Exception):
    """The run cannot continue."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome: Outcome = outcome


class ProbeClient:
    """Calls one module through the SDK, to learn what the SDK makes of each response."""

    def __init__(
        self,
        observations: Observations,
        route: Route,
        *,
        api: Api = "auto",
        timeout: float,
        pause: float,
        poll: float,
        record: str | PathLike[str] | None = None,
        progress: ProgressHandler | None = None,
    ) -> None:
        """`pause` is the time between two requests, `poll` that between two status queries of a job."""
        self.observations = observations
        self.timeout = timeout
        self.poll = poll
        self._progress = progress
        self._base_url = route.base_url
        transport = route.transport if record is None else Recorder(route.transport, record)
        self._capture = CaptureTransport(transport, pause)
        self._losses = 0
        self._lost_since = 0.0
        self._api: Api = api
        self._module = self.make_client()
        observations.exchanges = self._capture.exchanges

    def _select_api(self) -> Api:
        return self.observations.version or self._api

    def make_client(self, *, field_names: FieldNames = "both", part_name: str | None = "file") -> VisionAI:
        """Make an SDK client over the same transport. Do not close it: `close` closes the transport."""
        return VisionAI(
            self.observations.url,
            transport=self._capture,
            timeout=self.timeout,
            retries=0,
            api=self._select_api(),
            field_names=field_names,
            part_name=part_name,
        )

    def note_version(self) -> None:
        """Note the version of the API that the module speaks, for this run and for its report."""
        version = self._module.api_version or "v1"
        self.observations.version = version
        self._capture.set_version(version)
        self._module = self.make_client()  # it asks no more

    def report_progress(self, text: str) -> None:
        """Say what the run does next."""
        if self._progress is not None:
            self._progress(text)

    def call(
        self,
        operation: Callable[[VisionAI], T],
        *,
        by: VisionAI | None = None,
        purpose: str = "",
        may_restart: bool = False,
    ) -> T | None:
        """Return the result of a call, or None where there is none; `last` shows why.

        Raises RunStopped after too many requests without a response. A module that `may_restart` gets more
        time.
        """
        try:
            with self._capture.set_purpose(purpose):
                result = operation(by or self._module)
        except (UnreachableError, AnswerTimeoutError, AnswerLostError) as error:
            self._count_loss(error, may_restart)
            return None
        except DeviceError:
            result = None
        except InvalidAnswerError as error:
            self.last.sdk_error = str(error)
            result = None
        self._losses = 0
        return result

    def restore_in_chunks(self, target: str, file: Path, part_name: str | None, purpose: str) -> None:
        """Send a restore without a length, which the SDK never does."""
        request = make_chunked_request(parse_url(self._base_url + target), ChunkedForm(file, part_name))
        self._send_request(request, purpose)

    def send_command(self, path: str, purpose: str, *, method: str = "POST") -> None:
        """Send a request that the SDK does not send, without a body."""
        headers = [(b"Content-Length", b"0")] if method == "POST" else []
        self._send_request(Request(method, parse_url(self._base_url + path), headers), purpose)

    def _send_request(self, request: Request, purpose: str) -> None:
        try:
            with self._capture.set_purpose(purpose):
                run_sync(self._send(request))
        except BodyTooLargeError:
            self.last.failure = "the response did not end"
        except TransportError as error:
            self._count_loss(error, may_restart=False)
            return
        self._losses = 0

    def wait(self) -> None:
        """Wait until the next status query."""
        time.sleep(self.poll)

    @property
    def last(self) -> Exchange:
        """The last exchange."""
        return self._capture.exchanges[-1]

    def reset_losses(self) -> None:
        """Forget a loss that was expected."""
        self._losses = 0

    def close(self) -> None:
        """Close the transport."""
        run_sync(self._capture.close())

    async def _send(self, request: Request) -> None:
        response = await self._capture.send(request, Deadline(self.timeout))
        try:
            await response.read(BODY_LIMIT)
        finally:
            await response.close()

    def _count_loss(self, error: Exception, may_restart: bool) -> None:
        self._losses += 1
        if self._losses == 1:
            self._lost_since = time.monotonic()
        grace = MAX_POLLS_WITHOUT_RESPONSE * self.poll if may_restart else 0.0
        if self._losses >= MAX_LOSSES and time.monotonic() - self._lost_since >= grace:
            has_responded = any(each.status is not None for each in self._capture.exchanges)
            outcome = "broken_off" if has_responded else "unreachable"
            raise RunStopped(outcome, str(error) or type(error).__name__)
