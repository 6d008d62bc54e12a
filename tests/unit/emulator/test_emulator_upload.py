"""The multipart upload under all the names that clients may give its part (A4)."""

from __future__ import annotations

import random

import pytest
from emulator_support import Channel

from vision_ai_emulator.device.error_codes import DeviceError
from vision_ai_emulator.http.multipart import Upload

BOUNDARY = "----b0undary"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
NAMINGS = {
    "file": 'form-data; name="file"; filename="test.evo"',
    "anything": 'form-data; name="upload"; filename="X:\\data\\test.evo"',
    "empty": 'form-data; name=""; filename="test.evo"',
    "none": 'form-data; filename="test.evo"',
}
# Everything here looks like an end, and none of it is one.
TRICKY = (
    b"\r\n--\r\n----b0undar\r\n--b0undary--\r\n----b0undary\r\n--+++--\r\n"
    + f"\n--{BOUNDARY}\n".encode()
    + f"--{BOUNDARY}--".encode()
    + b"\r\n\r\n--\r"
    + bytes(range(256))
    + b"\r\n-"
)


def part(disposition: str, content: bytes, more: bytes = b"") -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n".encode()
    return head + more + b"\r\n" + content + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def read(
    content: bytes, size: int | None = None, content_type: str = CONTENT_TYPE, limit: int = 1 << 30
) -> bytes:
    """The file in a body that comes in pieces of a size."""
    upload = Upload(content_type, limit)
    try:
        step = size or len(content) or 1
        for start in range(0, len(content), step):
            upload.feed(content[start : start + step])
        return upload.finish().read()
    finally:
        upload.close()


def refusal(content: bytes, content_type: str = CONTENT_TYPE, limit: int = 1 << 30) -> int:
    with pytest.raises(DeviceError) as caught:
        read(content, None, content_type, limit)
    return caught.value.code


@pytest.mark.parametrize("naming", NAMINGS)
def test_every_naming_restores(channel: Channel, naming: str) -> None:
    content = channel.backup()
    upload = body(part(NAMINGS[naming], content, b"Content-Type: application/octet-stream\r\n"))
    headers = {"Content-Type": CONTENT_TYPE}
    for path in ("start_restore", "restore"):
        assert channel.code(path, content=upload, headers=headers) == 0
        channel.emulator.step(10)
        assert channel.post("get_restore_status")["status"] == 4


@pytest.mark.parametrize("size", [None, 1, 2, 3, 7, 64])
def test_content_that_looks_like_boundaries_comes_through(size: int | None) -> None:
    assert read(body(part(NAMINGS["none"], TRICKY)), size) == TRICKY


def test_random_content_in_random_pieces_comes_through() -> None:
    rng = random.Random(5)
    for _ in range(40):
        pieces = [b"\r\n", b"--", BOUNDARY.encode(), b"-", b"\r", b"\n", rng.randbytes(9)]
        content = b"".join(rng.choices(pieces, k=60)).replace(f"\r\n--{BOUNDARY}".encode(), b"")
        assert read(body(part(NAMINGS["file"], content)), rng.randint(1, 50)) == content


def test_a_large_file_is_spooled_and_whole() -> None:
    content = random.Random(1).randbytes(3 << 20)
    assert read(body(part(NAMINGS["file"], content)), 1 << 16) == content


def test_other_fields_beside_the_file_do_not_matter() -> None:
    field = part('form-data; name="comment"', b"hello")
    assert read(body(field, part(NAMINGS["file"], b"data"), field)) == b"data"


def test_header_names_come_in_any_case() -> None:
    content = body(part(NAMINGS["none"], b"data")).replace(b"Content-Disposition", b"CONTENT-disposition")
    assert read(content) == b"data"


def test_broken_uploads_are_parameter_errors() -> None:
    good = body(part(NAMINGS["file"], b"data"))
    assert read(good) == b"data"
    for end in range(len(good) - 4):
        assert refusal(good[:end]) == -6213, good[:end]
    assert refusal(body(part('form-data; name="file"', b"data"))) == -6213
    assert refusal(body(part('attachment; name="file"; filename="x"', b"data"))) == -6213
    assert refusal(body(part(NAMINGS["file"], b"1"), part(NAMINGS["none"], b"2"))) == -6213
    assert refusal(body()) == -6213
    for content_type in (
        "",
        "application/octet-stream",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
        "multipart/mixed; boundary=" + BOUNDARY,
        "multipart/form-data; boundary=" + "x" * 5000,
        "multipart/form-data; boundary=\udcff",
        ";;;",
    ):
        assert refusal(good, content_type) == -6213, content_type


def test_broken_uploads_over_the_wire(channel: Channel) -> None:
    assert channel.code("start_restore") == -6213
    assert channel.code("start_restore", {"file": "test.evo"}) == -6213
    assert channel.code("start_restore", data={"file": "test.evo"}) == -6213
    assert channel.code("start_restore", content=b"--x", headers={"Content-Type": CONTENT_TYPE}) == -6213
    assert channel.code("start_restore", files={"file": b""}) == -6140
    assert channel.post("get_restore_status")["status"] == 0


def test_a_file_larger_than_the_storage_cannot_be_written() -> None:
    content = body(part(NAMINGS["file"], b"x" * 100))
    assert read(content, limit=100) == b"x" * 100
    assert refusal(content, limit=99) == -6203
