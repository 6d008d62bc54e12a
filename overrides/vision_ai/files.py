"""How the SDK writes files and tells backups from other files, for programs that build on it."""

from ._files import PendingFile, make_local_name, open_pending, remove_stale_parts, save_file
from ._workflows.backup_content import LONGEST_TEXT, describe_wrong_content

__all__ = [
    "LONGEST_TEXT",
    "PendingFile",
    "describe_wrong_content",
    "make_local_name",
    "open_pending",
    "remove_stale_parts",
    "save_file",
]
