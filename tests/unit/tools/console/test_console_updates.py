"""A tab learns of every change, and its connection ends where it would not."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from vision_ai_tools.console import hub as hub_module
from vision_ai_tools.console.hub import ConnectionHub


class Tab:
    """The other end of a WebSocket."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[Any] = asyncio.Queue()
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed: int | None = None
        self.failure: Exception | None = None

    async def accept(self) -> None:
        pass

    async def receive(self) -> dict[str, Any]:
        return await self.messages.get()

    async def send_text(self, text: str) -> None:
        if self.failure is not None:
            raise self.failure
        text.encode()
        self.received.put_nowait(json.loads(text, parse_constant=pytest.fail))

    async def send_bytes(self, data: bytes) -> None:
        self.received.put_nowait(data)

    async def close(self, code: int) -> None:
        self.closed = code

    async def get(self) -> Any:
        return await asyncio.wait_for(self.received.get(), 10)

    def send(self, text: str) -> None:
        self.messages.put_nowait({"type": "websocket.receive", "text": text})

    def leave(self) -> None:
        self.messages.put_nowait({"type": "websocket.disconnect"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("\ud83d", "\ufffd"),
        ("caf\udce9.evo", "caf\\xe9.evo"),
        ({"score": float("inf")}, {"score": None}),
        ({"\udfff": [float("nan")]}, {"\ufffd": [None]}),
    ],
    ids=repr,
)
def test_no_value_stops_the_updates(value: object, expected: object) -> None:
    async def run() -> None:
        hub, tab = ConnectionHub(), Tab()
        serving = asyncio.create_task(hub.serve(tab))  # type: ignore[arg-type]  # a stand-in
        hub.publish("items", value)
        assert await tab.get() == {"items": expected}
        hub.publish("items", "next")
        assert await tab.get() == {"items": "next"}
        tab.leave()
        await serving
        assert tab.closed is None

    asyncio.run(run())


@pytest.mark.parametrize("failure", [RuntimeError("a defect"), RecursionError(), OSError("gone")], ids=repr)
def test_a_sender_that_fails_closes_its_connection(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        hub, tab, other = ConnectionHub(), Tab(), Tab()
        tab.failure = failure
        serving = [asyncio.create_task(hub.serve(each)) for each in (tab, other)]  # type: ignore[arg-type]
        hub.publish("items", 1)
        await asyncio.wait_for(serving[0], 10)
        assert tab.closed == 1011
        assert await other.get() == {"items": 1}
        other.leave()
        await serving[1]

    asyncio.run(run())
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_a_tab_that_leaves_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        hub, tab = ConnectionHub(), Tab()
        tab.failure = WebSocketDisconnect(1006)
        hub.publish("items", 1)
        await asyncio.wait_for(hub.serve(tab), 10)  # type: ignore[arg-type]

    asyncio.run(run())
    assert not caplog.records


def test_a_silent_console_sends_a_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "HEARTBEAT", 0.02)

    async def run() -> None:
        hub, tab = ConnectionHub(), Tab()
        serving = asyncio.create_task(hub.serve(tab))  # type: ignore[arg-type]
        assert [await tab.get() for _ in range(3)] == [{}, {}, {}]

        async def publish_pictures() -> None:
            while True:
                hub.publish_picture(b"a picture for another tab")
                await asyncio.sleep(0.001)

        pictures = asyncio.create_task(publish_pictures())
        assert [await tab.get() for _ in range(3)] == [{}, {}, {}], "wakes without news"
        pictures.cancel()
        tab.leave()
        await serving

    asyncio.run(run())


@pytest.mark.parametrize("text", ["[" * 60_000, '{"subscribe":' * 9000, '{"subscribe": [["x"]]}', "\ud800"])
def test_a_strange_message_ends_nothing(text: str) -> None:
    async def run() -> None:
        hub, tab = ConnectionHub(), Tab()
        serving = asyncio.create_task(hub.serve(tab))  # type: ignore[arg-type]
        tab.send(text)
        tab.send('{"subscribe": ["items"]}')
        await asyncio.wait_for(hub.wait_for_subscriptions(), 10)
        tab.leave()
        await serving
        assert tab.closed is None

    asyncio.run(run())
