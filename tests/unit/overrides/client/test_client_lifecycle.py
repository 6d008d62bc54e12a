"""What is around a client: proxies, the URL variable, its end, and transports of others."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from samples import CALIB
from scripted_transport import ScriptedTransport, success_response
from socket_server import ok, respond, serve

import vision_ai
from vision_ai import AsyncVisionAI, InvalidInputError, UnreachableError, VisionAI, VisionAIError
from vision_ai_emulator.emulator import Emulator

GOOD = success_response(CALIB)
PROXIES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"]


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5://127.0.0.1:9", "nonsense"])
def test_proxy_variables_of_the_environment_are_ignored(
    connect: Any, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    for name in PROXIES:
        monkeypatch.setenv(name, proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with serve(respond(ok(GOOD.content))) as server:
        module = connect(server.url, retries=0)
        assert module.get_calib().left == 444
        module.close()


def test_an_explicit_proxy_is_used(connect: Any) -> None:
    requests: list[bytes] = []

    def proxy(peer: Any) -> None:
        while request := peer.read_request():
            requests.append(request)
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(GOOD.content) + GOOD.content)

    with serve(proxy) as server:
        module = connect("http://module.invalid:8080", proxy=server.url, retries=0)
        assert module.get_calib().left == 444
        module.close()
    assert requests[0].startswith(b"POST http://module.invalid:8080/api/get_calib HTTP/1.1\r\n")


def test_a_missing_proxy_makes_the_module_unreachable(connect: Any) -> None:
    with serve(respond(ok(GOOD.content))) as server:
        pass
    with pytest.raises(UnreachableError):
        connect("http://module.invalid", proxy=server.url, retries=0).start_backup()


def test_an_explicit_url_overrides_the_environment(
    connect: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISION_AI_URL", "emulator:nobody")
    assert connect(emulator.url).get_device_info().sn
    assert len(emulator.requests) == 1


def test_an_empty_url_variable_is_ignored(connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_AI_URL", "")
    assert vision_ai.DEFAULT_URL in repr(connect(None))


def test_repr_shows_the_url_and_whether_the_client_is_closed(connect: Any, flavor: str) -> None:
    module = connect("http://127.0.0.1:8172")
    name = "VisionAI" if flavor == "sync" else "AsyncVisionAI"
    assert repr(module) == f"<{name} http://127.0.0.1:8172>"
    module.close()
    assert repr(module) == f"<{name} http://127.0.0.1:8172 (closed)>"


def test_closing_twice_closes_the_transport_once(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport)
    module.close()
    module.close()
    assert transport.closed == 1


def test_leaving_a_with_block_closes_the_client(connect: Any, transport: ScriptedTransport) -> None:
    with connect(transport.respond(GOOD)) as module:
        module.get_calib()
    assert transport.closed == 1
    with pytest.raises(RuntimeError), connect(ScriptedTransport()) as other:
        raise RuntimeError
    with pytest.raises(VisionAIError, match="closed"):
        other.get_calib()


@pytest.mark.parametrize(
    "call",
    [
        lambda m, folder: m.get_device_info(),
        lambda m, folder: m.reboot(),
        lambda m, folder: m.learn(id="1", name="x"),
        lambda m, folder: m.backup(folder),
        lambda m, folder: m.save_backup("a.evo", folder),
        lambda m, folder: m.restore(__file__),
        lambda m, folder: m.with_options(timeout=1).get_image(),
    ],
)
def test_a_call_on_a_closed_client_raises_an_sdk_error(
    connect: Any, transport: ScriptedTransport, tmp_path: Any, call: Callable[[Any, Any], Any]
) -> None:
    module = connect(transport)
    module.close()
    with pytest.raises(VisionAIError, match="closed") as caught:
        call(module, tmp_path)
    assert type(caught.value) is VisionAIError
    assert not transport.requests
    assert not list(tmp_path.iterdir())


class Point:
    """An entry point as another distribution has it."""

    def __init__(self, name: str, target: Any) -> None:
        self.name = name
        self.target = target

    def load(self) -> Any:
        if isinstance(self.target, ImportError):
            raise self.target
        return self.target


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    """Offers a transport for a scheme."""

    def offer(scheme: str, target: Any) -> None:
        def entry_points(*, group: str) -> list[Point]:
            assert group == "vision_ai.transports"
            return [Point(scheme, target)]

        monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)

    return offer


def test_a_third_party_transport_is_found_by_its_scheme(
    connect: Any, flavor: str, transport: ScriptedTransport, offered: Any
) -> None:
    calls: list[Any] = []

    def factory(url: str, *, asynchronous: bool) -> ScriptedTransport:
        calls.append((url, asynchronous))
        return transport

    offered("acme+usb", factory)
    assert connect("ACME+usb:port=7") is not None
    transport.respond(GOOD)
    assert connect("acme+usb:port=7").get_calib().left == 444
    assert calls[-1] == ("acme+usb:port=7", flavor == "async")


def test_a_third_party_transport_must_have_the_right_type(offered: Any) -> None:
    offered("acme", lambda url, *, asynchronous: object())
    with pytest.raises(InvalidInputError, match="BaseTransport"):
        VisionAI("acme:")
    offered("acme", lambda url, *, asynchronous: httpx.MockTransport(lambda _: GOOD))
    AsyncVisionAI("acme:")


@pytest.mark.parametrize("where", ["load", "call"])
def test_a_transport_with_a_missing_dependency_names_the_extra(offered: Any, where: str) -> None:
    missing = ImportError("No module named 'starlette'")

    def factory(url: str, *, asynchronous: bool) -> ScriptedTransport:
        raise missing

    offered("emulator", missing if where == "load" else factory)
    with pytest.raises(InvalidInputError, match=r"pip install .*vision-ai-module\[emulator\]") as caught:
        VisionAI("emulator:")
    assert caught.value.__cause__ is missing
    assert "starlette" in str(caught.value)


def test_a_url_that_a_transport_rejects_is_an_input_error(offered: Any) -> None:
    def factory(url: str, *, asynchronous: bool) -> ScriptedTransport:
        raise ValueError("no such port")

    offered("acme", factory)
    with pytest.raises(InvalidInputError, match="no such port"):
        VisionAI("acme:")


def test_an_unknown_scheme_error_lists_the_known_schemes(offered: Any) -> None:
    offered("acme", None)
    with pytest.raises(InvalidInputError, match=r"acme:.*http:.*https:"):
        VisionAI("gopher:x")


def test_a_transport_can_be_combined_with_a_url(
    connect: Any, transport: ScriptedTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISION_AI_URL", "http://127.0.0.1:8172")
    connect(transport.respond(GOOD)).get_calib()
    assert transport.requests[0].headers["host"] == "127.0.0.1:8172"


def test_every_name_in_all_exists() -> None:
    assert len(set(vision_ai.__all__)) == len(vision_ai.__all__)
    assert all(hasattr(vision_ai, name) for name in vision_ai.__all__)
