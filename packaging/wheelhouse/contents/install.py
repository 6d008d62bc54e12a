"""Install the wheels of this folder, without a network, into a virtual environment of their own.

    python install.py [FOLDER]

FOLDER is `vision-ai` in the home folder, unless another one is given.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def main() -> None:
    settings = json.loads((HERE / "wheelhouse.json").read_text(encoding="ascii"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path.home() / "vision-ai"
    problem = find_problem(settings) or find_damage()
    if problem:
        sys.exit(f"install: {problem}")
    print(f"Installing vision-ai-module {settings['version']} into {folder}", flush=True)
    programs = folder.resolve() / ("Scripts" if os.name == "nt" else "bin")
    requirement = f"vision-ai-module[{','.join(settings['extras'])}]=={settings['version']}"
    pip = [str(programs / "python"), "-m", "pip", "--isolated", "--disable-pip-version-check", "install"]
    try:
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", str(folder)])
        subprocess.check_call([*pip, "--quiet", "--no-index", "--find-links", str(HERE), requirement])
    except subprocess.CalledProcessError:
        sys.exit(f"install: the installation failed, for the reason above; remove {folder} and try again")
    print(f"Done. Run: {programs / 'vision-ai'} --help")


def find_problem(settings: dict[str, Any]) -> str | None:
    """Return why this Python cannot use the wheels, or None."""
    version = "{}.{}".format(*sys.version_info[:2])
    name = sysconfig.get_platform().replace("-", "_").replace("armv8l", "armv7l")
    if name == "linux_aarch64" and sys.maxsize < 2**32:
        return "this Python has 32 bits, and the kernel has 64: run `setarch linux32 ./install.sh`"
    if (version, name) != (settings["python"], settings["platform"]):
        wanted = f"Python {settings['python']} on {settings['platform']}"
        return f"these wheels are for {wanted}, and this is Python {version} on {name}"
    if os.name == "posix" and platform.libc_ver()[0] != "glibc":
        return "these wheels need glibc, which this system does not have"
    if importlib.util.find_spec("ensurepip") is None:
        return "this Python cannot make virtual environments: install Debian's package python3-venv"
    return None


def find_damage() -> str | None:
    """Return which file is missing or was changed on its way here, or None."""
    for line in (HERE / "SHA256SUMS").read_text(encoding="ascii").splitlines():
        digest, name = line.split("  ")
        path = HERE / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            return f"{name} is missing or damaged: copy the archive again"
    return None


if __name__ == "__main__":
    main()
