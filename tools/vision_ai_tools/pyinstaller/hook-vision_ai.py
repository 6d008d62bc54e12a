"""The SDK imports operations, models and transports when they are first used, and finds transports by entry points."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_hooks: Any = import_module("PyInstaller.utils.hooks")
hiddenimports = [*_hooks.collect_submodules("vision_ai"), *_hooks.collect_submodules("vision_ai_generated")]
datas = _hooks.copy_metadata("vision-ai-module")
