"""The running systemd-networkd: whether it manages an interface, and how to take the interface over."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path

from vision_ai_translations import Message

from .constants import TERMINAL_ADDRESS
from .errors import NotPermittedError
from .network import Interface
from .processes import is_process_running
from .shell_commands import is_root

STATE_FOLDER = Path("/run/systemd/netif")
RUNTIME_FOLDER = Path("/run/systemd/network")
"""Configuration files that are gone after a restart of the computer."""
SECONDS = 10.0
"""How long networkctl and systemd-networkd may take."""
PROCESS = "systemd-networkd"


def is_running() -> bool:
    """Whether systemd-networkd runs for the network of this process."""
    return bool(is_process_running(PROCESS))


def manages(interface: Interface) -> bool:
    """Whether systemd-networkd configures the interface, or is about to."""
    return _read_values(STATE_FOLDER / "links" / str(interface.index), "ADMIN_STATE") != ["unmanaged"]


def has_set_up(interface: Interface) -> bool:
    """Whether systemd-networkd itself gave the interface the terminal's address."""
    index = str(interface.index)
    if _read_values(STATE_FOLDER / "leases" / index, "ADDRESS") == [str(TERMINAL_ADDRESS.ip)]:
        return True
    files = _read_values(STATE_FOLDER / "links" / index, "NETWORK_FILE")
    return any(str(TERMINAL_ADDRESS) in _read_values(Path(file), "Address") for file in files)


def release_interface(interface: Interface) -> str | None:
    """Make systemd-networkd leave an interface alone until this computer restarts.

    Returns:
        The file that says so; None where systemd-networkd does not read it.

    Raises:
        NotPermittedError: this needs root.
        OSError: the file cannot be written.
    """
    if not is_root():
        raise NotPermittedError(
            Message("Taking {name} over from {manager} needs root.", name=interface.name, manager=PROCESS)
        )
    # Files are read in the order of their names: this one before the one that `link install` writes.
    file = RUNTIME_FOLDER / f"04-vision-ai-{interface.name}.network"
    RUNTIME_FOLDER.mkdir(parents=True, exist_ok=True)
    file.write_text(f"[Match]\nName={interface.name}\n\n[Link]\nUnmanaged=yes\n", encoding="utf-8")
    file.chmod(0o644)
    deadline = time.monotonic() + SECONDS
    # A reload configures only those interfaces anew whose files have changed.
    if shutil.which("networkctl") and _run("networkctl", "reload"):
        while time.monotonic() < deadline:
            if not manages(interface):
                return str(file)
            time.sleep(0.05)
    file.unlink()
    return None


def _read_values(file: Path, key: str) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [each.strip() for each in re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)]


def _run(*words: str) -> bool:
    try:
        return subprocess.run(words, capture_output=True, timeout=SECONDS, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
