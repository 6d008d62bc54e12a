"""A downloaded backup needs little memory, is complete or absent, and stays in its folder."""

from __future__ import annotations

import errno
import os
import re
import resource
import signal
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from samples import DEVICE_INFO
from scripted_transport import (
    ScriptedTransport,
    error_response,
    json_response,
    raw_response,
    streamed_response,
    success_response,
)

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    FileError,
    InternalError,
    InvalidAnswerError,
    InvalidInputError,
    Progress,
    Retries,
    UnreachableError,
    VisionAIError,
    _files,
)

MEGABYTE = b"\x01" * 1_000_000


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_large_download_is_never_held_in_memory(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    module = connect(transport.respond(streamed_response(lambda: (bytes(100_000) for _ in range(600)))))
    tracemalloc.start()
    try:
        path = module.save_backup("a.evo", tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size == 60_000_000
    assert peak < 8_000_000


@pytest.mark.parametrize("kind", [KeyboardInterrupt, RuntimeError, OSError, TimeoutError, MemoryError])
def test_an_exception_of_the_callback_reaches_the_caller_and_leaves_nothing(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, kind: type[BaseException]
) -> None:
    def fail(step: Progress) -> None:
        if step.done > 2_000_000:
            raise kind("mine")

    module = connect(transport.respond(streamed_response(lambda: [MEGABYTE] * 5), success_response(None)))
    with pytest.raises(kind, match="mine") as caught:
        module.save_backup("a.evo", tmp_path, progress=fail)
    assert not isinstance(caught.value, VisionAIError)
    assert files_in(tmp_path) == []
    module.start_backup()  # the client stays usable


@pytest.mark.parametrize("error", [UnreachableError("of another module"), DeviceError.of(-6210)], ids=repr)
def test_an_sdk_error_from_the_callback_is_not_handled_as_the_modules(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, error: VisionAIError
) -> None:
    def fail(step: Progress) -> None:
        raise error

    going_on = json_response({"code": 0, "status": 1})
    transport.respond(success_response(), going_on)
    with pytest.raises(type(error)) as caught:
        connect(transport).backup(tmp_path, poll=0.001, progress=fail)
    assert caught.value is error
    transport.respond(*[streamed_response(lambda: [MEGABYTE]) for _ in range(3)])
    request_count = len(transport.requests)
    with pytest.raises(type(error)) as caught:
        connect(transport).save_backup("a.evo", tmp_path, progress=fail)
    assert caught.value is error
    assert len(transport.requests) == request_count + 1  # the callback's error does not cause a retry
    assert files_in(tmp_path) == []


def test_ctrl_c_during_a_download_leaves_nothing(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    body = streamed_response(lambda: [MEGABYTE, MEGABYTE, KeyboardInterrupt()])
    module = connect(transport.respond(body, success_response()))
    with pytest.raises(KeyboardInterrupt):
        module.save_backup("a.evo", tmp_path)
    assert files_in(tmp_path) == []
    assert body.stream.closed  # type: ignore[attr-defined]
    module.start_backup()


def test_a_broken_download_is_restarted_and_leaves_nothing(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    broken = streamed_response(lambda: [MEGABYTE, httpx.ReadError("reset")])
    whole = streamed_response(lambda: [b"\0whole"])
    module = connect(transport.respond(broken, whole), retries=Retries(count=2, pause=0))
    path = module.save_backup("a.evo", tmp_path)
    assert path.read_bytes() == b"\0whole"
    assert files_in(tmp_path) == ["a.evo"]
    transport.respond(broken, broken, broken)
    with pytest.raises(AnswerLostError):
        module.save_backup("a.evo", tmp_path)
    assert files_in(tmp_path) == ["a.evo"]


def test_a_download_shorter_than_announced_is_not_kept(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    short = streamed_response(lambda: [b"\1" * 50], {"Content-Length": "100"})
    with pytest.raises(AnswerLostError):
        connect(transport.respond(short, forever=True), retries=0).save_backup("a.evo", tmp_path)
    assert files_in(tmp_path) == []


@pytest.fixture
def full_disk() -> Iterator[None]:
    """Limit files to two megabytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("piece", [MEGABYTE, b"x" * 1500])
def test_a_full_disk_raises_the_systems_error_and_leaves_nothing(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, piece: bytes
) -> None:
    module = connect(transport.respond(streamed_response(lambda: [piece] * (5_000_000 // len(piece)))))
    with pytest.raises(OSError) as caught:
        module.save_backup("a.evo", tmp_path)
    assert caught.value.errno == errno.EFBIG
    assert not isinstance(caught.value, VisionAIError)
    assert files_in(tmp_path) == []
    assert len(transport.requests) == 1


@pytest.mark.parametrize("step", ["write", "finish", "put_in_place"])
def test_a_failing_disk_raises_the_systems_error_and_leaves_nothing(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_files.PendingFile, step, fail)
    with pytest.raises(OSError, match="No space left"):
        connect(transport.respond(raw_response(b"\0a backup"))).save_backup("a.evo", tmp_path)
    assert files_in(tmp_path) == []
    assert len(transport.requests) == 1


def test_a_disk_without_hard_links_keeps_existing_files(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    module = connect(transport.respond(raw_response(b"\0new"), forever=True))
    (tmp_path / "a.evo").write_bytes(b"\0old")
    assert module.save_backup("a.evo", tmp_path).name == "a-2.evo"
    assert module.save_backup("b.evo", tmp_path).name == "b.evo"
    assert (tmp_path / "a.evo").read_bytes() == b"\0old"
    assert files_in(tmp_path) == ["a-2.evo", "a.evo", "b.evo"]


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (error_response(-6202), FileError),
        (json_response({"code": -6210}), InternalError),
        (
            raw_response(b'\xef\xbb\xbf{"code": -6202, "data": null,}\0', "application/octet-stream"),
            FileError,
        ),
        (json_response({"code": -6202, "data": None}, 404), FileError),
        (raw_response(b"<h1>Not Found</h1>", "text/html", 404), InvalidAnswerError),
        (raw_response(b"x" * 100_000, None, 500), InvalidAnswerError),
        (raw_response(b"", None, 302), InvalidAnswerError),
    ],
)
def test_an_error_instead_of_a_file_is_raised_and_not_saved(
    connect: Any,
    transport: ScriptedTransport,
    tmp_path: Path,
    response: httpx.Response,
    kind: type[VisionAIError],
) -> None:
    with pytest.raises(kind):
        connect(transport.respond(response)).save_backup("a.evo", tmp_path)
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [b"\0", b"[1]\x01", b"{\xff}", b"PK\x03\x04zip", b"<evo>\0", b'{"code": 7}' + b" " * 5000, b"x" * 5000],
    ids=ascii,
)
def test_a_file_that_may_be_a_backup_is_saved(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, content: bytes
) -> None:
    assert (
        connect(transport.respond(raw_response(content))).save_backup("a.evo", tmp_path).read_bytes()
        == content
    )


NO_BACKUPS = {
    "nothing": b"",
    "an object": b"{}",
    "an error without its code": b'{"code": "x"}',
    "a list": b"[1]",
    "a document": b'{"code": 7, "items": []}',
    "JSON with a mark and padding": b'\xef\xbb\xbf {"error": "no such file"}\r\n\0',
    "a page": b"<!DOCTYPE html><html>" + b"x" * 100_000,
    "a page in capitals": b"\r\n <HTML><BODY>Not found",
    "a heading": b"<h1>404</h1>",
    "a text": b"404 page not found\n",
    "a Chinese text": "文件不存在".encode(),
    "a picture": b"\xff\xd8\xff\xe0" + bytes(100_000),
    "a document for printing": b"%PDF-1.7\n" + bytes(5000),
}


@pytest.mark.parametrize("name", NO_BACKUPS)
@pytest.mark.parametrize("call", ["backup", "save_backup"])
def test_what_cannot_be_a_backup_is_an_error_and_not_saved(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, name: str, call: str
) -> None:
    content = raw_response(NO_BACKUPS[name])
    module = connect(transport)
    with pytest.raises(InvalidAnswerError) as caught:
        if call == "backup":
            done = json_response({"code": 0, "filename": "a.evo", "status": 3})
            transport.respond(success_response(), done, success_response(DEVICE_INFO), content)
            module.backup(tmp_path, poll=0.001)
        else:
            transport.respond(content)
            module.save_backup("a.evo", tmp_path)
    assert caught.value.content == NO_BACKUPS[name][: len(caught.value.content)]
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("name", NO_BACKUPS)
@pytest.mark.parametrize("form", ["path", "file"])
def test_what_cannot_be_a_backup_is_not_sent(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, name: str, form: str
) -> None:
    path = tmp_path / "a.evo"
    path.write_bytes(NO_BACKUPS[name])
    with path.open("rb") as file, pytest.raises(InvalidInputError, match=r"a\.evo"):
        connect(transport).restore(path if form == "path" else file)
    assert not transport.requests


def test_a_backup_is_named_by_serial_number_and_time(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    done = json_response({"code": 0, "filename": "test.bin", "status": 3})
    for _ in range(2):
        transport.respond(
            success_response(), done, success_response(DEVICE_INFO), raw_response(b"\0a backup")
        )
        path = connect(transport).backup(tmp_path, poll=0.001)
        assert re.fullmatch(r"12345678-\d{8}-\d{6}(-2)?\.bin", path.name)
    assert len(files_in(tmp_path)) == 2


@pytest.mark.parametrize(
    ("info", "beginning"),
    [
        (success_response({**DEVICE_INFO, "sn": ""}), "backup-"),
        (success_response({**DEVICE_INFO, "sn": "../../x"}), "x-"),
        (success_response({**DEVICE_INFO, "sn": ".."}), "backup-"),
        (success_response({**DEVICE_INFO, "sn": "序" * 300}), "序序"),
        (error_response(-6117), "backup-"),
        (raw_response(b"<h1>Not Found</h1>", "text/html", 404), "backup-"),
        (httpx.ReadError("reset"), "backup-"),
    ],
    ids=["none", "path", "dots", "long", "unknown", "page", "lost"],
)
def test_a_backup_of_a_module_without_a_usable_serial_number_is_saved(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, info: Any, beginning: str
) -> None:
    done = json_response({"code": 0, "filename": "test.evo", "status": 3})
    transport.respond(success_response(), done, info, raw_response(b"\0a backup"))
    path = connect(transport, retries=0).backup(tmp_path, poll=0.001)
    assert path.parent == tmp_path
    assert path.name.startswith(beginning)
    assert path.suffix == ".evo"


def test_a_backup_is_readable_for_its_owner_only(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    before = os.umask(0)
    try:
        path = connect(transport.respond(raw_response(b"\0a backup"))).save_backup("a.evo", tmp_path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("failure", ["refused", "lost", "silent", "gateway"])
@pytest.mark.parametrize("workflow", ["backup", "restore"])
def test_a_module_whose_service_restarts_is_asked_again(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, workflow: str, failure: str
) -> None:
    gone: Any = {
        "refused": httpx.ConnectError("refused"),
        "lost": httpx.ReadError("reset"),
        "silent": httpx.ReadTimeout("silent"),
        "gateway": raw_response(b"<h1>Bad Gateway</h1>", "text/html", 502),
    }[failure]
    module = connect(transport, retries=0)
    steps: list[Progress] = []
    if workflow == "backup":
        going_on = json_response({"code": 0, "status": 1})
        done = json_response({"code": 0, "filename": "a.evo", "status": 3})
        unreachable = [httpx.ConnectError("refused")] * 3
        transport.respond(success_response(), going_on, *[gone] * 10, done)
        transport.respond(success_response(DEVICE_INFO), *unreachable, raw_response(b"\0a backup"))
        path = module.backup(tmp_path, poll=0.001, progress=steps.append)
        assert path.read_bytes() == b"\0a backup"
    else:
        (tmp_path / "a.evo").write_bytes(b"\0a backup")
        going_on, done = json_response({"code": 0, "status": 2}), json_response({"code": 0, "status": 4})
        transport.respond(success_response(), going_on, *[gone] * 10, done)
        module.restore(tmp_path / "a.evo", poll=0.001, progress=steps.append)
    assert len([step for step in steps if step.message and step.status is None]) == 10
    assert not transport.replies


@pytest.mark.parametrize("workflow", ["backup", "restore"])
def test_a_module_that_does_not_come_back_leaves_the_outcome_unknown(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, workflow: str
) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")
    module = connect(transport, retries=0)
    transport.respond(success_response())
    transport.respond(httpx.ConnectError("refused"), forever=True)
    with pytest.raises(AnswerTimeoutError, match=r"outcome is unknown.*refused") as caught:
        if workflow == "backup":
            module.backup(tmp_path, poll=0.01, timeout=1)
        else:
            module.restore(tmp_path / "a.evo", poll=0.01, timeout=1)
    assert isinstance(caught.value.__cause__, UnreachableError)
    assert not isinstance(caught.value, UnreachableError)


LEAVING = [
    "../x",
    "/etc/x",
    "..",
    ".",
    "...",
    " . ",
    "a/b/c",
    "a\\b",
    "..\\..\\x",
    "C:\\x.evo",
    "\0",
    "a\0b",
    "x\n.evo",
    "/",
    "//",
    "~",
    "~root",
    "-rf",
    "CON",
    "nul.evo",
    "a:b",
    "*?",
    "x" * 5000 + ".evo",
    "备" * 120 + ".evo",
    "🍎" * 300,
    "x." + "y" * 5000,
    "x" * 70_000,
    "\ud800.evo",
    "\u202eove.tset",
]


@pytest.mark.parametrize("name", LEAVING, ids=lambda name: ascii(name[:20]))
def test_no_file_name_leads_out_of_the_folder(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "outer" / "inner"
    folder.mkdir(parents=True)
    done = {"code": 0, "filename": name, "msg": "", "status": 3}
    response = raw_response(
        httpx.Response(200, json=done).content
        if name != "\ud800.evo"
        else b'{"code":0,"filename":"\\ud800.evo","status":3}'
    )
    transport.respond(
        success_response(), response, success_response(DEVICE_INFO), raw_response(b"\0a backup")
    )
    try:
        path = connect(transport).backup(folder, poll=0.001)
    except InvalidAnswerError:  # the name cannot be used, or not in a URL
        assert files_in(folder) == []
    else:
        assert path.parent == folder
        assert files_in(folder) == [path.name]
        assert path.read_bytes() == b"\0a backup"
        assert path.name.isprintable() or "\u202e" in path.name
    assert files_in(tmp_path) == ["outer"]
    assert files_in(tmp_path / "outer") == ["inner"]


@pytest.mark.parametrize("name", ["备" * 120 + ".evo", "x" * 5000 + ".evo", "🍎" * 90, "a b.evo", "备份.evo"])
def test_a_file_with_a_long_or_foreign_name_is_saved(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, name: str
) -> None:
    for _ in range(2):
        path = connect(transport.respond(raw_response(b"\0a backup"))).save_backup(name, tmp_path)
        assert path.read_bytes() == b"\0a backup"
        assert path.name[0] == name[0]
    assert len(files_in(tmp_path)) == 2


@pytest.mark.parametrize("folder", ["missing", "a file", "read-only", "empty name"])
@pytest.mark.parametrize("call", ["backup", "save_backup"])
def test_an_unusable_folder_is_reported_before_anything_is_sent(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, folder: str, call: str
) -> None:
    (tmp_path / "file").write_bytes(b"")
    where = {
        "missing": tmp_path / "missing",
        "a file": tmp_path / "file",
        "read-only": Path("/proc"),
        "empty name": tmp_path / "file" / "x",
    }[folder]
    module = connect(transport)
    with pytest.raises(OSError) as caught:
        module.backup(where) if call == "backup" else module.save_backup("a.evo", where)
    assert str(where) in str(caught.value)
    assert not transport.requests
