"""A terminal and a module in two network namespaces, connected by a virtual cable.

The module is the emulator, which really listens on 172.22.0.6, port 80. The terminal's USB devices are a
folder that is mounted over /sys for the programs that run there. Nothing can be reached from outside.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from preloaded_program import PreloadedProgram, enter_namespace
from shared_usb_tree import UsbTree

from vision_ai_tools.doctor import Finding

VISION_AI = Path(sys.executable).with_name("vision-ai")
AS_USER = ("unshare", "--user", "--map-user=1000")
"""Run a command without root's rights."""
PREFIX = "vision-ai-test-"
TOKEN = "token-of-the-lab"
CONTROL_PORT = 8173
WITH_USB_TREE = 'mount --bind "$0" /sys && exec "$@"'
CompletedProcess: TypeAlias = "subprocess.CompletedProcess[str]"


def explain_unavailability() -> str | None:
    """Why network namespaces cannot be used here; None where they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "network namespaces need ip (Debian's iproute2)"
    name = f"{PREFIX}{os.getpid()}-trial"
    added = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if added.returncode:
        return f"network namespaces cannot be created: {added.stderr.strip()}"
    run_ip("netns", "del", name)
    return None


def run_ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def run_ip_batch(namespace: str, *commands: str, force: bool = False) -> None:
    """Run several `ip` commands in a namespace; with `force`, go on when one fails."""
    subprocess.run(
        ["ip", "-n", namespace, *(["-force"] if force else []), "-batch", "-"],
        input="\n".join(commands),
        check=not force,
        capture_output=True,
        text=True,
    )


def add_namespace(name: str) -> None:
    run_ip("netns", "add", name)
    run_ip("-n", name, "link", "set", "lo", "up")


def remove_stale_namespaces() -> None:
    """Remove the namespaces of test runs that were killed; the names contain their process ids."""
    names = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout.split()
    for name in names:
        process = name.removeprefix(PREFIX).partition("-")[0]
        if name.startswith(PREFIX) and not Path("/proc", process).exists():
            run_ip("netns", "del", name)


class ModuleSide:
    """A module in a network namespace: the emulator, and its end of the cable."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self._is_changed = False
        self._servers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> ModuleSide:
        with ExitStack() as cleanup:
            add_namespace(self.namespace)
            cleanup.callback(run_ip, "netns", "del", self.namespace)
            cleanup.callback(self.stop_servers)
            # The emulator keeps its address while cables come and go; others see only the one of gadget0.
            self.ip("address", "add", "172.22.0.6/32", "dev", "lo")
            self.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore")
            self.start_server(
                *(sys.executable, "-m", "vision_ai_emulator", "--host", "172.22.0.6", "--port", "80"),
                *("--control-port", str(CONTROL_PORT), "--token", TOKEN),
            )
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._cleanup.close()

    def reset(self) -> None:
        """Return the module to its first state, without a cable."""
        self.stop_servers(keep=1)
        if self._is_changed:
            self.control("POST", "/reset", {})
            self._is_changed = False
        run_ip_batch(self.namespace, "link del gadget0", "route flush type blackhole", force=True)

    def plug_in(self, terminal: str, interface: str) -> None:
        """Connect a cable to an interface of the terminal, which is down and has no address."""
        run_ip_batch(
            self.namespace,
            f"link add gadget0 type veth peer {interface} netns {terminal}",
            "address add 172.22.0.6/24 dev gadget0",
            "link set gadget0 up",
        )

    def unplug(self) -> None:
        self.ip("link", "del", "gadget0")

    def ip(self, *words: str) -> None:
        """Run `ip` on the module."""
        run_ip("-n", self.namespace, *words)

    def run(self, *command: str) -> None:
        subprocess.run(
            ["ip", "netns", "exec", self.namespace, *command], check=True, capture_output=True, timeout=30
        )

    def start_server(self, *command: str) -> None:
        """Start a server on the module until the end of the test, and wait until it has printed a line."""
        server = subprocess.Popen(
            ["ip", "netns", "exec", self.namespace, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._servers.append(server)
        assert server.stdout is not None
        assert server.stdout.readline()

    def stop_servers(self, keep: int = 0) -> None:
        """Stop all servers except the first ones."""
        while len(self._servers) > keep:
            server = self._servers.pop()
            server.kill()
            server.communicate(timeout=20)

    def control(self, method: str, path: str, body: object = None) -> None:
        """Send a request to the emulator's control interface."""
        self._is_changed = True
        with ThreadPoolExecutor(1) as thread:
            thread.submit(self._request, method, path, body).result()

    def _request(self, method: str, path: str, body: object) -> None:
        """In a thread of its own: entering a namespace changes the calling thread for good."""
        with Path("/run/netns", self.namespace).open() as namespace:
            enter_namespace(namespace.fileno(), "net")
        connection = http.client.HTTPConnection("172.22.0.6", CONTROL_PORT, timeout=10)
        connection.request(
            method,
            f"/__emulator__{path}",
            "" if body is None else json.dumps(body),
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        response = connection.getresponse()
        assert response.status < 300, response.read()
        connection.close()


class NetworkLab:
    """A terminal, and a module on its usb0."""

    def __init__(self, folder: Path, program: PreloadedProgram) -> None:
        self._folder = folder
        self._program = program
        self._prefix = f"{PREFIX}{os.getpid()}"
        self._second: ModuleSide | None = None
        self.terminal = f"{self._prefix}-terminal"
        self.module = ModuleSide(f"{self._prefix}-module")
        self.usb = self.clear_usb()

    def __enter__(self) -> NetworkLab:
        with ExitStack() as cleanup:
            add_namespace(self.terminal)
            cleanup.callback(run_ip, "netns", "del", self.terminal)
            cleanup.enter_context(self.module)
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._cleanup.close()

    @property
    def program_folder(self) -> Path:
        """The folder of the `vision-ai` that starts quickly."""
        return self._program.path.parent

    def reset(self) -> None:
        """One module on USB; its interface usb0 is up and has the terminal's address."""
        self.module.reset()
        run_ip("netns", "del", self.terminal)
        add_namespace(self.terminal)
        self.plug_in()
        run_ip_batch(self.terminal, "address add 172.22.0.7/24 dev usb0", "link set usb0 up")
        self.clear_usb()
        self.usb.plug_in()
        self.usb.add_interface("usb0")

    def plug_in(self) -> None:
        """Connect the module to usb0, which is down and has no address."""
        self.module.plug_in(self.terminal, "usb0")
        self._shorten_neighbor_lookup("usb0")

    @contextmanager
    def second_module(self) -> Generator[None]:
        """Connect a module with the serial number 00000002 to usb1, which is down and has no address."""
        if self._second is None:
            self._second = self._cleanup.enter_context(ModuleSide(f"{self._prefix}-second"))
            self._second.control("PUT", "/settings", {"sn": "00000002"})
        self._second.plug_in(self.terminal, "usb1")
        self._shorten_neighbor_lookup("usb1")
        self.usb.plug_in("1-2")
        self.usb.add_interface("usb1", "1-2")
        try:
            yield
        finally:
            self._second.unplug()

    def _shorten_neighbor_lookup(self, interface: str) -> None:
        # The kernel asks for an address three times, one second apart; a tenth is enough here.
        self.run("sh", "-c", f"echo 100 > /proc/sys/net/ipv4/neigh/{interface}/retrans_time_ms")

    def clear_usb(self) -> UsbTree:
        """Unplug everything from the terminal's USB."""
        self.usb = UsbTree(Path(tempfile.mkdtemp(dir=self._folder)))
        return self.usb

    def ip(self, *words: str) -> None:
        """Run `ip` on the terminal."""
        run_ip("-n", self.terminal, *words)

    def add_card(self) -> str:
        """Add a second network interface to the terminal, and return its name."""
        run_ip_batch(
            self.terminal, "link add eth1 type veth peer eth1-far", "link set eth1 up", "link set eth1-far up"
        )
        return "eth1"

    def run(self, *command: str, **environment: str) -> CompletedProcess:
        """Run a program on the terminal, with the terminal's USB devices."""
        inherited = {name: text for name, text in os.environ.items() if "proxy" not in name.lower()}
        inherited.pop("VISION_AI_URL", None)
        path = {"PATH": f"{self.program_folder}:{os.environ['PATH']}", "NO_COLOR": "1"}
        return subprocess.run(
            ["ip", "netns", "exec", self.terminal, "sh", "-c", WITH_USB_TREE, str(self.usb.root), *command],
            capture_output=True,
            text=True,
            timeout=60,
            env={**inherited, **path, **environment},
            check=False,
        )

    def vision_ai(self, *words: str, **environment: str) -> CompletedProcess:
        return self.run("vision-ai", *words, **environment)

    def vision_ai_as_user(self, *words: str, **environment: str) -> CompletedProcess:
        """Run the program without root's rights."""
        return self.run(*AS_USER, str(VISION_AI), *words, **environment)

    def doctor(self, *words: str, **environment: str) -> DoctorRun:
        return DoctorRun(self.vision_ai("doctor", "--json", *words, **environment))

    def doctor_after_fixes(self, run: DoctorRun, *words: str, **environment: str) -> DoctorRun:
        """Run the doctor again in a shell that has executed the fixes of an earlier run."""
        commands = [*(each["fix"] for each in run.wrong), f"vision-ai doctor --json {' '.join(words)}"]
        return DoctorRun(self.run("sh", "-ec", "\n".join(commands), **environment))

    def read_ip(self, *words: str) -> Any:
        """Read the output of `ip` on the terminal."""
        return json.loads(self.run("ip", "-json", "-4", *words).stdout or "[]")

    def addresses(self, interface: str) -> list[str]:
        """The addresses of an interface on the terminal."""
        (link,) = self.read_ip("address", "show", "dev", interface) or [{}]
        return [f"{each['local']}/{each['prefixlen']}" for each in link.get("addr_info", ())]


class DoctorRun:
    """One run of the doctor."""

    def __init__(self, process: CompletedProcess) -> None:
        self.status = process.returncode
        try:
            message: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
            self.diagnosis: dict[str, Any] = message["result"]
        except (KeyError, IndexError, ValueError):
            raise AssertionError(f"no diagnosis:\n{process.stdout}{process.stderr}") from None
        for each in self.diagnosis["findings"]:
            # Whatever was found: code and values are enough to describe it in both languages.
            finding = Finding(each["step"], each["state"], each["code"], each["values"])
            assert finding.what == each["what"]
            assert finding.describe("zh") != each["what"]

    @property
    def wrong(self) -> list[dict[str, Any]]:
        return [each for each in self.diagnosis["findings"] if each["state"] == "wrong"]

    @property
    def wrong_steps(self) -> list[str]:
        return [each["step"] for each in self.wrong]

    @property
    def states(self) -> dict[str, str]:
        return {each["step"]: each["state"] for each in self.diagnosis["findings"]}

    def find(self, step: str) -> dict[str, Any]:
        return next(each for each in self.diagnosis["findings"] if each["step"] == step)
