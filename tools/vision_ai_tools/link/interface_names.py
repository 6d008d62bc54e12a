"""Names that the module's interface can have."""

from __future__ import annotations

import re
import socket

from .errors import InvalidArgumentError

MAX_LENGTH = 15
RESERVED = {"lo", "all", "default", "any", "none"}
"""The loopback interface, and words that mean several interfaces or none."""
KERNEL_NAME = re.compile(
    r"(eth|usb|wlan|wwan|rndis|bond|br|dummy|docker|ifb|tun|tap|veth|virbr|sit|ppp|wg|can|hsr|team)\d+",
    re.IGNORECASE,
)
UDEV_NAME = re.compile(r"(en|ib|sl|wl|ww)(P\d+)?(o\d+|s\d+|p\d+s\d+|x[0-9a-f]{12}|v\d+|u\d+|X\d+)([a-z]\w*)?")


def check_name(name: str) -> None:
    """Check that a udev rule can give this name to the module's interface.

    Raises:
        InvalidArgumentError: it cannot.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name) or len(name) > MAX_LENGTH:
        raise InvalidArgumentError(
            f"{name!r} cannot be the name of a network interface.",
            f"Use up to {MAX_LENGTH} letters, digits, '-' and '_', starting with a letter.",
        )
    if name.lower() in RESERVED:
        _refuse(name, "has another meaning in the settings of the kernel or of a network manager")
    if KERNEL_NAME.fullmatch(name) or UDEV_NAME.fullmatch(name):
        _refuse(name, "is a name that the system itself gives to other interfaces")


def check_name_is_free(name: str) -> None:
    """Check that no interface of this computer has this name, not even as an alternative one.

    Raises:
        InvalidArgumentError: one has it.
    """
    try:
        socket.if_nametoindex(name)
    except OSError:
        return
    _refuse(name, "is the name of another interface of this computer")


def _refuse(name: str, reason: str) -> None:
    raise InvalidArgumentError(
        f"The module's interface cannot be named {name!r}, which {reason}.",
        "Choose another name, for example visionai0.",
    )
