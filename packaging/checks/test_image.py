"""The emulator's OCI image: what is in it, and that it starts as its configuration says, without a container engine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest

IMAGE = Path(__file__).parents[2] / "dist" / "vision-ai-emulator.oci.tar"
"""What `make image` built."""

MEGABYTES = 150
PORT = 8172


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layout")
    with tarfile.open(IMAGE) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def config(layout: Path) -> dict[str, Any]:
    def load(digest: str) -> Any:
        return json.loads((layout / "blobs/sha256" / digest.removeprefix("sha256:")).read_bytes())

    [entry] = json.loads((layout / "index.json").read_text())["manifests"]
    return load(load(entry["digest"])["config"]["digest"])


def test_it_is_small() -> None:
    assert IMAGE.stat().st_size < MEGABYTES * 1_000_000


def test_it_does_not_run_as_root_and_has_a_health_check(config: dict[str, Any]) -> None:
    settings = config["config"]
    assert settings["User"] == "65532:65532"
    assert settings["ExposedPorts"] == {f"{PORT}/tcp": {}}
    assert settings["Healthcheck"]["Test"][:2] == ["CMD", "/usr/bin/python3"]


def test_it_starts_and_is_healthy(layout: Path, config: dict[str, Any], tmp_path: Path) -> None:
    """In a network namespace of its own, where the port is free and nobody else is reached."""
    root = tmp_path / "bundle" / "rootfs"
    subprocess.run(["umoci", "unpack", "--image", f"{layout}:latest", tmp_path / "bundle"], check=True)
    assert not shutil.which("sh", path=str(root / "usr/bin")), "the image has a shell"
    settings = config["config"]
    chroot = ["chroot", f"--userspec={settings['User']}", str(root)]
    check = [*chroot, *settings["Healthcheck"]["Test"][1:]]
    namespace = f"vision-ai-image-{os.getpid()}"
    inside = ["ip", "netns", "exec", namespace]
    subprocess.run(["ip", "netns", "add", namespace], check=True)
    try:
        subprocess.run([*inside, "ip", "link", "set", "lo", "up"], check=True)
        command = [*inside, *chroot, *settings["Entrypoint"], *settings["Cmd"]]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            try:
                end = time.monotonic() + 30
                while subprocess.run([*inside, *check], capture_output=True, check=False).returncode:
                    assert process.poll() is None and time.monotonic() < end, "it did not become healthy"
            finally:
                process.terminate()
                output = (process.stdout.read() if process.stdout else b"").decode()
        assert "8172" in output
    finally:
        subprocess.run(["ip", "netns", "delete", namespace], check=True)
