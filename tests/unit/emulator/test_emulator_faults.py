"""What goes wrong on purpose, and what httpx makes of it: the same in this process and over a socket."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest
from emulator_support import Channel, beside, eventually, in_process, make

from vision_ai_emulator import Emulator, EmulatorTransport, Fault, serve
from vision_ai_emulator.device.operations import OPERATIONS
from vision_ai_emulator.faults.kinds import KINDS
from vision_ai_emulator.serving.server import EmulatorServer

# What clients of these tests are patient for, in seconds; and a fault far beyond that.
PATIENCE, AGES = 0.3, 1000.0


def plan(
    channel: Channel, kind: Any, operation: str | None = None, times: int | None = 1, **own: Any
) -> None:
    channel.emulator.faults.add(Fault(kind, operation, times, **own))


def until(error: type[Exception]) -> float:
    """The timeout for a call that ends in an error: short only where it is what is waited for."""
    return PATIENCE if error is httpx.ReadTimeout else 60


def impatient(channel: Channel, operation: str = "get_calib") -> httpx.Response:
    return channel.client.post(f"/api/{operation}", timeout=PATIENCE)


def logged(channel: Channel) -> list[str]:
    return [path.rpartition("/")[2] for _, path in channel.emulator.requests]


def test_codes_without_and_with_having_acted(channel: Channel) -> None:
    for acted, mode in ((False, 1), (True, 0)):
        plan(channel, "error_code", "set_learnmode", code=-6209, acted=acted)
        assert channel.code("set_learnmode", {"mode": 0}) == -6209
        assert channel.data("get_learnmode")["mode"] == mode
    assert channel.emulator.acted == {"set_learnmode": 1, "get_learnmode": 2}


@pytest.mark.parametrize("status", [500, 502, 404, 599])
def test_http_statuses_come_with_html(channel: Channel, status: int) -> None:
    plan(channel, "http_status", status=status)
    answer = channel.client.post("/api/register_item", json={"id": "1", "name": "n"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html")
    assert answer.text.startswith("<html>") and str(status) in answer.text
    assert channel.emulator.acted == {}
    plan(channel, "http_status", status=status, acted=True)
    channel.client.post("/api/register_item", json={"id": "1", "name": "n"})
    assert channel.emulator.acted == {"register_item": 1}


def test_a_counted_refusal_reaches_nobody(channel: Channel) -> None:
    # a port cannot refuse once: over a socket it is a reset
    refused = httpx.ReadError if channel.emulator.server_info.url else httpx.ConnectError
    plan(channel, "refuse", "get_calib", 2)
    assert channel.code("get_learnmode") == 0
    for _ in range(2):
        with pytest.raises(refused):
            channel.client.post("/api/get_calib")
    assert channel.code("get_calib") == 0
    assert logged(channel) == ["get_learnmode", "get_calib"]


def test_a_closed_port_refuses_everything_but_control(channel: Channel) -> None:
    channel.code("get_calib")
    with beside(channel) as control:
        plan(channel, "refuse", times=None)

        def refuses() -> bool:
            try:
                channel.client.post("/api/get_calib")
            except httpx.ConnectError:
                return True
            except httpx.TransportError:
                pass
            return False

        eventually(refuses)
        assert len(control.control("GET", "/faults")["faults"]) == 1
        control.control("DELETE", "/faults")
        eventually(lambda: not refuses())


def test_a_port_closes_for_a_while(channel: Channel) -> None:
    plan(channel, "refuse", seconds=0.3)
    refusals = 0
    while True:
        try:
            assert channel.code("get_calib") == 0
        except httpx.ConnectError:
            refusals += 1
        except httpx.TransportError:
            continue
        else:
            if refusals:
                break
    assert channel.emulator.faults.pending == ()


@pytest.mark.parametrize(
    ("ending", "error"),
    [("close", httpx.RemoteProtocolError), ("reset", httpx.ReadError), ("silence", httpx.ReadTimeout)],
)
@pytest.mark.parametrize("acted", [True, False])
def test_lost_answers_and_whether_it_was_done(
    channel: Channel, ending: str, error: type[Exception], acted: bool
) -> None:
    plan(channel, "drop_before_answer", "start_backup", acted=acted, ending=ending)
    with pytest.raises(error):
        channel.client.post("/api/start_backup", timeout=until(error))
    assert channel.emulator.acted == ({"start_backup": 1} if acted else {})
    entry = channel.emulator.log[0]
    assert (entry.operation, entry.status, entry.code, entry.faults) == (
        "start_backup",
        None,
        None,
        ("drop_before_answer",),
    )
    assert channel.post("get_backup_status")["status"] == (1 if acted else 0)


@pytest.mark.parametrize(
    ("ending", "error"),
    [("close", httpx.RemoteProtocolError), ("reset", httpx.ReadError), ("silence", httpx.ReadTimeout)],
)
@pytest.mark.parametrize(("after", "length"), [(None, 32), (0, 0), (10, 10)])
def test_answers_that_break_off(
    channel: Channel, ending: str, error: type[Exception], after: int | None, length: int
) -> None:
    whole = channel.client.post("/api/get_calib").content
    plan(channel, "drop_mid_answer", after=after, ending=ending)
    came = b""
    with channel.client.stream("POST", "/api/get_calib", timeout=until(error)) as response:
        assert response.headers["content-length"] == str(len(whole))
        with pytest.raises(error):
            for piece in response.iter_raw():
                came += piece
    if ending != "reset":  # what is under way at a reset may be lost as well
        assert came == whole[:length]
    assert channel.code("get_calib") == 0


def test_a_connection_that_ends_after_the_whole_answer(channel: Channel) -> None:
    plan(channel, "drop_mid_answer", after=10_000)
    plan(channel, "drop_mid_answer", after=10_000, ending="reset")
    assert channel.code("get_calib") == 0
    threading.Event().wait(0.02)  # for the news to get here
    assert channel.code("get_calib") == 0
    with pytest.raises(httpx.ReadError):
        channel.client.post("/api/get_calib")


def test_slow_first_bytes(channel: Channel) -> None:
    plan(channel, "slow_first_byte", "set_learnmode", seconds=0.02)
    assert channel.code("set_learnmode", {"mode": 0}) == 0
    plan(channel, "slow_first_byte", "start_backup", seconds=AGES)
    with pytest.raises(httpx.ReadTimeout):
        impatient(channel, "start_backup")
    assert channel.emulator.acted == {"set_learnmode": 1, "start_backup": 1}


def test_slow_bodies(channel: Channel) -> None:
    plan(channel, "slow_body", "get_image", seconds=0.01, pieces=4)
    with channel.client.stream("POST", "/api/get_image") as response:
        pieces = list(response.iter_raw())
    assert len(pieces) >= 4 and b"".join(pieces) == channel.emulator.device.get_image()
    plan(channel, "slow_body", "get_image", seconds=AGES)
    with pytest.raises(httpx.ReadTimeout):
        impatient(channel, "get_image")


def test_half_of_it_with_the_right_length(channel: Channel) -> None:
    whole = channel.client.post("/api/get_calib").content
    picture = channel.emulator.device.get_image()
    plan(channel, "truncated_json")
    plan(channel, "truncated_picture")
    half = channel.client.post("/api/get_image").content
    assert half == picture[: len(picture) // 2]
    assert channel.client.post("/api/get_calib").content == whole[: len(whole) // 2]
    assert channel.client.post("/api/get_calib").content == whole


def test_content_types(channel: Channel) -> None:
    whole = channel.client.post("/api/get_calib").content
    plan(channel, "wrong_content_type", content_type="image/jpeg")
    answer = channel.client.post("/api/get_calib")
    assert (answer.headers["content-type"], answer.content) == ("image/jpeg", whole)
    plan(channel, "no_content_type", "get_image")
    assert "content-type" not in channel.client.post("/api/get_image").headers
    plan(channel, "trailing_comma")
    assert channel.client.post("/api/get_calib").content == (
        b'{"code":0,"data":{"height":482,"left":444,"top":39,"width":348,},}'
    )


def test_lengths_that_are_wrong(channel: Channel) -> None:
    whole = channel.client.post("/api/get_calib").content
    plan(channel, "content_length_too_large")
    with pytest.raises(httpx.RemoteProtocolError):
        channel.client.post("/api/get_calib")
    plan(channel, "content_length_too_large", seconds=AGES)
    with pytest.raises(httpx.ReadTimeout):
        impatient(channel)
    plan(channel, "content_length_too_small")
    assert channel.client.post("/api/get_calib").content == whole[: len(whole) // 2]
    # the rest stands before the next answer
    with pytest.raises(httpx.RemoteProtocolError, match="illegal status line"):
        channel.client.post("/api/start_backup")
    assert channel.emulator.acted["start_backup"] == 1
    assert channel.client.post("/api/get_calib").content == whole


@pytest.mark.parametrize("operation", ["get_calib", "get_image"])
def test_bodies_without_end(channel: Channel, operation: str) -> None:
    plan(channel, "endless")
    came = 0
    with channel.client.stream("POST", f"/api/{operation}") as response:
        assert "content-length" not in response.headers
        for piece in response.iter_raw():
            came += len(piece)
            if came > 5_000_000:
                break
    assert channel.code("get_calib") == 0


@pytest.mark.parametrize(
    ("ending", "error"),
    [("close", httpx.RemoteProtocolError), ("reset", httpx.ReadError), ("silence", httpx.ReadTimeout)],
)
def test_kept_connections_that_lose_the_next_request(
    channel: Channel, ending: str, error: type[Exception]
) -> None:
    plan(channel, "stale_keep_alive", ending=ending)
    assert channel.code("get_calib") == 0
    with pytest.raises(error):
        channel.client.post("/api/start_backup", timeout=until(error))
    assert channel.code("get_learnmode") == 0
    assert logged(channel) == ["get_calib", "get_learnmode"]


def test_a_connection_closed_at_once_can_be_noticed(channel: Channel) -> None:
    plan(channel, "stale_keep_alive", times=3, ending="at_once")
    for _ in range(3):
        assert channel.code("get_calib") == 0
        threading.Event().wait(0.02)  # for the news to get here
    assert channel.code("get_calib") == 0


@pytest.mark.parametrize("acted", [False, True])
def test_a_restart_in_the_middle_of_a_call(channel: Channel, acted: bool) -> None:
    channel.post("start_backup")
    plan(channel, "reboot", "set_learnmode", acted=acted, seconds=5)
    with pytest.raises(httpx.RemoteProtocolError):
        channel.client.post("/api/set_learnmode", json={"mode": 0})
    for seconds in (0, 4.9):
        channel.emulator.step(seconds)
        with pytest.raises(httpx.ConnectError):
            channel.client.post("/api/get_calib")
    channel.emulator.step(0.2)

    def answers() -> bool:
        with suppress(httpx.ConnectError):
            return channel.code("get_calib") == 0
        return False

    eventually(answers)
    # unfinished jobs are lost, what was committed is kept
    assert channel.post("get_backup_status")["status"] == 0
    assert channel.data("get_learnmode")["mode"] == (0 if acted else 1)
    assert channel.emulator.device.reboots == 1


def test_backups_that_fail(channel: Channel) -> None:
    plan(channel, "job_fails", code=-6203)
    channel.post("start_backup")
    assert channel.post("get_backup_status")["status"] == 1
    channel.emulator.step(1)
    failed = {"code": -6203, "filename": "", "msg": "备份数据生成失败：写文件失败", "status": 6}
    assert channel.post("get_backup_status") == failed
    # the next one is fine, and while it runs it can be made to fail
    channel.post("start_backup")
    plan(channel, "job_fails", code=-6203)
    assert channel.post("get_backup_status") == failed
    assert len(channel.backup()) > 0


def test_restores_that_fail(channel: Channel) -> None:
    content = channel.backup()
    channel.teach("1", "Apple", "apple")
    failed = {"code": -6210, "msg": "数据恢复失败：未知错误", "status": 5}
    plan(channel, "job_fails", "start_restore")
    assert channel.restore(content) == failed
    channel.code("start_restore", files={"file": content})
    plan(channel, "job_fails", "get_restore_status")
    assert channel.post("get_restore_status") == failed
    assert channel.data("get_item_list") != []
    assert channel.restore(content)["status"] == 4
    assert channel.data("get_item_list") == []


def test_transfers_are_targets_too(channel: Channel) -> None:
    content = channel.backup()
    filename = channel.post("get_backup_status")["filename"]
    plan(channel, "drop_mid_answer", "download", after=100)
    with pytest.raises(httpx.RemoteProtocolError):
        channel.client.get(f"/download/{filename}")
    plan(channel, "slow_body", "download", seconds=0.001)
    assert channel.client.get(f"/download/{filename}").content == content
    plan(channel, "drop_before_answer", "start_restore")
    with pytest.raises(httpx.RemoteProtocolError):
        channel.client.post("/api/restore", files={"file": content})
    assert channel.emulator.acted["start_restore"] == 1
    assert channel.post("get_restore_status")["status"] == 2


def test_faults_of_several_kinds_meet_in_one_call(direct: Channel) -> None:
    plan(direct, "error_code", times=None, code=-6203)
    plan(direct, "error_code", code=-6209)
    plan(direct, "slow_first_byte", seconds=0.001)
    plan(direct, "trailing_comma")
    # counted ones go before those that stay
    assert direct.client.post("/api/get_calib").content == b'{"code":-6209,"data":null,}'
    assert direct.emulator.log[-1].faults == ("slow_first_byte", "error_code", "trailing_comma")
    assert direct.code("get_calib") == -6203
    (left,) = direct.emulator.faults.pending
    assert (left.fault.code, left.calls_affected) == (-6203, 1)


def test_chances_are_drawn_by_the_seed() -> None:
    def hits(seed: int) -> list[bool]:
        emulator = make(seed=seed)
        emulator.faults.add(Fault("error_code", times=None, probability=0.4))
        return [in_process(emulator).code("get_calib") < 0 for _ in range(60)]

    assert hits(1) == hits(1) != hits(2)
    assert 10 < sum(hits(1)) < 40


def test_a_fault_says_what_is_wrong_with_it() -> None:
    wrong: list[tuple[Callable[[], Any], str]] = [
        (lambda: Fault("magic"), "'kind' is one of"),  # type: ignore[arg-type]  # that is the point
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
    for make_fault, hint in wrong:
        with pytest.raises(ValueError, match=hint):
            make_fault()
    with pytest.raises(KeyError):
        make().faults.remove(1)


def test_every_kind_hits_every_operation_it_can() -> None:
    """None of them breaks the emulator itself."""
    emulator = make(backup_seconds=0, reboot_seconds=0)
    for name, kind in KINDS.items():
        for operation in sorted(kind.operations):
            emulator.reset(pan="empty")
            planned = emulator.faults.add(Fault(name, operation, seconds=_short(name)))
            # to a file that is none, and with no parameters: what the device says no to can be hit too
            method, path = (
                ("GET", "/download/x.evo") if operation == "download" else ("POST", f"/api/{operation}")
            )
            client = in_process(emulator).client
            with suppress(httpx.TransportError), client.stream(method, path, timeout=PATIENCE) as response:
                next(response.iter_raw(), b"")
            if kind.stage != "job":
                assert planned.id not in [each.id for each in emulator.faults.pending], (name, operation)
    assert set().union(*(kind.operations for kind in KINDS.values())) == OPERATIONS


def _short(kind: str) -> float | None:
    return 0.0 if kind.startswith("slow") else None


def test_waiting_blocks_nobody_and_ends_with_the_server() -> None:
    emulator = make()
    errors: list[Exception] = []

    def wait(url: str) -> None:
        try:
            httpx.post(f"{url}/api/get_calib", timeout=None, trust_env=False)
        except httpx.TransportError as error:
            errors.append(error)

    emulator.faults.add(Fault("slow_first_byte", "get_calib", None, seconds=AGES))
    emulator.faults.add(Fault("drop_before_answer", "get_calib", ending="silence"))
    with serve(emulator) as url:
        waiting = [threading.Thread(target=wait, args=(url,)) for _ in range(3)]
        for each in waiting:
            each.start()
        eventually(lambda: len(emulator.requests) == 3)
        assert httpx.get(f"{url}/__emulator__/pan", trust_env=False).json()["kind"] == "apple"
        assert httpx.post(f"{url}/api/get_learnmode", trust_env=False).json()["code"] == 0
    for each in waiting:
        each.join()
    assert len(errors) == 3


@pytest.mark.parametrize(
    "fault",
    [
        Fault("slow_first_byte", seconds=AGES),
        Fault("slow_body", seconds=AGES),
        Fault("drop_before_answer", ending="silence"),
        Fault("drop_mid_answer", ending="silence"),
        Fault("endless"),
    ],
    ids=lambda fault: fault.kind,
)
def test_nobody_waits_for_a_client_that_went_away(fault: Fault) -> None:
    emulator = make()
    emulator.faults.add(fault)
    with EmulatorServer(emulator, "127.0.0.1", 0) as server:
        with (
            suppress(httpx.ReadTimeout),
            httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as client,
            client.stream("POST", "/api/get_calib") as response,
        ):
            pieces = response.iter_raw()
            next(pieces)
            assert server.connections == 1
        eventually(lambda: server.connections == 0)


def test_a_refused_connection_is_really_refused() -> None:
    emulator = make()
    with serve(emulator) as url:
        port = httpx.URL(url).port
        assert port
        emulator.faults.add(Fault("refuse", times=None))

        def refused() -> bool:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=20).close()
            except ConnectionRefusedError:
                return True
            return False

        eventually(refused)
        emulator.faults.clear()
        eventually(lambda: not refused())


def test_async_clients_meet_the_same() -> None:
    emulator = make()

    async def main() -> None:
        async with httpx.AsyncClient(
            transport=EmulatorTransport(emulator), base_url="http://module"
        ) as client:
            for fault, error in (
                (Fault("refuse"), httpx.ConnectError),
                (Fault("drop_before_answer"), httpx.RemoteProtocolError),
                (Fault("drop_before_answer", ending="silence"), httpx.ReadTimeout),
                (Fault("drop_mid_answer", ending="reset"), httpx.ReadError),
                (Fault("slow_first_byte", seconds=AGES), httpx.ReadTimeout),
                (Fault("slow_body", seconds=AGES), httpx.ReadTimeout),
                (Fault("content_length_too_large"), httpx.RemoteProtocolError),
            ):
                emulator.faults.add(fault)
                with pytest.raises(error):
                    await client.post("/api/get_calib", timeout=until(error))
            emulator.faults.add(Fault("stale_keep_alive"))
            await client.post("/api/get_calib")
            with pytest.raises(httpx.ReadError):
                await client.post("/api/get_calib")
            emulator.faults.add(Fault("slow_first_byte", seconds=0.2))
            # others go on meanwhile
            slow = asyncio.create_task(client.post("/api/get_calib"))
            await asyncio.sleep(0.01)
            assert (await client.post("/api/get_learnmode")).json()["code"] == 0
            assert not slow.done() and (await slow).json()["code"] == 0

    asyncio.run(main())


def test_a_wait_without_end_and_without_timeout_ends(direct: Channel) -> None:
    plan(direct, "drop_before_answer", ending="silence")
    with pytest.raises(httpx.ReadTimeout):
        direct.client.post("/api/get_calib", timeout=None)


def test_the_wire_alone_says_that_no_answer_comes() -> None:
    emulator = Emulator()
    for kind in ("refuse", "drop_before_answer"):
        emulator.faults.add(Fault(kind))
        with pytest.raises(ConnectionError):
            emulator.http.respond("POST", "/api/get_calib")
    assert emulator.http.respond("POST", "/api/get_calib").status == 200
