"""Files in the engine: backups, data sets, catalogs and firmware, in chunks.

An upload goes on where it broke off, also after this program was killed: the chunks of the same content have the same
subject, and the engine takes each of them only in its order. The subject of a backup's chunks names its scale, so that
no other scale can write them. The manifest comes last: what has none is not there.
"""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from os import PathLike
from pathlib import Path
from typing import Any

from nats.js import JetStreamContext
from nats.js.errors import APIError
from nats.js.errors import NotFoundError as NatsNotFoundError

from vision_ai import InvalidInputError

from .connection import NATS_ERRORS, WRONG_SEQUENCE, translate_error
from .errors import FleetError, NotFoundError
from .messages import encode

CHUNK = 256 * 1024
"""Bytes."""
PUBLISH_TIMEOUT = 10.0
OUT_OF_SPACE = (10077, 10023, 10047)
"""The engine's codes for a stream or a disk that is full."""
Progress = Callable[[int, int], None]
"""Called with the bytes that are done, and all of them."""


class DigestError(FleetError):
    """A file is not what its manifest says."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One file in the engine."""

    stream: str
    prefix: str
    name: str
    digest: str
    """SHA-256 in hexadecimal digits."""
    size: int
    chunk_size: int = CHUNK
    chunks: int = 0
    serial_number: str | None = None
    """The module that a backup was made of."""
    engine: str | None = None
    created: float = 0.0
    domain: str = ""

    @property
    def chunk_subject(self) -> str:
        return f"{self.prefix}.chunks.{self.digest}"

    @property
    def manifest_subject(self) -> str:
        return f"{self.prefix}.manifest.{encode_name(self.name)}"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, payload: object) -> Manifest:
        """Read a manifest.

        Raises:
            InvalidInputError: it is not one.
        """
        try:
            given: dict[str, Any] = dict(payload)  # pyright: ignore
            manifest = cls(**{each.name: given[each.name] for each in fields(cls) if each.name in given})
            if not (manifest.size >= 0 < manifest.chunk_size and len(bytes.fromhex(manifest.digest)) == 32):
                raise ValueError
        except (TypeError, ValueError):
            raise InvalidInputError("this is not the manifest of a file") from None
        return replace(manifest, chunks=-(-manifest.size // manifest.chunk_size))


def encode_name(name: str) -> str:
    """Return a file's name as one token of a subject."""
    return base64.urlsafe_b64encode(name.encode()).decode()


def describe_file(path: str | PathLike[str], stream: str, prefix: str, name: str, **more: Any) -> Manifest:
    """Return the manifest of a file on disk, before it is uploaded.

    Raises:
        OSError: it cannot be read.
    """
    with Path(path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    return Manifest.from_dict(
        {
            "stream": stream,
            "prefix": prefix,
            "name": name,
            "digest": digest,
            "size": size,
            "created": time.time(),
            **more,
        }
    )


async def upload(
    jetstream: JetStreamContext,
    path: str | PathLike[str],
    manifest: Manifest,
    progress: Progress | None = None,
) -> int:
    """Upload a file and then its manifest. Returns how many bytes were sent.

    It waits as long as the center is away; cancel it to give up.

    Raises:
        FleetError: the center has no space left.
        OSError: the file cannot be read.
    """
    sent, position, last = 0, -1, 0
    with Path(path).open("rb") as file:
        while position < manifest.chunks:
            try:
                if position < 0:  # the beginning, or after a break: what has the engine got?
                    position, last = await _find_position(jetstream, manifest)
                    file.seek(position * manifest.chunk_size)
                    continue
                data = file.read(manifest.chunk_size)
                acknowledgement = await jetstream.publish(
                    manifest.chunk_subject,
                    data,
                    timeout=PUBLISH_TIMEOUT,
                    headers={"Chunk": str(position + 1), "Nats-Expected-Last-Subject-Sequence": str(last)},
                )
                position, last, sent = position + 1, acknowledgement.seq, sent + len(data)
                if progress is not None:
                    progress(min(position * manifest.chunk_size, manifest.size), manifest.size)
            except NATS_ERRORS as error:
                await _wait_after(error)
                position = -1
    while True:
        try:
            await jetstream.publish(
                manifest.manifest_subject,
                encode(manifest.to_dict()),
                timeout=PUBLISH_TIMEOUT,
                headers={"Nats-Rollup": "sub"},
            )
            return sent
        except NATS_ERRORS as error:
            await _wait_after(error)


async def download(
    jetstream: JetStreamContext,
    manifest: Manifest,
    path: str | PathLike[str],
    progress: Progress | None = None,
) -> Path:
    """Download a file chunk by chunk. The digest that counts is the manifest's.

    Raises:
        NotFoundError: it is no longer there.
        DigestError: it is not what the manifest says; nothing is left at `path`.
        OSError: it cannot be written.
    """
    target, digest, sequence = Path(path), hashlib.sha256(), 1
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as file:
            for number in range(1, manifest.chunks + 1):
                message = await _get_chunk(jetstream, manifest, sequence)
                data = message.data or b""
                file.write(data)
                digest.update(data)
                sequence = (message.seq or 0) + 1
                if progress is not None:
                    progress(min(number * manifest.chunk_size, manifest.size), manifest.size)
        if digest.hexdigest() != manifest.digest:
            raise DigestError(
                f"the file {manifest.name} was changed after it was named: its digest is another one",
                "Do not use it. Make the backup again, or upload the file again.",
            )
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


async def _get_chunk(jetstream: JetStreamContext, manifest: Manifest, sequence: int) -> Any:
    while True:
        try:
            return await jetstream.get_msg(
                manifest.stream, seq=sequence, subject=manifest.chunk_subject, direct=True, next=True
            )
        except NatsNotFoundError:
            raise NotFoundError(f"the file {manifest.name} is no longer complete in the center") from None
        except NATS_ERRORS as error:
            await _wait_after(error)


async def _find_position(jetstream: JetStreamContext, manifest: Manifest) -> tuple[int, int]:
    with suppress(NatsNotFoundError):
        message = await jetstream.get_msg(manifest.stream, subject=manifest.chunk_subject, direct=True)
        headers: dict[str, Any] = message.headers or {}  # pyright: ignore[reportUnknownMemberType]
        return int(headers.get("Chunk", 0)), message.seq or 0
    return 0, 0


async def _wait_after(error: BaseException) -> None:
    if isinstance(error, APIError) and error.err_code in OUT_OF_SPACE:
        raise FleetError(
            "the center has no space left for the file",
            "Free space there: fewer backups (--keep), or a larger disk.",
        ) from error
    if isinstance(error, APIError) and error.err_code != WRONG_SEQUENCE and (error.code or 500) < 500:
        raise translate_error(error) from error
    await asyncio.sleep(random.uniform(0.2, 1.0))
