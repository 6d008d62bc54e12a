"""A picture, and a product from its first template to its deletion, with V2 of the API:
python quickstart_v2.py http://127.0.0.1:8172"""

import sys
from pathlib import Path

from responses import DeviceError, check, read_bytes, read_data
from vision_ai_client_v2 import ApiClient, Configuration
from vision_ai_client_v2.api import CalibrationApi, CameraApi, DeviceApi, ItemsApi, RecognitionApi
from vision_ai_client_v2.models import (
    AddItemTemplateRequest,
    DeleteItemTemplateRequest,
    ErrorCode,
    GetItemTemplateListRequest,
    SetCalibRequest,
)

ID = "001"
PICTURE = Path("build/pan.jpg")


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
    # The contract has no type for `sn`, because its values were not seen.
    print(f"device: firmware {info.firmware}, serial number {info.sn}")


def take_picture(module: ApiClient) -> None:
    jpeg = read_bytes(CameraApi(module).get_image())
    if not (jpeg.startswith(b"\xff\xd8\xff") and jpeg.endswith(b"\xff\xd9")):
        raise ValueError(f"{len(jpeg)} bytes that are not a complete JPEG")
    PICTURE.write_bytes(jpeg)
    print(f"picture: {len(jpeg)} bytes, {PICTURE}")


def teach(module: ApiClient) -> str:
    items = ItemsApi(module)
    sid = read_data(items.add_item_template(AddItemTemplateRequest(id=ID))).sid
    entries = read_data(items.get_item_template_list(GetItemTemplateListRequest(id=ID)))
    templates = [each for each in entries if each != "center"]  # no template (B3)
    if sid not in templates:
        raise ValueError(f"the template {sid} is not among {templates}")
    print(f"teaching: template {sid}, {len(templates)} of product {ID}")
    return sid


def recognize(module: ApiClient) -> None:
    result = read_data(RecognitionApi(module).get_result())
    scores = {guess.id: guess.score for guess in result.items}
    if ID not in scores:
        raise ValueError(f"{ID} is not among the guesses {scores}")
    print(f"recognition: product {ID}, score {scores[ID]:.2f}")


def delete_template(module: ApiClient, sid: str) -> None:
    check(ItemsApi(module).delete_item_template(DeleteItemTemplateRequest(id=ID, sid=sid)))
    print(f"deletion: template {sid}")


def cause_error(module: ApiClient) -> None:
    try:
        check(CalibrationApi(module).set_calib(SetCalibRequest(left=640, top=0, width=1280, height=720)))
    except DeviceError as error:
        if error.code != ErrorCode.PARAMETER_ERROR:
            raise
        print(f"error: {error.code} for an area beyond the picture")
    else:
        raise ValueError("an area beyond the picture was accepted")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python quickstart_v2.py URL")
    module = TimeoutClient(Configuration(host=sys.argv[1]))
    show_device(module)
    take_picture(module)
    sid = teach(module)
    recognize(module)
    delete_template(module, sid)
    cause_error(module)


if __name__ == "__main__":
    main()
