"""A client's URL, its `repr`, and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from samples import CALIB
from scripted_transport import ScriptedTransport, success_response

import vision_ai
from vision_ai import VisionAIError
from vision_ai_emulator.emulator import Emulator

GOOD = success_response(CALIB)


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


def test_a_transport_can_be_combined_with_a_url(
    connect: Any, transport: ScriptedTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISION_AI_URL", "http://127.0.0.1:8172")
    connect(transport.respond(GOOD)).get_calib()
    assert transport.requests[0].headers["host"] == "127.0.0.1:8172"


def test_every_name_in_all_exists() -> None:
    assert len(set(vision_ai.__all__)) == len(vision_ai.__all__)
    assert all(hasattr(vision_ai, name) for name in vision_ai.__all__)
