"""The configuration files that keep the link set up after a restart.

The first line of each names this program and has a checksum of the rest, so that later edits are detected.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from pathlib import PurePosixPath

from attrs import frozen

from .constants import MODULE_NETWORK, TERMINAL_ADDRESS, USB_PRODUCT, USB_VENDOR

MARK = "# Written by 'vision-ai link install'; 'vision-ai link uninstall' removes it. Checksum: "
FORWARD_MARK = "# Written by 'vision-ai link forward'; 'vision-ai link forward off' removes it. Checksum: "
MARKS = (MARK, FORWARD_MARK)
UUID_NAMESPACE = uuid.UUID("5a8f0a4c-3c5e-4b7e-9a53-3f6f0d3c2b10")
"""NetworkManager requires a UUID; the same interface always gets the same one."""

UDEV_MATCH = f'ATTRS{{idVendor}}=="{USB_VENDOR}", ATTRS{{idProduct}}=="{USB_PRODUCT}"'
"""The part of a udev rule that selects what belongs to a module."""
UDEV_FOLDER = PurePosixPath("etc/udev/rules.d")
NETWORKD_FOLDER = PurePosixPath("etc/systemd/network")
NETWORK_MANAGER_FOLDER = PurePosixPath("etc/NetworkManager/system-connections")
IFUPDOWN_FOLDER = PurePosixPath("etc/network/interfaces.d")
FOLDERS = (UDEV_FOLDER, NETWORKD_FOLDER, NETWORK_MANAGER_FOLDER, IFUPDOWN_FOLDER)

PUBLIC_MODE, PRIVATE_MODE = 0o644, 0o600


@frozen
class ConfigFile:
    """One configuration file."""

    path: PurePosixPath
    """Relative to the root folder."""
    body: str
    """Everything after the first line."""
    mode: int = PUBLIC_MODE
    mark: str = MARK
    """The first line, without the checksum."""

    @property
    def text(self) -> str:
        return f"{self.mark}{compute_checksum(self.body)}\n{self.body}"


def compute_checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def is_marked(text: str) -> bool:
    """Whether this program wrote the file, whatever was edited since."""
    return text.startswith(MARKS)


def is_unmodified(text: str) -> bool:
    """Whether the file is as this program wrote it."""
    first, _, body = text.partition("\n")
    return first in [f"{mark}{compute_checksum(body)}" for mark in MARKS]


def parse_interface_name(path: PurePosixPath) -> str | None:
    """Get the interface from a file's name; None where this program does not use such a name."""
    match = re.fullmatch(r"(?:\d\d-)?vision-ai-([^.]+)(?:\.[a-z]+)?", path.name)
    return match[1] if match else None


def make_udev_rule(name: str, port: str | None) -> ConfigFile:
    """Make the rule that names the module's interface, or only that of the module on the given USB port."""
    port_match = f'KERNELS=="{port}", ' if port else ""
    return ConfigFile(
        UDEV_FOLDER / f"70-vision-ai-{name}.rules",
        f'SUBSYSTEM=="net", ACTION=="add", {port_match}{UDEV_MATCH}, NAME="{name}"\n',
    )


def make_networkd_file(name: str) -> ConfigFile:
    """Make the file for systemd-networkd. The computer does not wait for the module when it starts."""
    return ConfigFile(
        NETWORKD_FOLDER / f"05-vision-ai-{name}.network",
        f"""\
[Match]
Name={name}

[Link]
RequiredForOnline=no

[Network]
Address={TERMINAL_ADDRESS}
DHCP=no
LinkLocalAddressing=no
IPv6AcceptRA=no
""",
    )


def make_network_manager_file(name: str) -> ConfigFile:
    """Make the file for NetworkManager, which ignores files that other users can read."""
    return ConfigFile(
        NETWORK_MANAGER_FOLDER / f"vision-ai-{name}.nmconnection",
        f"""\
[connection]
id=VISION-AI module on {name}
uuid={uuid.uuid5(UUID_NAMESPACE, name)}
type=ethernet
interface-name={name}
autoconnect-priority=100

[ethernet]

[ipv4]
method=manual
address1={TERMINAL_ADDRESS}
never-default=true

[ipv6]
method=disabled
""",
        PRIVATE_MODE,
    )


def make_ifupdown_file(name: str) -> ConfigFile:
    """Make the file for ifupdown. Its name has no dot, because `source-directory` ignores names with one."""
    return ConfigFile(
        IFUPDOWN_FOLDER / f"vision-ai-{name}",
        f"""\
allow-hotplug {name}
iface {name} inet static
    address {TERMINAL_ADDRESS.ip}
    netmask {MODULE_NETWORK.netmask}
""",
    )
