"""Recordings of other programs are played back too; a file that is not a recording is rejected."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from har_support import send

from vision_ai import AnswerLostError, AnswerTimeoutError, RecordingError, UnreachableError, VisionAI
from vision_ai.recording import Player
from vision_ai.transports import run_sync

PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256))
CALIB = '{"code":0,"data":{"left":1,"top":2,"width":3,"height":4}}'


def entry(path: str, response: dict[str, Any], **request: Any) -> dict[str, Any]:
    return {
        "request": {"method": "POST", "url": f"http://172.22.0.6{path}", **request},
        "response": {"status": 200, "headers": [], **response},
    }


def replay(har: Path, *recorded: dict[str, Any]) -> VisionAI:
    har.write_text(json.dumps({"log": {"version": "1.2", "creator": {}, "entries": recorded}}))
    return VisionAI("http://module", transport=Player(har), retries=0)


def test_a_recording_by_chrome_is_replayed(har: Path) -> None:
    """Its developer tools write base64 for binary content, pseudo headers, and failures by names of their own."""
    headers = [
        {"name": ":status", "value": "200"},
        {"name": "content-type", "value": "application/json"},
        {"name": "Content-Length", "value": "999"},
        {"name": "transfer-encoding", "value": "chunked"},
        {"name": "content-encoding", "value": "gzip"},
    ]
    module = replay(
        har,
        entry("/api/get_calib", {"headers": headers, "content": {"size": len(CALIB), "text": CALIB}}),
        entry("/api/get_image", {"content": {"text": b64encode(PICTURE).decode(), "encoding": "base64"}}),
        entry("/api/reboot", {"status": 0, "_error": "net::ERR_CONNECTION_REFUSED", "content": {}}),
        entry("/api/get_learnmode", {"status": 0, "_error": "net::ERR_TIMED_OUT", "content": {}}),
        entry("/api/get_item_list", {"status": 0, "_error": "net::ERR_EMPTY_RESPONSE", "content": {}}),
        entry("/api/reset_device", {"status": 0, "content": {"size": 0}}),
    )
    assert module.get_calib().left == 1
    with pytest.raises(UnreachableError):
        module.reboot()
    with pytest.raises(AnswerTimeoutError):
        module.get_learnmode()
    for lost in (module.get_item_list, module.reset_device):
        with pytest.raises(AnswerLostError):
            lost()
    response = send(Player(har), "POST", "http://module/api/get_image")
    assert run_sync(response.read(1000)) == PICTURE


def test_a_recording_by_playwright_is_replayed(har: Path) -> None:
    module = replay(
        har, entry("/api/get_calib", {"status": -1, "_failureText": "net::ERR_CONNECTION_REFUSED"})
    )
    with pytest.raises(UnreachableError):
        module.get_calib()


def test_a_recording_by_mitmproxy_is_replayed(har: Path) -> None:
    """It writes every field, also the empty ones."""
    module = replay(
        har,
        entry(
            "/api/set_calib",
            {"content": {"size": 21, "text": '{"code":0,"data":null}', "encoding": None}, "_error": None},
            postData={
                "mimeType": "application/json",
                "text": '{"left":1,"top":2,"width":3,"height":4}',
                "params": [],
            },
            bodySize=39,
        ),
        entry(
            "/api/get_calib",
            {"content": {"size": len(CALIB), "text": CALIB}, "_error": ""},
            postData={"mimeType": "", "text": "", "params": []},
        ),
    )
    module.set_calib(left=1, top=2, width=3, height=4)
    assert module.get_calib().left == 1


def test_a_real_recording_by_mitmproxy_is_replayed(tmp_path: Path) -> None:
    """A product list, a backup and its restore through mitmproxy 11, to an emulator."""
    with VisionAI(f"replay:{Path(__file__).with_name('mitmproxy.har')}") as module:
        assert [item.name for item in module.get_item_list()] == ["西瓜 – Äpfel"]
        backup = module.backup(tmp_path, poll=0.01)
        assert backup.read_bytes().startswith(b"VAIEVO")
        module.restore(backup, poll=0.01)


def test_an_upload_by_curl_through_a_proxy_is_replayed(har: Path, tmp_path: Path) -> None:
    """Its form has a part without a name (A4) and another boundary, and is recorded as base64 or as text."""
    backup = tmp_path / "test.evo"
    backup.write_bytes(b"a backup\1 of text\r\n\r\nwith lines\r\n")
    form = (
        b'--------------------------0a1b\r\nContent-Disposition: form-data; filename="test.evo"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + backup.read_bytes() + b"\r\n"
        b"--------------------------0a1b--\r\n"
    )
    mime_type = "multipart/form-data; boundary=------------------------0a1b"
    for data in (
        {"mimeType": mime_type, "text": form.decode()},
        {"mimeType": mime_type, "text": b64encode(form).decode(), "encoding": "base64"},
        {"mimeType": mime_type, "text": form.removesuffix(b"\r\n").decode()},
        {"mimeType": mime_type},  # Chrome leaves the files of a form out
    ):
        module = replay(
            har,
            entry("/api/start_restore", {"content": {"text": '{"code":0,"data":null}'}}, postData=data),
            entry("/api/get_restore_status", {"content": {"text": '{"code":0,"msg":"ok","status":4}'}}),
        )
        module.restore(backup, poll=0.01)


def test_a_recording_without_contents_is_reported(har: Path) -> None:
    module = replay(har, entry("/api/get_calib", {"content": {"size": 57, "mimeType": "application/json"}}))
    with pytest.raises(RecordingError, match="without contents"):
        module.get_calib()


def test_a_byte_order_mark_is_ignored(har: Path) -> None:
    replay(har, entry("/api/get_calib", {"content": {"text": CALIB}})).close()
    har.write_bytes(b"\xef\xbb\xbf" + har.read_bytes())
    with VisionAI("http://module", transport=Player(har)) as module:
        assert module.get_calib().left == 1


def test_entries_of_other_pages_are_ignored(har: Path) -> None:
    page = {
        "request": {"method": "GET", "url": "https://example.org/?q=1"},
        "response": {"status": 200, "content": {"size": 5}},
    }
    module = replay(har, page, entry("/api/get_calib", {"content": {"text": CALIB}}))
    assert module.get_calib().left == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"request": {"method": "GET", "url": "https://example.org/"}, "response": {"status": "moved"}},
        {
            "request": {"method": "GET", "url": "https://example.org/logo"},
            "response": {"status": 200, "content": {"text": "<svg/>", "encoding": "base64"}},
        },
        {"request": {"method": "GET", "url": "http://[/"}, "response": {}},
        {"request": []},
        None,
    ],
)
def test_a_wrong_entry_of_another_page_is_ignored(har: Path, wrong: Any) -> None:
    module = replay(har, wrong, entry("/api/get_calib", {"content": {"text": CALIB}}))
    assert module.get_calib().left == 1


@pytest.mark.parametrize("charset", ["gbk", "GB18030", "iso-8859-1", "big5", "utf-16"])
def test_a_text_is_unicode_whatever_the_charset_of_its_header(har: Path, charset: str) -> None:
    items = {"code": 0, "data": [{"id": "1", "name": "西瓜 – Äpfel", "count": 1}]}
    headers = [{"name": "Content-Type", "value": f"application/json; charset={charset}"}]
    content = {"size": 70, "mimeType": headers[0]["value"], "text": json.dumps(items, ensure_ascii=False)}
    module = replay(har, entry("/api/get_item_list", {"headers": headers, "content": content}))
    assert module.get_item_list()[0].name == "西瓜 – Äpfel"


@pytest.mark.parametrize(
    "content",
    [
        {"size": len(PICTURE), "mimeType": "image/jpeg"},
        {"size": len(PICTURE), "mimeType": ""},
        {"size": -1, "mimeType": "image/jpeg"},
        {"mimeType": "application/octet-stream"},
    ],
)
def test_bytes_written_as_characters_are_recognized(har: Path, content: dict[str, Any]) -> None:
    replay(har, entry("/api/get_image", {"content": {**content, "text": PICTURE.decode("latin-1")}})).close()
    response = send(Player(har), "POST", "http://module/api/get_image")
    assert run_sync(response.read(1000)) == PICTURE


def test_a_file_written_as_characters_is_recognized_by_its_size(har: Path) -> None:
    file = bytes(range(256))
    content = {"size": 256, "mimeType": "application/octet-stream", "text": file.decode("latin-1")}
    replay(har, entry("/download/x.evo", {"content": content})).close()
    response = send(Player(har), "POST", "http://module/download/x.evo")
    assert run_sync(response.read(1000)) == file


def test_a_text_whose_size_counts_characters_stays_a_text(har: Path) -> None:
    items = '{"code":0,"data":[{"id":"1","name":"Äpfel","count":1}]}'
    content = {"size": len(items), "mimeType": "application/json", "text": items}
    module = replay(har, entry("/api/get_item_list", {"content": content}))
    assert module.get_item_list()[0].name == "Äpfel"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not a HAR"),
        (b"shopping list", "is not a HAR"),
        (b"\xff\xfe\x00", "is not a HAR"),
        (b"[" * 100_000, "is not a HAR"),
        (b"[]", "it has no log"),
        (b"{}", "it has no log"),
        (b'{"log": 7}', "its log is not an object"),
        (b'{"log": {}}', "no entries"),
        (b'{"log": {"entries": {}}}', "no entries"),
        (b'{"log": {"entries": [7]}}', "entry 1"),
        (b'{"log": {"entries": [{}]}}', "entry 1 has no 'request'"),
        (b'{"log": {"entries": [{"request": {"method": "GET"}}]}}', "entry 1 has no 'url'"),
        (b'{"log": {"entries": [{"request": {"method": "GET", "url": "http://x/"}}]}}', "no 'response'"),
        (b'{"log": {"entries": [{"request": {"method": 1, "url": ""}, "response": {}}]}}', "method is 1"),
        (b'{"log": {"entries": [{"request": {"method": "GET", "url": "http://[/"}}]}}', "entry 1"),
        (
            b'{"log": {"entries": [{"request": {"method": "GET", "url": "http://x/"}, "response": '
            b'{"status": 200, "content": {"text": "%%%", "encoding": "base64"}}}]}}',
            "entry 1",
        ),
        (
            b'{"log": {"entries": [{"request": {"method": "GET", "url": "http://x/"}, "response": '
            b'{"status": "200"}}]}}',
            "status is '200'",
        ),
        (
            b'{"log": {"entries": [{"request": {"method": "GET", "url": "http://x/"}, "response": '
            b'{"status": 200}}, {"request": {"method": "POST", "url": "http://x/api/get_calib"}}]}}',
            "entry 2 has no 'response'",
        ),
    ],
)
def test_an_invalid_har_file_is_rejected_when_it_is_opened(har: Path, content: bytes, words: str) -> None:
    har.write_bytes(content)
    with pytest.raises(ValueError, match=words) as refused:
        Player(har)
    assert str(har) in str(refused.value)
    assert len(str(refused.value)) < 400
