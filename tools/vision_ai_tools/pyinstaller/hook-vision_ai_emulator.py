"""The emulator has pictures and a page, and imports its server when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_hooks: Any = import_module("PyInstaller.utils.hooks")
hiddenimports = _hooks.collect_submodules("vision_ai_emulator")
datas = _hooks.collect_data_files("vision_ai_emulator")
