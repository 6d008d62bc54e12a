"""The backup file (`.evo`): writing it, and verifying and reading it for a restore.

The vendor does not describe the format. This one consists of eight magic bytes, the lengths of the two parts
that follow (eight bytes each, big-endian), a manifest (JSON: the device that wrote the backup), the content
(compressed JSON, then any padding), and the SHA-256 of all bytes before it. The same state results in the
same bytes.
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
    WRITE_FAILED,
    DeviceError,
)
from vision_ai_emulator.device.persistent_state import PersistentState
from vision_ai_emulator.shared import jsoncpp

_MAGIC = b"VAIEVO\x00\x01"
_HEADER = struct.Struct(">8sQQ")
_CHECKSUM_SIZE = hashlib.sha256().digest_size
_CHUNK = 1 << 20
# Far larger than any real state: a forged length must not exhaust the memory.
_MAX_MANIFEST = 1 << 16
# A state of 500 products with all their templates.
_MAX_STATE = 1 << 24
# A state compresses to a quarter. What unpacks to far more is not a state, and must cost no memory.
_MAX_COMPRESSION = 40
_FREE_SIZE = 1 << 16
# A template is two lists or objects in more than 400 bytes.
_BYTES_PER_CONTAINER = 16


@frozen(kw_only=True)
class Identity:
    """The device that wrote a backup; a restore requires that all three are equal."""

    store_id: str
    sn: str
    engine: str


def write(identity: Identity, state: PersistentState, padding: int = 0) -> bytes:
    """Return the file for a state, with `padding` incompressible bytes added.

    Raises `DeviceError` (-6203) if the state is too large to be restored.
    """
    manifest = jsoncpp.write(asdict(identity))
    unpacked = jsoncpp.write(state.to_json())
    content = zlib.compress(unpacked)
    if len(unpacked) > _get_unpacked_limit(len(content)) or _has_many_containers(unpacked):
        raise DeviceError(WRITE_FAILED)
    # Seeded by its length only: backups of the same state have the same bytes.
    rng = random.Random(padding)
    filler = b"".join(rng.randbytes(min(_CHUNK, padding - at)) for at in range(0, padding, _CHUNK))
    header = _HEADER.pack(_MAGIC, len(manifest), len(content) + padding)
    checksum = hashlib.sha256()
    for part in (header, manifest, content, filler):
        checksum.update(part)
    return b"".join((header, manifest, content, filler, checksum.digest()))


def check_format(file: BinaryIO) -> None:
    """Check the magic bytes and the length without reading the whole file.

    Raises `DeviceError` (-6140) if the file is not a complete backup.
    """
    _read_lengths(file)


def read(file: BinaryIO, identity: Identity) -> PersistentState:
    """Return the state in a backup that the device `identity` wrote.

    Raises `DeviceError`, checked in this order: -6140 format, -6211 checksum, -6141 store, -6142 device,
    -6143 engine version.
    """
    manifest_length, content_length = _read_lengths(file)
    _verify_checksum(file)
    file.seek(_HEADER.size)
    try:
        manifest = jsoncpp.read(file.read(manifest_length))
        if not isinstance(manifest, dict):
            raise ValueError("the manifest is not an object")
        writer = Identity(**{name: str(manifest[name]) for name in ("store_id", "sn", "engine")})
        _check_identity(writer, identity)
        return PersistentState.from_json(jsoncpp.read(_decompress(file, content_length)))
    except (ValueError, TypeError, KeyError, OverflowError, zlib.error):
        raise DeviceError(FORMAT_MISMATCH) from None


def _read_lengths(file: BinaryIO) -> tuple[int, int]:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        raise DeviceError(FORMAT_MISMATCH)
    magic, manifest, content = _HEADER.unpack(header)
    expected = _HEADER.size + manifest + content + _CHECKSUM_SIZE
    if magic != _MAGIC or manifest > _MAX_MANIFEST or size != expected:
        raise DeviceError(FORMAT_MISMATCH)
    return manifest, content


def _verify_checksum(file: BinaryIO) -> None:
    remaining = file.seek(-_CHECKSUM_SIZE, os.SEEK_END)
    file.seek(0)
    checksum = hashlib.sha256()
    while remaining > 0:
        chunk = file.read(min(_CHUNK, remaining))
        checksum.update(chunk)
        remaining -= len(chunk)
    if file.read(_CHECKSUM_SIZE) != checksum.digest():
        raise DeviceError(CHECKSUM_MISMATCH)


def _decompress(file: BinaryIO, length: int) -> bytes:
    decompressor = zlib.decompressobj()
    state = bytearray()
    packed = 0
    # The rest of the content is padding.
    while packed < length and not decompressor.eof:
        chunk = file.read(min(_CHUNK, length - packed))
        packed += len(chunk)
        limit = _get_unpacked_limit(packed)
        state += decompressor.decompress(chunk, limit + 1 - len(state))
        if len(state) > limit or decompressor.unconsumed_tail:
            raise ValueError("the state is too large")
    if len(state) > _get_unpacked_limit(packed - len(decompressor.unused_data)) or _has_many_containers(
        state
    ):
        raise ValueError("the state is not the state of a device")
    return bytes(state)


def _get_unpacked_limit(packed: int) -> int:
    return min(_MAX_STATE, _FREE_SIZE + _MAX_COMPRESSION * packed)


def _has_many_containers(state: bytes | bytearray) -> bool:
    """Whether the text consists mainly of lists and objects, each of which takes far more memory than text."""
    return state.count(b"[") + state.count(b"{") > _FREE_SIZE + len(state) // _BYTES_PER_CONTAINER


def _check_identity(writer: Identity, identity: Identity) -> None:
    if writer.store_id != identity.store_id:
        raise DeviceError(STORE_MISMATCH)
    if writer.sn != identity.sn:
        raise DeviceError(DEVICE_MISMATCH)
    if writer.engine != identity.engine:
        raise DeviceError(ENGINE_MISMATCH)
