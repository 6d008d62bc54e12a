"""How the observations decide each reading (A1 …): one function per reading, in modules by topic."""

from . import codes, device, field_names, jobs, json_format, lists, recognition, reset, restore
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
]

READINGS = list_readings()
"""All readings, in the order of the vendor's document."""
