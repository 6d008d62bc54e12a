"""The vendor's error codes that this device returns, and their Chinese descriptions."""

from __future__ import annotations

CAMERA_LOST = -6103
UNKNOWN_COMMAND = -6117
NOT_ACTIVATED = -6128
FORMAT_MISMATCH = -6140
STORE_MISMATCH = -6141
DEVICE_MISMATCH = -6142
ENGINE_MISMATCH = -6143
JSON_PARSING_FAILED = -6200
FILE_NOT_FOUND = -6202
WRITE_FAILED = -6203
# The vendor lists "failed to write file" twice (A11). This device uses the second code for one purpose only:
# a job cannot start because another one is still running.
BUSY = -6204
UNKNOWN_MISTAKE = -6210
CHECKSUM_MISMATCH = -6211
PARAMETER_ERROR = -6213
TEMPLATES_DISABLED = -6217
# One of the range -65xx "algorithm API error", whose members the vendor does not name. This device
# returns it for a template picture of an empty calibration area.
NOTHING_IN_AREA = -6500

_CHINESE: dict[int, str] = {
    CAMERA_LOST: "摄像头丢失",
    UNKNOWN_COMMAND: "未知命令",
    NOT_ACTIVATED: "设备未激活",
    -6138: "固件版本不匹配，功能受限",
    FORMAT_MISMATCH: "文件格式不匹配",
    STORE_MISMATCH: "门店不匹配",
    DEVICE_MISMATCH: "设备不匹配",
    ENGINE_MISMATCH: "引擎版本不匹配",
    JSON_PARSING_FAILED: "JSON解析失败",
    FILE_NOT_FOUND: "文件不存在",
    WRITE_FAILED: "写文件失败",
    BUSY: "写文件失败",
    -6209: "算法接口超时",
    UNKNOWN_MISTAKE: "未知错误",
    CHECKSUM_MISMATCH: "文件校验失败",
    PARAMETER_ERROR: "参数错误",
    TEMPLATES_DISABLED: "禁止添加和删除模板",
}


def describe_in_chinese(code: int) -> str:
    """Return the Chinese description of an error code, to show to a clerk."""
    return _CHINESE.get(code, f"错误码{code}")


class DeviceError(Exception):
    """An error that the device returns. `code` is a negative number from the vendor's table."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the device returns error {code}")
        self.code = code
