"""Two terminals with a module each and a stranger, in network namespaces on one local network.

    module ── 172.22.0.7  master 10.50.0.1 ─┐
                         stranger 10.50.0.66 ┼─ network 10.50.0.0/24
    module ── 172.22.0.7   slave 10.50.0.2 ─┘

Servers are threads of the test that listen inside the namespaces. Nothing can be reached from outside.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from network_lab import PREFIX, CompletedProcess, add_namespace, run_ip, run_ip_batch
from preloaded_program import PreloadedProgram, enter_namespace

MODULE = "172.22.0.6"
MASTER, SLAVE, STRANGER = "10.50.0.1", "10.50.0.2", "10.50.0.66"
NETWORK = "10.50.0.0/24"
DENY_SECONDS = 0.4
"""How long a connection that must fail may try; one that must succeed takes milliseconds."""


class Host:
    """One computer."""

    def __init__(self, name: str, lab: ForwardLab) -> None:
        self.name = f"{PREFIX}{os.getpid()}-{name}"
        self.lab = lab
        self._listeners: list[socket.socket] = []

    def ip(self, *commands: str) -> None:
        """Run `ip` commands there."""
        run_ip_batch(self.name, *commands)

    def serve(self, *ports: int, host: str = "0.0.0.0") -> None:
        """Answer each connection, and whatever comes over it, with the name of this end and the other's address."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for port in ports:
            listener = self._in_namespace(
                lambda port=port: socket.create_server((host, port), family=family, reuse_port=True)
            )
            self._listeners.append(listener)
            threading.Thread(target=self._answer, args=(listener,), daemon=True).start()

    def reach(self, host: str, port: int, *, seconds: float = 5, source: str | None = None) -> str | None:
        """Connect; return who answered, as "name from-address", or None where nobody does."""

        def connect() -> str | None:
            local = (source, 0) if source else None
            try:
                with socket.create_connection((host, port), seconds, local) as connection:
                    return connection.recv(200).decode() or None
            except OSError:
                return None

        return self._in_namespace(connect)

    def receive(self, port: int) -> socket.socket:
        """Open a socket that receives datagrams."""

        def bind() -> socket.socket:
            receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            receiver.settimeout(DENY_SECONDS)
            receiver.bind(("0.0.0.0", port))
            return receiver

        return self._in_namespace(bind)

    def send(self, host: str, port: int, source: str) -> None:
        """Send a datagram from an address of this computer."""

        def send() -> None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.bind((source, 0))
                sender.sendto(b"hello", (host, port))

        self._in_namespace(send)

    def open(self, host: str, port: int) -> socket.socket:
        """Open a connection that stays open, and read the first answer."""
        connection: socket.socket = self._in_namespace(lambda: socket.create_connection((host, port), 5))
        assert connection.recv(200)
        return connection

    @staticmethod
    def talk(connection: socket.socket) -> bool:
        """Whether the other end answers on an open connection."""
        connection.settimeout(DENY_SECONDS)
        try:
            connection.sendall(b"?")
            return bool(connection.recv(200))
        except OSError:
            return False

    def fails_to_reach(self, *addresses: tuple[str, int], source: str | None = None) -> bool:
        """Whether none of these ports can be reached from here."""

        def reach(address: tuple[str, int]) -> str | None:
            return self.reach(*address, seconds=DENY_SECONDS, source=source)

        with ThreadPoolExecutor(len(addresses)) as threads:
            return not any(threads.map(reach, addresses))

    def run(self, *command: str, text: str | None = None) -> CompletedProcess:
        return subprocess.run(
            ["ip", "netns", "exec", self.name, *command],
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"},
        )

    def check_run(self, *command: str, text: str | None = None) -> str:
        process = self.run(*command, text=text)
        assert process.returncode == 0, process.stderr
        return process.stdout

    def close(self) -> None:
        for each in self._listeners:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _answer(self, listener: socket.socket) -> None:
        label = self.name.rpartition("-")[2]
        with contextlib.suppress(OSError):
            while True:
                connection, (peer, *_) = listener.accept()
                answer = f"{label} {peer}".encode()
                threading.Thread(target=self._repeat, args=(connection, answer), daemon=True).start()

    @staticmethod
    def _repeat(connection: socket.socket, answer: bytes) -> None:
        with connection, contextlib.suppress(OSError):
            connection.sendall(answer)
            while connection.recv(200):
                connection.sendall(answer)

    def _in_namespace(self, function: Any) -> Any:
        """Call a function in a thread of its own: entering a namespace changes the calling thread for good."""

        def call() -> Any:
            with Path("/run/netns", self.name).open() as namespace:
                enter_namespace(namespace.fileno(), "net")
            return function()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(call).result()


