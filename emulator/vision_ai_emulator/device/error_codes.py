"""The vendor's error codes that this device can answer, and the Chinese words it shows for them."""

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
# The vendor lists "failed to write file" twice (A11). This device uses the second for one thing only:
# a job cannot be started because another is still running.
BUSY = -6204
UNKNOWN_MISTAKE = -6210
CHECKSUM_MISMATCH = -6211
PARAMETER_ERROR = -6213
# One of the range -65xx "algorithm API error", whose members the vendor does not name. This device
# answers it when a template is to be taken and nothing lies in the calibration area.
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
}


def chinese(code: int) -> str:
    """The Chinese words for an error code, fit to show to a clerk."""
    return _CHINESE.get(code, f"错误码{code}")


class DeviceError(Exception):
    """The device says no. `code` is a negative number of the vendor's table."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the device answers {code}")
        self.code = code
