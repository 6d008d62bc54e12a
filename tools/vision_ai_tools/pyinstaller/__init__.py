"""Hooks for PyInstaller: what is imported only when it is needed, and the files beside the modules.

PyInstaller finds this folder by the entry point `pyinstaller40`, so that freezing a program that uses the SDK needs no
options.
"""

from __future__ import annotations

from pathlib import Path


def get_hook_dirs() -> list[str]:
    """Return the folders with hooks."""
    return [str(Path(__file__).parent)]