class Terminal(Host):
    """A terminal, with a module."""

    def __init__(self, name: str, lab: ForwardLab, folder: Path) -> None:
        super().__init__(name, lab)
        self.module = Host(f"{name}module", lab)
        self.units = folder / "units"
        self.units.mkdir(parents=True)
        self.hidden: tuple[str, ...] = ()
        """Programs that this terminal does not have."""
        self.read_only: tuple[str, ...] = ()
        """Files that cannot be changed there."""
        self.sysctl = ""
        """A file of settings for the kernel at each start."""

    def plug_in(self, interface: str = "usb0") -> None:
        """Connect the module under this name; the terminal's end gets its address."""
        run_ip_batch(
            self.module.name,
            f"link add gadget0 type veth peer {interface} netns {self.name}",
            f"address add {MODULE}/24 dev gadget0",
            "link set gadget0 up",
            "route add default via 172.22.0.7",
        )
        self.ip(f"address add 172.22.0.7/24 dev {interface}", f"link set {interface} up")

    def unplug(self) -> None:
        self.module.ip("link del gadget0")

    def vision_ai(self, *words: str) -> CompletedProcess:
        """Run the program, with the terminal's own units, and without the hidden programs."""
        hide = "".join(f"mount --bind /dev/null /usr/sbin/{each}; " for each in self.hidden)
        hide += "".join(
            f"mount --bind {each} {each}; mount -o remount,bind,ro {each}; " for each in self.read_only
        )
        settings = f"mount -t tmpfs none /etc/sysctl.d; echo '{self.sysctl}' > /etc/sysctl.d/90-other.conf; "
        script = f'mount --bind "$0" /etc/systemd/system; {settings}{hide}exec "$@"'
        return self.run("sh", "-ec", script, str(self.units), str(self.lab.program.path), *words)

    def forward(self, *words: str) -> dict[str, Any]:
        process = self.vision_ai("link", "forward", *words, "--json", "--yes")
        assert process.returncode == 0, process.stdout + process.stderr
        return json.loads(process.stdout.splitlines()[-1])["result"]

    def read_rules(self, *options: str) -> str:
        """All rules of both kinds, and the kernel's switch. The kernel keeps empty tables of iptables-legacy."""
        legacy = self.check_run("iptables-legacy-save").splitlines()
        return "\n".join(
            (
                self.check_run("nft", *options, "list", "ruleset"),
                *(each for each in legacy if each.startswith("-A") or " DROP " in each or " - " in each),
                self.check_run("cat", "/proc/sys/net/ipv4/ip_forward"),
            )
        )

    def list_units(self) -> list[str]:
        return sorted(str(each.relative_to(self.units)) for each in self.units.rglob("*"))


class ForwardLab:
    """The whole network."""

    def __init__(self, folder: Path, program: PreloadedProgram) -> None:
        self.program = program
        self.switch = Host("switch", self)
        self.master = Terminal("master", self, folder / "master")
        self.slave = Terminal("slave", self, folder / "slave")
        self.stranger = Host("stranger", self)

    def __enter__(self) -> ForwardLab:
        addresses = {self.master: MASTER, self.slave: SLAVE, self.stranger: STRANGER}
        with ExitStack() as cleanup:
            for host in (self.switch, *addresses, self.master.module, self.slave.module):
                add_namespace(host.name)
                cleanup.callback(run_ip, "netns", "del", host.name)
                cleanup.callback(host.close)
            self.switch.ip("link add lan type bridge", "link set lan up")
            for number, (host, address) in enumerate(addresses.items()):
                self.switch.ip(
                    f"link add port{number} type veth peer eth0 netns {host.name}",
                    f"link set port{number} master lan up",
                )
                host.ip(f"address add {address}/24 dev eth0", "link set eth0 up")
                host.serve(8000)
            for terminal in (self.master, self.slave):
                terminal.check_run("sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward")
                terminal.plug_in()
                terminal.module.serve(80, 443, 8080)
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._cleanup.close()
