"""Check the module's network interface: which one it is, whether it is up, and its address."""

from __future__ import annotations

import platform
from pathlib import Path

from vision_ai_tools.link.constants import MODULE_ADDRESS, STARTUP_SECONDS, TERMINAL_ADDRESS
from vision_ai_tools.link.discovery import needs_missing_driver
from vision_ai_tools.link.interface_setup import select_wrong_addresses
from vision_ai_tools.link.kernel_modules import DRIVER
from vision_ai_tools.link.network import Interface
from vision_ai_tools.link.shell_commands import format_command, format_system_command
from vision_ai_tools.link.usb import UsbDevice

from .findings import Finding
from .terminal_state import TerminalState


def check_interface(state: TerminalState) -> tuple[Finding, Interface | None]:
    """Check whether the module has a network interface, and return it."""
    if state.interface_name is not None:
        return _check_named_interface(state, state.interface_name)
    candidates = [each for each in state.network.interfaces if each.name in state.module_interfaces]
    if len(candidates) > 1:
        names = ", ".join(each.name for each in candidates)
        values = {"count": str(len(candidates)), "interfaces": names, "module": str(MODULE_ADDRESS)}
        fix = format_command("doctor", "--interface", candidates[0].name)
        return Finding("interface", "wrong", "interface.several", values, fix), None
    if candidates:
        values = {"interface": candidates[0].name}
        return Finding("interface", "right", "interface.found", values), candidates[0]
    if state.modules:
        return _explain_missing_interface(state.modules[0], state.sysfs), None
    likely = next((each for each in state.network.interfaces if TERMINAL_ADDRESS in each.addresses), None)
    if likely is not None:
        return Finding("interface", "unknown", "interface.likely", {"interface": likely.name}), likely
    if state.devices is None:
        fix = format_command("doctor", "--interface", "NAME")
        return Finding("interface", "wrong", "interface.unseen", fix=fix), None
    return Finding("interface", "skipped", "skipped.no_usb"), None


def check_up(state: TerminalState, interface: Interface) -> Finding:
    """Check whether the interface is up and something is connected to it."""
    values = {"interface": interface.name}
    if not interface.up:
        return Finding("up", "wrong", "up.off", values, state.format_link_up(interface))
    if not interface.carrier:
        return Finding("up", "wrong", "up.alone", {**values, "seconds": str(STARTUP_SECONDS)})
    return Finding("up", "right", "up.on", values)


def check_address(state: TerminalState, interface: Interface) -> Finding:
    """Check whether the interface has the terminal's address, and no other in the module's network."""
    wrong = select_wrong_addresses(interface)
    values = {"interface": interface.name, "terminal": str(TERMINAL_ADDRESS)}
    if TERMINAL_ADDRESS in interface.addresses and not wrong:
        return Finding("address", "right", "address.right", values)
    fix = state.format_link_up(interface)
    if not interface.addresses:
        return Finding("address", "wrong", "address.none", values, fix)
    values = {**values, "addresses": ", ".join(map(str, wrong or interface.addresses))}
    code = "address.beside" if TERMINAL_ADDRESS in interface.addresses else "address.wrong"
    return Finding("address", "wrong", code, values, fix)


def _check_named_interface(state: TerminalState, name: str) -> tuple[Finding, Interface | None]:
    interface = state.network.find_interface(name)
    if interface is None:
        names = ", ".join(each.name for each in state.network.interfaces if not each.loopback)
        if not names:
            return Finding("interface", "wrong", "interface.none", {"interface": name}), None
        values = {"interface": name, "interfaces": names}
        return Finding("interface", "wrong", "interface.unknown", values), None
    if name in state.module_interfaces:
        return Finding("interface", "right", "interface.named", {"interface": name}), interface
    if state.module_interfaces:
        other = next(iter(state.module_interfaces))
        values, fix = {"interface": name, "other": other}, format_command("doctor", "--interface", other)
        return Finding("interface", "wrong", "interface.other", values, fix), None
    return Finding("interface", "unknown", "interface.unsure", {"interface": name}), interface


def _explain_missing_interface(module: UsbDevice, sysfs: Path) -> Finding:
    drivers = module.drivers()
    if needs_missing_driver(module, sysfs):
        values = {"driver": DRIVER, "kernel": platform.release()}
        return Finding("interface", "wrong", "interface.no_kernel_driver", values)
    if not drivers:
        fix = format_system_command("modprobe", DRIVER)
        return Finding("interface", "wrong", "interface.no_driver", {"driver": DRIVER}, fix)
    values = {"drivers": ", ".join(drivers), "seconds": str(STARTUP_SECONDS)}
    return Finding("interface", "wrong", "interface.missing", values)
