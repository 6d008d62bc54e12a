"""Options of a connection: sockets, interfaces, concurrency."""

from __future__ import annotations

import asyncio
import gc
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from samples import CALIB
from scripted_transport import success_response
from shared_socket_server import Peer, ok, respond, serve

from vision_ai import AsyncVisionAI, InvalidInputError, UnreachableError, VisionAI

GOOD = success_response(CALIB).content


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("unix:", "names no socket"),
        ("unix:module.sock", "names no socket"),
        ("unix://module.sock", "names no socket"),
        ("unix:/a%00b", "names no socket"),
        ("unix:/" + "x" * 200, "at most 107 bytes"),
    ],
)
def test_a_unix_url_without_a_valid_path_is_rejected(connect: Any, url: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        connect(url)


def test_a_missing_unix_socket_is_unreachable(connect: Any, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="No such file"):
        connect(f"unix:{tmp_path}/none.sock", retries=0).get_calib()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"local_address": "usb0"}, "local_address must be an address"),
        ({"local_address": 7}, "local_address must be an address"),
        ({"interface": ""}, "interface must be the name"),
        ({"interface": "a" * 16}, "interface must be the name"),
        ({"interface": "eth 0"}, "interface must be the name"),
        ({"interface": b"usb0"}, "interface must be the name"),
    ],
    ids=repr,
)
def test_an_invalid_connection_option_is_rejected(
    connect: Any, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        connect("http://127.0.0.1:9", **settings)


@pytest.mark.parametrize(
    "settings",
    [{"proxy": "http://127.0.0.1:9"}, {"local_address": "127.0.0.2"}, {"interface": "lo"}],
    ids=repr,
)
@pytest.mark.parametrize("url", ["emulator:", "unix:/run/module.sock"])
def test_options_for_tcp_are_rejected_for_other_urls(
    connect: Any, url: str, settings: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInputError, match="needs an http or https URL"):
        connect(url, **settings)


def test_calls_come_from_the_local_address(connect: Any) -> None:
    addresses: list[str] = []

    def note_address(peer: Peer) -> None:
        addresses.append(peer.connection.getpeername()[0])
        respond(ok(GOOD))(peer)

    with serve(note_address) as server:
        module = connect(server.url, local_address="127.0.0.3")
        assert module.get_calib().left == 444
        module.close()
    assert addresses == ["127.0.0.3"]


def test_a_missing_interface_is_unreachable(connect: Any) -> None:
    with serve(respond(ok(GOOD))) as server:
        module = connect(server.url, interface="nosuch0", retries=0)
        with pytest.raises(UnreachableError, match="nosuch0"):
            module.get_calib()
        assert server.connections == 0


def meeting(together: threading.Barrier) -> Callable[[Peer], None]:
    """Respond only when all requests have arrived."""

    def handler(peer: Peer) -> None:
        peer.read_request()
        together.wait()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(GOOD), GOOD))
        peer.read_request()

    return handler


def test_threads_may_make_as_many_calls_as_concurrency_allows() -> None:
    together = threading.Barrier(3, timeout=20)
    with serve(meeting(together)) as server, VisionAI(server.url, concurrency=3) as module:
        threads = [threading.Thread(target=module.get_calib) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert server.connections == 3 and not together.broken


def test_tasks_may_make_as_many_calls_as_concurrency_allows() -> None:
    async def main(url: str) -> list[int]:
        async with AsyncVisionAI(url, concurrency=3) as module:
            areas = await asyncio.gather(*(module.get_calib() for _ in range(3)))
            return [area.left for area in areas]

    with serve(meeting(threading.Barrier(3, timeout=20))) as server:
        assert asyncio.run(main(server.url)) == [444, 444, 444]


@pytest.mark.parametrize("connection_kind", ["in-process", "socket", "stock httpx", "unix"], indirect=True)
def test_a_call_leaves_nothing_for_the_garbage_collector(connect: Any, target: Any) -> None:
    module = connect(target)
    calls = (module.get_result, module.get_image, module.get_item_list)
    for call in calls:
        call()
    gc.collect()
    gc.disable()
    gc.freeze()  # what exists now is not searched again
    try:
        for call in calls:
            call()
        kinds = _kinds_left()
    finally:
        gc.unfreeze()
        gc.enable()
    assert not [kind for kind in kinds if kind.startswith(("vision_ai", "httpx"))], kinds


def _kinds_left() -> list[str]:
    """Return the types of objects that only the garbage collector frees."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        return [f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.garbage]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("http://127.0.0.1:9", {"proxy": "socks9://till:open-sesame@127.0.0.1"}),
        ("http://127.0.0.1:9", {"proxy": "till:open-sesame@127.0.0.1"}),
        ("http://127.0.0.1:9", {"proxy": b"http://till:open-sesame@127.0.0.1"}),
        ("http://till:open-sesame@127.0.0.1:9", {}),
        ("http://till:open-sesame@127.0.0.1:9/?a", {}),
        ("http://till:open-sesame@", {}),
        ("ftp://till:open-sesame@127.0.0.1", {}),
        ("http://till:open-sesame@127.0.0.1:0", {}),
        ("http://till:open-sesame@127.0.0.1:bad", {}),
    ],
)
def test_a_message_shows_no_password(url: str, settings: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        VisionAI(url, **settings)
    assert "open-sesame" not in "".join(traceback.format_exception_only(caught.value))
    cause = caught.value.__cause__
    assert cause is None or "open-sesame" not in str(cause)
