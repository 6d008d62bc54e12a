from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..models.learn_mode import LearnMode
from ..models.predict_speed import PredictSpeed
from ..models.sync_mode import SyncMode
from ..types import (
    Model,
    check_origin,
    read_bool,
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
        "master_ip",
        "master_sn",
        "sdk",
        "sn",
        "sold_out_limit",
        "sync",
        "sync_mode",
        "app",
        "board",
        "download",
        "upload",
        "item_count",
        "mastersync_port",
        "max_result_num",
        "predict_speed",
        "sync_limit",
    )

    REQUIRED = {
        "v1": (
            ("client_id", "DeviceInfo.clientID"),
            ("client_name", "DeviceInfo.clientName"),
            ("engine", "DeviceInfo.engine"),
            ("firmware", "DeviceInfo.firmware"),
            ("learn_mode", "DeviceInfo.learnMode"),
            ("sdk", "DeviceInfo.sdk"),
            ("sn", "DeviceInfo.sn"),
            ("sold_out_limit", "DeviceInfo.soldOutLimit"),
            ("sync", "DeviceInfo.sync"),
            ("sync_mode", "DeviceInfo.syncMode"),
        ),
        "v2": (),
    }

    client_id: str | None
    """The store number. The factory setting is `0000`. Only documented for V1."""
    client_name: str | None
    """The name of the store. A module that is not activated has none: its text may be empty or say so, and
    it may be null (A18). Only documented for V1.
    """
    engine: str | None
    """The version of the recognition engine."""
    firmware: str | None
    """The version of the firmware."""
    learn_mode: LearnMode | None
    """Whether the module learns from feedback. Firmware may add values: keep unknown numbers."""
    master_ip: str | None
    """The address of the main scale if `syncMode` is `slave`, otherwise empty or null (A19)."""
    master_sn: str | None
    """The serial number of the main scale if `syncMode` is `slave`, otherwise empty or null (A19)."""
    sdk: str | None
    """The version of the SDK on the module. Only documented for V1."""
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
    app: str | None
    """The version of the application on the module. Only documented for V2."""
    board: str | None
    """The type of the module's board. Only documented for V2."""
    download: bool | None
    """Whether the module takes what others of the synchronization learned. Only documented for V2."""
    upload: Any
    """Whether the module shares what it learned with others of the synchronization. Only documented for
    V2.
    """
    item_count: int | None
    """How many products the module can recognize. Only documented for V2."""
    mastersync_port: int | None
    """The number of the TCP port of the synchronization on the main scale, 1 to 65535. Only documented for
    V2.
    """
    max_result_num: int | None
    """How many guesses a recognition has at most. Only documented for V2."""
    predict_speed: PredictSpeed | None
    """The speed of the recognition. Firmware may add values: keep unknown strings."""
    sync_limit: Any
    """The limit of the synchronization. Only documented for V2."""

    def __init__(
        self,
        client_id: str | None = None,
        client_name: str | None = None,
        engine: str | None = None,
        firmware: str | None = None,
        learn_mode: LearnMode | None = None,
        master_ip: str | None = None,
        master_sn: str | None = None,
        sdk: str | None = None,
        sn: str | None = None,
        sold_out_limit: int | None = None,
        sync: str | None = None,
        sync_mode: SyncMode | None = None,
        app: str | None = None,
        board: str | None = None,
        download: bool | None = None,
        upload: Any = None,
        item_count: int | None = None,
        mastersync_port: int | None = None,
        max_result_num: int | None = None,
        predict_speed: PredictSpeed | None = None,
        sync_limit: Any = None,
    ) -> None:
        self.client_id = client_id
        self.client_name = client_name
        self.engine = engine
        self.firmware = firmware
        self.learn_mode = learn_mode
        self.master_ip = master_ip
        self.master_sn = master_sn
        self.sdk = sdk
        self.sn = sn
        self.sold_out_limit = sold_out_limit
        self.sync = sync
        self.sync_mode = sync_mode
        self.app = app
        self.board = board
        self.download = download
        self.upload = upload
        self.item_count = item_count
        self.mastersync_port = mastersync_port
        self.max_result_num = max_result_num
        self.predict_speed = predict_speed
        self.sync_limit = sync_limit
        self.additional_properties: dict[str, Any] = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "DeviceInfo"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.client_id = (
            (v if type(v := d.pop("clientID")) is str else read_str(v, "DeviceInfo.clientID", d))
            if "clientID" in d
            else None
        )
        model.client_name = (
            None
            if (v := d.pop("clientName", None)) is None
            else v
            if type(v) is str
            else read_str(v, "DeviceInfo.clientName", d)
        )
        model.engine = (
            (v if type(v := d.pop("engine")) is str else read_str(v, "DeviceInfo.engine", d))
            if "engine" in d
            else None
        )
        model.firmware = (
            (v if type(v := d.pop("firmware")) is str else read_str(v, "DeviceInfo.firmware", d))
            if "firmware" in d
            else None
        )
        model.learn_mode = (
            (None if (v := read_int(d.pop("learnMode"), "DeviceInfo.learnMode", d)) is None else LearnMode(v))
            if "learnMode" in d
            else None
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
        model.sdk = (
            (v if type(v := d.pop("sdk")) is str else read_str(v, "DeviceInfo.sdk", d))
            if "sdk" in d
            else None
        )
        model.sn = (
            (v if type(v := d.pop("sn")) is str else read_str(v, "DeviceInfo.sn", d)) if "sn" in d else None
        )
        model.sold_out_limit = (
            (v if type(v := d.pop("soldOutLimit")) is int else read_int(v, "DeviceInfo.soldOutLimit", d))
            if "soldOutLimit" in d
            else None
        )
        model.sync = (
            (v if type(v := d.pop("sync")) is str else read_str(v, "DeviceInfo.sync", d))
            if "sync" in d
            else None
        )
        model.sync_mode = (
            (
                None
                if (v := read_str(take_renamed(d, "syncMode", "sync_mode"), "DeviceInfo.syncMode", d)) is None
                else SyncMode(v)
            )
            if "syncMode" in d or "sync_mode" in d
            else None
        )
        model.app = (
            (v if type(v := d.pop("app")) is str else read_str(v, "DeviceInfo.app", d))
            if "app" in d
            else None
        )
        model.board = (
            (v if type(v := d.pop("board")) is str else read_str(v, "DeviceInfo.board", d))
            if "board" in d
            else None
        )
        model.download = (read_bool(d.pop("download"), "DeviceInfo.download", d)) if "download" in d else None
        model.upload = replace_infinities(d.pop("upload", None))
        model.item_count = (
            (v if type(v := d.pop("item_count")) is int else read_int(v, "DeviceInfo.item_count", d))
            if "item_count" in d
            else None
        )
        model.mastersync_port = (
            (v if type(v := d.pop("mastersyncPort")) is int else read_int(v, "DeviceInfo.mastersyncPort", d))
            if "mastersyncPort" in d
            else None
        )
        model.max_result_num = (
            (v if type(v := d.pop("max_result_num")) is int else read_int(v, "DeviceInfo.max_result_num", d))
            if "max_result_num" in d
            else None
        )
        model.predict_speed = (
            (
                None
                if (v := read_str(d.pop("predict_speed"), "DeviceInfo.predict_speed", d)) is None
                else PredictSpeed(v)
            )
            if "predict_speed" in d
            else None
        )
        model.sync_limit = replace_infinities(d.pop("sync_limit", None))
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
                    "masterIP",
                    "masterSN",
                    "sdk",
                    "sn",
                    "soldOutLimit",
                    "sync",
                    "syncMode",
                    "app",
                    "board",
                    "download",
                    "upload",
                    "item_count",
                    "mastersyncPort",
                    "max_result_num",
                    "predict_speed",
                    "sync_limit",
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
        if self.master_ip is not None:
            d["masterIP"] = self.master_ip
        if self.master_sn is not None:
            d["masterSN"] = self.master_sn
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
        if self.app is not None:
            d["app"] = self.app
        if self.board is not None:
            d["board"] = self.board
        if self.download is not None:
            d["download"] = self.download
        if self.upload is not None:
            d["upload"] = self.upload
        if self.item_count is not None:
            d["item_count"] = self.item_count
        if self.mastersync_port is not None:
            d["mastersyncPort"] = self.mastersync_port
        if self.max_result_num is not None:
            d["max_result_num"] = self.max_result_num
        if self.predict_speed is not None:
            d["predict_speed"] = self.predict_speed.value
        if self.sync_limit is not None:
            d["sync_limit"] = self.sync_limit
        return d
