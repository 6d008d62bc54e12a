"""The emulator as a transport for httpx, and `emulator:` URLs."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from datetime import UTC
from typing import get_type_hints

import attrs
import httpx
import pytest
from emulator_support import connect, create_emulator

from vision_ai_emulator import Emulator, EmulatorTransport, ManualClock, Settings
from vision_ai_emulator.device.settings import SettingsChanges
from vision_ai_emulator.serving.transport import open_transport


def call(transport: EmulatorTransport, operation: str = "get_device_info") -> httpx.Response:
    return transport.handle_request(httpx.Request("POST", f"http://module/api/{operation}"))


def test_async_clients_reach_the_same_device() -> None:
    emulator = create_emulator(backup_padding=200_000)

    async def upload(content: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    async def main() -> None:
        async with httpx.AsyncClient(
            transport=EmulatorTransport(emulator), base_url="http://module"
        ) as client:
            response = await client.post("/api/register_item", json={"id": "1", "name": "Apple"})
            assert response.json()["code"] == 0
            await client.post("/api/commit_registered_item", json={"id": "1"})
            await client.post("/api/start_backup")
            emulator.step(1)
            filename = (await client.post("/api/get_backup_status")).json()["filename"]
            async with client.stream("GET", f"/download/{filename}") as response:
                pieces = [piece async for piece in response.aiter_raw()]
            assert len(pieces) > 1
            body = (
                b'--b\r\nContent-Disposition: form-data; filename="x"\r\n\r\n'
                + b"".join(pieces)
                + b"\r\n--b--\r\n"
            )
            headers = {"Content-Type": "multipart/form-data; boundary=b"}
            restored = await client.post("/api/start_restore", content=upload(body), headers=headers)
            assert restored.json()["code"] == 0
            emulator.step(2)
            assert (await client.post("/api/get_restore_status")).json()["status"] == 4
            await client.post("/api/reboot")
            with pytest.raises(httpx.ConnectError):
                await client.post("/api/get_calib")

    asyncio.run(main())
    assert connect(create_emulator()).call_data("get_item_list") == []


def test_uploads_and_downloads_are_streamed() -> None:
    client = connect(create_emulator(backup_padding=200_000))

    def body() -> Iterator[bytes]:
        yield from (b'{"mo', b'de"', b": 0}")

    assert client.call_code("set_learnmode", content=body()) == 0
    assert client.call_data("get_learnmode") == {"mode": 0}
    client.back_up()
    filename = client.call("get_backup_status")["filename"]
    with client.http.stream("GET", f"/download/{filename}") as response:
        length = int(response.headers["content-length"])
        pieces = list(response.iter_raw())
    assert len(pieces) > 1 and sum(map(len, pieces)) == length


def test_a_restart_during_an_upload_prevents_the_response() -> None:
    emulator = create_emulator()

    def body() -> Iterator[bytes]:
        yield b'{"mode": 0'
        connect(emulator).call("reboot")
        yield b"}"

    with pytest.raises(httpx.ConnectError):
        connect(emulator).call("set_learnmode", content=body())
    emulator.step(2)
    assert connect(emulator).call_data("get_learnmode") == {"mode": 1}


def test_a_closed_transport_rejects_requests() -> None:
    emulator = create_emulator()
    closed, other = EmulatorTransport(emulator), EmulatorTransport(emulator)
    closed.close()
    with pytest.raises(RuntimeError, match="closed"):
        call(closed)
    assert call(other).status_code == 200
    asyncio.run(other.aclose())
    with pytest.raises(RuntimeError, match="closed"):
        call(other)


@pytest.mark.parametrize("asynchronous", [False, True])
def test_an_existing_emulator_is_found_by_its_url(asynchronous: bool) -> None:
    emulator, other = create_emulator(sn="1"), create_emulator(sn="2")
    assert emulator.url != other.url
    transport = open_transport(emulator.url, asynchronous=asynchronous)
    assert isinstance(transport, httpx.BaseTransport) and isinstance(transport, httpx.AsyncBaseTransport)
    assert transport.emulator is emulator


def test_a_deleted_emulator_is_not_found() -> None:
    emulator = create_emulator()
    url = emulator.url
    transport = open_transport(url, asynchronous=False)
    del emulator
    gc.collect()
    assert call(transport).read().startswith(b'{"code":0')
    del transport
    gc.collect()
    with pytest.raises(ValueError, match="still exists"):
        open_transport(url, asynchronous=False)


def test_the_plain_url_creates_a_new_emulator() -> None:
    one = open_transport("emulator:", asynchronous=False)
    two = open_transport("EMULATOR:", asynchronous=True)
    assert one.emulator is not two.emulator
    assert one.emulator.pan == "apple"


def test_the_url_can_contain_options() -> None:
    url = "emulator:?pan=banana&seed=3&sn=42&backup_seconds=0.5&sold_out_limit=7&require_activation=true"
    emulator = open_transport(url, asynchronous=False).emulator
    assert emulator.pan == "banana"
    expected = Settings(sn="42", backup_seconds=0.5, sold_out_limit=7, require_activation=True)
    assert emulator.settings == expected
    assert emulator.device.get_image() == Emulator(seed=3, pan="banana").device.get_image()
    assert open_transport("emulator:?pan=empty", asynchronous=False).emulator.pan is None


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("emulator:nobody", "still exists"),
        ("emulator:?color=red", "color.*backup_seconds"),
        ("emulator:?seed=x", "seed.*number"),
        ("emulator:?backup_seconds=soon", "backup_seconds.*number"),
        ("emulator:?activated=perhaps", "true or false"),
        ("emulator:?pan=durian", "durian.*apple"),
        ("emulator:?backup_seconds=-1", "backup_seconds"),
        ("emulator:?nonsense", "nonsense"),
        ("http://module", "emulator:"),
    ],
)
def test_wrong_urls_are_rejected(url: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        open_transport(url, asynchronous=False)


def test_an_existing_emulator_accepts_no_options() -> None:
    emulator = create_emulator()
    with pytest.raises(ValueError, match="remove"):
        open_transport(f"{emulator.url}?seed=1", asynchronous=False)


def test_settings_can_be_keyword_arguments() -> None:
    hints = get_type_hints(Settings)
    assert {each.name: hints[each.name] for each in attrs.fields(Settings)} == get_type_hints(SettingsChanges)
    settings = Settings(sn="1", engine="2")
    emulator = Emulator(settings=settings, engine="3")
    assert (emulator.settings.sn, emulator.settings.engine) == ("1", "3")


def test_only_a_manual_clock_can_be_stepped() -> None:
    with pytest.raises(TypeError, match="ManualClock"):
        Emulator().step(1)
    clock = ManualClock()
    Emulator(clock=clock).step(1)
    assert clock.seconds() == 1


def test_real_time_is_the_default() -> None:
    client = connect(Emulator(backup_seconds=0, restore_seconds=0, reboot_seconds=0))
    client.call("start_backup")
    assert client.call("get_backup_status")["status"] == 3
    client.call("reboot")
    assert client.call_code("get_calib") == 0


def test_the_representation_contains_pan_and_url() -> None:
    emulator = create_emulator(pan="empty")
    assert emulator.pan is None and "nothing" in repr(emulator)
    emulator.put("banana")
    assert emulator.pan == "banana" and "banana" in repr(emulator) and emulator.url in repr(emulator)


def test_the_transport_has_the_time_of_a_manual_clock() -> None:
    emulator = create_emulator()
    clock = EmulatorTransport(emulator).clock
    assert clock is not None
    before, moment = clock.now(), clock.monotonic()
    assert before.tzinfo is UTC and before.replace(tzinfo=None) == emulator.device_clock.now()
    clock.step(2.5)
    assert (clock.now() - before).total_seconds() == clock.monotonic() - moment == 2.5
    connect(emulator).call("reboot")
    clock.step(2)
    assert emulator.device.up


def test_the_transport_follows_the_emulators_clock() -> None:
    transport = open_transport("emulator:", asynchronous=False)
    assert transport.clock is None
    transport.emulator.freeze()
    clock = transport.clock
    assert clock is not None
    # The device's time goes on where another manual clock replaces the first one.
    clock.step(10)
    transport.emulator.clock = ManualClock()
    moment = clock.monotonic()
    clock.step(1)
    assert clock.monotonic() == moment + 1 >= 11
    transport.emulator.unfreeze()
    assert transport.clock is None
