"""The files that make the link last: what stands in them.

Each begins with a line that says whose it is and carries a checksum of the rest, so that a file that was
changed since is known.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from pathlib import PurePosixPath

from attrs import frozen

from .vendor import NETWORK, TERMINAL, USB_PRODUCT, USB_VENDOR

MARK = "# Written by 'vision-ai link install'; 'vision-ai link uninstall' removes it. Checksum: "
NAMESPACE = uuid.UUID("5a8f0a4c-3c5e-4b7e-9a53-3f6f0d3c2b10")
"""For the UUIDs that NetworkManager wants: the same interface always gets the same."""

RULES = PurePosixPath("etc/udev/rules.d")
NETWORKD = PurePosixPath("etc/systemd/network")
NETWORK_MANAGER = PurePosixPath("etc/NetworkManager/system-connections")
IFUPDOWN = PurePosixPath("etc/network/interfaces.d")
FOLDERS = (RULES, NETWORKD, NETWORK_MANAGER, IFUPDOWN)

PUBLIC, SECRET = 0o644, 0o600


@frozen
class Wanted:
    """One file as it should be."""

    path: PurePosixPath
    """Below the root."""
    body: str
    """Without the first line."""
    mode: int = PUBLIC

    @property
    def text(self) -> str:
        return f"{MARK}{checksum(self.body)}\n{self.body}"


def checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def is_marked(text: str) -> bool:
    """Whether this program wrote the file, changed since or not."""
    return text.startswith(MARK)


def is_untouched(text: str) -> bool:
    """Whether the file is as this program wrote it."""
    first, _, body = text.partition("\n")
    return is_marked(text) and first == f"{MARK}{checksum(body)}"


def interface_of(path: PurePosixPath) -> str | None:
    """The interface that a file is for, by the file's name; None where that is none of this program's."""
    match = re.fullmatch(r"(?:\d\d-)?vision-ai-([^.]+)(?:\.[a-z]+)?", path.name)
    return match[1] if match else None


def udev_rule(name: str, port: str | None) -> Wanted:
    """Gives the module's interface its name; of several modules, the one that hangs on that USB port."""
    where = f'KERNELS=="{port}", ' if port else ""
    return Wanted(
        RULES / f"70-vision-ai-{name}.rules",
        f'SUBSYSTEM=="net", ACTION=="add", {where}'
        f'ATTRS{{idVendor}}=="{USB_VENDOR}", ATTRS{{idProduct}}=="{USB_PRODUCT}", NAME="{name}"\n',
    )


def networkd(name: str) -> Wanted:
    """For systemd-networkd. The computer starts without waiting for the module."""
    return Wanted(
        NETWORKD / f"05-vision-ai-{name}.network",
        f"""\
[Match]
Name={name}

[Link]
RequiredForOnline=no

[Network]
Address={TERMINAL}
DHCP=no
LinkLocalAddressing=no
IPv6AcceptRA=no
""",
    )


def network_manager(name: str) -> Wanted:
    """For NetworkManager, which reads no file that others can read."""
    return Wanted(
        NETWORK_MANAGER / f"vision-ai-{name}.nmconnection",
        f"""\
[connection]
id=VISION-AI module on {name}
uuid={uuid.uuid5(NAMESPACE, name)}
type=ethernet
interface-name={name}
autoconnect-priority=100

[ethernet]

[ipv4]
method=manual
address1={TERMINAL}
never-default=true

[ipv6]
method=disabled
""",
        SECRET,
    )


def ifupdown(name: str) -> Wanted:
    """For ifupdown. Its file's name has no dot: `source-directory` reads no others."""
    return Wanted(
        IFUPDOWN / f"vision-ai-{name}",
        f"""\
allow-hotplug {name}
iface {name} inet static
    address {TERMINAL.ip}
    netmask {NETWORK.netmask}
""",
    )
