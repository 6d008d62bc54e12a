"""What kind of device is emulated, and at what pace it works."""

from __future__ import annotations

from typing import Literal, TypedDict, get_args

from attrs import field, frozen
from attrs.validators import ge

from vision_ai_emulator.device.jobs import PACES, Pace
from vision_ai_emulator.shared.options import one_of

SyncMode = Literal["normal", "master", "slave"]


@frozen(kw_only=True)
class Settings:
    """The device as it comes out of its box. Names, versions and numbers default to the vendor's example."""

    store_id: str = "11095"
    """`clientID`: the store the device is activated for."""
    store_name: str = "Fruit Store Name"
    """`clientName`: that store's name."""
    activated: bool = True
    """Whether the device starts associated with the store above."""
    require_activation: bool = False
    """Whether a device without a store refuses (-6128) everything that has to do with products."""
    sn: str = "12345678"
    """The serial number. A backup can be restored on the device with the same one only (-6142)."""
    engine: str = "9.5.0"
    """The recognition engine's version. A backup can be restored by the same one only (-6143)."""
    firmware: str = "9.9.4.2"
    sdk: str = "9.1.1"
    sync: str = "9.5.17.0"
    """The synchronisation package's version."""
    sync_mode: SyncMode = field(default="normal", validator=one_of(*get_args(SyncMode)))
    master_ip: str = ""
    """Meaningful only when `sync_mode` is "slave"."""
    master_sn: str = ""
    """Meaningful only when `sync_mode` is "slave"."""
    sold_out_limit: int = 3
    """`soldOutLimit`, the automatic removal threshold. Without effect: the vendor does not explain it."""
    pace: Pace = field(default="timed", validator=one_of(*PACES))
    """How backups and restores get ahead: "timed" by the device's clock, "immediate", or with "polls" one
    step for every question about their status."""
    backup_seconds: float = field(default=1.0, validator=ge(0))
    """How long a timed backup takes, by the device's clock."""
    restore_seconds: float = field(default=1.5, validator=ge(0))
    """How long a timed restore takes, half of it restoring, half verifying, by the device's clock."""
    reboot_seconds: float = field(default=2.0, validator=ge(0))
    """How long the device is gone after a reboot, by its clock."""
    storage_bytes: int = field(default=1 << 30, validator=ge(1))
    """The largest file that can be uploaded; a larger one fails to be written (-6203)."""
    backup_padding: int = field(default=0, validator=ge(0))
    """Bytes that do not compress, added to every backup, for trying out long transfers."""


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
