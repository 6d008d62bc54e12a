"""Calls are recorded completely, and recording does not change them."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio
from har_support import Clients, content, entries, open_recorder, open_recording, paths, run_day, send

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    AsyncVisionAI,
    DeviceError,
    UnreachableError,
    VisionAI,
    __version__,
)
from vision_ai.transports import run_sync
from vision_ai_emulator import Emulator, EmulatorTransport, Fault, serve

SECRETS = ("12345678", "store-11095", "Fruit Store Name")


def test_recording_does_not_change_results(
    clients: Clients, inner: Any, emulator: Emulator, har: Path, tmp_path: Path, backup: Path
) -> None:
    module = clients.record(har, inner)
    results = run_day(module, tmp_path)
    assert results[0].sn == "12345678"  # what the caller gets is not redacted
    assert results[-2].startswith(b"\xff\xd8\xff")
    assert results[-1].startswith(b"VAIEVO")
    requests = [re.sub("/download/.*", "/download/backup-1.evo", path) for _, path in emulator.requests]
    assert requests[-len(paths(har)) :] == paths(har)


def test_no_secret_is_in_a_recording(
    clients: Clients, inner: Any, emulator: Emulator, har: Path, tmp_path: Path, backup: Path
) -> None:
    run_day(clients.record(har, inner), tmp_path)
    text = har.read_text(encoding="utf-8")
    bodies = b"".join(
        content(entry["response"]["content"]) + content(entry["request"].get("postData", {}))
        for entry in entries(har)
    )
    backup_names = {path.rpartition("/")[2] for _, path in emulator.requests if "/download/" in path}
    for secret in (*SECRETS, *backup_names, "to-restore"):
        assert secret not in text
        assert secret.encode() not in bodies
    assert b"VAIEVO" not in bodies
    assert "Banane – reif" in text


def test_a_recording_with_secrets_keeps_every_byte(
    clients: Clients, inner: Any, har: Path, tmp_path: Path, backup: Path
) -> None:
    results = run_day(clients.record(har, inner, secrets=True), tmp_path)
    recorded = dict(zip(paths(har), entries(har), strict=True))  # the last of each
    info = json.loads(content(recorded["/api/get_device_info"]["response"]["content"]))
    assert info["data"]["sn"] == "12345678"
    picture = recorded["/api/get_image"]["response"]["content"]
    assert picture["encoding"] == "base64"
    assert b64decode(picture["text"]) == results[-2]
    downloaded = next(entry for path, entry in recorded.items() if path.startswith("/download/"))
    assert content(downloaded["response"]["content"]) == results[-1]
    form = recorded["/api/start_restore"]["request"]["postData"]
    boundary = form["mimeType"].partition("boundary=")[2].encode()
    head, _, rest = content(form).partition(b"\r\n\r\n")
    assert head.startswith(b"--" + boundary)
    assert b'filename="to-restore.evo"' in head
    assert rest == backup.read_bytes() + b"\r\n--" + boundary + b"--\r\n"


def test_an_entry_has_times_sizes_and_headers(clients: Clients, emulator: Emulator, har: Path) -> None:
    with serve(emulator) as url:
        module = clients.record(har, clients.transport("direct", url))
        module.set_calib(left=1, top=2, width=3, height=4)
        clients.close()
    (entry,) = entries(har)
    assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo is not None
    assert set(entry["timings"]) == {"send", "wait", "receive"}
    assert all(value >= 0 for value in entry["timings"].values())
    assert entry["time"] == pytest.approx(sum(entry["timings"].values()), abs=0.01)
    request, response = entry["request"], entry["response"]
    assert (request["method"], request["httpVersion"]) == ("POST", "HTTP/1.1")
    assert request["bodySize"] == len(request["postData"]["text"].encode())
    assert request["postData"]["mimeType"] == "application/json"
    assert {"name": "Content-Type", "value": "application/json"} in request["headers"]
    assert (response["status"], response["statusText"]) == (200, "OK")
    assert response["bodySize"] == response["content"]["size"] == len(response["content"]["text"])
    assert "_error" not in response


def test_the_servers_address_is_recorded_where_it_is_known(
    har: Path, emulator: Emulator, tmp_path: Path
) -> None:
    with serve(emulator) as url:
        for transport in (httpx.HTTPTransport(), None):
            inner = transport or Clients("sync").transport("direct", url)
            with VisionAI(url, transport=open_recorder(inner, har)) as module:
                module.get_calib()
    with open_recording(har, emulator) as module:
        module.get_calib()
    assert [entry.get("serverIPAddress") for entry in entries(har)] == ["127.0.0.1", "127.0.0.1", None]


def test_the_log_names_its_creator_and_what_it_omits(tmp_path: Path, emulator: Emulator) -> None:
    for secrets, words in ((False, "replaced"), (True, "do not pass it on")):
        path = tmp_path / f"{secrets}.har"
        open_recording(path, emulator, secrets=secrets).close()
        log = json.loads(path.read_text())["log"]
        assert log["creator"] == {"name": "vision-ai-module", "version": __version__}
        assert words in log["comment"]
        assert log["entries"] == []


def test_an_error_code_is_recorded_as_a_response(clients: Clients, emulator: Emulator, har: Path) -> None:
    emulator.fail_next(-6103, "get_image")
    module = clients.record(har, EmulatorTransport(emulator))
    with pytest.raises(DeviceError):
        module.get_image()
    (entry,) = entries(har)
    assert json.loads(entry["response"]["content"]["text"])["code"] == -6103


@pytest.mark.parametrize(
    ("fault", "error", "status", "words"),
    [
        (Fault("refuse", times=1), UnreachableError, 0, "Connect"),
        (Fault("drop_before_answer", times=1), AnswerLostError, 0, "Error"),
        (Fault("drop_mid_answer", times=1), AnswerLostError, 200, "Error"),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else None,
)
def test_a_failed_call_is_recorded_as_chrome_does(
    clients: Clients, emulator: Emulator, har: Path, fault: Fault, error: type, status: int, words: str
) -> None:
    emulator.faults.add(fault)
    module = clients.record(har, EmulatorTransport(emulator))
    with pytest.raises(error):
        module.get_item_list()
    module.get_item_list()
    failed, succeeded = entries(har)
    assert failed["response"]["status"] == status
    assert words in failed["response"]["_error"]
    assert "_error" not in succeeded["response"]


@pytest.mark.parametrize("kind", ["direct", "httpx"])
def test_a_deadline_ends_a_recorded_call_and_is_recorded(
    clients: Clients, emulator: Emulator, har: Path, kind: str
) -> None:
    emulator.faults.add(Fault("slow_first_byte", "get_calib", seconds=60))
    with serve(emulator) as url:
        module = clients.record(har, clients.transport(kind, url))
        module.get_learnmode()  # connects
        with pytest.raises(AnswerTimeoutError):
            module.with_options(timeout=0.3).get_calib()
        clients.close()
    _, entry = entries(har)
    assert entry["response"]["status"] == 0
    assert re.match("ReadTimeout|Cancelled|TimeoutError", entry["response"]["_error"])


def test_an_abandoned_response_is_recorded_as_far_as_it_was_read(har: Path) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Length": "9"}, content=iter([b"abc", b"def", b"ghi"]))

    recorder = open_recorder(httpx.MockTransport(respond), har)
    response = send(recorder, "GET", "http://module/api/x")
    view = memoryview(bytearray(9))
    assert view[: run_sync(response.read_into(view))] == b"abc"
    run_sync(response.close())
    run_sync(recorder.close())
    (entry,) = entries(har)
    assert entry["response"]["content"]["text"] == "abc"
    assert "given up" in entry["response"]["_error"]


@pytest.mark.parametrize("secrets", [False, True])
def test_a_body_that_is_sent_again_is_recorded_once(har: Path, tmp_path: Path, secrets: bool) -> None:
    backup = tmp_path / "test.evo"
    backup.write_bytes(b"content of a \0backup")

    class Redirecting(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.SyncByteStream)
            for _ in request.stream:
                pass
            if request.url.path == "/api/start_restore":
                return httpx.Response(307, headers={"Location": "/moved"})
            return httpx.Response(200, json={"code": 0, "status": 4})

    with (
        httpx.Client(transport=Redirecting(), follow_redirects=True) as client,
        VisionAI("http://module", http_client=client, record=har, record_secrets=secrets) as module,
    ):
        module.restore(backup, poll=0.01)
    request = entries(har)[0]["request"]
    headers = {header["name"]: header["value"] for header in request["headers"]}
    body = content(request["postData"])
    assert body.count(b"form-data") == 1
    assert len(body) == int(headers["Content-Length"])
    assert (request["bodySize"] == len(body)) == secrets


def test_a_binary_response_is_recorded_as_base64(har: Path) -> None:
    body = b'{"code":0,"data":null,"msg":"\xff\xfe"}'
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    with VisionAI("http://module", transport=open_recorder(transport, har)) as module:
        module.reboot()
    (entry,) = entries(har)
    assert content(entry["response"]["content"]) == body


@pytest.mark.parametrize("secrets", [False, True])
def test_a_compressed_response_is_recorded_uncompressed(clients: Clients, har: Path, secrets: bool) -> None:
    plain = b'{"code":0,"data":{"left":1,"top":2,"width":3,"height":4}}'
    packed = gzip.compress(plain)

    class Packed(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield packed

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield packed

    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Packed())
    )
    assert clients.record(har, transport, secrets=secrets).get_calib().left == 1
    (entry,) = entries(har)
    assert content(entry["response"]["content"]) == plain
    assert entry["response"]["bodySize"] == len(packed)
    assert entry["response"]["content"]["size"] == len(plain)
    assert clients.replay(har).get_calib().left == 1


def test_recording_works_with_trio(emulator: Emulator, har: Path, tmp_path: Path) -> None:
    emulator = Emulator(backup_padding=3_000_000, backup_seconds=0.0)

    async def main() -> None:
        transport = open_recorder(EmulatorTransport(emulator), har, asynchronous=True, secrets=True)
        async with AsyncVisionAI("http://module", transport=transport) as module:
            await module.backup(tmp_path, poll=0.01)

    trio.run(main)
    download = entries(har)[-1]
    assert download["response"]["content"]["size"] > 3_000_000


def test_a_cancelled_call_is_recorded(emulator: Emulator, har: Path) -> None:
    emulator.faults.add(Fault("slow_first_byte", "get_calib", seconds=60))

    async def main() -> None:
        transport = open_recorder(EmulatorTransport(emulator), har, asynchronous=True)
        async with AsyncVisionAI("http://module", transport=transport) as module:
            with trio.move_on_after(0.2):
                await module.get_calib()
            await module.get_learnmode()

    trio.run(main)
    assert paths(har) == ["/api/get_calib", "/api/get_learnmode"]
    assert entries(har)[0]["response"]["_error"].startswith("Cancelled")


MEGABYTES = 96
LARGE = """
import asyncio, resource, sys
import httpx
from vision_ai import AsyncVisionAI, VisionAI

