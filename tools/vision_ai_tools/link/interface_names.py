"""Names that the module's interface can have."""

from __future__ import annotations

import re
import socket

from vision_ai_translations import Message

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
            Message("{name} cannot be the name of a network interface.", name=repr(name)),
            Message(
                "Use up to {number} letters, digits, '-' and '_', starting with a letter.", number=MAX_LENGTH
            ),
        )
    if name.lower() in RESERVED:
        raise _make_refusal(
            Message(
                "The module's interface cannot be named {name}, which has another meaning in the settings of the kernel"
                " or of a network manager.",
                name=repr(name),
            )
        )
    if KERNEL_NAME.fullmatch(name) or UDEV_NAME.fullmatch(name):
        raise _make_refusal(
            Message(
                "The module's interface cannot be named {name}, which is a name that the system itself gives to other"
                " interfaces.",
                name=repr(name),
            )
        )


def check_name_is_free(name: str) -> None:
    """Check that no interface of this computer has this name, not even as an alternative one.

    Raises:
        InvalidArgumentError: one has it.
    """
    try:
        socket.if_nametoindex(name)
    except OSError:
        return
    raise _make_refusal(
        Message(
            "The module's interface cannot be named {name}, which is the name of another interface of this computer.",
            name=repr(name),
        )
    )


def _make_refusal(message: Message) -> InvalidArgumentError:
    return InvalidArgumentError(message, Message("Choose another name, for example visionai0."))
