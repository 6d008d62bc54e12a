"""A module that speaks V2, and whose device information names neither its board nor its application (B1)."""

from __future__ import annotations

import httpx
import pytest

from vision_ai import VisionAI
from vision_ai_emulator import Emulator, EmulatorTransport


class WithoutNames(httpx.BaseTransport):
    """Reaches an emulator, and removes the two names from its responses."""

    def __init__(self, emulator: Emulator) -> None:
        self._transport = EmulatorTransport(emulator)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._transport.handle_request(request)
        response.read()
        data = response.json().get("data")
        if isinstance(data, dict):
            fields = {name: value for name, value in data.items() if name not in ("app", "board")}
            response = httpx.Response(200, json={"code": 0, "data": fields})
        return response


@pytest.mark.parametrize("first_call", ["get_device_info", "get_item_list", "clear_all_template"])
def test_the_method_that_it_knows_shows_its_version(first_call: str) -> None:
    emulator = Emulator(api="v2")
    with VisionAI("http://module", transport=WithoutNames(emulator)) as module:
        getattr(module, first_call)()
        assert module.get_device_info().board is None
        assert module.api_version == "v2"
        module.clear_all_template()
