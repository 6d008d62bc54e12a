"""One request with its response, while it happens. Whatever the disk does, the call goes on."""

from __future__ import annotations

import threading
import time
from datetime import datetime

from ..base import Request, Response, find_header
from .body import BodySink, StoredBody
from .digest import Digest, FormDigest, find_boundary
from .entry import Entry, encode_entry
from .file import RecordingFile

DOWNLOADS = b"/download/"


class Exchange:
    """Observes each step of a call, and writes its entry once, when the call is over."""

    def __init__(self, file: RecordingFile, request: Request) -> None:
        self._file = file
        self._over = file.stopped
        # A task that asyncio cancels does not wait for its thread: that step is completed before the next one.
        self._step = threading.Lock()
        self._started = time.perf_counter()
        self._sent = self._started
        self._responded: float | None = None
        self._entry = Entry(
            datetime.now().astimezone(), request, self._make_request_sink(request), StoredBody(file.folder)
        )

    @property
    def waits_for_disk(self) -> bool:
        """Whether the next step takes longer than a moment."""
        return self._entry.request_body.on_disk or self._entry.response_body.on_disk

    def note_start(self) -> None:
        """Note that a request's streamed body is sent from its start: maybe once more, after a redirect."""
        with self._step:
            self._entry.request_body.close()
            self._entry.request_body = self._make_request_sink(self._entry.request)

    def note_sent(self, chunk: bytes) -> None:
        """Record a piece of the request's body."""
        self._feed(self._entry.request_body, chunk)
        self._sent = time.perf_counter()

    def note_response(self, response: Response) -> None:
        """Record the head of the response."""
        self._responded = time.perf_counter()
        self._entry.response = response
        if self._file.redaction is not None and DOWNLOADS in self._entry.request.url.target:
            self._entry.response_body = Digest()

    def note_received(self, chunk: bytes) -> None:
        """Record a piece of the response's body."""
        self._feed(self._entry.response_body, chunk)

    def fail(self, error: BaseException) -> None:
        """End the entry with a failure."""
        self._finish(f"{type(error).__name__}: {error}".removesuffix(": "))

    def finish(self) -> None:
        """End the entry: the response was read to its end."""
        self._finish(None)

    def close(self) -> None:
        """End the entry where the reader stops; after the response's end nothing is left to do."""
        response = self._entry.response
        complete = response is not None and response.length == self._entry.response_body.size
        self._finish(None if complete else "Closed: the response was given up before its end")

    def _make_request_sink(self, request: Request) -> BodySink:
        boundary = find_boundary(find_header(request.headers, b"content-type"))
        if boundary is None or self._file.redaction is None:
            return StoredBody(self._file.folder)
        return FormDigest(boundary)

    def _feed(self, body: BodySink, chunk: bytes) -> None:
        with self._step:
            if self._over:
                return
            try:
                body.feed(chunk)
            except OSError as error:
                self._over = True
                self._entry.close()
                self._file.stop(error)

    def _finish(self, failure: str | None) -> None:
        with self._step:
            if not self._over:
                self._over = True
                self._write(failure)

    def _write(self, failure: str | None) -> None:
        ended = time.perf_counter()
        responded = self._responded or ended
        self._entry.failure = failure
        self._entry.seconds = (self._sent - self._started, responded - self._sent, ended - responded)
        try:
            self._file.append(encode_entry(self._entry, self._file.redaction))
        except OSError as error:
            self._file.stop(error)
        finally:
            self._entry.close()
