"""The file that a job needs: from this computer, or a backup that the center has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from vision_ai_tools.cli.failures import Failure, usage_failure
from vision_ai_translations import gettext as _

from .times import is_until

if TYPE_CHECKING:
    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.names import ScaleId
    from vision_ai_fleet.objects import Manifest, Progress


@dataclass(frozen=True)
class JobFile:
    """A file for a job, before it is where all scales can read it."""

    manifest: Manifest
    """As the job names it, once `provide` was called."""
    path: Path | None = None
    """Where it is on this computer; None for a backup."""
    backup: Manifest | None = None
    """The backup to copy, as only the scales of its store can read it; None without."""
    source: ScaleId | None = None
    """The scale that it was made of, if the center knows that."""

    async def provide(self, fleet: Fleet, progress: Progress | None = None) -> Manifest:
        """Upload or copy it where it is needed, and return how jobs name it."""
        if self.path is not None:
            return await fleet.put_file(self.path, self.manifest.name, progress)
        if self.backup is None:
            return self.manifest
        with TemporaryDirectory(prefix="vision-ai-") as folder:
            path = await fleet.get_backup(self.backup, Path(folder) / "backup")
            copy = await fleet.put_file(path, self.manifest.name, progress)
        return replace(copy, serial_number=self.backup.serial_number, engine=self.backup.engine)


async def describe_local_file(path: Path) -> JobFile:
    """Return a file of this computer, which is not uploaded yet."""
    from vision_ai_fleet import names
    from vision_ai_fleet.objects import describe_file

    manifest = await asyncio.to_thread(describe_file, path, names.FILES, names.FILES_PREFIX, path.name)
    return JobFile(manifest, path=path)


async def find_dataset(fleet: Fleet, text: str, targets: Sequence[str], store: str | None) -> JobFile:
    """Return the data set that `--dataset` names.

    Args:
        fleet: Where to look.
        text: A file of this computer, or what `find_backup` takes.
        targets: The scales that are named; empty: others are meant.
        store: The store that is named.

    Raises:
        Failure: there is none.
    """
    from vision_ai_fleet import names
    from vision_ai_fleet.names import ScaleId

    if Path(text).is_file():
        return await describe_local_file(Path(text))
    backup, source = await find_backup(fleet, text)
    stores = {ScaleId.parse(each).store for each in targets} or {store}
    if stores == {source.store}:
        return JobFile(backup, source=source)
    copy = replace(
        backup,
        stream=names.FILES,
        prefix=names.FILES_PREFIX,
        name=f"{source.store}-{source.scale}-{backup.name}",
        domain="",
    )
    return JobFile(copy, backup=backup, source=source)


async def find_backup(fleet: Fleet, text: str) -> tuple[Manifest, ScaleId]:
    """Return a backup that the center has, and its scale.

    Args:
        fleet: Where to look.
        text: A scale, whose newest backup is meant; or `0042/07@2026-11-27`, for the newest until the end of that time.

    Raises:
        Failure: there is no such backup.
    """
    from vision_ai_fleet.names import ScaleId

    name, moment = (*text.split("@", 1), "")[:2]
    if "/" not in name or name.startswith((".", "/", "~")):
        raise usage_failure(
            _("{value!r} is neither a file nor a scale", value=text),
            _("Name a file of this computer, or the scale whose newest backup is meant, such as 0042/07."),
        )
    scale = ScaleId.parse(name)
    backups = await fleet.backups(store=scale.store, scale=scale.scale)
    found = [each for each in backups if not moment or is_until(each.created, moment)]
    if not found:
        raise Failure(
            _("the center has no backup of {scale} until {moment}", scale=scale, moment=moment)
            if moment
            else _("the center has no backup of {scale}", scale=scale),
            _("Look at what it has: vision-ai fleet backups --store {store}", store=scale.store),
            kind="missing",
        )
    return max(found, key=lambda each: each.created), scale
