"""The texts are files beside the module."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_hooks: Any = import_module("PyInstaller.utils.hooks")
datas = _hooks.collect_data_files("vision_ai_translations")
