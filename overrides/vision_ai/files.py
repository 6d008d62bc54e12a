"""How the SDK writes files, for programs that build on it."""

from ._files import save_file

__all__ = ["save_file"]
