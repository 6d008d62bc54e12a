"""The form that uploads a backup, byte for byte (A4)."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from scripted_transport import (
    ScriptedTransport,
    error_response,
    success_response,
)

from vision_ai import DeviceError

FILE = b"the bytes of a backup\r\n\0\xff"
BOUNDARY = re.compile(r"multipart/form-data; boundary=([0-9a-zA-Z]{16,70})")


def parts(request: Any) -> tuple[str, bytes]:
    """Return the boundary and the body."""
    found = BOUNDARY.fullmatch(request.headers["content-type"])
    assert found
    return found[1], request.body


@pytest.mark.parametrize(
    ("part_name", "disposition"),
    [
        ("file", 'form-data; name="file"; filename="test.evo"'),
        ("upload", 'form-data; name="upload"; filename="test.evo"'),
        ("", 'form-data; name=""; filename="test.evo"'),
        (None, 'form-data; filename="test.evo"'),
        ('a"b', 'form-data; name="a%22b"; filename="test.evo"'),
        ("文件", 'form-data; name="文件"; filename="test.evo"'),
    ],
    ids=repr,
)
def test_the_form_has_one_part_named_by_the_part_name_option(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, part_name: str | None, disposition: str
) -> None:
    path = tmp_path / "test.evo"
    path.write_bytes(FILE)
    connect(transport.respond(success_response()), part_name=part_name).start_restore(file=path)
    boundary, body = parts(transport.requests[0])
    head = f"--{boundary}\r\nContent-Disposition: {disposition}\r\n"
    head += "Content-Type: application/octet-stream\r\n\r\n"
    assert body == head.encode() + FILE + f"\r\n--{boundary}--\r\n".encode()
    assert transport.requests[0].headers["content-length"] == str(len(body))
    assert "transfer-encoding" not in transport.requests[0].headers


@pytest.mark.parametrize("part_name", ["file", "anything", "", None], ids=repr)
def test_the_module_accepts_any_part_name(
    connect: Any, served: str, tmp_path: Path, part_name: str | None
) -> None:
    module = connect(served, part_name=part_name)
    path = module.backup(tmp_path, poll=0.001)
    module.restore(path, poll=0.001)


def test_every_form_has_another_boundary(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport.respond(success_response(), forever=True))
    for _ in range(20):
        module.start_restore(file=io.BytesIO(FILE))
    assert len({parts(request)[0] for request in transport.requests}) == 20


def test_a_file_that_looks_like_a_form_arrives_whole(connect: Any, served: str, tmp_path: Path) -> None:
    module = connect(served, part_name="x")
    path = module.backup(tmp_path, poll=0.001)
    # The file ends with bytes that would end a form with a fixed boundary.
    path.write_bytes(path.read_bytes() + b"\r\n--boundary--\r\n--" + b"0" * 32 + b"--\r\n")
    with pytest.raises(DeviceError, match="-6140"):  # longer than its header says, so every byte arrived
        module.restore(path)
    path.write_bytes(path.read_bytes()[: -len(b"\r\n--boundary--\r\n--" + b"0" * 32 + b"--\r\n")])
    module.restore(path, poll=0.001)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("备份 1.evo", "备份 1.evo"),
        ('say "hi".evo', "say %22hi%22.evo"),
        ("two\r\nlines.evo", "two%0D%0Alines.evo"),
        ("back\\slash.evo", "back\\slash.evo"),
    ],
)
def test_the_file_name_is_escaped(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, name: str, sent: str
) -> None:
    (tmp_path / name).write_bytes(FILE)
    connect(transport.respond(success_response())).start_restore(file=tmp_path / name)
    assert f'; filename="{sent}"\r\n'.encode() in transport.requests[0].body


def test_a_file_name_that_is_not_unicode_can_be_sent(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.evo")
    Path(path).write_bytes(FILE)
    connect(transport.respond(success_response())).start_restore(file=path)
    assert FILE in transport.requests[0].body


def test_a_file_without_a_name_gets_a_default_name(connect: Any, transport: ScriptedTransport) -> None:
    connect(transport.respond(success_response())).start_restore(file=io.BytesIO(FILE))
    assert b'; filename="backup.evo"\r\n' in transport.requests[0].body


def test_an_open_file_is_sent_from_its_position(connect: Any, transport: ScriptedTransport) -> None:
    file = io.BytesIO(b"skipped" + FILE)
    file.seek(len(b"skipped"))
    connect(transport.respond(error_response(-6117), success_response())).start_restore(file=file)
    for request in transport.requests:
        assert b"\r\n\r\n" + FILE + b"\r\n--" in request.body
        assert b"skipped" not in request.body
        assert request.headers["content-length"] == str(len(request.body))
