"""What the vendor says about the link: "Connection SETUP > VISION-AI module USB-RNDIS configuration"."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface

MODULE = IPv4Address("172.22.0.6")
"""The module's own address; it has no other."""
TERMINAL = IPv4Interface("172.22.0.7/24")
"""What the terminal's side of the cable must have: the module takes this address for its gateway."""
NETWORK = TERMINAL.network
"""Nothing else may live in it."""

USB_VENDOR = "2207"
USB_PRODUCT = "372d"
"""This generation: USB-RNDIS, a network card."""
OLD_USB_PRODUCT = "3729"
"""The old generation: USB-HID, another protocol."""

SECONDS_TO_START = 30
"""How long a module usually takes, from being plugged in to showing up as a network card."""
