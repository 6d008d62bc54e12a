"""Configuration files that conflict with those of an installation."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from vision_ai_translations import Message

from .config_files import NETWORKD_FOLDER, make_networkd_file, parse_interface_name
from .constants import USB_PRODUCT, USB_VENDOR
from .file_changes import is_link
from .kernel_modules import DRIVER
from .root_folder import list_files

UDEV_FOLDERS = ("etc/udev/rules.d", "run/udev/rules.d", "usr/lib/udev/rules.d", "lib/udev/rules.d")
NETWORKD_FOLDERS = (
    str(NETWORKD_FOLDER),
    "run/systemd/network",
    "usr/lib/systemd/network",
    "lib/systemd/network",
)
MATCH = re.compile(r'(\w+)(?:\{(\w+)\})?\s*==\s*"([^"]*)"')
NAME = re.compile(r'(?<![\w{])NAME\s*:?=\s*"([^"]*)"')
DEVICE = {
    "idVendor": USB_VENDOR,
    "ID_VENDOR_ID": USB_VENDOR,
    "idProduct": USB_PRODUCT,
    "ID_MODEL_ID": USB_PRODUCT,
    "DRIVERS": DRIVER,
    "ID_NET_DRIVER": DRIVER,
    "KERNEL": "usb0",
}
"""What a rule can ask for, and the module's value."""


def find_file_conflicts(root: Path, name: str, port: str | None, manager: str) -> tuple[str, ...]:
    """Describe the files that give the module's interface another name or another configuration."""
    return tuple(
        dict.fromkeys(
            (
                *_find_udev_rules(root, name, port),
                *_find_link_files(root, name),
                *(_find_network_files(root, name) if manager == "systemd-networkd" else ()),
            )
        )
    )


def _find_udev_rules(root: Path, name: str, port: str | None) -> Iterator[str]:
    for path in _list(root, UDEV_FOLDERS, "*.rules"):
        for line in _read(path).replace("\\\n", " ").splitlines():
            other = NAME.search(line)
            if line.lstrip().startswith("#") or other is None or other[1] == name or not _matches(line, port):
                continue
            own = parse_interface_name(PurePosixPath(path.name))
            advice = (
                f"vision-ai link uninstall --name {own}" if own == other[1] else Message("remove that rule")
            )
            yield Message(
                "{path} names the same interface {name}. Keep one of the two: {advice}.",
                path=path,
                name=other[1],
                advice=advice,
            )


def _matches(line: str, port: str | None) -> bool:
    """Whether a udev rule applies to the interface of a module, or of the one on this USB port."""
    known = 0
    for key, attribute, pattern in MATCH.findall(line):
        name = attribute or key
        if name == "KERNELS":
            if port is not None and not _matches_pattern(pattern, port):
                return False
        elif name in DEVICE:
            known += 1
            if not _matches_pattern(pattern.lower() if attribute else pattern, DEVICE[name]):
                return False
        elif key not in ("SUBSYSTEM", "SUBSYSTEMS", "ACTION"):
            return False
    return known > 0


def _find_link_files(root: Path, name: str) -> Iterator[str]:
    for path in _list(root, NETWORKD_FOLDERS, "*.link"):
        file = _parse(path)
        other = file.get("Link", "Name", fallback=name)
        if other != name and _selects(file, "usb0"):
            yield Message(
                "{path} names the same interface {name}. Keep one of the two.", path=path, name=other
            )


def _find_network_files(root: Path, name: str) -> Iterator[str]:
    own = make_networkd_file(name).path.name
    for path in _list(root, NETWORKD_FOLDERS, "*.network"):
        if path.name < own and _selects(_parse(path), name):
            yield Message(
                "{path} configures {name} instead: systemd-networkd reads it before {own}.",
                path=path,
                name=name,
                own=own,
            )


def _selects(file: configparser.ConfigParser, name: str) -> bool:
    """Whether the file's section [Match] selects the module's interface with this name."""
    keys = dict(file["Match"]) if file.has_section("Match") else {}
    for key, text in keys.items():
        words = text.split()
        if key in ("Name", "OriginalName"):
            wanted = any(fnmatchcase(name, word) for word in words)
        elif key == "Driver":
            wanted = any(fnmatchcase(DRIVER, word) for word in words)
        elif key == "Property":
            pairs = [word.partition("=") for word in words]
            wanted = all(DEVICE.get(variable, "").lower() == value.lower() for variable, _, value in pairs)
        else:
            wanted = key == "Type" and "ether" in words
        if not wanted:
            return False
    return bool(keys)


def _parse(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(_read(path))
    except configparser.Error:
        parser.clear()
    return parser


def _matches_pattern(pattern: str, text: str) -> bool:
    return any(fnmatchcase(text, each) for each in pattern.split("|"))


def _list(root: Path, folders: Sequence[str], pattern: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in list_files(root, folder, pattern) if not is_link(path))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
