"""`reboot`, `reset_device` and `wait_until_ready`."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from samples import DEVICE_INFO
from scripted_transport import ScriptedTransport, error_response, raw_response, success_response
from shared_socket_server import Peer, ok, respond, serve

from vision_ai import AnswerLostError, InvalidAnswerError, Progress, UnreachableError, VisionAIError
from vision_ai._workflows import restart
from vision_ai_emulator.emulator import Emulator

POLL = 0.005
GOOD = success_response(DEVICE_INFO)
GONE = httpx.ConnectError("refused")


def test_after_a_reboot_the_module_is_ready_when_it_was_gone_and_is_back(
    module: Any, emulator: Emulator
) -> None:
    module.register_item(id="1", name="x")  # a restart discards it
    steps: list[Progress] = []
    assert module.reboot() is None
    info = module.wait_until_ready(poll=POLL, timeout=20, progress=steps.append)
    assert info.sn == "12345678"
    assert emulator.device.reboots == 1
    assert any(each.message for each in steps)
    assert {each.phase for each in steps} == {"waiting"}
    assert module.get_registered_item_list() == []


def test_a_running_module_is_ready_at_once(module: Any, emulator: Emulator) -> None:
    assert module.wait_until_ready(poll=60).sn == "12345678"
    assert len(emulator.requests) == 1


def test_a_module_of_older_firmware_is_ready(connect: Any, transport: ScriptedTransport) -> None:
    known = {"sn": 12345678, "firmware": "9.0"}
    info = connect(transport.respond(success_response(known)), retries=0).wait_until_ready(poll=60)
    assert (info.sn, info.firmware, info.sold_out_limit, info.sync_mode) == ("12345678", "9.0", None, None)


def test_a_module_that_still_responds_after_a_reboot_is_not_ready(
    connect: Any, transport: ScriptedTransport
) -> None:
    module = connect(transport.respond(success_response(), GOOD, GOOD, GONE, GONE, GOOD), retries=0)
    module.reboot()
    assert module.wait_until_ready(poll=0.001).sn == "12345678"
    assert len(transport.requests) == 6


def test_an_unobserved_restart_is_ready_after_a_while(
    connect: Any, transport: ScriptedTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restart, "SETTLED", 0.05)
    module = connect(transport.respond(success_response(), lambda _: GOOD, forever=True))
    module.reboot()
    transport.replies = [GOOD]
    module.wait_until_ready(poll=0.01, timeout=20)
    request_count = len(transport.requests)
    assert request_count > 2
    module.wait_until_ready(poll=60)
    assert len(transport.requests) == request_count + 1  # the module is known to be ready


@pytest.mark.parametrize("keeps", [True, False], ids=["keeps the connection", "closes each connection"])
def test_a_kept_connection_shows_that_the_module_has_not_restarted_yet(
    connect: Any, monkeypatch: pytest.MonkeyPatch, keeps: bool
) -> None:
    monkeypatch.setattr(restart, "SETTLED", 0.02)

    def old_process(peer: Peer) -> None:
        responses = 0
        while responses < 30 and peer.read_request():
            peer.send(ok(GOOD.content, more=b"" if keeps else b"Connection: close\r\n"))
            responses += 1
            if not keeps:
                return

    with serve(old_process, old_process if not keeps else respond(ok(GOOD.content))) as server:
        module = connect(server.url, retries=0)
        module.reboot()
        module.wait_until_ready(poll=0.005, timeout=20)
        count = len(server.requests)
        assert count > 30 if keeps else count < 30
        module.close()


def test_a_reset_over_a_kept_connection_is_over_after_a_while(
    connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restart, "SETTLED", 0.02)
    with serve(respond(ok(GOOD.content))) as server:
        module = connect(server.url, retries=0)
        module.reset_device()
        module.wait_until_ready(poll=0.005, timeout=20)
        module.close()
        assert server.connections == 1


def test_a_module_that_does_not_restart_is_reported(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport.respond(success_response(), GOOD, GOOD, GOOD, forever=True))
    module.reboot()
    transport.replies = [GOOD]
    with pytest.raises(UnreachableError, match=r"not gone down|within 0\."):
        module.wait_until_ready(poll=0.05, timeout=0.5)


def test_a_response_that_this_client_did_not_wait_for_is_no_sign_of_a_restart(
    connect: Any, transport: ScriptedTransport
) -> None:
    slow = httpx.ReadTimeout("")
    module = connect(transport.respond(success_response(), slow, GOOD, forever=True), retries=0)
    module.reboot()
    with pytest.raises(UnreachableError, match="not ready within"):
        module.wait_until_ready(poll=0.01, timeout=0.2)


def test_a_module_that_never_comes_back_is_unreachable(connect: Any) -> None:
    emulator = Emulator(reboot_seconds=1000)
    module = connect(emulator.url)
    module.reboot()
    with pytest.raises(UnreachableError, match=r"not ready within 0\.2 s") as caught:
        module.wait_until_ready(poll=POLL, timeout=0.2)
    assert isinstance(caught.value.__cause__, UnreachableError)


def test_device_errors_during_the_start_are_waited_out(connect: Any, transport: ScriptedTransport) -> None:
    steps: list[Progress] = []
    module = connect(transport.respond(error_response(-6210), GOOD))
    module.wait_until_ready(poll=0.001, progress=steps.append)
    assert "-6210" in steps[0].message


def test_http_errors_during_the_start_are_waited_out(connect: Any, transport: ScriptedTransport) -> None:
    busy = raw_response(b"<h1>503 Service Unavailable</h1>", "text/html", 503)
    assert connect(transport.respond(busy, GOOD)).wait_until_ready(poll=0.001).sn == "12345678"


def test_a_restart_without_a_response_is_reported_and_can_be_waited_for(
    connect: Any, transport: ScriptedTransport
) -> None:
    loss = httpx.RemoteProtocolError("closed")
    module = connect(transport.respond(loss, GOOD, GONE, GOOD))
    with pytest.raises(AnswerLostError) as caught:
        module.reset_device()
    assert "wait_until_ready" in "".join(caught.value.__notes__)
    module.wait_until_ready(poll=0.001)
    assert len(transport.requests) == 4


@pytest.mark.parametrize(
    "response",
    [
        raw_response(b""),
        raw_response(b"", None, 204),
        raw_response(b"restarting"),
        raw_response(b'{"code":'),
        raw_response(b"\0\xff"),
        raw_response(b"<h1>Bad Gateway</h1>", "text/html", 502),
    ],
    ids=lambda response: f"{response.status_code} {response.content!r}",
)
@pytest.mark.parametrize("call", ["reboot", "reset_device"])
def test_a_restart_with_an_unreadable_response_is_waited_for(
    connect: Any, transport: ScriptedTransport, response: httpx.Response, call: str
) -> None:
    module = connect(transport.respond(response, GOOD, GOOD, GONE, GOOD), retries=0)
    with pytest.raises(InvalidAnswerError) as caught:
        getattr(module, call)()
    assert "wait_until_ready" in "".join(caught.value.__notes__)
    module.wait_until_ready(poll=0.001)
    assert len(transport.requests) == 5


def test_a_restart_at_an_unknown_path_is_not_waited_for(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport.respond(raw_response(b"<h1>Not Found</h1>", "text/html", 404), GOOD))
    with pytest.raises(InvalidAnswerError):
        module.reboot()
    module.wait_until_ready(poll=60)
    assert len(transport.requests) == 2


def test_a_web_server_without_its_module_shows_that_the_module_is_away(
    connect: Any, transport: ScriptedTransport
) -> None:
    away = raw_response(b"<h1>503 Service Unavailable</h1>", "text/html", 503)
    module = connect(transport.respond(success_response(), GOOD, away, GOOD), retries=0)
    module.reboot()
    module.wait_until_ready(poll=0.001)
    assert len(transport.requests) == 4


def test_a_rejected_restart_is_not_waited_for(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport.respond(error_response(-6210), GOOD))
    with pytest.raises(VisionAIError):
        module.reboot()
    module.wait_until_ready(poll=60)
    assert len(transport.requests) == 2


def test_a_restart_is_known_to_siblings(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport.respond(success_response(), GOOD, GONE, GOOD))
    module.with_options(timeout=1).reboot()
    module.wait_until_ready(poll=0.001)
    assert len(transport.requests) == 4


def test_a_closed_client_does_not_wait(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport)
    module.close()
    with pytest.raises(VisionAIError, match="closed"):
        module.wait_until_ready(timeout=30)
    assert not transport.requests
