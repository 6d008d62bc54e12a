"""What to do about an error of the module: one table for exceptions, the command line, the console and recordings.

The advice depends on the error code and on the operation. Codes that this version does not know have advice too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vision_ai_generated import models
from vision_ai_generated.error_codes import find_error
from vision_ai_translations import N_, Language, translate

__all__ = ["ADVICE", "ANY_OPERATION", "Advice", "find_advice", "find_transfer_advice"]

ANY_OPERATION = ""


class Advice(NamedTuple):
    """What to do about an error."""

    text: str
    """In English."""
    command: str = ""
    """The command of the command line that does what the last sentence says; empty where there is none."""
    text_without_command: str = ""
    """The text for a module that does not know the command, where it differs."""

    def translate(self, language: Language) -> str:
        """Return the text in a language: "en", "ru" or "zh"."""
        return translate(self.text, language)


_REBOOT = "vision-ai reboot --wait"
_RETRY = Advice(
    "Try again. If it fails again, restart the module.",
    _REBOOT,
    N_("Try again. If it fails again, switch the module off and on."),
)
_STORAGE = Advice(
    "The module's storage may be full or damaged. Restart the module.",
    _REBOOT,
    N_("The module's storage may be full or damaged. Switch the module off and on."),
)
_BUSY = Advice("A backup or a restore may be running already. Wait until it has ended, then try again.")
_FORMAT = Advice(
    "This firmware may expect another form of the request. Check the firmware against the contract.",
    "vision-ai conformance",
)
_CACHE = Advice(
    "The cache may no longer contain it: a restart clears the cache. Check what the cache contains.",
    "vision-ai items pending",
)
_RECOGNITION = Advice(
    "The module may no longer know this recognition. Recognize the product again and confirm it.",
    "vision-ai recognize --confirm ID",
)
_NEW_BACKUP = Advice("Make a new backup.", "vision-ai backup")
_DAMAGED = Advice("The file may be damaged. Use another copy of it.")
_SAME_STORE = Advice(
    "Use a backup of the store that the module is activated for. After a factory reset, activate the "
    "module for that store first, with the vendor's tool."
)
_SAME_DEVICE = Advice("Use a backup of the same module.")
_SAME_ENGINE = Advice(
    "Use a backup that was made with the module's engine version. Compare the versions.", "vision-ai info"
)
_EVO_FILE = Advice("Use a backup file that a module made (.evo).")
_START_AGAIN = Advice("Check that the module responds, then start again.", "vision-ai info")
_PUT_ON_PAN = Advice("Put one product on the pan, inside the calibration area, and try again.")
_UNKNOWN = Advice("Look up the number in the vendor's documents.")

ADVICE: Mapping[tuple[str, str], Advice] = {
    ("CAMERA_LOST", ANY_OPERATION): Advice(
        "Check the camera's cable, then restart the module.",
        _REBOOT,
        N_("Check the camera's cable, then switch the module off and on."),
    ),
    ("UNKNOWN_COMMAND", ANY_OPERATION): Advice(
        "The firmware may be older or newer than this program. Check its version.", "vision-ai info"
    ),
    ("UNKNOWN_COMMAND", "get_device_info"): Advice(
        "Every module knows this command. Do not set the version of the API, and check the path in the module's URL."
    ),
    ("ALREADY_ACTIVATED", ANY_OPERATION): Advice(
        "Nothing to do. To assign the module to another store, use the vendor's tool."
    ),
    ("STORE_ID_FORMAT_ERROR", ANY_OPERATION): Advice("Correct the store number in the vendor's tool."),
    ("STORE_VERIFICATION_FAILED", ANY_OPERATION): Advice(
        "Check the store number and the module's network connection, then activate the module again "
        "with the vendor's tool."
    ),
    ("NOT_ACTIVATED", ANY_OPERATION): Advice("Activate the module for its store with the vendor's tool."),
    ("DOWNLOAD_NOT_STARTED", ANY_OPERATION): Advice("Start the download first, with the vendor's tool."),
    ("ALREADY_LATEST_VERSION", ANY_OPERATION): Advice("Nothing to do: the module is up to date."),
    ("DOWNLOAD_VERIFICATION_FAILED", ANY_OPERATION): Advice(
        "Start the download again with the vendor's tool."
    ),
    ("DOWNLOAD_FAILED", ANY_OPERATION): Advice(
        "Check the module's network connection, then start the download again with the vendor's tool."
    ),
    ("UPDATE_FAILED", ANY_OPERATION): Advice(
        "Start the update again with the vendor's tool, and do not switch the module off until it is over."
    ),
    ("RESET_REFUSED_DURING_UPDATE", ANY_OPERATION): Advice(
        "Wait until the update is over, then reset the module. Do not switch it off before."
    ),
    ("UPDATE_UNKNOWN_ERROR", ANY_OPERATION): Advice(
        "Start the update again with the vendor's tool. If it fails again, ask the vendor."
    ),
    ("APPLICATION_UPDATE_FAILED", ANY_OPERATION): Advice(
        "Start the update of the application again with the vendor's tool. Do not switch the module "
        "off until it is over."
    ),
    ("TEMPLATE_CHANGES_DISABLED", ANY_OPERATION): Advice(
        "The learning mode does not allow it. Set another learning mode with the vendor's tool, then try again."
    ),
    ("FIRMWARE_MISMATCH", ANY_OPERATION): Advice("Update the module's firmware with the vendor's tool."),
    ("FILE_FORMAT_MISMATCH", ANY_OPERATION): Advice("Use a file of the kind that this operation expects."),
    ("FILE_FORMAT_MISMATCH", "start_restore"): _EVO_FILE,
    ("FILE_FORMAT_MISMATCH", "get_restore_status"): _EVO_FILE,
    ("STORE_MISMATCH", ANY_OPERATION): Advice(
        "Check which store the module is activated for.", "vision-ai info"
    ),
    ("STORE_MISMATCH", "start_restore"): _SAME_STORE,
    ("STORE_MISMATCH", "get_restore_status"): _SAME_STORE,
    ("DEVICE_MISMATCH", ANY_OPERATION): Advice(
        "Check by its serial number that this is the right module.", "vision-ai info"
    ),
    ("DEVICE_MISMATCH", "start_restore"): _SAME_DEVICE,
    ("DEVICE_MISMATCH", "get_restore_status"): _SAME_DEVICE,
    ("ENGINE_VERSION_MISMATCH", ANY_OPERATION): Advice(
        "Check the version of the module's recognition engine.", "vision-ai info"
    ),
    ("ENGINE_VERSION_MISMATCH", "start_restore"): _SAME_ENGINE,
    ("ENGINE_VERSION_MISMATCH", "get_restore_status"): _SAME_ENGINE,
    ("JSON_PARSING_FAILED", ANY_OPERATION): _FORMAT,
    ("FILE_NOT_FOUND", ANY_OPERATION): Advice(
        "It may have been deleted already. Check the list before you try again."
    ),
    ("FILE_NOT_FOUND", "commit_registered_item"): _CACHE,
    ("FILE_NOT_FOUND", "delete_registered_item"): _CACHE,
    ("FILE_NOT_FOUND", "delete_registered_image"): _CACHE,
    ("FILE_NOT_FOUND", "result_feedback"): _RECOGNITION,
    ("FILE_NOT_FOUND", "download_backup"): _NEW_BACKUP,
    ("WRITE_FAILED", ANY_OPERATION): _STORAGE,
    ("WRITE_FAILED", "start_backup"): _BUSY,
    ("WRITE_FAILED", "start_restore"): _BUSY,
    ("WRITE_FAILED_ALTERNATE", ANY_OPERATION): _STORAGE,
    ("WRITE_FAILED_ALTERNATE", "start_backup"): _BUSY,
    ("WRITE_FAILED_ALTERNATE", "start_restore"): _BUSY,
    ("NETWORK_ERROR", ANY_OPERATION): Advice(
        "Check network sharing on this computer, which a restart can switch off."
    ),
    ("ALGORITHM_TIMEOUT", ANY_OPERATION): _RETRY,
    ("UNKNOWN_ERROR", ANY_OPERATION): _RETRY,
    ("UNKNOWN_ERROR", "reboot"): Advice("Try again. If it fails again, switch the module off and on."),
    ("FILE_VERIFICATION_FAILED", ANY_OPERATION): _DAMAGED,
    ("FILE_VERIFICATION_FAILED", "start_backup"): _NEW_BACKUP,
    ("FILE_VERIFICATION_FAILED", "get_backup_status"): _NEW_BACKUP,
    ("LOGIN_FAILED", ANY_OPERATION): Advice("Check the login in the vendor's tool."),
    ("PARAMETER_ERROR", ANY_OPERATION): Advice("Check the values of the request."),
    ("PARAMETER_ERROR", "set_calib"): Advice(
        "The area must lie inside the picture of 1280×720 pixels. Correct its values."
    ),
    ("PARAMETER_ERROR", "register_item"): Advice("Check the product's number and name."),
    ("PARAMETER_ERROR", "commit_registered_item"): _CACHE,
    ("PARAMETER_ERROR", "delete_registered_item"): _CACHE,
    ("PARAMETER_ERROR", "delete_registered_image"): _CACHE,
    ("PARAMETER_ERROR", "result_feedback"): _RECOGNITION,
    ("PARAMETER_ERROR", "download_backup"): _NEW_BACKUP,
    ("PARAMETER_ERROR", "start_restore"): _FORMAT,
    ("SYNC_TIMEOUT", ANY_OPERATION): Advice(
        "Check the network connection between this module and the main scale."
    ),
    ("ALGORITHM_ERROR", ANY_OPERATION): _RETRY,
    ("ALGORITHM_ERROR", "register_item"): _PUT_ON_PAN,
    ("ALGORITHM_ERROR", "add_item_template"): _PUT_ON_PAN,
    ("ALGORITHM_ERROR", "commit_registered_item"): Advice(
        "Delete the product's pictures from the cache, and take new ones with the product on the pan."
    ),
    ("ALGORITHM_ERROR", "result_feedback"): _RECOGNITION,
    ("UNKNOWN", ANY_OPERATION): _UNKNOWN,
    ("FAILED", "get_backup_status"): _RETRY,
    ("IDLE", "get_restore_status"): Advice(
        "Compare the module's products with those of the backup, or restore it again.", "vision-ai items list"
    ),
    ("RESTORE_FAILED", "get_restore_status"): Advice(
        "Check that the file is a backup of this module, then start again."
    ),
    ("VERIFICATION_FAILED", "get_restore_status"): _DAMAGED,
}
"""The advice for the name of an error code or of a final status, and for an operation or any operation.

