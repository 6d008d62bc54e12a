"""One request with its answer, as it happens. Whatever the disk does, the call goes on."""

from __future__ import annotations

import ipaddress
import time
from contextlib import suppress
from datetime import datetime
from typing import cast

from .._http import DecodingError, Request, Response
from .body import IN_MEMORY, Body, Passing
from .entry import Entry, encoded
from .file import RecordingFile
from .left_out import Digest, FormDigest, boundary_of

DOWNLOADS = "/download/"


class Exchange:
    """Told of each step of a call; writes its entry once, when the call is over."""

    def __init__(self, file: RecordingFile, request: Request) -> None:
        self._file = file
        self._over = file.stopped
        self._started = time.perf_counter()
        self._sent = self._started
        self._answered: float | None = None
        self._encoded = False
        self._entry = Entry(
            datetime.now().astimezone(), request, self._body_of_request(request), Body(file.folder)
        )

    @property
    def waits_for_the_disk(self) -> bool:
        """Whether the next step takes longer than a moment."""
        return self._entry.asked.on_disk or self._entry.answered.on_disk

    def sent(self, chunk: bytes) -> None:
        """A piece of the request's body."""
        self._feed(self._entry.asked, chunk)
        self._sent = time.perf_counter()

    def answered(self, response: Response) -> None:
        """The answer's head."""
        self._answered = time.perf_counter()
        self._entry.response = response
        self._entry.server = _server(response)
        # One that was read by its transport is decoded by now.
        self._encoded = "content-encoding" in response.headers and not response.is_closed
        if not self._encoded:
            self._entry.answered = self._body_of_answer()

    def received(self, chunk: bytes) -> None:
        """A piece of the answer's body."""
        self._entry.received += len(chunk)
        self._feed(self._entry.answered, chunk)

    def failed(self, error: BaseException) -> None:
        """It broke off."""
        self._finish(f"{type(error).__name__}: {error}".removesuffix(": "))

    def finished(self) -> None:
        """The answer was read to its end."""
        self._finish(None)

    def closed(self) -> None:
        """The caller wants no more of the answer; after its end that means nothing."""
        response = self._entry.response
        announced = response.headers.get("content-length", "") if response else ""
        whole = announced == str(self._entry.received)
        self._finish(None if whole else "Closed: the answer was given up before its end")

    def _body_of_request(self, request: Request) -> Passing:
        boundary = boundary_of(request.headers.get("content-type", ""))
        if boundary is None or self._file.redaction is None:
            return Body(self._file.folder)
        return FormDigest(boundary)

    def _body_of_answer(self) -> Passing:
        if self._file.redaction is not None and DOWNLOADS in self._entry.request.url.path:
            return Digest()
        return Body(self._file.folder)

    def _feed(self, body: Passing, chunk: bytes) -> None:
        if self._over:
            return
        try:
            body.feed(chunk)
        except OSError as error:
            self._give_up(error)

    def _finish(self, failure: str | None) -> None:
        if self._over:
            return
        self._over = True
        ended = time.perf_counter()
        answered = self._answered or ended
        self._entry.failure = failure
        self._entry.seconds = (self._sent - self._started, answered - self._sent, ended - answered)
        try:
            if self._encoded:
                self._decode()
            self._file.append(encoded(self._entry, self._file.redaction))
        except OSError as error:
            self._file.give_up(error)
        finally:
            self._entry.close()

    def _decode(self) -> None:
        """A recording has contents as they were before they were compressed."""
        raw, plain = self._entry.answered, self._body_of_answer()
        assert self._entry.response is not None
        headers = {"Content-Encoding": self._entry.response.headers["content-encoding"]}
        packed = Response(200, headers=headers, content=cast(Body, raw).pieces(IN_MEMORY))
        try:
            for chunk in packed.iter_bytes():
                plain.feed(chunk)
        except DecodingError:  # nothing that the caller could read either
            plain.close()
        else:
            raw.close()
            self._entry.answered = plain

    def _give_up(self, error: OSError) -> None:
        self._over = True
        self._entry.close()
        self._file.give_up(error)


def _server(response: Response) -> str | None:
    """The address that the answer came from, where the transport says so: asked for while it is connected."""
    stream = response.extensions.get("network_stream")
    if stream is None:
        return None
    with suppress(OSError, ValueError, TypeError, IndexError):
        return str(ipaddress.ip_address(stream.get_extra_info("server_addr")[0]))
    return None
