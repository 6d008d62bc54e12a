"""The files that the server sends, and the expected output of each action."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path

RESULT_SIZE = 321
PICTURE_SIZE = 150_000
BLOCK_SIZE = 4 * 1024 * 1024 + 3
"""Bytes of the backup before they repeat. It is not a power of two, so that no two chunks are equal."""

JPEG_START = bytes.fromhex(
    "ffd8"
    "ffe000104a46494600010100000100010000"  # JFIF
    "ffc0001108 02d0 0500 03 012200 021101 031101"  # 720 rows of 1280 pixels, three colors
    "ffda000c03 0100 0211 0311 003f00"  # start of the compressed data
)
JPEG_END = bytes.fromhex("ffd9")


@dataclass(frozen=True)
class FixtureData:
    result: Path
    picture: Path
    backup: Path

    def recognition(self) -> dict[str, object]:
        data = json.loads(self.result.read_text())["data"]
        return {"sid": data["sid"], "items": [[item["id"], item["score"]] for item in data["items"]]}

    def picture_hash(self) -> str:
        return hashlib.sha256(self.picture.read_bytes()).hexdigest()


def create_fixture_data(folder: Path, *, backup_size: int) -> FixtureData:
    generator = random.Random(1)
    data = FixtureData(folder / "result.json", folder / "picture.jpg", folder / "test.evo")
    data.result.write_bytes(_result())
    data.picture.write_bytes(_picture(generator))
    block = generator.randbytes(min(BLOCK_SIZE, backup_size))
    with data.backup.open("wb") as file:
        while (remaining := backup_size - file.tell()) > 0:
            file.write(block[:remaining])
    return data


def _result() -> bytes:
    items = [{"id": f"{100 + 7 * rank}", "score": round(0.98 / (rank + 1), 4)} for rank in range(10)]
    response = {"code": 0, "data": {"items": items, "sid": ""}}
    padding = RESULT_SIZE - len(_compact_json(response))
    response["data"] = {"items": items, "sid": "20220414150011198237897".ljust(padding, "0")[:padding]}
    return _compact_json(response)


def _compact_json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _picture(generator: random.Random) -> bytes:
    """Return a JPEG with valid markers and random pixel data, which nobody decodes."""
    size = PICTURE_SIZE - len(JPEG_START) - len(JPEG_END)
    return JPEG_START + generator.randbytes(size).replace(b"\xff", b"\x00") + JPEG_END
