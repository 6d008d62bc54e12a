"""Build the OCI image of the emulator from Debian packages and the wheel, without a container registry.

The image has Debian's Python, the emulator and what it needs, and nothing else: no shell and no package manager. It
runs as the user 65532, listens on port 8172, and has a health check. Arguments after the image's name replace
`--token emulator`, which the emulator's control interface then requires.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from checksums import write_checksums
from mirror import find_mirror
from wheelhouse.bundle import PIP, Bundle, build_project, list_platform_options, run_with_pins
from wheelhouse.pins import WheelhouseError, choose_pins
from wheelhouse.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
SUITE, PYTHON = "trixie", "3.13"
"""Debian's release, and the version of its Python."""
USER, PORT = "65532:65532", 8172
NOT_NEEDED = (
    *("usr/bin/dpkg*", "usr/bin/deb*", "usr/bin/mawk", "usr/bin/tar", "usr/bin/update-alternatives"),
    *(
        "usr/bin/py*doc*",
        "usr/bin/pdb*",
        "usr/bin/py3*",
        "usr/bin/pygettext*",
        "usr/sbin/*",
        "usr/share/debconf",
    ),
    *(
        "usr/share/doc",
        "usr/share/man",
        "usr/share/locale",
        "usr/share/lintian",
        "usr/share/perl5",
        "usr/share/bug",
    ),
    *("usr/share/zoneinfo", "usr/share/info", "usr/share/gcc", "usr/share/applications", "usr/share/pixmaps"),
    *("var/lib/dpkg", "var/lib/apt", "var/cache", "var/log", "usr/lib/x86_64-linux-gnu/perl*"),
    *("usr/lib/python3.13/pydoc_data", "usr/lib/python3.13/idlelib", "usr/lib/python3.13/test"),
)
HEALTH = (
    "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8172/api/get_device_info',b'{}',"
    "{'Content-Type':'application/json'}),timeout=3)"
)


class ImageError(Exception):
    """The image cannot be built. The message says what to do."""


def main() -> int:
    target = ROOT / "dist" / "vision-ai-emulator.oci.tar"
    try:
        build_image(target)
    except ImageError as error:
        print(f"make image: {error}", file=sys.stderr)
        return 1
    write_checksums(target.parent)
    print(f"{target.relative_to(ROOT)}  {target.stat().st_size / 1e6:.0f} MB")
    print("  docker load -i, or podman load -i; then: run --rm -p 127.0.0.1:8172:8172 vision-ai-emulator")
    return 0


def build_image(target: Path) -> None:
    """Build the image as an OCI archive.

    Raises:
        ImageError: a tool is missing, or failed.
    """
    for tool in ("mmdebstrap", "umoci"):
        if shutil.which(tool) is None:
            raise ImageError(f"{tool} is missing: apt-get install mmdebstrap umoci")
    mirror = find_mirror()
    if mirror is None:
        raise ImageError("apt has no package lists: apt-get update")
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        system = folder / "system"
        # "extract": nothing of the packages runs, so that the result depends on their files alone.
        options = ["--quiet", "--variant=extract", "--include=python3,base-files,netbase,ca-certificates"]
        run("mmdebstrap", *options, SUITE, str(system), mirror)
        shrink(system)
        install(system, folder)
        make_layout(system, folder / "layout")
        with tarfile.open(target, "w") as archive:
            for path in sorted((folder / "layout").rglob("*")):
                archive.add(path, str(path.relative_to(folder / "layout")), recursive=False)


def shrink(system: Path) -> None:
    """Remove what the emulator does not use."""
    for pattern in NOT_NEEDED:
        for path in list(system.glob(pattern)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    (system / "etc" / "passwd").write_text("vision-ai:x:65532:65532::/tmp:/nonexistent\n", encoding="ascii")
    (system / "etc" / "group").write_text("vision-ai:x:65532:\n", encoding="ascii")


def install(system: Path, folder: Path) -> None:
    """Install the wheel of this tree, with the pinned packages of its extra `emulator`, for the image's Python."""
    bundle = Bundle("linux_x86_64", PYTHON, ["emulator"])
    packages = ["--target", str(system / "usr/lib/python3/dist-packages")]
    try:
        pins = choose_pins(bundle.extras, TARGETS[bundle.platform], PYTHON)
        run_with_pins(["install", *packages, *list_platform_options(bundle)], list(pins.values()), bundle)
        wheel = build_project(folder)
    except WheelhouseError as error:
        raise ImageError(str(error)) from None
    run(*PIP, "install", "--no-deps", *packages, str(wheel))


def make_layout(system: Path, layout: Path) -> None:
    """Make the OCI image, with its configuration."""
    image = f"{layout}:latest"
    run("umoci", "init", "--layout", str(layout))
    run("umoci", "new", "--image", image)
    run("umoci", "insert", "--image", image, str(system), "/")
    command = ["/usr/bin/python3", "-m", "vision_ai_emulator", "--host", "0.0.0.0", "--port", str(PORT)]
    options: list[str] = ["--config.user", USER, "--config.exposedports", f"{PORT}/tcp"]
    for part in command:
        options += ["--config.entrypoint", part]
    for part in ("--token", "emulator"):
        options += ["--config.cmd", part]
    options += ["--config.env", "PYTHONUNBUFFERED=1", "--config.env", "PYTHONDONTWRITEBYTECODE=1"]
    options += [
        "--config.workingdir",
        "/tmp",
        "--config.label",
        "org.opencontainers.image.title=vision-ai-emulator",
    ]
    run("umoci", "config", "--image", image, *options)
    add_health_check(layout)
    run("umoci", "gc", "--layout", str(layout))


def add_health_check(layout: Path) -> None:
    """Add Docker's health check to the image's configuration: OCI's specification has none, and umoci no option."""
    blobs = layout / "blobs" / "sha256"

    def store(content: dict[str, Any]) -> dict[str, Any]:
        data = json.dumps(content, separators=(",", ":")).encode()
        digest = hashlib.sha256(data).hexdigest()
        (blobs / digest).write_bytes(data)
        return {"digest": f"sha256:{digest}", "size": len(data)}

    def load(digest: str) -> dict[str, Any]:
        return json.loads((blobs / digest.removeprefix("sha256:")).read_bytes())

    index = json.loads((layout / "index.json").read_text())
    [entry] = index["manifests"]
    manifest = load(entry["digest"])
    config = load(manifest["config"]["digest"])
    settings = config["config"]
    test = ["CMD", "/usr/bin/python3", "-c", HEALTH]
    settings["Healthcheck"] = {"Test": test, "Interval": 10**10, "Timeout": 5 * 10**9, "Retries": 3}
    manifest["config"] = {**manifest["config"], **store(config)}
    name = {
        "org.opencontainers.image.ref.name": "latest",
        "io.containerd.image.name": "vision-ai-emulator:latest",
    }
    index["manifests"] = [{**entry, **store(manifest), "annotations": name}]
    (layout / "index.json").write_text(json.dumps(index))


def run(*command: str) -> str:
    """Run a program and return what it prints.

    Raises:
        ImageError: it failed.
    """
    process = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": "/tmp"}
    )
    if process.returncode:
        raise ImageError(f"{command[0]} failed:\n{process.stderr[-2000:]}")
    return process.stdout


if __name__ == "__main__":
    sys.exit(main())
