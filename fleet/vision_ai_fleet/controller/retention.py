"""Delete old backups: a schedule says how many of each scale are kept."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence

from vision_ai import InvalidInputError
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.file_store import FileStore, get_source
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.objects import Manifest
from vision_ai_fleet.schedule import Schedule
from vision_ai_fleet.view import FleetView

from .lease import Lease
from .schedules import choose_scales

logger = logging.getLogger("vision_ai_fleet")

INTERVAL = 1800.0
"""Seconds between two looks at all stores."""
FRAGMENT_AGE = 7 * 86400.0
"""Seconds after which an upload that broke off is not expected to go on."""


class Retention:
    """The part of the controller that deletes old backups.

    Args:
        fleet: Connected as an operator.
        interval: Seconds between two looks at all stores.
    """

    def __init__(self, fleet: Fleet, interval: float = INTERVAL) -> None:
        self._fleet = fleet
        self._files = FileStore(fleet.connection)
        self._interval = interval

    async def run(self, view: FleetView, lease: Lease) -> None:
        """Look at all stores again and again.

        Raises:
            LeaseLostError: this controller may no longer act.
        """
        while True:
            await self.clean_up(view, lease)
            for store in await self._files.read_stores():
                lease.check()
                await self._files.delete_fragments(store, FRAGMENT_AGE)
            await asyncio.sleep(self._interval)

    async def clean_up(self, view: FleetView, lease: Lease) -> int:
        """Delete what is no longer kept. Returns how many backups were deleted."""
        limits = find_limits(await self._fleet.schedules(), view)
        if not limits:
            return 0
        deleted = 0
        for store in sorted({scale.store for scale in limits}):
            backups = defaultdict[ScaleId, list[Manifest]](list)
            for manifest in await self._files.read_backups(store):  # the newest first
                if (source := get_source(manifest)) is not None:
                    backups[source].append(manifest)
            for scale, manifests in backups.items():
                engine = known.engine if (known := view.scales.get(scale)) else None
                for manifest in choose_old(manifests, limits.get(scale, 0), engine):
                    lease.check()
                    try:
                        await self._files.delete(manifest)
                        deleted += 1
                    except FleetError as error:
                        logger.warning("the backup %s of %s was not deleted: %s", manifest.name, scale, error)
        if deleted:
            logger.info("deleted %d old backups", deleted)
        return deleted


def find_limits(schedules: Iterable[Schedule], view: FleetView) -> dict[ScaleId, int]:
    """Return how many backups of each scale are kept, by the most generous schedule. Others keep all."""
    limits: dict[ScaleId, int] = {}
    unlimited: set[ScaleId] = set()
    for schedule in schedules:
        if schedule.kind != "backup":
            continue
        try:
            chosen = choose_scales(schedule, view.scales.values())
        except InvalidInputError:  # of a newer center: nothing is deleted
            return {}
        for scale in chosen:
            if schedule.keep:
                limits[scale.id] = max(schedule.keep, limits.get(scale.id, 0))
            else:
                unlimited.add(scale.id)
    return {scale: limit for scale, limit in limits.items() if scale not in unlimited}


def choose_old(manifests: Sequence[Manifest], keep: int, engine: str | None) -> list[Manifest]:
    """Return the backups of one scale that are no longer kept.

    The last one that its module can restore always stays: a module refuses a backup of another engine.

    Args:
        manifests: The newest first.
        keep: How many are kept; 0: all.
        engine: The module's engine.
    """
    if not keep:
        return []
    last_good = next((each for each in manifests if each.engine == engine), None)
    return [each for each in manifests[keep:] if each is not last_good]
