"""Root folders with Debian, made by mmdebstrap, for this computer's architecture and, emulated by QEMU, for others."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

from mirror import find_mirror

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "dist" / ".systems"
"""Archives of root folders."""
DAY = 86400.0
SUITE = "trixie"
INTERPRETERS = {
    "arm64": ("qemu-aarch64-static", 2, 0xB7),
    "armhf": ("qemu-arm-static", 1, 0x28),
}
"""Architecture → QEMU's program, and the class and the machine in the heads of its ELF files."""


class DebError(Exception):
    """The packages cannot be built or tried. The message says what to do."""


class System:
    """A root folder, and how to run programs in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str, network: bool = False, user: str = "root", check: bool = True) -> str:
        """Run a program in it and return what it prints. Without network it has a loopback interface of its own.

        Raises:
            DebError: it failed, and `check` is true.
        """
        inside = ["chroot", f"--userspec={user}", str(self.folder), "/usr/bin/env", "-i", "LC_ALL=C.UTF-8"]
        inside += ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp", "DEBIAN_FRONTEND=noninteractive"]
        namespaces = ["unshare", "--mount", "--pid", "--fork", f"--mount-proc={self.folder / 'proc'}"]
        if not network:
            namespaces += ["--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
        return run(*namespaces, *inside, *command, check=check)


@contextmanager
def open_system(*packages: str, architecture: str | None = None) -> Generator[System]:
    """Make a root folder with these packages besides the essential ones, and remove it at the end.

    Args:
        packages: Names of Debian's packages.
        architecture: In Debian's words; None for this computer's.

    Raises:
        DebError: a tool is missing, or failed.
    """
    for tool in ("mmdebstrap", "unshare", "ip"):
        if shutil.which(tool) is None:
            raise DebError(f"{tool} is missing: apt-get install mmdebstrap util-linux iproute2")
    if os.geteuid() != 0:
        raise DebError("root folders need root rights")
    archive = _get_archive(packages, architecture or read_architecture())
    with ExitStack() as stack:
        if architecture in INTERPRETERS:
            stack.enter_context(_register_interpreter(architecture))
        # Not in /tmp, which may be a small file system in memory.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp", prefix="vision-ai-")))
        folder.chmod(0o755)
        run("tar", "--extract", "--file", str(archive), "--directory", str(folder), "--numeric-owner")
        yield System(folder)


def read_architecture() -> str:
    """Return this computer's architecture in Debian's words."""
    return run("dpkg", "--print-architecture").strip()


def run(*command: str, check: bool = True) -> str:
    """Run a program and return what it prints.

    Raises:
        DebError: it failed, and `check` is true.
    """
    process = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        env={**os.environ, "TMPDIR": "/var/tmp"},
    )
    if process.returncode and check:
        raise DebError(f"{' '.join(command)} failed:\n{process.stdout[-4000:]}")
    return process.stdout


def _get_archive(packages: Sequence[str], architecture: str) -> Path:
    """Return the archive of a root folder. It is made anew each day."""
    key = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:8]
    archive = CACHE / f"{SUITE}-{architecture}-{key}.tar"
    if not archive.exists() or archive.stat().st_mtime < time.time() - DAY:
        CACHE.mkdir(parents=True, exist_ok=True)
        # The package lists stay, so that more can be installed, and nothing is synchronized with the disk.
        options = ["--quiet", "--variant=minbase", "--skip=cleanup/apt/lists", "--dpkgopt=force-unsafe-io"]
        options += [f"--architectures={architecture}", *(f"--include={each}" for each in packages)]
        mirror = find_mirror()
        if mirror is None:
            raise DebError("apt has no package lists: apt-get update")
        new = archive.with_suffix(f".{os.getpid()}.tar")
        try:
            with _register_interpreter(architecture) if architecture in INTERPRETERS else nullcontext():
                run("mmdebstrap", *options, SUITE, str(new), mirror)
            new.replace(archive)
        finally:
            new.unlink(missing_ok=True)
    return archive


@contextmanager
def _register_interpreter(architecture: str) -> Generator[None]:
    """Let the kernel run programs of an architecture by QEMU, unless it does so already."""
    program, elf_class, machine = INTERPRETERS[architecture]
    path = shutil.which(program)
    if path is None:
        raise DebError(f"{program} is missing: apt-get install qemu-user-static")
    with ExitStack() as stack:
        # The kernel has one list of interpreters, wherever it is mounted.
        formats = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vision-ai-")))
        run("mount", "-t", "binfmt_misc", "binfmt_misc", str(formats))
        stack.callback(run, "umount", str(formats))
        if not (formats / program.removesuffix("-static")).exists():
            name = f"vision-ai-{architecture}-{os.getpid()}"
            magic = bytes([*b"\x7fELF", elf_class, 1, 1, *[0] * 9, 2, 0, machine, 0])
            mask = bytes([*[0xFF] * 7, 0, *[0xFF] * 8, 0xFE, 0xFF, 0xFF, 0xFF])
            # F: the kernel opens the program now, so that it need not be in the root folder.
            line = f":{name}:M::{_escape(magic)}:{_escape(mask)}:{path}:F"
            (formats / "register").write_text(line)
            stack.callback((formats / name).write_text, "-1")
        yield


def _escape(data: bytes) -> str:
    return "".join(f"\\x{each:02x}" for each in data)
