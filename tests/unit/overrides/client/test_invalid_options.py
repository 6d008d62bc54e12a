"""Invalid options of a client raise an error at once that names the option and what is allowed."""

from __future__ import annotations

import math
from typing import Any

import httpx
import pytest
from scripted_transport import ScriptedTransport

from vision_ai import AsyncVisionAI, InvalidInputError, Retries, VisionAI, VisionAIError

URLS = [
    "ftp://127.0.0.1",
    "127.0.0.1",
    "127.0.0.1:80",
    "localhost:80",
    "",
    " ",
    ":",
    "://x",
    "//127.0.0.1",
    "http:",
    "http://",
    "http:///path",
    "http://:80",
    "http:127.0.0.1",
    "http://127.0.0.1:0",
    "http://127.0.0.1:70000",
    "http://127.0.0.1:abc",
    "http://127.0.0.1:-1",
    "http://127.0.0.1:80:80",
    "http://user@127.0.0.1",
    "http://user:secret@127.0.0.1",
    "http://@127.0.0.1",
    "http://127.0.0.1?a=b",
    "http://127.0.0.1/#x",
    "http://127.0.0.1/a b",
    "http://127.0.0.1/\r\nX: y",
    "http://127.0.0.999",
    "http://[::1",
    "http://[nonsense]",
    "http://☃",
    "http://" + "a" * 70_000,
    "nothing-of-the-kind:x",
    "emulator:?no_such_option=1",
    "emulator:?seed=x",
    "emulator:nobody",
]


@pytest.fixture
def flavor() -> str:
    """Both clients check options with the same code."""
    return "sync"


@pytest.mark.parametrize("client", [VisionAI, AsyncVisionAI])
@pytest.mark.parametrize("url", URLS, ids=lambda url: ascii(url[:30]))
def test_an_invalid_url_is_rejected(client: Any, url: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        client(url or "x")
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, VisionAIError)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", [5, b"http://127.0.0.1", True, pytest.param(object(), id="object")], ids=repr)
def test_a_url_of_another_type_is_rejected(url: Any) -> None:
    with pytest.raises(InvalidInputError, match="url"):
        VisionAI(url)


def test_an_invalid_url_in_the_environment_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_AI_URL", "ftp://127.0.0.1")
    with pytest.raises(InvalidInputError, match="ftp"):
        VisionAI()


BAD_SECONDS = [0, -1, -0.0, math.nan, math.inf, -math.inf, "5", True, None, 1j, 10**400, [1]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("timeout", value) for value in BAD_SECONDS],
        *[("retries", value) for value in (-1, 1.5, True, "2", None, math.nan, [2])],
        *[("field_names", value) for value in ("name", "", "ID", 1, ["both"])],
        *[("concurrency", value) for value in (0, -1, 1.5, True, "2", None)],
        *[("on_call", value) for value in (1, "print", [])],
        *[("part_name", value) for value in ("a\nb", "a\rb", "a\0", "\x7f", 5, b"file", True, "\ud800")],
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_an_invalid_option_is_rejected(
    connect: Any, transport: ScriptedTransport, name: str, value: Any
) -> None:
    with pytest.raises(InvalidInputError, match=name) as caught:
        connect(transport, **{name: value})
    assert "must be" in str(caught.value)


@pytest.mark.parametrize("name", ["timeout", "retries"])
@pytest.mark.parametrize("value", [-1, True, "5", math.nan])
def test_an_invalid_option_of_with_options_is_rejected(
    connect: Any, transport: ScriptedTransport, name: str, value: Any
) -> None:
    with pytest.raises(InvalidInputError, match=name):
        connect(transport).with_options(**{name: value})


@pytest.mark.parametrize("name", ["pause", "factor", "longest"])
@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "1", True, None])
def test_an_invalid_retry_pause_is_rejected(name: str, value: Any) -> None:
    with pytest.raises(InvalidInputError, match=name):
        Retries(**{name: value})


@pytest.mark.parametrize("client", [VisionAI, AsyncVisionAI])
@pytest.mark.parametrize(
    "proxy",
    [
        *[5, b"http://127.0.0.1:1", "", "nonsense", "ftp://127.0.0.1", "http://127.0.0.1:abc"],
        pytest.param(object(), id="object"),
    ],
    ids=repr,
)
def test_an_invalid_proxy_is_rejected(client: Any, proxy: Any) -> None:
    with pytest.raises(InvalidInputError, match="proxy"):
        client("http://127.0.0.1", proxy=proxy)


def test_a_proxy_needs_a_network_url() -> None:
    with pytest.raises(InvalidInputError, match="proxy"):
        VisionAI("emulator:", proxy="http://127.0.0.1:1")


def test_a_proxy_cannot_be_combined_with_a_transport(transport: ScriptedTransport) -> None:
    with pytest.raises(InvalidInputError, match="transport"):
        VisionAI(transport=transport, proxy="http://127.0.0.1:1")


class SyncOnly(httpx.BaseTransport):
    pass


class AsyncOnly(httpx.AsyncBaseTransport):
    pass


@pytest.mark.parametrize(
    ("client", "transport", "wanted"),
    [
        (VisionAI, AsyncOnly(), "BaseTransport"),
        (AsyncVisionAI, SyncOnly(), "AsyncBaseTransport"),
        (VisionAI, "emulator:", "BaseTransport"),
        (VisionAI, SyncOnly, "BaseTransport"),
        (AsyncVisionAI, object(), "AsyncBaseTransport"),
    ],
)
def test_a_transport_of_the_wrong_kind_is_rejected(client: Any, transport: Any, wanted: str) -> None:
    with pytest.raises(InvalidInputError, match=wanted) as caught:
        client(transport=transport)
    assert client.__name__ in str(caught.value)


@pytest.mark.parametrize("value", [1, 0.001, 1e6, 3])
def test_valid_options_are_accepted(connect: Any, transport: ScriptedTransport, value: float) -> None:
    connect(transport, timeout=value, retries=0, part_name="", field_names="id")
