"""The command line imports commands and the emulator when they are called. There are texts and the console's page."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_hooks: Any = import_module("PyInstaller.utils.hooks")


def _is_needed(name: str) -> bool:
    return not name.startswith("vision_ai_tools.pyinstaller")


hiddenimports = [*_hooks.collect_submodules("vision_ai_tools", _is_needed), "vision_ai_emulator.__main__"]
datas = _hooks.collect_data_files("vision_ai_tools")
