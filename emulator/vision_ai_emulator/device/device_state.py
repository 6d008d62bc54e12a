"""Everything that a device holds at a moment, and how it is written into a state file.

`Memory` survives all but a factory reset, the rest is lost here and there; all of it goes into a state file.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Mapping

from attrs import asdict, define, field, frozen

from vision_ai_emulator.device.jobs import PACES, Backup, Pace, Restore, Schedule
from vision_ai_emulator.device.persistent_state import Features, Memory, features_from_json
from vision_ai_emulator.shared.jsoncpp import Json, a_list, a_number, a_text, a_truth, an_integer, an_object


@frozen
class CachedPicture:
    """A registered picture that is not committed yet."""

    id: str
    name: str
    image_id: str
    features: Features


@define
class Session:
    """What a reboot forgets."""

    cache: list[CachedPicture] = field(factory=list[CachedPicture])
    recognitions: OrderedDict[str, Features | None] = field(factory=OrderedDict[str, Features | None])


@define
class Contents:
    """All that a device holds."""

    store: tuple[str, str] | None = None
    """Id and name of the store that it is activated for."""
    memory: Memory = field(factory=Memory)
    session: Session = field(factory=Session)
    backup: Backup | None = None
    finished_backup: Backup | None = None
    restore: Restore | None = None
    up_from: float = 0.0
    """When a restart is over, in seconds of the device's clock."""
    camera_lost: bool = False
    reboots: int = 0

    def to_json(self) -> Json:
        """Everything, for a state file."""
        return {
            "store": {"id": self.store[0], "name": self.store[1]} if self.store else None,
            "memory": self.memory.to_json(),
            "cache": [
                {"id": each.id, "name": each.name, "image_id": each.image_id, "features": each.features}
                for each in self.session.cache
            ],
            "recognitions": [
                {"sid": sid, "features": features} for sid, features in self.session.recognitions.items()
            ],
            "backup": _backup_to_json(self.backup),
            "finished_backup": _backup_to_json(self.finished_backup),
            "restore": _restore_to_json(self.restore),
            "up_from": self.up_from,
            "camera_lost": self.camera_lost,
            "reboots": self.reboots,
        }

    @classmethod
    def from_json(cls, value: Json) -> Contents:
        """The inverse of `to_json`. Raises ValueError, TypeError or KeyError for anything else."""
        state = an_object(value)
        return cls(
            store=_store(state["store"]),
            memory=Memory.from_json(state["memory"]),
            session=Session(
                cache=[_cached_picture(an_object(each)) for each in a_list(state["cache"])],
                recognitions=OrderedDict(
                    _recognition(an_object(each)) for each in a_list(state["recognitions"])
                ),
            ),
            backup=_backup_from_json(state["backup"]),
            finished_backup=_backup_from_json(state["finished_backup"]),
            restore=_restore_from_json(state["restore"]),
            up_from=a_number(state["up_from"]),
            camera_lost=a_truth(state["camera_lost"]),
            reboots=an_integer(state["reboots"]),
        )


def _backup_to_json(backup: Backup | None) -> Json:
    if backup is None:
        return None
    return {
        "schedule": asdict(backup.schedule),
        "filename": backup.filename,
        "content": base64.b64encode(backup.content).decode(),
        "failure": backup.failure,
    }


def _backup_from_json(value: Json) -> Backup | None:
    if value is None:
        return None
    state = an_object(value)
    return Backup(
        schedule=_schedule(an_object(state["schedule"])),
        filename=a_text(state["filename"]),
        content=base64.b64decode(a_text(state["content"]), validate=True),
        failure=an_integer(state["failure"]),
    )


def _restore_to_json(restore: Restore | None) -> Json:
    if restore is None:
        return None
    return {
        "schedule": asdict(restore.schedule),
        "refusal": restore.refusal,
        "failure": restore.failure,
        "memory": restore.memory.to_json() if restore.memory else None,
    }


def _restore_from_json(value: Json) -> Restore | None:
    if value is None:
        return None
    state = an_object(value)
    memory = state["memory"]
    return Restore(
        schedule=_schedule(an_object(state["schedule"])),
        refusal=an_integer(state["refusal"]),
        failure=an_integer(state["failure"]),
        memory=None if memory is None else Memory.from_json(memory),
    )


def _schedule(state: Mapping[str, Json]) -> Schedule:
    paces: dict[str, Pace] = {each: each for each in PACES}
    return Schedule(
        pace=paces[a_text(state["pace"])],
        started=a_number(state["started"]),
        seconds=a_number(state["seconds"]),
        polls=an_integer(state["polls"]),
    )


def _store(value: Json) -> tuple[str, str] | None:
    if value is None:
        return None
    store = an_object(value)
    return a_text(store["id"]), a_text(store["name"])


def _cached_picture(state: Mapping[str, Json]) -> CachedPicture:
    return CachedPicture(
        a_text(state["id"]),
        a_text(state["name"]),
        a_text(state["image_id"]),
        features_from_json(state["features"]),
    )


def _recognition(state: Mapping[str, Json]) -> tuple[str, Features | None]:
    features = state["features"]
    return a_text(state["sid"]), None if features is None else features_from_json(features)
