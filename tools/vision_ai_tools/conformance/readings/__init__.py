"""How the observations decide each reading (A1 …, B1 …): one function per reading, in modules by topic."""

from . import codes, device, field_names, jobs, json_format, lists, recognition, reset, restore, v2
from .registry import list_readings

__all__ = [
    "READINGS",
    "codes",
    "device",
    "field_names",
    "jobs",
    "json_format",
    "lists",
    "recognition",
    "reset",
    "restore",
    "v2",
]

READINGS = list_readings()
"""All readings of both versions, in their order."""
