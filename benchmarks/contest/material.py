"""What the server answers, and what a right answer is."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path

RESULT_SIZE = 321
PICTURE_SIZE = 150_000
BLOCK = 4 * 1024 * 1024 + 3
"""Bytes of the backup that are random and then repeated; no two pieces of a buffer's size are alike."""

JPEG_START = bytes.fromhex(
    "ffd8"
    "ffe000104a46494600010100000100010000"  # JFIF
    "ffc0001108 02d0 0500 03 012200 021101 031101"  # 720 rows of 1280 pixels, three colours
    "ffda000c03 0100 0211 0311 003f00"  # the picture's data begin
)
JPEG_END = bytes.fromhex("ffd9")


@dataclass(frozen=True)
class Material:
    result: Path
    picture: Path
    backup: Path

    def recognition(self) -> dict[str, object]:
        data = json.loads(self.result.read_text())["data"]
        return {"sid": data["sid"], "items": [[item["id"], item["score"]] for item in data["items"]]}

    def picture_hash(self) -> str:
        return hashlib.sha256(self.picture.read_bytes()).hexdigest()


def make_material(folder: Path, *, backup_size: int) -> Material:
    chance = random.Random(1)
    material = Material(folder / "result.json", folder / "picture.jpg", folder / "test.evo")
    material.result.write_bytes(_result())
    material.picture.write_bytes(_picture(chance))
    block = chance.randbytes(min(BLOCK, backup_size))
    with material.backup.open("wb") as file:
        while (left := backup_size - file.tell()) > 0:
            file.write(block[:left])
    return material


def _result() -> bytes:
    items = [{"id": f"{100 + 7 * place}", "score": round(0.98 / (place + 1), 4)} for place in range(10)]
    answer = {"code": 0, "data": {"items": items, "sid": ""}}
    missing = RESULT_SIZE - len(_compact(answer))
    answer["data"] = {"items": items, "sid": "20220414150011198237897".ljust(missing, "0")[:missing]}
    return _compact(answer)


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _picture(chance: random.Random) -> bytes:
    """A JPEG as far as its frame goes; nobody here looks at what is in it."""
    size = PICTURE_SIZE - len(JPEG_START) - len(JPEG_END)
    return JPEG_START + chance.randbytes(size).replace(b"\xff", b"\x00") + JPEG_END
