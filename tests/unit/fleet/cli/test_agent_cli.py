"""`vision-ai agent install`, `uninstall`, `status`, `run` and `enrol`, as far as they need no center."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_cli import run_cli

from vision_ai_fleet.cli.agent import AgentRun
from vision_ai_fleet.credentials import Credentials


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The root folder of another system, with a scale's credentials."""
    (tmp_path / "run" / "systemd" / "system").mkdir(parents=True)
    (tmp_path / "etc" / "systemd" / "system").mkdir(parents=True)
    scale = Credentials(
        "tls://center:4222", "scale", "0042/07", jwt="a.b.c", secret=b"top", store="0042", scale="07"
    )
    scale.write(tmp_path / "etc" / "scale.creds")
    return tmp_path


def test_an_installation_is_printed_and_then_carried_out(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vision_ai_fleet.agent.install.find_system", lambda: "systemd")
    options = ("--root", root, "--json")
    install = ("agent", "install", "--credentials", "/etc/scale.creds", *options)
    printed = run_cli(*install, "--print").value
    assert not printed["done"] and "ExecStart" in printed["plan"] and "a.b.c" not in printed["plan"]
    assert run_cli("agent", "status", *options).value["installed"] is False
    assert run_cli(*install).value["done"]
    status = run_cli("agent", "status", *options)
    assert status.value["installed"] is True and status.status == 1  # of another system, nothing runs here
    assert run_cli("agent", "uninstall", *options).value["done"]
    assert run_cli("agent", "status", *options).value["installed"] is False


def test_an_agent_without_credentials_says_what_it_needs() -> None:
    result = run_cli("agent", "run")
    assert result.status == 2 and "--credentials" in result.failure[0]


def test_a_code_with_a_typing_error_is_noticed_before_it_is_sent(tmp_path: Path) -> None:
    result = run_cli("agent", "enrol", "http://127.0.0.1:9", "ABCD-EFGH", cwd=tmp_path)
    assert result.status == 2 and "typing error" in result.failure[0]


def test_a_center_that_is_away_is_status_3(tmp_path: Path) -> None:
    from vision_ai_fleet.codes import make_code

    result = run_cli("agent", "enrol", "http://127.0.0.1:9", make_code(), "--json", cwd=tmp_path)
    assert (result.status, result.error["kind"]) == (3, "center")
    assert list(tmp_path.iterdir()) == []


def test_the_agent_says_how_to_install_its_extra() -> None:
    failure = AgentRun.describe_error(ModuleNotFoundError("No module named 'nats'", name="nats"))
    assert failure.hint == "Install it: pip install 'vision-ai-module[agent]'"
