"""Backups and uploaded files in the engine, listed by their manifests."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from vision_ai import InvalidInputError

from . import names
from .connection import NATS_ERRORS, Connection, translate_error
from .messages import decode
from .names import ScaleId, check_name, get_backups_prefix, get_backups_stream
from .objects import Manifest, Progress, describe_file, download, upload
from .stream_reader import Start, read_stream

PARALLEL = 16
"""Stores that are read at the same time."""


class FileStore:
    """The streams `BACKUPS-<store>` and `FILES`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def read_backups(
        self, store: str | None = None, scale: str | None = None, engine: str | None = None
    ) -> list[Manifest]:
        """Return the manifests of backups, the newest first."""
        if scale is not None and store is None:
            raise InvalidInputError("name the store of the scale too")
        stores = [check_name("store", store)] if store else await self.read_stores()
        gate = asyncio.Semaphore(PARALLEL)

        async def read(store: str) -> list[Manifest]:
            pattern = f"backups.{store}.{scale or '*'}.manifest.*"
            async with gate:
                return await self._read_manifests(get_backups_stream(store), pattern)

        found = [each for part in await asyncio.gather(*map(read, stores)) for each in part]
        return _sort(each for each in found if engine is None or each.engine == engine)

    async def read_files(self) -> list[Manifest]:
        """Return the manifests of uploaded files, the newest first."""
        return _sort(await self._read_manifests(names.FILES, f"{names.FILES_PREFIX}.manifest.*"))

    async def read_stores(self) -> list[str]:
        """Return the stores that have a stream of backups."""
        credentials = self._connection.credentials
        if credentials.store:
            return [credentials.store]
        stores: list[str] = []
        prefix = get_backups_stream("")
        while True:
            reply = decode(
                await self._connection.request(
                    "$JS.API.STREAM.NAMES", b'{"offset":%d,"subject":"backups.>"}' % len(stores)
                )
            )
            page: list[str] = reply.get("streams") or []
            stores += [name.removeprefix(prefix) for name in page]
            if not page or len(stores) >= int(reply.get("total", 0)):
                return sorted(stores)

    async def get(
        self, manifest: Manifest, path: str | PathLike[str], progress: Progress | None = None
    ) -> Path:
        """Download a file, and check its digest."""
        target = Path(path)
        if target.is_dir():
            target /= Path(manifest.name).name
        return await download(self._jetstream(manifest), manifest, target, progress)

    async def put(
        self,
        path: str | PathLike[str],
        name: str | None = None,
        progress: Progress | None = None,
        source: Manifest | None = None,
    ) -> Manifest:
        """Upload a file for jobs."""
        name = name or Path(path).name
        manifest = await asyncio.to_thread(describe_file, path, names.FILES, names.FILES_PREFIX, name)
        if source is not None:
            manifest = replace(manifest, serial_number=source.serial_number, engine=source.engine)
        await upload(self._connection.jetstream, path, manifest, progress)
        return manifest

    async def delete(self, manifest: Manifest) -> None:
        """Delete a file: its manifest first, then its chunks unless another file with the same prefix has them."""
        await self.purge(manifest, manifest.manifest_subject)
        others = await self._read_manifests(manifest.stream, f"{manifest.prefix}.manifest.*")
        if all(each.digest != manifest.digest for each in others):
            await self.purge(manifest, manifest.chunk_subject)

    async def purge(self, manifest: Manifest, subject: str) -> None:
        """Delete what a subject holds, in the stream of a file."""
        try:
            await self._jetstream(manifest).purge_stream(manifest.stream, subject=subject)
        except NATS_ERRORS as error:
            raise translate_error(error) from error

    async def _read_manifests(self, stream: str, pattern: str) -> list[Manifest]:
        found: list[Manifest] = []
        messages = read_stream(self._connection, stream, pattern, Start(last_per_subject=True), follow=False)
        async with aclosing(messages):
            async for message in messages:
                prefix = message.subject.partition(".manifest.")[0]
                try:
                    manifest = Manifest.from_dict(decode(message.data))
                except InvalidInputError:
                    continue
                # The engine checks the subject and has the time; what the text says is the agent's word.
                if manifest.prefix == prefix and manifest.stream == stream:
                    found.append(replace(manifest, created=message.metadata.timestamp.timestamp()))
        return found

    def _jetstream(self, manifest: Manifest) -> Any:
        return self._connection.get_domain(manifest.domain)


def get_source(manifest: Manifest) -> ScaleId | None:
    """Return the scale that a backup was made of; None for an uploaded file."""
    tokens = manifest.prefix.split(".")
    if len(tokens) != 3 or tokens[0] != "backups":
        return None
    scale = ScaleId.parse(f"{tokens[1]}/{tokens[2]}")
    return scale if get_backups_prefix(scale) == manifest.prefix else None


def _sort(manifests: Any) -> list[Manifest]:
    return sorted(manifests, key=lambda each: (-each.created, each.prefix, each.name))
