"""Uploads: invalid files, files that change meanwhile, and the callback."""

from __future__ import annotations

import contextlib
import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from scripted_transport import ScriptedTransport, error_response, json_response, success_response

from vision_ai import InvalidInputError, Progress, UnreachableError, VisionAIError
from vision_ai._quirks import restore_form

DONE = json_response({"code": 0, "msg": "", "status": 4})


def restore(module: Any, file: Any, **options: Any) -> None:
    module.restore(file, poll=0.001, **options)


class NoSeeking(io.BytesIO):
    def seekable(self) -> bool:
        return False


class OddReader:
    def read(self) -> bytes:
        return b"all of it"


def closed_file() -> io.BytesIO:
    file = io.BytesIO(b"x")
    file.close()
    return file


def behind_its_end() -> io.BytesIO:
    file = io.BytesIO(b"x" * 10)
    file.seek(100)
    return file


NO_FILES: dict[str, Any] = {
    "empty": lambda: io.BytesIO(),
    "at its end": lambda: io.BytesIO(b""),
    "behind its end": behind_its_end,
    "text": lambda: io.StringIO("text"),
    "not seekable": lambda: NoSeeking(b"x"),
    "closed": closed_file,
    "bytes": lambda: b"the content itself",
    "nothing": lambda: None,
    "number": lambda: 3,
    "class": lambda: io.BytesIO,
    "odd reader": OddReader,
    "NUL in the path": lambda: "a\0b",
    "lone surrogate": lambda: "\ud800.evo",
    "bytes path": lambda: b"/etc/hostname",
}


@pytest.mark.parametrize("make", NO_FILES.values(), ids=NO_FILES)
@pytest.mark.parametrize("call", ["restore", "start_restore"])
def test_an_invalid_file_is_rejected_before_anything_is_sent(
    connect: Any, transport: ScriptedTransport, make: Any, call: str
) -> None:
    module = connect(transport)
    with pytest.raises(InvalidInputError) as caught:
        restore(module, make()) if call == "restore" else module.start_restore(file=make())
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)
    assert not transport.requests


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("missing", (FileNotFoundError,)),
        ("", (FileNotFoundError, InvalidInputError)),
        ("folder", (IsADirectoryError, InvalidInputError)),
        ("empty", (InvalidInputError,)),
        ("file/x", (NotADirectoryError,)),
    ],
)
def test_an_unusable_path_is_reported_before_anything_is_sent(
    connect: Any, transport: ScriptedTransport, tmp_path: Path, name: str, kinds: tuple[type[Exception], ...]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(kinds):
        restore(connect(transport), f"{tmp_path}/{name}" if name else "")
    assert not transport.requests


def test_a_pipe_is_rejected_without_waiting(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Opening it for reading waits for a writer. One comes late, so that a failing test ends.
    late = threading.Timer(3, lambda: os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK)))
    late.start()
    try:
        with pytest.raises(InvalidInputError):
            restore(connect(transport), pipe)
        assert late.is_alive()
    finally:
        late.cancel()
        late.join()


def test_a_file_that_becomes_shorter_while_it_is_sent_is_an_os_error(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    path = tmp_path / "a.evo"
    path.write_bytes(b"x" * 1_000_000)

    def cut(step: Progress) -> None:
        if step.phase == "uploading":
            os.truncate(path, 300_000)

    with pytest.raises(OSError, match="shorter") as caught:
        restore(connect(transport.respond(success_response(), DONE)), path, progress=cut)
    assert not isinstance(caught.value, VisionAIError)
    assert not transport.requests


def test_a_file_that_becomes_longer_is_sent_at_its_original_length(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    path = tmp_path / "a.evo"
    path.write_bytes(b"x" * 1_000_000)

    def add(step: Progress) -> None:
        if step.phase == "uploading":
            with path.open("ab") as file:
                file.write(b"y" * 100_000)

    restore(connect(transport.respond(success_response(), DONE)), path, progress=add)
    assert transport.requests[0].body.count(b"x" * 1_000_000) == 1
    assert str(len(transport.requests[0].body)) == transport.requests[0].headers["content-length"]


def test_a_read_error_of_the_file_reaches_the_caller(connect: Any, served: str, tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if size and self.tell() > 0:
                raise OSError(5, "Input/output error")
            return super().read(size)

    module = connect(served)
    with pytest.raises(OSError, match="Input/output") as caught:
        restore(module, Broken(b"\1" * 2_000_000))
    assert not isinstance(caught.value, VisionAIError)
    assert module.get_restore_status().status == 0


@pytest.mark.parametrize("kind", [KeyboardInterrupt, RuntimeError, OSError, TimeoutError, ValueError])
def test_an_exception_of_the_callback_reaches_the_caller_and_the_client_stays_usable(
    connect: Any, served: str, kind: type[BaseException]
) -> None:
    def fail(step: Progress) -> None:
        if step.done > 500_000:
            raise kind("mine")

    module = connect(served)
    with pytest.raises(kind, match="mine") as caught:
        restore(module, io.BytesIO(b"\1" * 2_000_000), progress=fail)
    assert not isinstance(caught.value, VisionAIError)
    assert module.get_restore_status().status == 0


def test_an_sdk_error_from_the_callback_does_not_cause_a_retry(
    connect: Any, transport: ScriptedTransport
) -> None:
    mine = UnreachableError("of another module")
    steps: list[Progress] = []

    def fail(step: Progress) -> None:
        steps.append(step)
        raise mine

    with pytest.raises(UnreachableError) as caught:
        restore(
            connect(transport.respond(success_response(), forever=True)), io.BytesIO(b"\1"), progress=fail
        )
    assert caught.value is mine
    assert len(steps) == 1


def test_a_large_file_is_sent_in_pieces_with_progress(connect: Any, transport: ScriptedTransport) -> None:
    steps: list[Progress] = []
    size = 3 * restore_form.CHUNK + 1
    restore(
        connect(transport.respond(success_response(), DONE)), io.BytesIO(b"x" * size), progress=steps.append
    )
    sent = [step.done for step in steps if step.phase == "uploading"]
    assert sent == [restore_form.CHUNK, 2 * restore_form.CHUNK, 3 * restore_form.CHUNK, size]
    assert {step.total for step in steps if step.phase == "uploading"} == {size}


def test_the_file_is_closed_whatever_happens(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    path = tmp_path / "a.evo"
    path.write_bytes(b"\1")
    for answers in (
        [success_response(), DONE],
        [OSError("lost")],
        [success_response(), error_response(-6210)],
    ):
        transport.respond(*answers)
        with contextlib.suppress(VisionAIError):
            restore(connect(transport, retries=0), path)
    open_files = {str(link.resolve()) for link in Path("/proc/self/fd").iterdir()}
    assert str(path) not in open_files


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_after_a_failure_the_same_file_can_be_sent_again(connect: Any, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "day.evo"
    path.write_bytes(b"---\0backup")
    with io.BytesIO(path.read_bytes()) if kind == "memory" else path.open("rb") as file:
        file.seek(3)
        module = connect("http://127.0.0.1:1", retries=0)
        for _ in range(2):
            with pytest.raises(UnreachableError):
                restore(module, file)
            assert file.tell() == 3
