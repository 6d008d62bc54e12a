from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.learn_mode import LearnMode
from ..models.sync_mode import SyncMode
from ..types import (
    UNSET,
    check_int,
    check_object,
    check_str,
)

T = TypeVar("T", bound="DeviceInfo")


@_attrs_define
class DeviceInfo:
    """Who the module is, what runs on it and how it is set up."""

    client_id: str
    """ The store's number; `0000` as the module comes from the factory. """
    client_name: str
    """ The store's name. As the module comes from the factory it is not activated and has no store's name. """
    engine: str
    """ The version of the recognition engine. """
    firmware: str
    """ The version of the firmware. """
    learn_mode: LearnMode
    """ Whether the module learns from feedback. Firmware may add values: keep a number you do not know.
     """
    sdk: str
    """ The version of the SDK on the module. """
    sn: str
    """ The module's serial number. """
    sold_out_limit: int
    """ The threshold at which a product is removed automatically. Its unit is not documented. """
    sync: str
    """ The version of the synchronisation package. """
    sync_mode: SyncMode
    """ A module's part in synchronisation between scales. Firmware may add values: keep a text you do not know. The
    vendor's table once writes `Normal` with a capital; compare without regard to case.
     """
    master_ip: str = ""
    """ The main scale's address. It means something only when `syncMode` is `slave`, and is empty otherwise. """
    master_sn: str = ""
    """ The main scale's serial number. It means something only when `syncMode` is `slave`, and is empty otherwise.
    """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        client_id = self.client_id

        client_name = self.client_name

        engine = self.engine

        firmware = self.firmware

        learn_mode = self.learn_mode.value

        sdk = self.sdk

        sn = self.sn

        sold_out_limit = self.sold_out_limit

        sync = self.sync

        sync_mode = self.sync_mode.value

        master_ip = self.master_ip

        master_sn = self.master_sn

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "clientID": client_id,
                "clientName": client_name,
                "engine": engine,
                "firmware": firmware,
                "learnMode": learn_mode,
                "sdk": sdk,
                "sn": sn,
                "soldOutLimit": sold_out_limit,
                "sync": sync,
                "syncMode": sync_mode,
            }
        )
        if master_ip is not UNSET:
            field_dict["masterIP"] = master_ip
        if master_sn is not UNSET:
            field_dict["masterSN"] = master_sn

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "DeviceInfo"))
        client_id = v if type(v := d.pop("clientID", UNSET)) is str else check_str(v, "DeviceInfo.clientID")
        client_name = (
            v if type(v := d.pop("clientName", UNSET)) is str else check_str(v, "DeviceInfo.clientName")
        )
        engine = v if type(v := d.pop("engine", UNSET)) is str else check_str(v, "DeviceInfo.engine")
        firmware = v if type(v := d.pop("firmware", UNSET)) is str else check_str(v, "DeviceInfo.firmware")
        learn_mode = LearnMode(check_int(d.pop("learnMode", UNSET), "DeviceInfo.learnMode"))
        sdk = v if type(v := d.pop("sdk", UNSET)) is str else check_str(v, "DeviceInfo.sdk")
        sn = v if type(v := d.pop("sn", UNSET)) is str else check_str(v, "DeviceInfo.sn")
        sold_out_limit = check_int(d.pop("soldOutLimit", UNSET), "DeviceInfo.soldOutLimit")
        sync = v if type(v := d.pop("sync", UNSET)) is str else check_str(v, "DeviceInfo.sync")
        sync_mode = SyncMode(check_str(d.pop("syncMode", UNSET), "DeviceInfo.syncMode"))
        master_ip = v if type(v := d.pop("masterIP", "")) is str else check_str(v, "DeviceInfo.masterIP")
        master_sn = v if type(v := d.pop("masterSN", "")) is str else check_str(v, "DeviceInfo.masterSN")
        device_info = cls(
            client_id=client_id,
            client_name=client_name,
            engine=engine,
            firmware=firmware,
            learn_mode=learn_mode,
            sdk=sdk,
            sn=sn,
            sold_out_limit=sold_out_limit,
            sync=sync,
            sync_mode=sync_mode,
            master_ip=master_ip,
            master_sn=master_sn,
        )

        device_info.additional_properties = d
        return device_info

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
