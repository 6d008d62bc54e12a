"""How the SDK writes files, for programs that build on it."""

from ._files import PendingFile, make_local_name, open_pending, remove_stale_parts, save_file

__all__ = ["PendingFile", "make_local_name", "open_pending", "remove_stale_parts", "save_file"]
