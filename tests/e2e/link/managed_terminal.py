"""A terminal on which a real network manager runs, in the terminal's namespaces only."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from network_lab import WITH_USB_TREE, CompletedProcess, NetworkLab

START_BUS = """\
mkdir -p /run/dbus
dbus-daemon --config-file="$0/bus.conf" --nofork &
while [ ! -S /run/dbus/system_bus_socket ]; do sleep 0.05; done
"""
"""Part of a start script; its argument is the folder."""
BUS = """\
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/> <allow send_destination="*"/> <allow receive_sender="*"/>
  </policy>
</busconfig>
"""


class ManagedTerminal:
    """The terminal of the lab, and a shell script that starts the manager in a mount namespace of its own."""

    def __init__(self, lab: NetworkLab, script: str, folder: Path) -> None:
        self.lab = lab
        (folder / "bus.conf").write_text(BUS, encoding="utf-8")
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", lab.terminal, "sh", "-ec", script, str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def run(self, *command: str) -> CompletedProcess:
        namespaces = ("nsenter", "-t", str(self.process.pid), "--mount", "--net", "unshare", "--mount")
        path = f"{self.lab.program_folder}:{os.environ['PATH']}"
        return subprocess.run(
            [*namespaces, "sh", "-c", WITH_USB_TREE, str(self.lab.usb.root), *command],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        )

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.1)
