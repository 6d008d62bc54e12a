"""Proxies: explicit ones are used, those of the environment are not."""

from __future__ import annotations

from typing import Any

import pytest
from samples import CALIB
from scripted_transport import success_response
from shared_socket_server import ok, respond, serve

from vision_ai import UnreachableError

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
