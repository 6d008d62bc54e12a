"""Faults, and httpx's errors for them: the same in this process and over a socket."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from emulator_support import (
    EmulatorClient,
    connect,
    connect_to_control,
    create_emulator,
    open_http_client,
    wait_until,
)

from vision_ai_emulator import Emulator, EmulatorTransport, Fault, serve
from vision_ai_emulator.device.api_versions import API_VERSIONS, ApiVersion
from vision_ai_emulator.device.operations import ALL_OPERATIONS, OPERATIONS
from vision_ai_emulator.faults.kinds import KINDS
from vision_ai_emulator.serving.server import EmulatorServer

# Timeouts in seconds for tests that wait for them: a server on a busy computer needs time to respond first.
SHORT_TIMEOUT, SOCKET_TIMEOUT = 0.01, 0.3
# The duration of a fault that outlasts every timeout.
VERY_LONG = 1000.0


def add_fault(
    client: EmulatorClient, kind: Any, operation: str | None = None, times: int | None = 1, **parameters: Any
) -> None:
    client.emulator.faults.add(Fault(kind, operation, times, **parameters))


def get_short_timeout(client: EmulatorClient) -> float:
    return SOCKET_TIMEOUT if client.emulator.server_info.url else SHORT_TIMEOUT


def get_timeout(client: EmulatorClient, error: type[Exception]) -> float:
    """Return the timeout for a call that ends with an error: short only if the error is the timeout."""
    return get_short_timeout(client) if error is httpx.ReadTimeout else 60


def post_with_short_timeout(client: EmulatorClient, operation: str = "get_calib") -> httpx.Response:
    return client.http.post(f"/api/{operation}", timeout=get_short_timeout(client))


def get_logged_operations(client: EmulatorClient) -> list[str]:
    return [path.rpartition("/")[2] for _, path in client.emulator.requests]


def test_error_codes_before_and_after_the_device_acts(client: EmulatorClient) -> None:
    for acted, mode in ((False, 1), (True, 0)):
        add_fault(client, "error_code", "set_learnmode", code=-6209, acted=acted)
        assert client.call_code("set_learnmode", {"mode": 0}) == -6209
        assert client.call_data("get_learnmode")["mode"] == mode
    assert client.emulator.acted == {"set_learnmode": 1, "get_learnmode": 2}


@pytest.mark.parametrize("status", [500, 502, 404, 599])
def test_http_statuses_have_an_html_body(client: EmulatorClient, status: int) -> None:
    add_fault(client, "http_status", status=status)
    response = client.http.post("/api/register_item", json={"id": "1", "name": "n"})
    assert (response.status_code, response.headers["content-type"]) == (status, "text/html")
    assert response.text.startswith("<html>") and str(status) in response.text
    assert client.emulator.acted == {}
    add_fault(client, "http_status", status=status, acted=True)
    client.http.post("/api/register_item", json={"id": "1", "name": "n"})
    assert client.emulator.acted == {"register_item": 1}


def test_a_counted_refusal_is_not_logged(client: EmulatorClient) -> None:
    # a port cannot refuse single connections: over a socket the connection is reset
    error = httpx.ReadError if client.emulator.server_info.url else httpx.ConnectError
    add_fault(client, "refuse", "get_calib", 2)
    assert client.call_code("get_learnmode") == 0
    for _ in range(2):
        with pytest.raises(error):
            client.http.post("/api/get_calib")
    assert client.call_code("get_calib") == 0
    assert get_logged_operations(client) == ["get_learnmode", "get_calib"]


def test_a_closed_port_refuses_everything_but_control(client: EmulatorClient) -> None:
    client.call_code("get_calib")
    with connect_to_control(client) as control:
        add_fault(client, "refuse", times=None)

        def is_refused() -> bool:
            try:
                client.http.post("/api/get_calib")
            except httpx.ConnectError:
                return True
            except httpx.TransportError:
                pass
            return False

        wait_until(is_refused)
        assert len(control.control("GET", "/faults")["faults"]) == 1
        control.control("DELETE", "/faults")
        wait_until(lambda: not is_refused())


def test_a_port_can_be_closed_for_seconds(client: EmulatorClient) -> None:
    add_fault(client, "refuse", seconds=0.1)
    refusals = 0
    while True:
        try:
            assert client.call_code("get_calib") == 0
        except httpx.ConnectError:
            refusals += 1
        except httpx.TransportError:
            continue
        else:
            if refusals:
                break
    assert client.emulator.faults.pending == ()


@pytest.mark.parametrize(
    ("ending", "error"),
    [("close", httpx.RemoteProtocolError), ("reset", httpx.ReadError), ("silence", httpx.ReadTimeout)],
)
@pytest.mark.parametrize("acted", [True, False])
def test_a_lost_response_before_or_after_the_device_acts(
    client: EmulatorClient, ending: str, error: type[Exception], acted: bool
) -> None:
    add_fault(client, "drop_before_answer", "start_backup", acted=acted, ending=ending)
    with pytest.raises(error):
        client.http.post("/api/start_backup", timeout=get_timeout(client, error))
    assert client.emulator.acted == ({"start_backup": 1} if acted else {})
    entry = client.emulator.log[0]
    assert (entry.operation, entry.status, entry.code, entry.faults) == (
        "start_backup",
        None,
        None,
        ("drop_before_answer",),
    )
    assert client.call("get_backup_status")["status"] == (1 if acted else 0)


@pytest.mark.parametrize(
    ("ending", "error"),
    [("close", httpx.RemoteProtocolError), ("reset", httpx.ReadError), ("silence", httpx.ReadTimeout)],
)
@pytest.mark.parametrize(("after", "length"), [(None, 32), (0, 0), (10, 10)])
def test_a_response_can_break_off(
    client: EmulatorClient, ending: str, error: type[Exception], after: int | None, length: int
) -> None:
    complete = client.http.post("/api/get_calib").content
    add_fault(client, "drop_mid_answer", after=after, ending=ending)
    received = b""
    with client.http.stream("POST", "/api/get_calib", timeout=get_timeout(client, error)) as response:
        assert response.headers["content-length"] == str(len(complete))
        with pytest.raises(error):
            for piece in response.iter_raw():
                received += piece
    if ending != "reset":  # a reset may discard bytes that have not arrived
        assert received == complete[:length]
    assert client.call_code("get_calib") == 0


def test_a_connection_can_end_after_the_complete_response(client: EmulatorClient) -> None:
    add_fault(client, "drop_mid_answer", after=10_000)
    add_fault(client, "drop_mid_answer", after=10_000, ending="reset")
    assert client.call_code("get_calib") == 0
    time.sleep(0.02)  # until the client can detect the end
    assert client.call_code("get_calib") == 0
    with pytest.raises(httpx.ReadError):
        client.http.post("/api/get_calib")


def test_the_first_byte_can_be_slow(client: EmulatorClient) -> None:
    add_fault(client, "slow_first_byte", "set_learnmode", seconds=0.02)
    assert client.call_code("set_learnmode", {"mode": 0}) == 0
    add_fault(client, "slow_first_byte", "start_backup", seconds=VERY_LONG)
    with pytest.raises(httpx.ReadTimeout):
        post_with_short_timeout(client, "start_backup")
    assert client.emulator.acted == {"set_learnmode": 1, "start_backup": 1}


def test_the_body_can_be_slow(client: EmulatorClient) -> None:
    add_fault(client, "slow_body", "get_image", seconds=0.01, pieces=4)
    with client.http.stream("POST", "/api/get_image") as response:
        pieces = list(response.iter_raw())
    assert len(pieces) >= 4 and b"".join(pieces) == client.emulator.device.get_image()
    add_fault(client, "slow_body", "get_image", seconds=VERY_LONG)
    with pytest.raises(httpx.ReadTimeout):
        post_with_short_timeout(client, "get_image")


def test_a_truncated_body_has_a_correct_length(client: EmulatorClient) -> None:
    complete = client.http.post("/api/get_calib").content
    picture = client.emulator.device.get_image()
    add_fault(client, "truncated_json")
    add_fault(client, "truncated_picture")
    half = client.http.post("/api/get_image").content
    assert half == picture[: len(picture) // 2]
    assert client.http.post("/api/get_calib").content == complete[: len(complete) // 2]
    assert client.http.post("/api/get_calib").content == complete


def test_content_types_and_commas_can_be_wrong(client: EmulatorClient) -> None:
    complete = client.http.post("/api/get_calib").content
    add_fault(client, "wrong_content_type", content_type="image/jpeg")
    response = client.http.post("/api/get_calib")
    assert (response.headers["content-type"], response.content) == ("image/jpeg", complete)
    add_fault(client, "no_content_type", "get_image")
    assert "content-type" not in client.http.post("/api/get_image").headers
    add_fault(client, "trailing_comma")
    assert client.http.post("/api/get_calib").content == (
        b'{"code":0,"data":{"height":482,"left":444,"top":39,"width":348,},}'
    )


def test_content_lengths_can_be_wrong(client: EmulatorClient) -> None:
    complete = client.http.post("/api/get_calib").content
    add_fault(client, "content_length_too_large")
    with pytest.raises(httpx.RemoteProtocolError):
        client.http.post("/api/get_calib")
    add_fault(client, "content_length_too_large", seconds=VERY_LONG)
    with pytest.raises(httpx.ReadTimeout):
        post_with_short_timeout(client)
    add_fault(client, "content_length_too_small")
    assert client.http.post("/api/get_calib").content == complete[: len(complete) // 2]
    # the second half precedes the next response
    with pytest.raises(httpx.RemoteProtocolError, match="illegal status line"):
        client.http.post("/api/start_backup")
    assert client.emulator.acted["start_backup"] == 1
    assert client.http.post("/api/get_calib").content == complete


@pytest.mark.parametrize("operation", ["get_calib", "get_image"])
def test_a_body_can_be_endless(client: EmulatorClient, operation: str) -> None:
    add_fault(client, "endless")
    received = 0
    with client.http.stream("POST", f"/api/{operation}") as response:
        assert "content-length" not in response.headers
        for piece in response.iter_raw():
            received += len(piece)
            if received > 5_000_000:
                break
    assert client.call_code("get_calib") == 0


@pytest.mark.parametrize(
    ("ending", "error"),
    [("close", httpx.RemoteProtocolError), ("reset", httpx.ReadError), ("silence", httpx.ReadTimeout)],
)
def test_a_stale_connection_loses_the_next_request(
    client: EmulatorClient, ending: str, error: type[Exception]
) -> None:
    add_fault(client, "stale_keep_alive", ending=ending)
    assert client.call_code("get_calib") == 0
    with pytest.raises(error):
        client.http.post("/api/start_backup", timeout=get_timeout(client, error))
    assert client.call_code("get_learnmode") == 0
    assert get_logged_operations(client) == ["get_calib", "get_learnmode"]


def test_a_client_detects_a_connection_closed_at_once(client: EmulatorClient) -> None:
    add_fault(client, "stale_keep_alive", times=3, ending="at_once")
    for _ in range(3):
        assert client.call_code("get_calib") == 0
        time.sleep(0.02)  # until the client can detect the end
    assert client.call_code("get_calib") == 0


@pytest.mark.parametrize("acted", [False, True])
def test_a_restart_during_a_call(client: EmulatorClient, acted: bool) -> None:
    client.call("start_backup")
    add_fault(client, "reboot", "set_learnmode", acted=acted, seconds=5)
    with pytest.raises(httpx.RemoteProtocolError):
        client.http.post("/api/set_learnmode", json={"mode": 0})
    for seconds in (0, 4.9):
        client.emulator.step(seconds)
        with pytest.raises(httpx.ConnectError):
            client.http.post("/api/get_calib")
    client.emulator.step(0.2)

    def responds() -> bool:
        with suppress(httpx.ConnectError):
            return client.call_code("get_calib") == 0
        return False

    wait_until(responds)
    # unfinished jobs are cancelled, the catalog is kept
    assert client.call("get_backup_status")["status"] == 0
    assert client.call_data("get_learnmode")["mode"] == (0 if acted else 1)
    assert client.emulator.device.reboots == 1


def test_a_backup_can_fail(client: EmulatorClient) -> None:
    add_fault(client, "job_fails", code=-6203)
    client.call("start_backup")
    assert client.call("get_backup_status")["status"] == 1
    client.emulator.step(1)
    failed = {"code": -6203, "filename": "", "msg": "备份数据生成失败：写文件失败", "status": 6}
    assert client.call("get_backup_status") == failed
    # the next one succeeds, unless a fault is added while it runs
    client.call("start_backup")
    add_fault(client, "job_fails", code=-6203)
    assert client.call("get_backup_status") == failed
    assert len(client.back_up()) > 0


def test_a_restore_can_fail(client: EmulatorClient) -> None:
    content = client.back_up()
    client.teach("1", "Apple", "apple")
    failed = {"code": -6210, "msg": "数据恢复失败：未知错误", "status": 5}
    add_fault(client, "job_fails", "start_restore")
    assert client.restore(content) == failed
    client.call_code("start_restore", files={"file": content})
    add_fault(client, "job_fails", "get_restore_status")
    assert client.call("get_restore_status") == failed
    assert client.call_data("get_item_list") != []
    assert client.restore(content)["status"] == 4
    assert client.call_data("get_item_list") == []


def test_faults_can_affect_uploads_and_downloads(client: EmulatorClient) -> None:
    content = client.back_up()
    filename = client.call("get_backup_status")["filename"]
    add_fault(client, "drop_mid_answer", "download", after=100)
    with pytest.raises(httpx.RemoteProtocolError):
        client.http.get(f"/download/{filename}")
    add_fault(client, "slow_body", "download", seconds=0.001)
    assert client.http.get(f"/download/{filename}").content == content
    add_fault(client, "drop_before_answer", "start_restore")
    with pytest.raises(httpx.RemoteProtocolError):
        client.http.post("/api/restore", files={"file": content})
    assert client.emulator.acted["start_restore"] == 1
    assert client.call("get_restore_status")["status"] == 2


def test_faults_of_several_stages_affect_one_call(local_client: EmulatorClient) -> None:
    add_fault(local_client, "error_code", times=None, code=-6203)
    add_fault(local_client, "error_code", code=-6209)
    add_fault(local_client, "slow_first_byte", seconds=0.001)
    add_fault(local_client, "trailing_comma")
    # faults for a number of calls come first
    assert local_client.http.post("/api/get_calib").content == b'{"code":-6209,"data":null,}'
    assert local_client.emulator.log[-1].faults == ("slow_first_byte", "error_code", "trailing_comma")
    assert local_client.call_code("get_calib") == -6203
    (pending,) = local_client.emulator.faults.pending
    assert (pending.fault.code, pending.calls_affected) == (-6203, 1)


def test_the_seed_decides_probabilities() -> None:
    def call_with_fault(seed: int) -> list[bool]:
        emulator = create_emulator(seed=seed)
        emulator.faults.add(Fault("error_code", times=None, probability=0.4))
        return [connect(emulator).call_code("get_calib") < 0 for _ in range(60)]

    assert call_with_fault(1) == call_with_fault(1) != call_with_fault(2)
    assert 10 < sum(call_with_fault(1)) < 40


def test_invalid_faults_are_rejected() -> None:
    cases: list[tuple[Callable[[], Any], str]] = [
        (lambda: Fault("magic"), "'kind' is one of"),  # type: ignore[arg-type]  # invalid on purpose
        (lambda: Fault("refuse", "fly"), "no operation 'fly'"),
        (lambda: Fault("truncated_picture", "get_calib"), "one of get_image"),
        (lambda: Fault("refuse", code=-1), "no parameter 'code': it has seconds"),
        (lambda: Fault("no_content_type", seconds=1), "none of its own"),
        (lambda: Fault("refuse", times=0), "at least one time"),
        (lambda: Fault("refuse", probability=0), "probability"),
        (lambda: Fault("http_status", status=200), "300 to 599"),
        (lambda: Fault("slow_body", seconds=-1), "seconds"),
        (lambda: Fault("slow_body", seconds=float("nan")), "seconds"),
        (lambda: Fault("slow_body", pieces=0), "pieces"),
        (lambda: Fault("drop_mid_answer", after=-1), "bytes"),
        (lambda: Fault("drop_mid_answer", ending="at_once"), "at_once"),
        (lambda: Fault("wrong_content_type", content_type="a\r\nb: c"), "ASCII"),
    ]
    for create, hint in cases:
        with pytest.raises(ValueError, match=hint):
            create()
    with pytest.raises(KeyError):
        create_emulator().faults.remove(1)


@pytest.mark.parametrize("api", API_VERSIONS)
def test_every_kind_affects_each_of_its_operations(api: ApiVersion) -> None:
    emulator = create_emulator(api=api, backup_seconds=0, reboot_seconds=0)
    for name, kind in KINDS.items():
        for operation in sorted(kind.operations & OPERATIONS[api].keys()):
            emulator.reset(pan="empty")
            pending = emulator.faults.add(Fault(name, operation, seconds=get_seconds(name)))
            # the device rejects these requests, and faults affect them nevertheless
            path = "/download/x.evo" if operation == "download" else f"/api/{operation}"
            client = connect(emulator).http
            with (
                suppress(httpx.TransportError),
                client.stream(OPERATIONS[api][operation].method, path, timeout=SHORT_TIMEOUT) as response,
            ):
                next(response.iter_raw(), b"")
            if kind.stage != "job":
                assert pending.id not in [each.id for each in emulator.faults.pending], (name, operation)
    assert set().union(*(kind.operations for kind in KINDS.values())) == ALL_OPERATIONS


def get_seconds(kind: str) -> float | None:
    return 0.0 if kind.startswith("slow") else None


def test_waits_block_no_other_request_and_end_with_the_server() -> None:
    emulator = create_emulator()
    errors: list[Exception] = []

    def call(url: str) -> None:
        try:
            with open_http_client(url) as client:
                client.post("/api/get_calib", timeout=None)
        except httpx.TransportError as error:
            errors.append(error)

    emulator.faults.add(Fault("slow_first_byte", "get_calib", None, seconds=VERY_LONG))
    emulator.faults.add(Fault("drop_before_answer", "get_calib", ending="silence"))
    with serve(emulator) as url, open_http_client(url) as client:
        threads = [threading.Thread(target=call, args=(url,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(emulator.requests) == 3)
        assert client.get("/__emulator__/pan").json()["kind"] == "apple"
        assert client.post("/api/get_learnmode").json()["code"] == 0
    for thread in threads:
        thread.join()
    assert len(errors) == 3


@pytest.mark.parametrize(
    "fault",
    [
        Fault("slow_first_byte", seconds=VERY_LONG),
        Fault("slow_body", seconds=VERY_LONG),
        Fault("drop_before_answer", ending="silence"),
        Fault("drop_mid_answer", ending="silence"),
        Fault("endless"),
    ],
    ids=lambda fault: fault.kind,
)
def test_waits_end_when_the_client_disconnects(fault: Fault) -> None:
    emulator = create_emulator()
    emulator.faults.add(fault)
    with EmulatorServer(emulator, "127.0.0.1", 0) as server:
        with (
            suppress(httpx.ReadTimeout),
            open_http_client(server.url, timeout=SOCKET_TIMEOUT) as client,
            client.stream("POST", "/api/get_calib") as response,
        ):
            pieces = response.iter_raw()
            next(pieces)
            assert server.connections == 1
        wait_until(lambda: server.connections == 0)


def test_a_closed_port_refuses_tcp_connections() -> None:
    emulator = create_emulator()
    with serve(emulator) as url:
        port = httpx.URL(url).port
        assert port
        emulator.faults.add(Fault("refuse", times=None))

        def is_refused() -> bool:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=20).close()
            except ConnectionRefusedError:
                return True
            except ConnectionResetError:  # the port was closed during the connection
                return False
            return False

        wait_until(is_refused)
        emulator.faults.clear()
        wait_until(lambda: not is_refused())


def test_async_clients_meet_the_same_faults() -> None:
    emulator = create_emulator()

    async def main() -> None:
        async with httpx.AsyncClient(
            transport=EmulatorTransport(emulator), base_url="http://module"
        ) as client:
            for fault, error in (
                (Fault("refuse"), httpx.ConnectError),
                (Fault("drop_before_answer"), httpx.RemoteProtocolError),
                (Fault("drop_before_answer", ending="silence"), httpx.ReadTimeout),
                (Fault("drop_mid_answer", ending="reset"), httpx.ReadError),
                (Fault("slow_first_byte", seconds=VERY_LONG), httpx.ReadTimeout),
                (Fault("slow_body", seconds=VERY_LONG), httpx.ReadTimeout),
                (Fault("content_length_too_large"), httpx.RemoteProtocolError),
            ):
                emulator.faults.add(fault)
                with pytest.raises(error):
                    await client.post("/api/get_calib", timeout=SHORT_TIMEOUT)
            emulator.faults.add(Fault("stale_keep_alive"))
            await client.post("/api/get_calib")
            with pytest.raises(httpx.ReadError):
                await client.post("/api/get_calib")
            emulator.faults.add(Fault("slow_first_byte", seconds=0.05))
            # other calls do not wait
            slow = asyncio.create_task(client.post("/api/get_calib"))
            await asyncio.sleep(0.01)
            assert (await client.post("/api/get_learnmode")).json()["code"] == 0
            assert not slow.done() and (await slow).json()["code"] == 0

    asyncio.run(main())


def test_an_endless_wait_without_a_timeout_ends(local_client: EmulatorClient) -> None:
    add_fault(local_client, "drop_before_answer", ending="silence")
    with pytest.raises(httpx.ReadTimeout):
        local_client.http.post("/api/get_calib", timeout=None)


def test_the_http_interface_raises_for_a_missing_response() -> None:
    emulator = Emulator()
    for kind in ("refuse", "drop_before_answer"):
        emulator.faults.add(Fault(kind))
        with pytest.raises(ConnectionError):
            emulator.http.respond("POST", "/api/get_calib")
    assert emulator.http.respond("POST", "/api/get_calib").status == 200
