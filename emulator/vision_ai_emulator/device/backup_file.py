"""The backup file: writing it, and verifying and reading it for a restore.

Its manifest is the device that wrote the backup, its content compressed JSON, then any padding. The same state
results in the same bytes.
"""

from __future__ import annotations

import zlib
from typing import BinaryIO

from attrs import asdict, frozen

from vision_ai_emulator.device import evo_file
from vision_ai_emulator.device.error_codes import (
    DEVICE_MISMATCH,
    ENGINE_MISMATCH,
    FORMAT_MISMATCH,
    STORE_MISMATCH,
    WRITE_FAILED,
    DeviceError,
)
from vision_ai_emulator.device.persistent_state import PersistentState
from vision_ai_emulator.shared import jsoncpp

_CHUNK = 1 << 20
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
    unpacked = jsoncpp.write(state.to_json())
    content = zlib.compress(unpacked)
    if len(unpacked) > _get_unpacked_limit(len(content)) or _has_many_containers(unpacked):
        raise DeviceError(WRITE_FAILED)
    return evo_file.write("backup", asdict(identity), content, padding)


def read(file: BinaryIO, identity: Identity) -> PersistentState:
    """Return the state in a backup that the device `identity` wrote.

    Raises `DeviceError`, checked in this order: -6140 format, -6211 checksum, -6141 store, -6142 device,
    -6143 engine version.
    """
    try:
        manifest, content_length = evo_file.read_manifest(file)
        writer = Identity(**{name: str(manifest[name]) for name in ("store_id", "sn", "engine")})
        _check_identity(writer, identity)
        return PersistentState.from_json(jsoncpp.read(_decompress(file, content_length)))
    except (ValueError, TypeError, KeyError, OverflowError, zlib.error):
        raise DeviceError(FORMAT_MISMATCH) from None


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
