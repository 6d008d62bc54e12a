"""The emulator as a transport for httpx, and the URLs it is found by."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from typing import get_type_hints

import attrs
import httpx
import pytest
from emulator_support import in_process, make

from vision_ai_emulator import Emulator, EmulatorTransport, ManualClock, Settings
from vision_ai_emulator.device.settings import SettingsChanges
from vision_ai_emulator.serving.transport import open_transport


def call(transport: EmulatorTransport, operation: str = "get_device_info") -> httpx.Response:
    return transport.handle_request(httpx.Request("POST", f"http://module/api/{operation}"))


def test_async_clients_get_the_same_device() -> None:
    emulator = make(backup_padding=200_000)

    async def upload(content: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    async def main() -> None:
        async with httpx.AsyncClient(
            transport=EmulatorTransport(emulator), base_url="http://module"
        ) as client:
            answer = await client.post("/api/register_item", json={"id": "1", "name": "Apple"})
            assert answer.json()["code"] == 0
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
    assert in_process(make()).data("get_item_list") == []


def test_bodies_may_be_streams_and_downloads_are() -> None:
    channel = in_process(make(backup_padding=200_000))

    def body() -> Iterator[bytes]:
        yield from (b'{"mo', b'de"', b": 0}")

    assert channel.code("set_learnmode", content=body()) == 0
    assert channel.data("get_learnmode") == {"mode": 0}
    channel.backup()
    filename = channel.post("get_backup_status")["filename"]
    with channel.client.stream("GET", f"/download/{filename}") as response:
        length = int(response.headers["content-length"])
        pieces = list(response.iter_raw())
    assert len(pieces) > 1 and sum(map(len, pieces)) == length


def test_a_device_that_goes_down_during_an_upload_does_not_answer() -> None:
    emulator = make()

    def body() -> Iterator[bytes]:
        yield b'{"mode": 0'
        in_process(emulator).post("reboot")
        yield b"}"

    with pytest.raises(httpx.ConnectError):
        in_process(emulator).post("set_learnmode", content=body())
    emulator.step(2)
    assert in_process(emulator).data("get_learnmode") == {"mode": 1}


def test_a_closed_transport_refuses() -> None:
    emulator = make()
    closed, other = EmulatorTransport(emulator), EmulatorTransport(emulator)
    closed.close()
    with pytest.raises(RuntimeError, match="closed"):
        call(closed)
    assert call(other).status_code == 200
    asyncio.run(other.aclose())
    with pytest.raises(RuntimeError, match="closed"):
        call(other)


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_living_emulator_is_found_by_its_url(asynchronous: bool) -> None:
    emulator, other = make(sn="1"), make(sn="2")
    assert emulator.url != other.url
    transport = open_transport(emulator.url, asynchronous=asynchronous)
    assert isinstance(transport, httpx.BaseTransport) and isinstance(transport, httpx.AsyncBaseTransport)
    assert transport.emulator is emulator


def test_an_emulator_that_is_gone_is_not_found() -> None:
    emulator = make()
    url = emulator.url
    transport = open_transport(url, asynchronous=False)
    del emulator
    gc.collect()
    assert call(transport).read().startswith(b'{"code":0')
    del transport
    gc.collect()
    with pytest.raises(ValueError, match="still exists"):
        open_transport(url, asynchronous=False)


def test_the_plain_url_is_a_fresh_device_each_time() -> None:
    one = open_transport("emulator:", asynchronous=False)
    two = open_transport("EMULATOR:", asynchronous=True)
    assert one.emulator is not two.emulator
    assert one.emulator.pan == "apple"


def test_options_in_the_url() -> None:
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
        ("emulator:?colour=red", "colour.*backup_seconds"),
        ("emulator:?seed=x", "seed.*number"),
        ("emulator:?backup_seconds=soon", "backup_seconds.*number"),
        ("emulator:?activated=perhaps", "true or false"),
        ("emulator:?pan=durian", "durian.*apple"),
        ("emulator:?backup_seconds=-1", "backup_seconds"),
        ("emulator:?nonsense", "nonsense"),
        ("http://module", "emulator:"),
    ],
)
def test_other_urls_say_what_is_wrong(url: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        open_transport(url, asynchronous=False)


def test_a_named_device_takes_no_options() -> None:
    emulator = make()
    with pytest.raises(ValueError, match="remove"):
        open_transport(f"{emulator.url}?seed=1", asynchronous=False)


def test_settings_and_keyword_arguments_are_the_same() -> None:
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
    channel = in_process(Emulator(backup_seconds=0, restore_seconds=0, reboot_seconds=0))
    channel.post("start_backup")
    assert channel.post("get_backup_status")["status"] == 3
    channel.post("reboot")
    assert channel.code("get_calib") == 0


def test_what_an_emulator_shows_of_itself() -> None:
    emulator = make(pan="empty")
    assert emulator.pan is None and "nothing" in repr(emulator)
    emulator.put("banana")
    assert emulator.pan == "banana" and "banana" in repr(emulator) and emulator.url in repr(emulator)
