"""The backup file (`.evo`): how it is written, and what a restore checks before it believes one.

The vendor does not describe the format. This one is: eight bytes of magic, the lengths of the two parts that
follow (eight bytes each, big-endian), a manifest (JSON: whose backup it is), the content (JSON, compressed,
then any padding), and the SHA-256 of everything before it. The same state gives the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import random
import struct
import zlib
from typing import BinaryIO

from attrs import asdict, frozen

from vision_ai_emulator.device.error_codes import (
    CHECKSUM_MISMATCH,
    DEVICE_MISMATCH,
    ENGINE_MISMATCH,
    FORMAT_MISMATCH,
    STORE_MISMATCH,
    DeviceError,
)
from vision_ai_emulator.device.persistent_state import Memory
from vision_ai_emulator.shared import jsoncpp

_MAGIC = b"VAIEVO\x00\x01"
_HEAD = struct.Struct(">8sQQ")
_CHECKSUM_SIZE = hashlib.sha256().digest_size
_CHUNK = 1 << 20
# Both are far beyond any real state, and keep a forged length from filling the memory.
_LARGEST_MANIFEST = 1 << 16
_LARGEST_STATE = 1 << 26


@frozen(kw_only=True)
class Identity:
    """Whose backup it is; a restore goes ahead only where all three agree."""

    store_id: str
    sn: str
    engine: str


def write(identity: Identity, memory: Memory, padding: int = 0) -> bytes:
    """The file for a state, with `padding` bytes that do not compress added."""
    manifest = jsoncpp.write(asdict(identity))
    content = zlib.compress(jsoncpp.write(memory.to_json()))
    # Seeded by nothing but its length: a backup of the same state has the same bytes.
    ballast = random.Random(padding).randbytes(padding)
    head = _HEAD.pack(_MAGIC, len(manifest), len(content) + padding)
    checksum = hashlib.sha256()
    for part in (head, manifest, content, ballast):
        checksum.update(part)
    return b"".join((head, manifest, content, ballast, checksum.digest()))


def check_format(file: BinaryIO) -> None:
    """What can be seen without reading it all: is it a backup, and is all of it there?

    Raises `DeviceError` (-6140).
    """
    _lengths(file)


def read(file: BinaryIO, identity: Identity) -> Memory:
    """The state in a backup of this very device.

    Raises `DeviceError`: -6140 format, -6211 checksum, -6141 store, -6142 device, -6143 engine version,
    looked for in this order.
    """
    manifest_length, content_length = _lengths(file)
    _check_sum(file)
    file.seek(_HEAD.size)
    try:
        manifest = jsoncpp.read(file.read(manifest_length))
        if not isinstance(manifest, dict):
            raise ValueError("the manifest is no object")
        made_by = Identity(**{name: str(manifest[name]) for name in ("store_id", "sn", "engine")})
        _compare(made_by, identity)
        return Memory.from_json(jsoncpp.read(_decompress(file, content_length)))
    except (ValueError, TypeError, KeyError, OverflowError, zlib.error):
        raise DeviceError(FORMAT_MISMATCH) from None


def _lengths(file: BinaryIO) -> tuple[int, int]:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise DeviceError(FORMAT_MISMATCH)
    magic, manifest, content = _HEAD.unpack(head)
    whole = _HEAD.size + manifest + content + _CHECKSUM_SIZE
    if magic != _MAGIC or manifest > _LARGEST_MANIFEST or size != whole:
        raise DeviceError(FORMAT_MISMATCH)
    return manifest, content


def _check_sum(file: BinaryIO) -> None:
    left = file.seek(-_CHECKSUM_SIZE, os.SEEK_END)
    file.seek(0)
    checksum = hashlib.sha256()
    while left > 0:
        chunk = file.read(min(_CHUNK, left))
        checksum.update(chunk)
        left -= len(chunk)
    if file.read(_CHECKSUM_SIZE) != checksum.digest():
        raise DeviceError(CHECKSUM_MISMATCH)


def _decompress(file: BinaryIO, length: int) -> bytes:
    decompressor = zlib.decompressobj()
    state = bytearray()
    # What comes after the compressed state is padding and is not read.
    while length > 0 and not decompressor.eof:
        chunk = file.read(min(_CHUNK, length))
        length -= len(chunk)
        state += decompressor.decompress(chunk, _LARGEST_STATE)
        if len(state) > _LARGEST_STATE or decompressor.unconsumed_tail:
            raise ValueError("the state is too large")
    return bytes(state)


def _compare(made_by: Identity, identity: Identity) -> None:
    if made_by.store_id != identity.store_id:
        raise DeviceError(STORE_MISMATCH)
    if made_by.sn != identity.sn:
        raise DeviceError(DEVICE_MISMATCH)
    if made_by.engine != identity.engine:
        raise DeviceError(ENGINE_MISMATCH)
