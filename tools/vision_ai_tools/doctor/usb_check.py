"""Check whether a module is connected over USB."""

from __future__ import annotations

from vision_ai_tools.link.constants import OLD_USB_ID, STARTUP_SECONDS, USB_ID

from .findings import Finding
from .terminal_state import TerminalState


def check_usb(state: TerminalState) -> Finding:
    """Check whether a module of the current generation is connected."""
    if state.devices is None:
        return Finding("usb", "unknown", "usb.unseen")
    modules = state.modules
    if len(modules) > 1:
        ports = ", ".join(each.port for each in modules)
        values = {"count": str(len(modules)), "id": USB_ID, "ports": ports}
        return Finding("usb", "right", "usb.several", values)
    if modules:
        return Finding("usb", "right", "usb.found", {"id": USB_ID, "port": modules[0].port})
    if state.devices:
        return Finding("usb", "wrong", "usb.old", {"id": OLD_USB_ID, "wanted": USB_ID})
    return Finding("usb", "wrong", "usb.missing", {"id": USB_ID, "seconds": str(STARTUP_SECONDS)})
