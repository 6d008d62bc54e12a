"""The running NetworkManager: whether it manages an interface, and how to take the interface over."""

from __future__ import annotations

import os
import shutil
import subprocess
import time

from vision_ai_translations import Message

from .errors import LinkError, NotPermittedError
from .processes import is_process_running
from .shell_commands import format_root_command, is_root

UNMANAGED, CONNECTED = 10, 100
"""Device states of NetworkManager."""
SECONDS = 10.0
"""How long nmcli and NetworkManager may take."""
PROCESS = "NetworkManager"


def is_running() -> bool:
    """Whether NetworkManager runs for the network of this process. There need not be a PID file."""
    running = is_process_running(PROCESS)
    if running is None:  # perhaps in another PID namespace: its D-Bus name decides
        return _run_nmcli("--get-values", "RUNNING", "general").strip() == "running"
    return running


def is_control_available() -> bool:
    """Whether nmcli is installed."""
    return shutil.which("nmcli") is not None


def read_device_state(interface: str) -> int:
    """Read the state of an interface; `UNMANAGED` where NetworkManager does not know it."""
    state = _run_nmcli("--get-values", "GENERAL.STATE", "device", "show", interface).split(" ")[0].strip()
    return int(state) if state.isdigit() else UNMANAGED


def release_interface(interface: str) -> None:
    """Make NetworkManager leave an interface alone until a restart, or until the module is plugged in again.

    Raises:
        NotPermittedError: this needs root.
        LinkError: NetworkManager refused.
    """
    if not is_root():
        raise NotPermittedError(
            Message("Taking {name} over from {manager} needs root.", name=interface, manager=PROCESS)
        )
    _run_nmcli("device", "set", interface, "managed", "no")
    deadline = time.monotonic() + SECONDS
    while read_device_state(interface) != UNMANAGED:
        if time.monotonic() > deadline:
            raise LinkError(
                Message("NetworkManager manages {name}, and would undo the setting.", name=interface),
                Message(
                    "Install a connection for it: {command}", command=format_root_command("link", "install")
                ),
            )
        time.sleep(0.05)


def _run_nmcli(*words: str) -> str:
    """Run nmcli; return what it prints, or nothing where it fails."""
    try:
        return subprocess.run(
            ["nmcli", *words],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=True,
            env={**os.environ, "LC_ALL": "C"},
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
