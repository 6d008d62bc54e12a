"""The operations of each version of the API.

V1 has the 21 operations of the vendor's document. V2 has those 13 of its 31 of which more than the title is
known; the others, and those of V1 that V2 no longer has, are unknown commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import frozen

from vision_ai_emulator.device.api_versions import ApiVersion


@frozen
class Operation:
    """How an operation is requested."""

    method: Literal["GET", "POST"] = "POST"
    has_parameters: bool = False
    """Whether its parameters are in a JSON body; an operation without parameters ignores its body."""


_GET = Operation("GET")
_POST = Operation("POST")
_POST_JSON = Operation("POST", has_parameters=True)

OPERATIONS: Mapping[ApiVersion, Mapping[str, Operation]] = {
    "v1": {
        "get_device_info": _POST,
        "reset_device": _POST,
        "reboot": _POST,
        "set_calib": _POST_JSON,
        "get_calib": _POST,
        "get_learnmode": _POST,
        "set_learnmode": _POST_JSON,
        "get_item_list": _POST,
        "register_item": _POST_JSON,
        "delete_registered_image": _POST_JSON,
        "delete_registered_item": _POST_JSON,
        "commit_registered_item": _POST_JSON,
        "get_registered_item_list": _POST,
        "start_backup": _POST,
        "get_backup_status": _POST,
        "download": _GET,
        "start_restore": _POST,
        "get_restore_status": _POST,
        "get_result": _POST,
        "result_feedback": _POST_JSON,
        "get_image": _POST,
    },
    "v2": {
        "get_image": _GET,
        "set_calib": _POST_JSON,
        "get_device_info": _GET,
        "get_result": _GET,
        "set_predict_speed": _POST_JSON,
        "set_time": _POST_JSON,
        "add_item_template": _POST_JSON,
        "get_item_template_list": _POST_JSON,
        "delete_item_template": _POST_JSON,
        "get_item_list": _GET,
        "delete_item": _POST_JSON,
        "clear_all_template": _POST,
        "set_sync_master": _POST_JSON,
    },
}
"""The operations of each version, by name. The path is `/api/<name>`, except that of `download`."""

ALL_OPERATIONS = frozenset[str]().union(*OPERATIONS.values())
"""The names of the operations of all versions."""
