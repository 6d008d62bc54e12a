"""Backups and uploaded files in the engine, listed by their manifests."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from vision_ai import InvalidInputError

from . import names
from .connection import NATS_ERRORS, Connection, translate_error
from .direct_reads import read_messages
from .errors import NotPermittedError
from .messages import decode
from .names import ScaleId, check_name, get_backups_prefix, get_backups_stream
from .objects import Manifest, Progress, describe_file, download, upload

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
        if self._connection.credentials.role == "viewer":
            raise NotPermittedError(
                "a viewer may not read backups", "Use an operator's or a manager's credentials."
            )
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
        await self._purge(manifest, manifest.manifest_subject)
        if await self._find_same(manifest):
            return
        await self._purge(manifest, manifest.chunk_subject)
        for late in await self._find_same(manifest):  # stored in between, for content that is now gone
            await self._purge(late, late.manifest_subject)

    async def delete_fragments(self, store: str, age: float) -> int:
        """Delete what is left of uploads that broke off and were never finished. Returns how many there were.

        Args:
            store: Of which store's backups.
            age: Seconds since the last chunk came.
        """
        jetstream, stream = self._connection.jetstream, get_backups_stream(store)
        complete = {each.chunk_subject for each in await self.read_backups(store)}
        limit, count = time.time() - age, 0
        try:
            info = await jetstream.stream_info(stream, f"backups.{store}.*.chunks.*")
            for subject in sorted((info.state.subjects or {}).keys() - complete):
                last = await jetstream.get_last_msg(stream, subject)
                if last.time is not None and last.time.timestamp() < limit:
                    await jetstream.purge_stream(stream, subject=subject)
                    count += 1
        except NATS_ERRORS as error:
            raise translate_error(error) from error
        return count

    async def _find_same(self, manifest: Manifest) -> list[Manifest]:
        """Return the files of the same prefix that have the same content."""
        others = await self._read_manifests(manifest.stream, f"{manifest.prefix}.manifest.*")
        return [each for each in others if each.digest == manifest.digest]

    async def _purge(self, manifest: Manifest, subject: str) -> None:
        try:
            await self._jetstream(manifest).purge_stream(manifest.stream, subject=subject)
        except NATS_ERRORS as error:
            raise translate_error(error) from error

    async def _read_manifests(self, stream: str, pattern: str) -> list[Manifest]:
        found: list[Manifest] = []
        async with aclosing(read_messages(self._connection, stream, pattern)) as messages:
            async for message in messages:
                prefix = message.subject.partition(".manifest.")[0]
                try:
                    manifest = Manifest.from_dict(decode(message.data))
                except InvalidInputError:
                    continue
                # The engine checks the subject and has the time; what the text says is the agent's word.
                if manifest.prefix == prefix and manifest.stream == stream:
                    found.append(replace(manifest, created=message.stored))
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
