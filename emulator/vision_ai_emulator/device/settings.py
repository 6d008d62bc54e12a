"""The properties of the emulated device, and the duration of its jobs."""

from __future__ import annotations

from typing import Literal, TypedDict, Unpack, get_args

from attrs import Factory, evolve, field, frozen
from attrs.validators import ge, le, lt

from vision_ai_emulator.device.api_versions import API_TRAITS, API_VERSIONS, ApiVersion
from vision_ai_emulator.device.error_codes import NOTHING_IN_AREA
from vision_ai_emulator.device.jobs import PACES, Pace
from vision_ai_emulator.shared.options import one_of

SyncMode = Literal["normal", "master", "slave"]
PredictSpeed = Literal["normal", "fast"]
EmptyPanResult = Literal["no_guesses", "low_scores", "error"]


def _get_engine(settings: Settings) -> str:
    return API_TRAITS[settings.api].engine


def _get_firmware(settings: Settings) -> str:
    return API_TRAITS[settings.api].firmware


def _get_max_result_num(settings: Settings) -> int:
    return API_TRAITS[settings.api].max_result_num


@frozen(kw_only=True)
class Settings:
    """The properties of a new device. The defaults are from the vendor's examples.

    The device itself changes some of them: with an upgrade, `set_predict_speed` and `set_sync_master`.
    """

    api: ApiVersion = field(default="v1", validator=one_of(*API_VERSIONS))
    """The version of the API that the device speaks. It decides the defaults of `engine`, `firmware`
    and `max_result_num`."""
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
    engine: str = field(default=Factory(_get_engine, takes_self=True))
    """The recognition engine's version. Only the same version restores a backup (otherwise -6143)."""
    firmware: str = field(default=Factory(_get_firmware, takes_self=True))
    sdk: str = "9.1.1"
    """The SDK's version; only V1 returns it."""
    app: str = "9.0.6"
    """The application's version; only V2 returns it."""
    board: str = "1109"
    """The board. Only firmware for the same board upgrades the device (otherwise -6142). Only V2 returns it."""
    sync: str = "9.5.17.0"
    """The synchronization package's version."""
    sync_mode: SyncMode = field(default="normal", validator=one_of(*get_args(SyncMode)))
    master_ip: str = ""
    """Meaningful only when `sync_mode` is "slave"."""
    master_sn: str = ""
    """Meaningful only when `sync_mode` is "slave"."""
    master_sync_port: int = 7443
    """`mastersyncPort`; only V2 returns it."""
    sync_limit: int = 0
    """No effect. V2 returns it; the vendor's page shows no value of it, so type and value are our choice."""
    upload: bool = True
    """Whether the device shares what it has learned with others. No effect; only V2 returns it."""
    download: bool = True
    """Whether the device takes what others have learned. No effect; only V2 returns it."""
    max_result_num: int = field(
        default=Factory(_get_max_result_num, takes_self=True), validator=[ge(1), le(10)]
    )
    """The largest number of products in a result; only V2 returns it."""
    predict_speed: PredictSpeed = field(default="fast", validator=one_of(*get_args(PredictSpeed)))
    """No effect: "normal" is not slower and better here. Only V2 returns it."""
    sold_out_limit: int = 3
    """`soldOutLimit`, the automatic removal threshold. No effect: the vendor does not explain it."""
    empty_pan_result: EmptyPanResult = field(
        default="no_guesses", validator=one_of(*get_args(EmptyPanResult))
    )
    """What `get_result` returns for an empty pan: a result without guesses, the known products with scores of 0.1
    and less, or the error `empty_pan_code`. It is not known what a real module returns."""
    empty_pan_code: int = field(default=NOTHING_IN_AREA, validator=lt(0))
    """Meaningful only when `empty_pan_result` is "error"."""
    pace: Pace = field(default="timed", validator=one_of(*PACES))
    """How backups and restores advance: "timed" by the device's clock, "immediate" all at once, or "polls"
    by one step for every status poll."""
    backup_seconds: float = field(default=1.0, validator=ge(0))
    """The duration of a timed backup, by the device's clock."""
    restore_seconds: float = field(default=1.5, validator=ge(0))
    """The duration of a timed restore, by the device's clock: one half restores, the other verifies."""
    reboot_seconds: float = field(default=2.0, validator=ge(0))
    """How long the device is unreachable after a reboot, by its clock."""
    upgrade_seconds: float = field(default=2.0, validator=ge(0))
    """How long the update of the application takes after a restore of a firmware file, by the device's clock.
    Then the device restarts and speaks V2."""
    upgrade_keeps_products: bool = False
    """Whether products survive an upgrade. It is not known whether they do; calibration and serial number do here."""
    storage_bytes: int = field(default=1 << 30, validator=ge(1))
    """The size of the largest file that can be uploaded; a larger file returns -6203."""
    backup_padding: int = field(default=0, validator=[ge(0), le(1 << 28)])
    """The number of incompressible bytes added to every backup, to test long transfers;
    at most 256 MiB."""

    def change(self, **changes: Unpack[SettingsChanges]) -> Settings:
        """Return these settings with changes. Another `api` comes with the defaults that it decides."""
        api = changes.get("api", self.api)
        if api != self.api and api in API_TRAITS:
            traits = API_TRAITS[api]
            defaults: SettingsChanges = {
                "engine": traits.engine,
                "firmware": traits.firmware,
                "max_result_num": traits.max_result_num,
            }
            changes = {**defaults, **changes}
        return evolve(self, **changes)


class SettingsChanges(TypedDict, total=False):
    """The fields of `Settings` as keyword arguments."""

    api: ApiVersion
    store_id: str
    store_name: str
    activated: bool
    require_activation: bool
    sn: str
    engine: str
    firmware: str
    sdk: str
    app: str
    board: str
    sync: str
    sync_mode: SyncMode
    master_ip: str
    master_sn: str
    master_sync_port: int
    sync_limit: int
    upload: bool
    download: bool
    max_result_num: int
    predict_speed: PredictSpeed
    sold_out_limit: int
    empty_pan_result: EmptyPanResult
    empty_pan_code: int
    pace: Pace
    backup_seconds: float
    restore_seconds: float
    reboot_seconds: float
    upgrade_seconds: float
    upgrade_keeps_products: bool
    storage_bytes: int
    backup_padding: int
