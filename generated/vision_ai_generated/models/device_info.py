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
    """Who the module is, what runs on it and how it is set up."""

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
    """The store's number; `0000` as the module comes from the factory."""
    client_name: str
    """The store's name. As the module comes from the factory it is not activated and has no store's name."""
    engine: str
    """The version of the recognition engine."""
    firmware: str
    """The version of the firmware."""
    learn_mode: LearnMode
    """Whether the module learns from feedback. Firmware may add values: keep a number you do not know."""
    sdk: str
    """The version of the SDK on the module."""
    sn: str
    """The module's serial number."""
    sold_out_limit: int
    """The threshold at which a product is removed automatically. Its unit is not documented."""
    sync: str
    """The version of the synchronisation package."""
    sync_mode: SyncMode
    """A module's part in synchronisation between scales. Firmware may add values: keep a text you do not
    know. The vendor's table once writes `Normal` with a capital; compare without regard to case.
    """
    master_ip: str
    """The main scale's address. It means something only when `syncMode` is `slave`, and is empty
    otherwise.
    """
    master_sn: str
    """The main scale's serial number. It means something only when `syncMode` is `slave`, and is empty
    otherwise.
    """

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
        model = cls(
            client_id=v
            if type(v := d.pop("clientID", UNSET)) is str
            else check_str(v, "DeviceInfo.clientID"),
            client_name=v
            if type(v := d.pop("clientName", UNSET)) is str
            else check_str(v, "DeviceInfo.clientName"),
            engine=v if type(v := d.pop("engine", UNSET)) is str else check_str(v, "DeviceInfo.engine"),
            firmware=v if type(v := d.pop("firmware", UNSET)) is str else check_str(v, "DeviceInfo.firmware"),
            learn_mode=LearnMode(check_int(d.pop("learnMode", UNSET), "DeviceInfo.learnMode")),
            sdk=v if type(v := d.pop("sdk", UNSET)) is str else check_str(v, "DeviceInfo.sdk"),
            sn=v if type(v := d.pop("sn", UNSET)) is str else check_str(v, "DeviceInfo.sn"),
            sold_out_limit=check_int(d.pop("soldOutLimit", UNSET), "DeviceInfo.soldOutLimit"),
            sync=v if type(v := d.pop("sync", UNSET)) is str else check_str(v, "DeviceInfo.sync"),
            sync_mode=SyncMode(check_str(d.pop("syncMode", UNSET), "DeviceInfo.syncMode")),
            master_ip=v if type(v := d.pop("masterIP", "")) is str else check_str(v, "DeviceInfo.masterIP"),
            master_sn=v if type(v := d.pop("masterSN", "")) is str else check_str(v, "DeviceInfo.masterSN"),
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
