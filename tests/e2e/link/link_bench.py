"""A terminal and a module in network namespaces of their own, with a cable between them.

The module is the emulator, really listening on 172.22.0.6, port 80; what the terminal has on USB is a tree
that is mounted over /sys for the programs that run there. Nothing of it can be seen from outside.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from usb_tree import UsbTree

from vision_ai_tools.doctor import Finding

VISION_AI = Path(sys.executable).with_name("vision-ai")
PREFIX = "vision-ai-test-"
TOKEN = "of-the-bench"
CONTROL = "http://172.22.0.6:8173/__emulator__"
ON_TERMINAL = 'mount --bind "$0" /sys && exec "$@"'
Finished: TypeAlias = "subprocess.CompletedProcess[str]"
CALL = """\
import sys, urllib.request
method, url, body = sys.argv[1:]
headers = {"Authorization": "Bearer TOKEN", "Content-Type": "application/json"}
request = urllib.request.Request(url, body.encode() or None, headers, method=method)
urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10).read()
""".replace("TOKEN", TOKEN)


def why_not() -> str | None:
    """Why namespaces cannot be made here, if so."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "network namespaces need ip (Debian's iproute2)"
    name = f"{PREFIX}{os.getpid()}-trial"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"network namespaces cannot be made: {made.stderr.strip()}"
    ip("netns", "del", name)
    return None


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def add_namespace(name: str) -> None:
    ip("netns", "add", name)
    ip("-n", name, "link", "set", "lo", "up")


def remove_what_dead_runs_left() -> None:
    """A run that was killed leaves its namespaces; their names say whose they are."""
    for name in subprocess.run(
        ["ip", "netns", "list"], capture_output=True, text=True, check=True
    ).stdout.split():
        if (
            name.startswith(PREFIX)
            and not Path("/proc", name.removeprefix(PREFIX).partition("-")[0]).exists()
        ):
            ip("netns", "del", name)


class ModuleSide:
    """A module in a network namespace: the emulator, and the far end of the cable."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self._changed = False
        self._servers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> ModuleSide:
        with ExitStack() as tidying:
            add_namespace(self.namespace)
            tidying.callback(ip, "netns", "del", self.namespace)
            tidying.callback(self.stop_servers)
            # The emulator keeps its address while cables come and go; on a cable it is only what gadget0 has.
            self.ip("address", "add", "172.22.0.6/32", "dev", "lo")
            self.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore")
            self.serve(
                *(sys.executable, "-m", "vision_ai_emulator", "--host", "172.22.0.6", "--port", "80"),
                *("--control-port", "8173", "--token", TOKEN),
            )
            self._tidying = tidying.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._tidying.close()

    def reset(self) -> None:
        """As it comes out of its box, with no cable."""
        self.stop_servers(but=1)
        if self._changed:
            self.control("POST", "/reset", {})
            self._changed = False
        subprocess.run(
            ["ip", "-n", self.namespace, "link", "del", "gadget0"], capture_output=True, check=False
        )
        self.ip("route", "flush", "type", "blackhole")

    def plug_in(self, terminal: str, interface: str) -> None:
        """A cable to an interface of the terminal, which is switched off and has no address."""
        self.ip("link", "add", "gadget0", "type", "veth", "peer", interface, "netns", terminal)
        self.ip("address", "add", "172.22.0.6/24", "dev", "gadget0")
        self.ip("link", "set", "gadget0", "up")

    def unplug(self) -> None:
        self.ip("link", "del", "gadget0")

    def ip(self, *words: str) -> None:
        """The command `ip` on the module."""
        ip("-n", self.namespace, *words)

    def run(self, *command: str) -> None:
        subprocess.run(
            ["ip", "netns", "exec", self.namespace, *command], check=True, capture_output=True, timeout=30
        )

    def serve(self, *command: str) -> None:
        """Starts a server there, until the end of the test. It says something once it listens."""
        server = subprocess.Popen(
            ["ip", "netns", "exec", self.namespace, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._servers.append(server)
        assert server.stdout is not None
        assert server.stdout.readline()

    def stop_servers(self, but: int = 0) -> None:
        """All but the first so many."""
        while len(self._servers) > but:
            server = self._servers.pop()
            server.terminate()
            server.communicate(timeout=20)

    def control(self, method: str, path: str, body: object = None) -> None:
        """Has the emulator do something; see its CONTROL.md."""
        self._changed = True
        text = "" if body is None else json.dumps(body)
        self.run(sys.executable, "-c", CALL, method, CONTROL + path, text)


class LinkBench:
    """A terminal, and a module on its usb0."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.terminal = f"{PREFIX}{os.getpid()}-terminal"
        self.module = ModuleSide(f"{PREFIX}{os.getpid()}-module")
        self.usb = self.clear_usb()

    def __enter__(self) -> LinkBench:
        with ExitStack() as tidying:
            add_namespace(self.terminal)
            tidying.callback(ip, "netns", "del", self.terminal)
            tidying.enter_context(self.module)
            self._tidying = tidying.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._tidying.close()

    def reset(self) -> None:
        """All is well: one module on USB, its interface usb0 up with the terminal's address."""
        self.module.reset()
        ip("netns", "del", self.terminal)
        add_namespace(self.terminal)
        self.plug_in()
        self.ip("address", "add", "172.22.0.7/24", "dev", "usb0")
        self.ip("link", "set", "usb0", "up")
        self.clear_usb()
        self.usb.plug_in()
        self.usb.add_interface("usb0")

    def plug_in(self) -> None:
        self.module.plug_in(self.terminal, "usb0")
        # Who has an address is asked three times, a second apart; a tenth will do here.
        self.run("sh", "-c", "echo 100 > /proc/sys/net/ipv4/neigh/usb0/retrans_time_ms")

    @contextmanager
    def second_module(self) -> Generator[ModuleSide]:
        """Another module on usb1, with the serial number 00000002. usb1 is down and has no address."""
        with ModuleSide(f"{PREFIX}{os.getpid()}-second") as module:
            module.plug_in(self.terminal, "usb1")
            module.control("PUT", "/settings", {"sn": "00000002"})
            self.usb.plug_in("1-2")
            self.usb.add_interface("usb1", "1-2")
            yield module

    def clear_usb(self) -> UsbTree:
        """The terminal has nothing on USB, for now."""
        self.usb = UsbTree(Path(tempfile.mkdtemp(dir=self._folder)))
        return self.usb

    def ip(self, *words: str) -> None:
        """The command `ip` on the terminal."""
        ip("-n", self.terminal, *words)

    def add_card(self) -> str:
        """A second network interface of the terminal, eth1."""
        self.ip("link", "add", "eth1", "type", "veth", "peer", "eth1-far")
        for name in ("eth1", "eth1-far"):
            self.ip("link", "set", name, "up")
        return "eth1"

    def run(self, *command: str, **environment: str) -> Finished:
        """A program on the terminal, which sees what hangs on USB there."""
        inherited = {name: text for name, text in os.environ.items() if "proxy" not in name.lower()}
        inherited.pop("VISION_AI_URL", None)
        path = {"PATH": f"{VISION_AI.parent}:{os.environ['PATH']}", "NO_COLOR": "1"}
        return subprocess.run(
            ["ip", "netns", "exec", self.terminal, "sh", "-c", ON_TERMINAL, str(self.usb.root), *command],
            capture_output=True,
            text=True,
            timeout=60,
            env={**inherited, **path, **environment},
            check=False,
        )

    def vision_ai(self, *words: str, **environment: str) -> Finished:
        return self.run("vision-ai", *words, **environment)

    def doctor(self, *words: str, **environment: str) -> Examined:
        """What the doctor finds, as JSON."""
        return Examined(self.vision_ai("doctor", "--json", *words, **environment))

    def mended(self, examined: Examined, *words: str, **environment: str) -> Examined:
        """What the doctor finds in a shell where the commands that it named have been typed."""
        commands = [*(each["mend"] for each in examined.wrong), f"vision-ai doctor --json {' '.join(words)}"]
        return Examined(self.run("sh", "-ec", "\n".join(commands), **environment))

    def shown(self, *what: str) -> Any:
        """What `ip` shows on the terminal, as JSON."""
        return json.loads(self.run("ip", "-json", "-4", *what).stdout or "[]")

    def addresses(self, interface: str) -> list[str]:
        """Of an interface on the terminal."""
        (shown,) = self.shown("address", "show", "dev", interface) or [{}]
        return [f"{each['local']}/{each['prefixlen']}" for each in shown.get("addr_info", ())]


class Examined:
    """One run of the doctor."""

    def __init__(self, run: Finished) -> None:
        self.status = run.returncode
        try:
            told: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
            self.diagnosis: dict[str, Any] = told["result"]
        except (KeyError, IndexError, ValueError):
            raise AssertionError(f"no diagnosis:\n{run.stdout}{run.stderr}") from None
        for each in self.diagnosis["findings"]:
            # Whatever state was set up: code and values say it all, in both languages.
            finding = Finding(each["step"], each["state"], each["code"], each["values"])
            assert finding.what == each["what"]
            assert finding.said("zh") != each["what"]

    @property
    def wrong(self) -> list[dict[str, Any]]:
        return [each for each in self.diagnosis["findings"] if each["state"] == "wrong"]

    @property
    def wrong_steps(self) -> list[str]:
        return [each["step"] for each in self.wrong]

    @property
    def states(self) -> dict[str, str]:
        return {each["step"]: each["state"] for each in self.diagnosis["findings"]}

    def of(self, step: str) -> dict[str, Any]:
        return next(each for each in self.diagnosis["findings"] if each["step"] == step)