`UNKNOWN` stands for the codes that the contract does not list.
"""


def find_advice(code: int, operation: str = ANY_OPERATION, api_version: str | None = None) -> Advice:
    """Return what to do about an error code.

    Args:
        code: The error code.
        operation: What returned it, such as `get_result`.
        api_version: The version of the API that the module speaks, "v1" or "v2"; None if it is not known.
    """
    advice = _find_entry(code, operation)
    return _replace_restart(advice) if api_version == "v2" else advice


def _find_entry(code: int, operation: str) -> Advice:
    entry = find_error(code)
    name = entry.name if entry else "UNKNOWN"
    for key in ((name, operation.removesuffix("_alias")), (name, ANY_OPERATION)):
        if key in ADVICE:
            return ADVICE[key]
    return _RETRY if entry and entry.retryable else _UNKNOWN


def _replace_restart(advice: Advice) -> Advice:
    """Advise to switch the module off and on where it cannot be told to restart: that command of V2 is not known."""
    return Advice(advice.text_without_command) if advice.command == _REBOOT else advice


def find_transfer_advice(status: models.BackupStatus | models.RestoreStatus | None, code: int = 0) -> Advice:
    """Return what to do about a backup or a restore that ended with this status and error code."""
    operation = ANY_OPERATION
    if status is not None:
        is_backup = isinstance(status, models.BackupStatus)
        operation = "get_backup_status" if is_backup else "get_restore_status"
    if code:
        return find_advice(code, operation)
    return ADVICE.get(("" if status is None else status.status.name, operation), _START_AGAIN)
