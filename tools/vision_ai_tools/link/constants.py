"""Addresses and USB ids from the vendor's chapter "VISION-AI module USB-RNDIS configuration"."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface

MODULE_ADDRESS = IPv4Address("172.22.0.6")
"""The module has this address and no other."""
TERMINAL_ADDRESS = IPv4Interface("172.22.0.7/24")
"""The terminal's end of the USB cable must have this address: the module uses it as its gateway."""
MODULE_NETWORK = TERMINAL_ADDRESS.network
"""Reserved for the module and the terminal's end of its cable."""

USB_VENDOR = "2207"
USB_PRODUCT = "372d"
"""The current generation: USB-RNDIS, a network interface."""
OLD_USB_PRODUCT = "3729"
"""The previous generation: USB-HID, with a different protocol."""
USB_ID = f"{USB_VENDOR}:{USB_PRODUCT}"
OLD_USB_ID = f"{USB_VENDOR}:{OLD_USB_PRODUCT}"

STARTUP_SECONDS = 30
"""How long a module usually takes from being plugged in to appearing as a network interface."""
