"""The multipart upload, with every name that clients may use for its part (A4)."""

from __future__ import annotations

import random

import pytest
from emulator_support import EmulatorClient

from vision_ai_emulator.device.error_codes import DeviceError
from vision_ai_emulator.http.multipart import Upload

BOUNDARY = "----b0undary"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
DISPOSITIONS = {
    "file": 'form-data; name="file"; filename="test.evo"',
    "anything": 'form-data; name="upload"; filename="X:\\data\\test.evo"',
    "empty": 'form-data; name=""; filename="test.evo"',
    "none": 'form-data; filename="test.evo"',
}
# Everything here resembles a boundary, and nothing is one.
ALMOST_BOUNDARIES = (
    b"\r\n--\r\n----b0undar\r\n--b0undary--\r\n----b0undary\r\n--+++--\r\n"
    + f"\n--{BOUNDARY}\n".encode()
    + f"--{BOUNDARY}--".encode()
    + b"\r\n\r\n--\r"
    + bytes(range(256))
    + b"\r\n-"
)


def make_part(disposition: str, content: bytes, headers: bytes = b"") -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n".encode()
    return head + headers + b"\r\n" + content + b"\r\n"


def make_body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def read(
    content: bytes, size: int | None = None, content_type: str = CONTENT_TYPE, limit: int = 1 << 30
) -> bytes:
    """Return the file in a body that arrives in chunks of a size."""
    upload = Upload(content_type, limit)
    try:
        step = size or len(content) or 1
        for start in range(0, len(content), step):
            upload.feed(content[start : start + step])
        return upload.finish().read()
    finally:
        upload.close()


def read_error(content: bytes, content_type: str = CONTENT_TYPE, limit: int = 1 << 30) -> int:
    with pytest.raises(DeviceError) as error:
        read(content, None, content_type, limit)
    return error.value.code


@pytest.mark.parametrize("name", DISPOSITIONS)
def test_every_part_name_restores(client: EmulatorClient, name: str) -> None:
    content = client.back_up()
    upload = make_body(make_part(DISPOSITIONS[name], content, b"Content-Type: application/octet-stream\r\n"))
    headers = {"Content-Type": CONTENT_TYPE}
    for path in ("start_restore", "restore"):
        assert client.call_code(path, content=upload, headers=headers) == 0
        client.emulator.step(10)
        assert client.call("get_restore_status")["status"] == 4


@pytest.mark.parametrize("size", [None, 1, 2, 3, 7, 64])
def test_content_that_resembles_boundaries_is_preserved(size: int | None) -> None:
    assert read(make_body(make_part(DISPOSITIONS["none"], ALMOST_BOUNDARIES)), size) == ALMOST_BOUNDARIES


def test_random_content_in_random_chunks_is_preserved() -> None:
    rng = random.Random(5)
    for _ in range(40):
        pieces = [b"\r\n", b"--", BOUNDARY.encode(), b"-", b"\r", b"\n", rng.randbytes(9)]
        content = b"".join(rng.choices(pieces, k=60)).replace(f"\r\n--{BOUNDARY}".encode(), b"")
        assert read(make_body(make_part(DISPOSITIONS["file"], content)), rng.randint(1, 50)) == content


def test_a_large_file_is_preserved() -> None:
    content = random.Random(1).randbytes(3 << 20)
    assert read(make_body(make_part(DISPOSITIONS["file"], content)), 1 << 16) == content


def test_other_fields_are_ignored() -> None:
    field = make_part('form-data; name="comment"', b"hello")
    assert read(make_body(field, make_part(DISPOSITIONS["file"], b"data"), field)) == b"data"


def test_header_names_are_case_insensitive() -> None:
    content = make_body(make_part(DISPOSITIONS["none"], b"data")).replace(
        b"Content-Disposition", b"CONTENT-disposition"
    )
    assert read(content) == b"data"


def test_broken_uploads_are_parameter_errors() -> None:
    good = make_body(make_part(DISPOSITIONS["file"], b"data"))
    assert read(good) == b"data"
    for end in range(len(good) - 4):
        assert read_error(good[:end]) == -6213, good[:end]
    assert read_error(make_body(make_part('form-data; name="file"', b"data"))) == -6213
    assert read_error(make_body(make_part('attachment; name="file"; filename="x"', b"data"))) == -6213
    assert (
        read_error(make_body(make_part(DISPOSITIONS["file"], b"1"), make_part(DISPOSITIONS["none"], b"2")))
        == -6213
    )
    assert read_error(make_body()) == -6213
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
        assert read_error(good, content_type) == -6213, content_type


def test_broken_uploads_are_rejected_over_http(client: EmulatorClient) -> None:
    assert client.call_code("start_restore") == -6213
    assert client.call_code("start_restore", {"file": "test.evo"}) == -6213
    assert client.call_code("start_restore", data={"file": "test.evo"}) == -6213
    assert client.call_code("start_restore", content=b"--x", headers={"Content-Type": CONTENT_TYPE}) == -6213
    assert client.call_code("start_restore", files={"file": b""}) == -6140
    assert client.call("get_restore_status")["status"] == 0


def test_a_file_larger_than_the_storage_is_rejected() -> None:
    content = make_body(make_part(DISPOSITIONS["file"], b"x" * 100))
    assert read(content, limit=100) == b"x" * 100
    assert read_error(content, limit=99) == -6203
