"""All operations of a terminal, once: python quickstart.py http://127.0.0.1:8172"""

import sys
import time
from pathlib import Path

from responses import DeviceError, check, read_bytes, read_data
from vision_ai_client import ApiClient, Configuration
from vision_ai_client.api import BackupApi, CalibrationApi, CameraApi, DeviceApi, ItemsApi, RecognitionApi
from vision_ai_client.models import (
    CommitRegisteredItemRequest,
    ErrorCode,
    RegisterItemRequest,
    ResultFeedbackRequest,
    SetCalibRequest,
)

ID = "001"
NAME = "Apple"
PICTURE = Path("build/pan.jpg")
BACKUP = Path("build/backup.evo")


class TimeoutClient(ApiClient):
    """The generated client, with a default timeout and without a proxy."""

    def __init__(self, configuration: Configuration) -> None:
        # The module connects over USB, so a proxy of the environment cannot reach it.
        configuration.proxy = None
        super().__init__(configuration)

    def call_api(self, *request, _request_timeout=None):
        return super().call_api(*request, _request_timeout=_request_timeout or 30.0)


def show_device(module: ApiClient) -> None:
    info = read_data(DeviceApi(module).get_device_info())
    print(f"device: firmware {info.firmware}, serial number {info.sn}")


def take_picture(module: ApiClient) -> None:
    jpeg = read_bytes(CameraApi(module).get_image())
    if not (jpeg.startswith(b"\xff\xd8\xff") and jpeg.endswith(b"\xff\xd9")):
        raise ValueError(f"{len(jpeg)} bytes that are not a complete JPEG")
    PICTURE.write_bytes(jpeg)
    print(f"picture: {len(jpeg)} bytes, {PICTURE}")


def calibrate(module: ApiClient) -> None:
    api = CalibrationApi(module)
    pan = SetCalibRequest(left=444, top=39, width=348, height=482)
    check(api.set_calib(pan))
    area = read_data(api.get_calib())
    if area.to_dict() != pan.to_dict():
        raise ValueError(f"the module returned another area: {area}")
    print(f"calibration: {area.width} x {area.height} pixels at {area.left}, {area.top}")


def recognize(module: ApiClient) -> None:
    items = ItemsApi(module)
    check(items.register_item(RegisterItemRequest(id=ID, name=NAME)))
    check(items.commit_registered_item(CommitRegisteredItemRequest(id=ID)))

    api = RecognitionApi(module)
    result = read_data(api.get_result())
    scores = {guess.id: guess.score for guess in result.items}
    if ID not in scores:
        raise ValueError(f"{NAME} is not among the guesses {scores}")

    check(api.result_feedback(ResultFeedbackRequest(sid=result.sid, id=ID, name=NAME, intop=True)))
    print(f"recognition: {NAME}, {scores[ID]:.0%}")


def back_up(module: ApiClient) -> None:
    api = BackupApi(module)
    check(api.start_backup())
    # Use the rule, not the list of numbers: newer firmware may have more of them (A12).
    while (status := check(api.get_backup_status())).status != 0 and status.status < 3:
        time.sleep(1)
    if status.status != 3:
        raise ValueError(f"the backup ended with status {status.status}")
    content = read_bytes(api.download_backup(status.filename))
    BACKUP.write_bytes(content)
    print(f"backup: {len(content)} bytes, {BACKUP}")


def restore(module: ApiClient) -> None:
    api = BackupApi(module)
    check(api.start_restore((BACKUP.name, BACKUP.read_bytes())))
    while (status := check(api.get_restore_status())).status != 0 and status.status < 4:
        time.sleep(1)
    if status.status != 4:
        raise ValueError(f"the restore ended with status {status.status}")
    print("restore: the module restored the backup")


def cause_error(module: ApiClient) -> None:
    try:
        check(ItemsApi(module).commit_registered_item(CommitRegisteredItemRequest(id="no such product")))
    except DeviceError as error:
        if error.code != ErrorCode.FILE_NOT_FOUND:
            raise
        print(f"error: {error.code} for a product that is not registered")
    else:
        raise ValueError("a product that is not registered was committed")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python quickstart.py URL")
    module = TimeoutClient(Configuration(host=sys.argv[1]))
    for step in (show_device, take_picture, calibrate, recognize, back_up, restore, cause_error):
        step(module)


if __name__ == "__main__":
    main()
