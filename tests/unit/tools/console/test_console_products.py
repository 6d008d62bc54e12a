"""Products and pictures after an action whose response was lost."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from shared_console import serve_console
from websockets.sync.client import connect

from vision_ai_emulator import Emulator, Fault, serve


@pytest.mark.parametrize(("api", "operation"), [("v1", "register_item"), ("v2", "add_item_template")])
def test_the_list_is_read_again_after_a_lost_picture(tmp_path: Path, api: str, operation: str) -> None:
    emulator = Emulator(api=api)
    with (
        serve(emulator) as url,
        serve_console(url, tmp_path) as console,
        httpx.Client(trust_env=False) as client,
    ):
        page = str(client.get(console.url).url).rstrip("/")
        with connect(page.replace("http", "ws", 1) + "/updates", origin=page, proxy=None) as tab:
            while "device" not in json.loads(tab.recv(timeout=20)):
                pass  # the version of the API is known then
        emulator.faults.add(Fault("drop_before_answer", operation, 1, acted=True))
        body = {"key": "1", "arguments": {"id": "1", "name": "One"}}
        response = client.post(f"{page}/actions/take_picture", json=body)
    assert response.json()["error"]["kind"] == "picture_unknown", response.text
    names = [entry.operation for entry in emulator.log]
    later = names[names.index(operation) + 1 :]
    assert ("get_registered_item_list" if api == "v1" else "get_item_list") in later
