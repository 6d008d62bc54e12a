from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..models.learn_mode import LearnMode
from ..models.sync_mode import SyncMode
from ..types import (
    UNSET,
    Model,
    check_origin,
    read_int,
    read_object,
    read_str,
    replace_infinities,
    take_renamed,
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

    client_id: str | None
    """The store number. The factory setting is `0000`."""
    client_name: str | None
    """The name of the store. A module that is not activated has none: its text may be empty or say so, and
    it may be null (A18).
    """
    engine: str | None
    """The version of the recognition engine."""
    firmware: str | None
    """The version of the firmware."""
    learn_mode: LearnMode | None
    """Whether the module learns from feedback. Firmware may add values: keep unknown numbers."""
    sdk: str | None
    """The version of the SDK on the module."""
    sn: str | None
    """The serial number of the module."""
    sold_out_limit: int | None
    """The threshold for the automatic removal of a product. Its unit is not documented."""
    sync: str | None
    """The version of the synchronization package."""
    sync_mode: SyncMode | None
    """The role of a module in the synchronization between scales. Firmware may add values: keep unknown
    strings. Ignore the case, because the vendor's table has `Normal` too (A20).
    """
    master_ip: str | None
    """The address of the main scale if `syncMode` is `slave`, otherwise empty or null (A19)."""
    master_sn: str | None
    """The serial number of the main scale if `syncMode` is `slave`, otherwise empty or null (A19)."""

    def __init__(
        self,
        client_id: str | None = None,
        client_name: str | None = None,
        engine: str | None = None,
        firmware: str | None = None,
        learn_mode: LearnMode | None = None,
        sdk: str | None = None,
        sn: str | None = None,
        sold_out_limit: int | None = None,
        sync: str | None = None,
        sync_mode: SyncMode | None = None,
        master_ip: str | None = None,
        master_sn: str | None = None,
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
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "DeviceInfo"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.client_id = (
            v if type(v := d.pop("clientID", UNSET)) is str else read_str(v, "DeviceInfo.clientID", d)
        )
        model.client_name = (
            None
            if (v := d.pop("clientName", UNSET)) is None
            else v
            if type(v) is str
            else read_str(v, "DeviceInfo.clientName", d)
        )
        model.engine = v if type(v := d.pop("engine", UNSET)) is str else read_str(v, "DeviceInfo.engine", d)
        model.firmware = (
            v if type(v := d.pop("firmware", UNSET)) is str else read_str(v, "DeviceInfo.firmware", d)
        )
        model.learn_mode = (
            None
            if (v := read_int(d.pop("learnMode", UNSET), "DeviceInfo.learnMode", d)) is None
            else LearnMode(v)
        )
        model.sdk = v if type(v := d.pop("sdk", UNSET)) is str else read_str(v, "DeviceInfo.sdk", d)
        model.sn = v if type(v := d.pop("sn", UNSET)) is str else read_str(v, "DeviceInfo.sn", d)
        model.sold_out_limit = (
            v if type(v := d.pop("soldOutLimit", UNSET)) is int else read_int(v, "DeviceInfo.soldOutLimit", d)
        )
        model.sync = v if type(v := d.pop("sync", UNSET)) is str else read_str(v, "DeviceInfo.sync", d)
        model.sync_mode = (
            None
            if (v := read_str(take_renamed(d, "syncMode", "sync_mode"), "DeviceInfo.syncMode", d)) is None
            else SyncMode(v)
        )
        model.master_ip = (
            None
            if (v := d.pop("masterIP", None)) is None
            else v
            if type(v) is str
            else read_str(v, "DeviceInfo.masterIP", d)
        )
        model.master_sn = (
            None
            if (v := d.pop("masterSN", None)) is None
            else v
            if type(v) is str
            else read_str(v, "DeviceInfo.masterSN", d)
        )
        if len(src_dict) - len(d) < 12:
            check_origin(
                src_dict,
                "DeviceInfo",
                (
                    "clientID",
                    "clientName",
                    "engine",
                    "firmware",
                    "learnMode",
                    "sdk",
                    "sn",
                    "soldOutLimit",
                    "sync",
                    "syncMode",
                    "masterIP",
                    "masterSN",
                ),
            )
        model.additional_properties = replace_infinities(d) if d else d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        if self.client_id is not None:
            d["clientID"] = self.client_id
        if self.client_name is not None:
            d["clientName"] = self.client_name
        if self.engine is not None:
            d["engine"] = self.engine
        if self.firmware is not None:
            d["firmware"] = self.firmware
        if self.learn_mode is not None:
            d["learnMode"] = self.learn_mode.value
        if self.sdk is not None:
            d["sdk"] = self.sdk
        if self.sn is not None:
            d["sn"] = self.sn
        if self.sold_out_limit is not None:
            d["soldOutLimit"] = self.sold_out_limit
        if self.sync is not None:
            d["sync"] = self.sync
        if self.sync_mode is not None:
            d["syncMode"] = self.sync_mode.value
        if self.master_ip is not None:
            d["masterIP"] = self.master_ip
        if self.master_sn is not None:
            d["masterSN"] = self.master_sn
        return d
