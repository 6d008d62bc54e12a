"""A JPEG is whole where the walk over its segments reaches its end; Pillow is the measure."""

from __future__ import annotations

import pickle
from io import BytesIO
from typing import Any

import PIL.Image as pictures
import pytest

from vision_ai import Image

SIZE = (160, 96)
PICTURE = pictures.effect_noise(SIZE, 60).convert("RGB")


def make_jpeg(picture: pictures.Image = PICTURE, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", **options)
    return file.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2) + content


def insert(jpeg: bytes, content: bytes) -> bytes:
    """Put something between the start and the first segment."""
    return jpeg[:2] + content + jpeg[2:]


THUMBNAIL = make_jpeg(PICTURE.resize((16, 16)))
EXIF = segment(0xE1, b"Exif\0\0" + THUMBNAIL)
PLAIN = make_jpeg()

WHOLE = {
    "plain": PLAIN,
    "progressive": make_jpeg(progressive=True),
    "gray": make_jpeg(PICTURE.convert("L")),
    "progressive gray": make_jpeg(PICTURE.convert("L"), progressive=True),
    "cmyk": make_jpeg(PICTURE.convert("CMYK")),
    "restarts": make_jpeg(restart_marker_blocks=1),
    "best quality": make_jpeg(quality=100),
    "own tables": make_jpeg(optimize=True),
    "a thumbnail": insert(PLAIN, EXIF),
    "a thumbnail, progressive": insert(make_jpeg(progressive=True), EXIF),
    "an end in a comment": insert(PLAIN, segment(0xFE, b"a\xff\xd9b")),
    "fill bytes": PLAIN.replace(b"\xff\xdb", b"\xff" * 5 + b"\xdb"),
    "fill bytes before the end": PLAIN[:-2] + b"\xff\xff\xff\xd9",
    "bytes between segments": PLAIN.replace(b"\xff\xdb", b"\0odd\0\xff\xdb", 1),
    "a comment after the scan": PLAIN[:-2] + segment(0xFE, b"later") + b"\xff\xd9",
    "long segments": insert(PLAIN, segment(0xFE, b"x" * 60_000) * 3),
    "zeros behind": PLAIN + b"\0" * 100_000,
    "fill bytes behind": PLAIN + b"\xff" * 100_000,
    "spaces and lines behind": PLAIN + b" \r\n" * 100,
    "text behind": PLAIN + b"taken by camera 1 " * 1000,
    "another picture behind": PLAIN + THUMBNAIL,
    "half of another picture behind": PLAIN + PLAIN[: len(PLAIN) // 2],
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_picture_that_pillow_reads_whole_is_accepted(name: str) -> None:
    with pictures.open(BytesIO(WHOLE[name])) as picture:
        picture.load()
    image = Image(WHOLE[name])
    assert (image.width, image.height) == SIZE
    assert image == WHOLE[name]
    assert pickle.loads(pickle.dumps(image)).width == SIZE[0]


SCAN = PLAIN.index(b"\xff\xda")
AFTER_THUMBNAIL = WHOLE["a thumbnail"].index(b"\xff\xd9") + 2
CUT = {
    "after the thumbnail": WHOLE["a thumbnail"][:AFTER_THUMBNAIL],
    "after the thumbnail, with zeros": WHOLE["a thumbnail"][:AFTER_THUMBNAIL] + b"\0" * 4,
    "after the thumbnail's segment": WHOLE["a thumbnail"][: 2 + len(EXIF)],
    "in the comment after the scan": (PLAIN[:-2] + segment(0xFE, b"later"))[:-2],
    "before the scan": PLAIN[:SCAN],
    "after the scan's header": PLAIN[: SCAN + 14],
    "in the scan": PLAIN[: len(PLAIN) // 2],
    "in the scan, with zeros": PLAIN[: len(PLAIN) // 2] + b"\0" * 10_000,
    "in a scan of many": make_jpeg(progressive=True)[:-500],
    "before the end": PLAIN[:-2],
    "zeros in place of the end": PLAIN[:-2] + b"\0" * 1000,
    "text in place of the end": PLAIN[:-2] + b"taken by camera 1 " * 1000,
    "another picture's start in place of the end": PLAIN[:-2] + PLAIN[: len(PLAIN) // 2],
    "many scans without an end, before another picture": make_jpeg(progressive=True)[:-2] + PLAIN,
    "in the end": PLAIN[:-1],
    "an end without a scan": PLAIN[:SCAN] + b"\xff\xd9",
    "an end without anything": b"\xff\xd8\xff\xd9",
    "no size": PLAIN.replace(PLAIN[PLAIN.index(b"\xff\xc0") : SCAN], b""),
    "a height of 0": PLAIN.replace(b"\xff\xc0\0\x11\x08\0\x60", b"\xff\xc0\0\x11\x08\0\0"),
    "a segment without a length": insert(PLAIN, b"\xff\xe5\0\0"),
}


@pytest.mark.parametrize("name", CUT)
def test_a_picture_that_is_cut_or_has_no_size_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="JPEG picture"):
        Image(CUT[name])


def test_pillow_does_not_know_either_whether_a_picture_without_an_end_is_cut() -> None:
    for jpeg in (PLAIN, make_jpeg(progressive=True)):
        with pictures.open(BytesIO(jpeg[:-2])) as picture, pytest.raises(OSError, match="truncated"):
            picture.load()
    with pictures.open(BytesIO(CUT["in the scan, with zeros"])) as picture:
        picture.load()  # gray where the rest is missing
    with pictures.open(BytesIO(CUT["zeros in place of the end"])) as picture:
        picture.load()


SMALL_PICTURE = PICTURE.resize((48, 32))
SMALL = {
    "plain": make_jpeg(SMALL_PICTURE),
    "progressive": make_jpeg(SMALL_PICTURE, progressive=True),
    "restarts": make_jpeg(SMALL_PICTURE, restart_marker_blocks=1),
    "a thumbnail": insert(make_jpeg(SMALL_PICTURE), EXIF),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_picture_is_refused_wherever_it_is_cut(name: str) -> None:
    jpeg = SMALL[name]
    for end in range(len(jpeg)):
        with pytest.raises(ValueError, match="JPEG picture"):
            Image(jpeg[:end])
