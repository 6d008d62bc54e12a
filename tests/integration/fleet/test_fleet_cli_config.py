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


def check_server(folder: Path) -> str:
    """Let nats-server read its configuration, look at the rights of the files, and return it."""
    command = [find_server(), "-t", "-c", "server.conf"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    for path in folder.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0, path
    assert not list(folder.rglob("ca.key"))
    return (folder / "server.conf").read_text()


def test_a_single_server(folder: Path, tmp_path: Path) -> None:
    [target] = configure(folder, "single", "center.example", "-o", tmp_path, "--json").value["folders"]
    assert "leafnodes" in check_server(Path(target))


def test_a_cluster_has_a_folder_for_each_server(folder: Path, tmp_path: Path) -> None:
    assert configure(folder, "cluster", "a.example", "b.example", "-o", tmp_path).status == 2
    hosts = ("a.example", "b.example", "c.example")
    folders = configure(folder, "cluster", *hosts, "-o", tmp_path, "--json").value["folders"]
    assert len(folders) == 3
    for each in folders:
        assert "c.example:6222" in check_server(Path(each))


def test_a_stores_own_server(folder: Path, tmp_path: Path) -> None:
    arguments = (
        "leaf",
        "0042",
        "scales.example",
        "--center",
        "center.example:7422",
        "--json",
        "-o",
        tmp_path,
    )
    [target] = configure(folder, *arguments).value["folders"]
    text = check_server(Path(target))
    assert "tls://center.example:7422" in text and "store-0042" in text
