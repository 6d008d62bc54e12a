"""Transports that other distributions provide for their URL schemes."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from samples import CALIB
from scripted_transport import ScriptedTransport, success_response

from vision_ai import AsyncVisionAI, InvalidInputError, VisionAI

GOOD = success_response(CALIB)


class Point:
    """An entry point of another distribution."""

    def __init__(self, name: str, target: Any) -> None:
        self.name = name
        self.target = target

    def load(self) -> Any:
        if isinstance(self.target, ImportError):
            raise self.target
        return self.target


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    """Return a function that registers a transport for a scheme."""

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
