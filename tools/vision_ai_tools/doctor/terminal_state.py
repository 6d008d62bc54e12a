"""The network settings and USB devices of this computer, read once for all checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import frozen

from vision_ai_tools.link.netlink import read_network
from vision_ai_tools.link.network import Interface, Network
from vision_ai_tools.link.shell_commands import format_root_command
from vision_ai_tools.link.usb import UsbDevice, list_usb_devices, map_usb_interfaces


@frozen
class TerminalState:
    """What the cable checks are based on."""

    network: Network
    devices: Sequence[UsbDevice] | None
    """Modules on USB; None where USB devices cannot be listed."""
    module_interfaces: Mapping[str, UsbDevice]
    """Names of the network interfaces that have a module's USB id."""
    interface_name: str | None
    """The interface that the user named."""
    sysfs: Path
    """Folder in which the kernel lists USB devices."""

    @property
    def modules(self) -> list[UsbDevice]:
        """Modules of the current generation."""
        return [each for each in self.devices or () if not each.is_old]

    def format_link_up(self, interface: Interface) -> str:
        """Format the command that sets this interface up, with its name where `link up` needs it."""
        is_only_one = set(self.module_interfaces) == {interface.name}
        return format_root_command("link", "up", *(() if is_only_one else ("--interface", interface.name)))


def read_terminal_state(sysfs: Path, interface_name: str | None) -> TerminalState:
    """Read the current state.

    Raises:
        LinkError: this is not Linux, or pyroute2 is not installed.
        OSError: the kernel refused the request.
    """
    return TerminalState(
        read_network(), list_usb_devices(sysfs), map_usb_interfaces(sysfs), interface_name, sysfs
    )
