"""Values that JSON or UTF-8 cannot carry, end to end: a module that sends them, the console's server, a tab."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from shared_console import serve_console
from websockets.sync.client import ClientConnection, connect

INFO = (
    b'{"code":0,"data":{"sn":"12345678","firmware":"9.9\\ud83d","soldOutLimit":Infinity,"clientName":"caf\xe9",'
    b'"load":[NaN,-Infinity,1e999],"\\udfff":"\\ud800"}}'
)
ITEMS = (
    b'{"code":0,"data":[{"id":"1","name":"pear\\ud83d"},{"id":"\\udc00","name":"\xe8\xa5\xbf\xe7"},'
    b'{"id":"3","name":"a\tb\x1b[31m","count":1e999}]}'
)
ERROR = b'{"code":-6210,"msg":"\\udfff","data":null,"load":Infinity}'
BODIES = {"/api/get_device_info": INFO, "/api/get_item_list": ITEMS}
UNUSUAL_NAME = os.fsdecode(b"caf\xe9.evo")


class HostileModule(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = BODIES.get(self.path, ERROR)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hostile_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), HostileModule)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Tab:
    """A tab without a browser: it holds what the page would."""

    def __init__(self, websocket: ClientConnection) -> None:
        self._websocket = websocket
        self.state: dict[str, Any] = {}

    def subscribe(self, *sections: str) -> None:
        self._websocket.send(json.dumps({"subscribe": sections}))

    def wait_for(self, section: str, condition: Any = bool) -> Any:
        while not (section in self.state and condition(self.state[section])):
            text = self._websocket.recv(timeout=20)
            assert isinstance(text, str)
            text.encode()
            self.state |= json.loads(text, parse_constant=pytest.fail)
        return self.state[section]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have Unicode file names only")
def test_nothing_of_a_module_or_a_folder_ends_the_updates(hostile_url: str, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"backups of caf\xe9")
    folder.mkdir()
    (folder / UNUSUAL_NAME).write_bytes(b"\0a backup")
    with serve_console(hostile_url, folder) as console:
        address = f"http://{urlsplit(console.url).netloc}"
        with (
            httpx.Client(base_url=address, trust_env=False) as client,
            connect(f"{address.replace('http', 'ws')}/updates", proxy=None) as websocket,
        ):
            tab = Tab(websocket)
            tab.subscribe("device", "items", "calib")
            device = tab.wait_for("device")
            assert (device["firmware"], device["load"]) == ("9.9\ufffd", [None, None, None])
            names = [each["name"] for each in tab.wait_for("items")]
            assert names == ["pear\ufffd", "西\ufffd", "a\tb\x1b[31m"]
            assert tab.wait_for("link", lambda link: link["state"] == "connected")
            assert tab.wait_for("errors")["calib"]
            assert tab.wait_for("backups")["folder"].endswith("caf\\xe9")
            assert [each["name"] for each in tab.state["backups"]["files"]] == ["caf\\xe9.evo"]

            for name in ("%FF.evo", "%ED%A0%80.evo", "a%00b.evo", "%F0%9F%8D%89.evo", "caf%E9.evo"):
                response = client.put(f"/backups/{name}", content=b"\0a backup")
                assert response.status_code == 200
                done = json.loads(response.content, parse_constant=pytest.fail)["done"]
                tab.wait_for(
                    "backups", lambda value, done=done: done in [each["name"] for each in value["files"]]
                )
                assert client.get(f"/backups/{done}").content == b"\0a backup"

            for arguments in (
                r'{"id":"\ud800","name":"\udfff"}',
                '{"id":"1","name":Infinity}',
                '{"id":1e999}',
            ):
                content = f'{{"key":{json.dumps(arguments)},"arguments":{arguments}}}'
                response = client.post(
                    "/actions/take_picture", content=content, headers={"Content-Type": "application/json"}
                )
                assert response.status_code in (200, 400)
                json.loads(response.content, parse_constant=pytest.fail)

            (folder / UNUSUAL_NAME).unlink()
            client.put("/backups/last.evo", content=b"\0a backup")
            tab.wait_for("backups", lambda value: "last.evo" in [each["name"] for each in value["files"]])
