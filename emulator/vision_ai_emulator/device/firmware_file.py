"""The firmware file that upgrades a V1 module to V2: writing it, and verifying and reading it for the upgrade.

The vendor names such a file `SX_B1109_firmware_9.9.5.7.evo` and does not describe its format.
"""

from __future__ import annotations

from typing import BinaryIO

from attrs import asdict, fields_dict, frozen

from vision_ai_emulator.device import evo_file
from vision_ai_emulator.device.error_codes import DEVICE_MISMATCH, FORMAT_MISMATCH, DeviceError
from vision_ai_emulator.shared.json_values import require_string

_SIZE = 1 << 16


@frozen(kw_only=True)
class Firmware:
    """A firmware for the modules with one board, which speaks V2. The defaults are from the vendor's example."""

    board: str = "1109"
    app: str = "9.0.6"
    engine: str = "9.6"
    version: str = "9.9.5.7"

    @property
    def filename(self) -> str:
        """The name under which the vendor publishes it."""
        return f"SX_B{self.board}_firmware_{self.version}.evo"


def write(firmware: Firmware) -> bytes:
    """Return the file for a firmware."""
    return evo_file.write("firmware", asdict(firmware), padding=_SIZE)


def read(file: BinaryIO, board: str) -> Firmware:
    """Return the firmware in a file for a module with `board`.

    Raises `DeviceError`, checked in this order: -6140 format, -6211 checksum, -6142 another board.
    """
    try:
        manifest, _ = evo_file.read_manifest(file)
        firmware = Firmware(**{name: require_string(manifest[name]) for name in fields_dict(Firmware)})
    except (ValueError, KeyError):
        raise DeviceError(FORMAT_MISMATCH) from None
    if firmware.board != board:
        raise DeviceError(DEVICE_MISMATCH)
    return firmware
