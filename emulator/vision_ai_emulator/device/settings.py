"""The properties of the emulated device, and the duration of its jobs."""

from __future__ import annotations

from typing import Literal, TypedDict, get_args

from attrs import field, frozen
from attrs.validators import ge, le

from vision_ai_emulator.device.jobs import PACES, Pace
from vision_ai_emulator.shared.options import one_of

SyncMode = Literal["normal", "master", "slave"]


@frozen(kw_only=True)
class Settings:
    """The properties of a new device. The defaults are from the vendor's example."""

    store_id: str = "11095"
    """`clientID`: the store that the device is activated for."""
    store_name: str = "Fruit Store Name"
    """`clientName`: the name of that store."""
    activated: bool = True
    """Whether a new device is activated for the store above."""
    require_activation: bool = False
    """Whether a device that is not activated returns -6128 from every operation on products."""
    sn: str = "12345678"
    """The serial number. Only a device with the same number restores a backup (otherwise -6142)."""
    engine: str = "9.5.0"
    """The recognition engine's version. Only the same version restores a backup (otherwise -6143)."""
    firmware: str = "9.9.4.2"
    sdk: str = "9.1.1"
    sync: str = "9.5.17.0"
    """The synchronization package's version."""
    sync_mode: SyncMode = field(default="normal", validator=one_of(*get_args(SyncMode)))
    master_ip: str = ""
    """Meaningful only when `sync_mode` is "slave"."""
    master_sn: str = ""
    """Meaningful only when `sync_mode` is "slave"."""
    sold_out_limit: int = 3
    """`soldOutLimit`, the automatic removal threshold. No effect: the vendor does not explain it."""
    pace: Pace = field(default="timed", validator=one_of(*PACES))
    """How backups and restores advance: "timed" by the device's clock, "immediate" all at once, or "polls"
    by one step for every status poll."""
    backup_seconds: float = field(default=1.0, validator=ge(0))
    """The duration of a timed backup, by the device's clock."""
    restore_seconds: float = field(default=1.5, validator=ge(0))
    """The duration of a timed restore, by the device's clock: one half restores, the other verifies."""
    reboot_seconds: float = field(default=2.0, validator=ge(0))
    """How long the device is unreachable after a reboot, by its clock."""
    storage_bytes: int = field(default=1 << 30, validator=ge(1))
    """The size of the largest file that can be uploaded; a larger file returns -6203."""
    backup_padding: int = field(default=0, validator=[ge(0), le(1 << 28)])
    """The number of incompressible bytes added to every backup, to test long transfers;
    at most 256 MiB."""


class SettingsChanges(TypedDict, total=False):
    """The fields of `Settings` as keyword arguments."""

    store_id: str
    store_name: str
    activated: bool
    require_activation: bool
    sn: str
    engine: str
    firmware: str
    sdk: str
    sync: str
    sync_mode: SyncMode
    master_ip: str
    master_sn: str
    sold_out_limit: int
    pace: Pace
    backup_seconds: float
    restore_seconds: float
    reboot_seconds: float
    storage_bytes: int
    backup_padding: int
