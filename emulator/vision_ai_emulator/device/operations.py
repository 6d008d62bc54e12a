"""The names of the vendor's 21 operations."""

from __future__ import annotations

OPERATIONS = frozenset(
    {
        "get_device_info",
        "reset_device",
        "reboot",
        "set_calib",
        "get_calib",
        "get_learnmode",
        "set_learnmode",
        "get_item_list",
        "register_item",
        "delete_registered_image",
        "delete_registered_item",
        "commit_registered_item",
        "get_registered_item_list",
        "start_backup",
        "get_backup_status",
        "download",
        "start_restore",
        "get_restore_status",
        "get_result",
        "result_feedback",
        "get_image",
    }
)
