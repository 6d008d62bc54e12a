"""The command line imports commands and the emulator when they are called. There are texts and the console's page."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_hooks: Any = import_module("PyInstaller.utils.hooks")
hiddenimports = [
    *_hooks.collect_submodules("vision_ai_tools", lambda name: "pyinstaller" not in name),
    "vision_ai_emulator.__main__",
]
datas = _hooks.collect_data_files("vision_ai_tools")
