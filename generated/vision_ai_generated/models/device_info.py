from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..models.learn_mode import LearnMode
from ..models.sync_mode import SyncMode
from ..types import (
    UNSET,
    Model,
    check_int,
    check_object,
    check_str,
)


class DeviceInfo(Model):
    """The identity, versions and settings of a module."""

    __match_args__ = (
        "client_id",
        "client_name",
        "engine",
        "firmware",
        "learn_mode",
        "sdk",
        "sn",
        "sold_out_limit",
        "sync",
        "sync_mode",
        "master_ip",
        "master_sn",
    )

    client_id: str
    """The store number. The factory setting is `0000`."""
    client_name: str
    """The name of the store. A new module is not activated and has no name of a store."""
    engine: str
    """The version of the recognition engine."""
    firmware: str
    """The version of the firmware."""
    learn_mode: LearnMode
    """Whether the module learns from feedback. Firmware may add values: keep unknown numbers."""
    sdk: str
    """The version of the SDK on the module."""
    sn: str
    """The serial number of the module."""
    sold_out_limit: int
    """The threshold for the automatic removal of a product. Its unit is not documented."""
    sync: str
    """The version of the synchronization package."""
    sync_mode: SyncMode
    """The role of a module in the synchronization between scales. Firmware may add values: keep unknown
    strings. Ignore the case, because the vendor's table has `Normal` too.
    """
    master_ip: str
    """The address of the main scale if `syncMode` is `slave`, otherwise empty."""
    master_sn: str
    """The serial number of the main scale if `syncMode` is `slave`, otherwise empty."""

    def __init__(
        self,
        client_id: str,
        client_name: str,
        engine: str,
        firmware: str,
        learn_mode: LearnMode,
        sdk: str,
        sn: str,
        sold_out_limit: int,
        sync: str,
        sync_mode: SyncMode,
        master_ip: str = "",
        master_sn: str = "",
    ) -> None:
        self.client_id = client_id
        self.client_name = client_name
        self.engine = engine
        self.firmware = firmware
        self.learn_mode = learn_mode
        self.sdk = sdk
        self.sn = sn
        self.sold_out_limit = sold_out_limit
        self.sync = sync
        self.sync_mode = sync_mode
        self.master_ip = master_ip
        self.master_sn = master_sn
        self.additional_properties = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "DeviceInfo"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.client_id = (
            v if type(v := d.pop("clientID", UNSET)) is str else check_str(v, "DeviceInfo.clientID")
        )
        model.client_name = (
            v if type(v := d.pop("clientName", UNSET)) is str else check_str(v, "DeviceInfo.clientName")
        )
        model.engine = v if type(v := d.pop("engine", UNSET)) is str else check_str(v, "DeviceInfo.engine")
        model.firmware = (
            v if type(v := d.pop("firmware", UNSET)) is str else check_str(v, "DeviceInfo.firmware")
        )
        model.learn_mode = LearnMode(check_int(d.pop("learnMode", UNSET), "DeviceInfo.learnMode"))
        model.sdk = v if type(v := d.pop("sdk", UNSET)) is str else check_str(v, "DeviceInfo.sdk")
        model.sn = v if type(v := d.pop("sn", UNSET)) is str else check_str(v, "DeviceInfo.sn")
        model.sold_out_limit = check_int(d.pop("soldOutLimit", UNSET), "DeviceInfo.soldOutLimit")
        model.sync = v if type(v := d.pop("sync", UNSET)) is str else check_str(v, "DeviceInfo.sync")
        model.sync_mode = SyncMode(check_str(d.pop("syncMode", UNSET), "DeviceInfo.syncMode"))
        model.master_ip = (
            v if type(v := d.pop("masterIP", "")) is str else check_str(v, "DeviceInfo.masterIP")
        )
        model.master_sn = (
            v if type(v := d.pop("masterSN", "")) is str else check_str(v, "DeviceInfo.masterSN")
        )
        model.additional_properties = d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["clientID"] = self.client_id
        d["clientName"] = self.client_name
        d["engine"] = self.engine
        d["firmware"] = self.firmware
        d["learnMode"] = self.learn_mode.value
        d["sdk"] = self.sdk
        d["sn"] = self.sn
        d["soldOutLimit"] = self.sold_out_limit
        d["sync"] = self.sync
        d["syncMode"] = self.sync_mode.value
        d["masterIP"] = self.master_ip
        d["masterSN"] = self.master_sn
        return d
