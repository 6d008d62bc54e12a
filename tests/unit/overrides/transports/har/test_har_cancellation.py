"""A call that is cancelled, at any moment, leaves a valid recording of what had arrived."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest
import trio
from har_support import content, entries

from vision_ai._transports.har import body as recorded_bodies
from vision_ai._transports.har.file import RecordingFile
from vision_ai.recording import Recorder
from vision_ai.transports import Deadline, Request, Response, Transport, parse_url

BODY = random.Random(1).randbytes(2048)
PIECE = 256
MOMENTS = range(0, 90, 3)


class PieceResponse(Response):
    """Sends `BODY` in pieces, and lets others run before each."""

    status = 200
    headers = ((b"Content-Length", b"%d" % len(BODY)),)
    length = len(BODY)

    def __init__(self) -> None:
        self.sent = 0

    async def read(self, limit: int) -> bytes:
        raise NotImplementedError

    async def read_into(self, view: memoryview) -> int:
        await anyio.lowlevel.checkpoint()
        piece = BODY[self.sent :][:PIECE]
        view[: len(piece)] = piece
        self.sent += len(piece)
        return len(piece)

    async def close(self) -> None:
        with anyio.CancelScope(shield=True):
            await anyio.lowlevel.checkpoint()


class PieceTransport(Transport):
    """Counts the requests that reach it."""

    asynchronous = True
    requests = 0

    async def send(self, request: Request, deadline: Deadline) -> Response:
        self.requests += 1
        await anyio.lowlevel.checkpoint()
        return PieceResponse()

    async def close(self) -> None:
        pass


async def download(recorder: Recorder) -> bytes:
    """Read a whole response into one buffer that is used again and again."""
    request = Request("GET", parse_url("http://module/download/test.evo"), [])
    response = await recorder.send(request, Deadline(10))
    received = b""
    try:
        view = memoryview(bytearray(PIECE))
        while count := await response.read_into(view):
            received += view[:count]
            view[:] = bytes(PIECE)
    finally:
        await response.close()
    return received


def cancel_asyncio(recorder: Recorder, moment: int) -> None:
    async def main() -> None:
        task = asyncio.create_task(download(recorder))
        for _ in range(moment):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())


def cancel_trio(recorder: Recorder, moment: int) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(download, recorder)
            for _ in range(moment):
                await trio.lowlevel.checkpoint()
            nursery.cancel_scope.cancel()

    trio.run(main)


@pytest.mark.parametrize("most_in_memory", [0, 600, 10_000])
@pytest.mark.parametrize("cancel", [cancel_asyncio, cancel_trio])
def test_every_cancelled_call_leaves_a_valid_entry(
    monkeypatch: pytest.MonkeyPatch, har: Path, cancel: Callable[[Recorder, int], None], most_in_memory: int
) -> None:
    monkeypatch.setattr(recorded_bodies, "IN_MEMORY", most_in_memory)
    transport = PieceTransport()
    recorder = Recorder(transport, har, asynchronous=True, secrets=True)
    for moment in MOMENTS:
        cancel(recorder, moment)
        recorded = entries(har)
        assert len(recorded) == transport.requests
        if not recorded:
            continue
        response = recorded[-1]["response"]
        arrived = content(response["content"])
        assert arrived == BODY[: len(arrived)]
        assert arrived == BODY or "_error" in response
    asyncio.run(download(recorder))
    assert content(entries(har)[-1]["response"]["content"]) == BODY


def test_a_large_entry_is_written_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch, har: Path) -> None:
    monkeypatch.setattr(recorded_bodies, "IN_MEMORY", 600)
    threads: set[int] = set()
    append = RecordingFile.append

    def note_thread(self: RecordingFile, entry: object) -> None:
        threads.add(threading.get_ident())
        append(self, entry)  # type: ignore[arg-type]

    monkeypatch.setattr(RecordingFile, "append", note_thread)
    recorder = Recorder(PieceTransport(), har, asynchronous=True, secrets=True)
    assert asyncio.run(download(recorder)) == BODY
    assert len(entries(har)) == 1
    assert threading.get_ident() not in threads


def test_a_cancelled_call_waits_for_the_disk_before_its_entry_is_written(
    monkeypatch: pytest.MonkeyPatch, har: Path
) -> None:
    """`Task.cancel` of asyncio ends the wait for a thread at once; the thread goes on."""
    monkeypatch.setattr(recorded_bodies, "IN_MEMORY", 0)
    writing = threading.Event()
    feed = recorded_bodies.StoredBody.feed

    def feed_slowly(self: recorded_bodies.StoredBody, chunk: bytes) -> None:
        if self.size:
            writing.set()
            time.sleep(0.1)
        feed(self, chunk)

    monkeypatch.setattr(recorded_bodies.StoredBody, "feed", feed_slowly)
    recorder = Recorder(PieceTransport(), har, asynchronous=True, secrets=True)

    async def main() -> None:
        task = asyncio.create_task(download(recorder))
        while not writing.is_set():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    (entry,) = entries(har)
    assert content(entry["response"]["content"]) == BODY[: 2 * PIECE]
    assert "_error" in entry["response"]
