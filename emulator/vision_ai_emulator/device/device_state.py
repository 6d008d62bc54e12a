"""The complete state of a device, and its form in a state file.

A restart keeps `PersistentState` and clears `VolatileState`.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime

from attrs import asdict, define, field, fields_dict, frozen

from vision_ai_emulator.device.firmware_file import Firmware
from vision_ai_emulator.device.jobs import PACES, Backup, Pace, Restore, Schedule
from vision_ai_emulator.device.persistent_state import Features, PersistentState, features_from_json
from vision_ai_emulator.shared.json_values import (
    Json,
    require_boolean,
    require_integer,
    require_list,
    require_number,
    require_object,
    require_string,
)

# Our choice for a device that does not know the date: the start of Unix time.
_DATE_AFTER_RESTART = datetime(1970, 1, 1)
# Of a date that can be set, and then advance by a century.
_LAST_YEAR = 2500


@frozen
class CachedPicture:
    """A registered picture that is not committed yet."""

    id: str
    name: str
    image_id: str
    features: Features


@define
class VolatileState:
    """The state that a restart clears."""

    cache: list[CachedPicture] = field(factory=list[CachedPicture])
    recognitions: OrderedDict[str, Features | None] = field(factory=OrderedDict[str, Features | None])
    date: datetime = _DATE_AFTER_RESTART
    """The date of a device that forgets it, when its clock was at `date_from` seconds."""
    date_from: float = 0.0


@frozen(kw_only=True)
class PendingUpgrade:
    """A firmware that the device has verified, and will run after its restart."""

    firmware: Firmware
    restart_at: float
    """When the restart begins, in seconds of the device's clock."""


@define
class DeviceState:
    """The complete state of a device."""

    store: tuple[str, str] | None = None
    """Id and name of the store that the device is activated for."""
    persistent: PersistentState = field(factory=PersistentState)
    volatile: VolatileState = field(factory=VolatileState)
    backup: Backup | None = None
    finished_backup: Backup | None = None
    restore: Restore | None = None
    upgrade: PendingUpgrade | None = None
    up_from: float = 0.0
    """When the latest restart ends, in seconds of the device's clock."""
    camera_lost: bool = False
    plugged_in: bool = True
    reboots: int = 0

    def to_json(self) -> Json:
        """Return the state as JSON, for a state file."""
        return {
            "store": {"id": self.store[0], "name": self.store[1]} if self.store else None,
            "memory": self.persistent.to_json(),
            "cache": [
                {"id": each.id, "name": each.name, "image_id": each.image_id, "features": each.features}
                for each in self.volatile.cache
            ],
            "recognitions": [
                {"sid": sid, "features": features} for sid, features in self.volatile.recognitions.items()
            ],
            "backup": _backup_to_json(self.backup),
            "finished_backup": _backup_to_json(self.finished_backup),
            "restore": _restore_to_json(self.restore),
            "upgrade": _upgrade_to_json(self.upgrade),
            "date": {"now": self.volatile.date.isoformat(), "from": self.volatile.date_from},
            "up_from": self.up_from,
            "camera_lost": self.camera_lost,
            "plugged_in": self.plugged_in,
            "reboots": self.reboots,
        }

    @classmethod
    def from_json(cls, value: Json) -> DeviceState:
        """Read the result of `to_json`. Raises ValueError, TypeError or KeyError for anything else."""
        state = require_object(value)
        volatile = VolatileState(
            cache=[_cached_picture_from_json(require_object(each)) for each in require_list(state["cache"])],
            recognitions=OrderedDict(
                _recognition_from_json(require_object(each)) for each in require_list(state["recognitions"])
            ),
        )
        # The states of earlier emulators, which had no V2, lack "date" and "upgrade".
        if "date" in state:
            date = require_object(state["date"])
            volatile.date = _date_from_json(date["now"])
            volatile.date_from = require_number(date["from"])
        return cls(
            store=_store_from_json(state["store"]),
            persistent=PersistentState.from_json(state["memory"]),
            volatile=volatile,
            backup=_backup_from_json(state["backup"]),
            finished_backup=_backup_from_json(state["finished_backup"]),
            restore=_restore_from_json(state["restore"]),
            upgrade=_upgrade_from_json(state.get("upgrade")),
            up_from=require_number(state["up_from"]),
            camera_lost=require_boolean(state["camera_lost"]),
            # The states of earlier emulators, which could not be unplugged, lack it.
            plugged_in=require_boolean(state.get("plugged_in", True)),
            reboots=require_integer(state["reboots"]),
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
    backup = require_object(value)
    return Backup(
        schedule=_schedule_from_json(require_object(backup["schedule"])),
        filename=require_string(backup["filename"]),
        content=base64.b64decode(require_string(backup["content"]), validate=True),
        failure=require_integer(backup["failure"]),
    )


def _restore_to_json(restore: Restore | None) -> Json:
    if restore is None:
        return None
    return {
        "schedule": asdict(restore.schedule),
        "refusal": restore.refusal,
        "failure": restore.failure,
        "memory": restore.state.to_json() if restore.state else None,
        "firmware": asdict(restore.firmware) if restore.firmware else None,
    }


def _restore_from_json(value: Json) -> Restore | None:
    if value is None:
        return None
    restore = require_object(value)
    state = restore["memory"]
    return Restore(
        schedule=_schedule_from_json(require_object(restore["schedule"])),
        refusal=require_integer(restore["refusal"]),
        failure=require_integer(restore["failure"]),
        state=None if state is None else PersistentState.from_json(state),
        firmware=_firmware_from_json(restore.get("firmware")),
    )


def _upgrade_to_json(upgrade: PendingUpgrade | None) -> Json:
    return None if upgrade is None else asdict(upgrade)


def _upgrade_from_json(value: Json) -> PendingUpgrade | None:
    if value is None:
        return None
    upgrade = require_object(value)
    firmware = _firmware_from_json(upgrade["firmware"])
    if firmware is None:
        raise ValueError("an upgrade has no firmware")
    return PendingUpgrade(firmware=firmware, restart_at=require_number(upgrade["restart_at"]))


def _firmware_from_json(value: Json) -> Firmware | None:
    if value is None:
        return None
    firmware = require_object(value)
    return Firmware(**{name: require_string(firmware[name]) for name in fields_dict(Firmware)})


def _date_from_json(value: Json) -> datetime:
    date = datetime.fromisoformat(require_string(value))
    if date.tzinfo is not None or date.year > _LAST_YEAR:
        raise ValueError(f"{date} is not a date of a device")
    return date


def _schedule_from_json(schedule: Mapping[str, Json]) -> Schedule:
    paces: dict[str, Pace] = {each: each for each in PACES}
    return Schedule(
        pace=paces[require_string(schedule["pace"])],
        started=require_number(schedule["started"]),
        seconds=require_number(schedule["seconds"]),
        polls=require_integer(schedule["polls"]),
    )


def _store_from_json(value: Json) -> tuple[str, str] | None:
    if value is None:
        return None
    store = require_object(value)
    return require_string(store["id"]), require_string(store["name"])


def _cached_picture_from_json(picture: Mapping[str, Json]) -> CachedPicture:
    return CachedPicture(
        require_string(picture["id"]),
        require_string(picture["name"]),
        require_string(picture["image_id"]),
        features_from_json(picture["features"]),
    )


def _recognition_from_json(recognition: Mapping[str, Json]) -> tuple[str, Features | None]:
    features = recognition["features"]
    return require_string(recognition["sid"]), None if features is None else features_from_json(features)
