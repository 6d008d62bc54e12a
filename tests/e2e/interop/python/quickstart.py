"""Everything a till does with a module, once: python quickstart.py http://127.0.0.1:8172"""

import sys
import time
from pathlib import Path

from answers import DeviceError, data, done, file
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


class PatientClient(ApiClient):
    """The generated client waits for ever unless each call is told not to."""

    def __init__(self, configuration: Configuration) -> None:
        # The module hangs on a USB link, where no proxy of the environment can reach it.
        configuration.proxy = None
        super().__init__(configuration)

    def call_api(self, *request, _request_timeout=None):
        return super().call_api(*request, _request_timeout=_request_timeout or 30.0)


def device(module: ApiClient) -> None:
    info = data(DeviceApi(module).get_device_info())
    print(f"device: firmware {info.firmware}, serial number {info.sn}")


def picture(module: ApiClient) -> None:
    jpeg = file(CameraApi(module).get_image())
    if not (jpeg.startswith(b"\xff\xd8\xff") and jpeg.endswith(b"\xff\xd9")):
        raise ValueError(f"{len(jpeg)} bytes that are no whole JPEG")
    PICTURE.write_bytes(jpeg)
    print(f"picture: {len(jpeg)} bytes, {PICTURE}")


def calibration(module: ApiClient) -> None:
    api = CalibrationApi(module)
    pan = SetCalibRequest(left=444, top=39, width=348, height=482)
    done(api.set_calib(pan))
    area = data(api.get_calib())
    if area.to_dict() != pan.to_dict():
        raise ValueError(f"read back another area: {area}")
    print(f"calibration: {area.width} x {area.height} pixels at {area.left}, {area.top}")


def recognition(module: ApiClient) -> None:
    items = ItemsApi(module)
    done(items.register_item(RegisterItemRequest(id=ID, name=NAME)))
    done(items.commit_registered_item(CommitRegisteredItemRequest(id=ID)))

    api = RecognitionApi(module)
    result = data(api.get_result())
    scores = {guess.id: guess.score for guess in result.items}
    if ID not in scores:
        raise ValueError(f"{NAME} is not among the guesses {scores}")

    done(api.result_feedback(ResultFeedbackRequest(sid=result.sid, id=ID, name=NAME, intop=True)))
    print(f"recognition: {NAME}, {scores[ID]:.0%}")


def backup(module: ApiClient) -> None:
    api = BackupApi(module)
    done(api.start_backup())
    # The rule decides, not the list of numbers: a later firmware may know more of them (A12).
    while (status := done(api.get_backup_status())).status != 0 and status.status < 3:
        time.sleep(1)
    if status.status != 3:
        raise ValueError(f"the backup ended with status {status.status}")
    saved = file(api.download_backup(status.filename))
    BACKUP.write_bytes(saved)
    print(f"backup: {len(saved)} bytes, {BACKUP}")


def restore(module: ApiClient) -> None:
    api = BackupApi(module)
    done(api.start_restore((BACKUP.name, BACKUP.read_bytes())))
    while (status := done(api.get_restore_status())).status != 0 and status.status < 4:
        time.sleep(1)
    if status.status != 4:
        raise ValueError(f"the restore ended with status {status.status}")
    print("restore: the module has taken the backup over")


def refusal(module: ApiClient) -> None:
    try:
        done(ItemsApi(module).commit_registered_item(CommitRegisteredItemRequest(id="no such product")))
    except DeviceError as no:
        if no.code != ErrorCode.FILE_NOT_FOUND:
            raise
        print(f"error: {no.code} for a product that was never registered")
    else:
        raise ValueError("a product that was never registered was committed")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python quickstart.py URL")
    module = PatientClient(Configuration(host=sys.argv[1]))
    for step in (device, picture, calibration, recognition, backup, restore, refusal):
        step(module)


if __name__ == "__main__":
    main()
