"""The container of `.evo` files: backups, and the firmware files that upgrade a module.

The vendor does not describe the format. This one consists of eight magic bytes, which are different for each kind
of file, the lengths of the two parts that follow (eight bytes each, big-endian), a manifest (JSON), the content,
and the SHA-256 of all bytes before it.
"""

from __future__ import annotations

import hashlib
import os
import random
import struct
from collections.abc import Mapping
from typing import BinaryIO, Literal

from vision_ai_emulator.device.error_codes import CHECKSUM_MISMATCH, FORMAT_MISMATCH, DeviceError
from vision_ai_emulator.shared import jsoncpp
from vision_ai_emulator.shared.json_values import Json, require_object

FileKind = Literal["backup", "firmware"]

_MAGIC: Mapping[FileKind, bytes] = {"backup": b"VAIEVO\x00\x01", "firmware": b"VAIEVO\x00\x02"}
_KINDS: Mapping[bytes, FileKind] = {magic: kind for kind, magic in _MAGIC.items()}
_HEADER = struct.Struct(">8sQQ")
_CHECKSUM_SIZE = hashlib.sha256().digest_size
_CHUNK = 1 << 20
# Far larger than any real manifest: a forged length must not exhaust the memory.
_MAX_MANIFEST = 1 << 16


def write(kind: FileKind, manifest: Mapping[str, Json], content: bytes = b"", padding: int = 0) -> bytes:
    """Return a file whose content ends with `padding` incompressible bytes. Equal arguments result in equal bytes."""
    encoded = jsoncpp.write(manifest)
    # Seeded by its length only: backups of the same state have the same bytes.
    rng = random.Random(padding)
    filler = b"".join(rng.randbytes(min(_CHUNK, padding - at)) for at in range(0, padding, _CHUNK))
    header = _HEADER.pack(_MAGIC[kind], len(encoded), len(content) + padding)
    checksum = hashlib.sha256()
    for part in (header, encoded, content, filler):
        checksum.update(part)
    return b"".join((header, encoded, content, filler, checksum.digest()))


def find_kind(file: BinaryIO) -> FileKind:
    """Return the kind of a file without reading all of it.

    Raises `DeviceError` (-6140) if the file is of no kind or incomplete.
    """
    return _read_header(file)[0]


def read_manifest(file: BinaryIO) -> tuple[Mapping[str, Json], int]:
    """Verify a file, and return its manifest and the length of its content, at which the file then is.

    Raises `DeviceError`: -6140 if the format is wrong, -6211 if the checksum is, and ValueError if the manifest is
    not an object.
    """
    _, manifest_length, content_length = _read_header(file)
    _verify_checksum(file)
    file.seek(_HEADER.size)
    return require_object(jsoncpp.read(file.read(manifest_length))), content_length


def _read_header(file: BinaryIO) -> tuple[FileKind, int, int]:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        raise DeviceError(FORMAT_MISMATCH)
    magic, manifest, content = _HEADER.unpack(header)
    expected = _HEADER.size + manifest + content + _CHECKSUM_SIZE
    if magic not in _KINDS or manifest > _MAX_MANIFEST or size != expected:
        raise DeviceError(FORMAT_MISMATCH)
    return _KINDS[magic], manifest, content


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
