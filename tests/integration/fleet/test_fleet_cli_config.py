"""`vision-ai fleet config` writes files with which nats-server runs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from shared_cli import Result, run_cli

from vision_ai_fleet.engine.center import Center
from vision_ai_fleet.engine.server import find_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a center that does not run."""
    folder = tmp_path_factory.mktemp("center")
    Center.create(folder)
    return folder


def configure(folder: Path, *arguments: object) -> Result:
    return run_cli("fleet", "config", *arguments, "--folder", folder)


def check_server(folder: Path) -> None:
    """Let nats-server read its configuration, and look at the rights of the files."""
    subprocess.run([find_server(), "-t", "-c", str(folder / "server.conf")], check=True, capture_output=True)
    for path in folder.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0, path
    assert not (folder / "tls" / "ca.key").exists()


def test_a_single_server(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "engine"
    assert configure(folder, "single", target).status == 2  # no address
    assert configure(folder, "single", target, "--address", "center.example").status == 0
    check_server(target)
    assert "leafnodes" in (target / "server.conf").read_text()


def test_a_cluster_has_a_folder_for_each_server(folder: Path, tmp_path: Path) -> None:
    assert configure(folder, "cluster", tmp_path, "--servers", "a.example,b.example").status == 2
    assert configure(folder, "cluster", tmp_path, "--servers", "a.example,b.example,c.example").status == 0
    for name in ("a.example", "b.example", "c.example"):
        check_server(tmp_path / name)
        assert "c.example:6222" in (tmp_path / name / "server.conf").read_text()


def test_a_stores_own_server(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "leaf"
    options = ("--center", "tls://center.example:7422", "--address", "scales.example")
    assert configure(folder, "leaf", target, "0042", *options).status == 0
    check_server(target)
    text = (target / "server.conf").read_text()
    assert "tls://center.example:7422" in text and "store-0042" in text


def test_files_for_another_folder_name_it(folder: Path, tmp_path: Path) -> None:
    configure(folder, "single", tmp_path / "new", "--address", "center.example", "--at", "/etc/vision-ai")
    assert '"/etc/vision-ai/tls/server.pem"' in (tmp_path / "new" / "server.conf").read_text()