flavor, secrets, count = sys.argv[1], sys.argv[2] == "True", int(sys.argv[3])
piece = bytes(range(256)) * 256

class Large(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __iter__(self):
        return iter([piece] * (count * 16))
    async def __aiter__(self):
        for each in self:
            yield each

class Module(httpx.BaseTransport, httpx.AsyncBaseTransport):
    def respond(self, request):
        if request.method == "POST":
            return httpx.Response(200, json={"code": 0, "status": 4})
        return httpx.Response(200, headers={"Content-Length": str(count * 16 * len(piece))}, stream=Large())
    def handle_request(self, request):
        for _ in request.stream:
            pass
        return self.respond(request)
    async def handle_async_request(self, request):
        async for _ in request.stream:
            pass
        return self.respond(request)

options = {"transport": Module(), "record": "large.har", "record_secrets": secrets}

async def main():
    async with AsyncVisionAI("http://module", **options) as module:
        path = await module.save_backup("large.evo", ".")
        await module.restore(path, poll=0.01)

if flavor == "async":
    asyncio.run(main())
else:
    with VisionAI("http://module", **options) as module:
        module.restore(module.save_backup("large.evo", "."), poll=0.01)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("secrets", [False, True])
@pytest.mark.parametrize("flavor", ["sync", "async"])
def test_a_large_transfer_is_never_held_in_memory(tmp_path: Path, flavor: str, secrets: bool) -> None:
    def most_memory(count: int) -> int:
        arguments = [sys.executable, "-c", LARGE, flavor, str(secrets), str(count)]
        run = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        return int(run.stdout)

    small = most_memory(2)
    (tmp_path / "large.har").unlink()
    (tmp_path / "large.evo").unlink()
    assert most_memory(MEGABYTES) < small + MEGABYTES // 4
    size = (tmp_path / "large.har").stat().st_size
    if secrets:
        assert size > 2 * MEGABYTES * 1024 * 1024 * 4 / 3
    else:
        digest = hashlib.sha256((tmp_path / "large.evo").read_bytes()).hexdigest()
        assert (tmp_path / "large.har").read_text().count(digest) == 2
