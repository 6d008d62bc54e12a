"""Products and pictures after an action whose response was lost."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from shared_console import serve_console
from websockets.sync.client import connect

from vision_ai_emulator import Emulator, Fault, serve


@pytest.mark.parametrize(("api", "operation"), [("v1", "register_item"), ("v2", "add_item_template")])
def test_the_list_is_read_again_after_a_lost_picture(tmp_path: Path, api: str, operation: str) -> None:
    emulator = Emulator(api=api)
    with serve(emulator) as url, serve_console(url, tmp_path) as console:
        page = f"http://{urlsplit(console.url).netloc}"
        with connect(f"{page.replace('http', 'ws')}/updates", proxy=None) as tab:
            tab.send(json.dumps({"subscribe": ["device"]}))
            messages = (json.loads(tab.recv(timeout=10)) for _ in range(20))
            assert any("device" in message for message in messages)  # the version of the API is known then
        emulator.faults.add(Fault("drop_before_answer", operation, 1, acted=True))
        body = {"key": "1", "arguments": {"id": "1", "name": "One"}}
        response = httpx.post(f"{page}/actions/take_picture", json=body, trust_env=False)
    assert "picture_unknown" in response.text
    names = [entry.operation for entry in emulator.log]
    later = names[names.index(operation) + 1 :]
    assert ("get_registered_item_list" if api == "v1" else "get_item_list") in later
