"""The folders that a center writes for servers elsewhere are all that these need."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from shared_fleet_ports import find_free_port

from vision_ai import InvalidInputError
from vision_ai_fleet.engine.center import Center
from vision_ai_fleet.engine.config_files import write_cluster, write_leaf
from vision_ai_fleet.engine.doctor import check_home
from vision_ai_fleet.engine.home import CenterSettings
from vision_ai_fleet.engine.server import find_server


@pytest.fixture
def center(tmp_path: Path) -> Center:
    return Center.create(tmp_path / "home", CenterSettings(port=find_free_port(), names=("127.0.0.1",)))


def check(folder: Path) -> None:
    """Have nats-server read a configuration, where it would run."""
    command = [find_server(), "-t", "-c", "server.conf"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_a_cluster_has_a_folder_for_each_server(center: Center, tmp_path: Path) -> None:
    folders = write_cluster(center, tmp_path / "out", ["10.0.0.1", "10.0.0.2", "10.0.0.3:4333"])
    assert [folder.name for folder in folders] == ["fleet-1", "fleet-2", "fleet-3"]
    for folder in folders:
        check(folder)
        assert "ca.key" not in {path.name for path in folder.iterdir()}
        assert str(tmp_path) not in (folder / "server.conf").read_text()
    with pytest.raises(InvalidInputError, match="3 or 5"):
        write_cluster(center, tmp_path / "out", ["10.0.0.1", "10.0.0.2"])


def test_a_stores_server_gets_its_own_credentials_and_no_keys(center: Center, tmp_path: Path) -> None:
    folder = write_leaf(center, tmp_path / "out", "0042", "192.0.2.7")
    check(folder)
    assert {path.name for path in folder.iterdir()} >= {"server.conf", "leaf.creds", "server.key", "ca.pem"}
    for path in folder.iterdir():
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0
        assert path.name != "ca.key"
    text = "".join(path.read_text() for path in folder.iterdir() if path.is_file())
    for seed in center.trust.seeds.values():
        assert seed.decode() not in text


def test_the_doctor_checks_the_folder(center: Center) -> None:
    assert center.certificates is not None
    center.make_operator()
    assert {each.step: each.state for each in check_home(center) if each.step != "disk"} == {
        "nats-server": "right",
        "certificate": "right",
        "keys": "right",
    }
    (center.folder / "keys.json").chmod(0o644)
    (center.folder / "tls" / "server.pem").unlink()
    wrong = {each.step: each.fix for each in check_home(center) if each.state == "wrong"}
    assert "chmod 600" in wrong["keys"] and "Start the center" in wrong["certificate"]


@pytest.mark.parametrize(
    ("total", "free", "state"),
    [(252e9, 25e9, "right"), (252e9, 19e9, "wrong"), (100e9, 11e9, "right"), (100e9, 9e9, "wrong")],
)
def test_a_large_disk_needs_no_tenth_of_it(
    center: Center, monkeypatch: pytest.MonkeyPatch, total: float, free: float, state: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=total, free=free))
    assert [each.state for each in check_home(center) if each.step == "disk"] == [state]
