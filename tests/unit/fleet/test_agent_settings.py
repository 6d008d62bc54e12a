"""The agent's settings: defaults, and errors that name the key and its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from vision_ai import InvalidInputError
from vision_ai_fleet.agent.settings import load_settings
from vision_ai_fleet.credentials import Credentials


def make_credentials(role: str = "scale") -> Credentials:
    return Credentials("nats://127.0.0.1:1", role, jwt="a.b.c", secret=b"x" * 32, store="0042", scale="07")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_credentials().write(tmp_path / "scale.creds")
    return tmp_path / "agent.toml"


def test_credentials_alone_suffice(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(file.parent / "state"))
    settings = load_settings(credentials=file.parent / "scale.creds")
    assert settings.credentials.scale_id == ("0042", "07")
    assert settings.data == file.parent / "state" / "0042-07"
    assert (settings.heartbeat, settings.console, settings.till.relay_port) == (30.0, "read_only", None)


def test_paths_are_relative_to_the_file(file: Path) -> None:
    file.write_text(
        '[center]\ncredentials = "scale.creds"\n[agent]\ndata = "data"\nheartbeat = 10\n'
        '[till]\njournal = "till.db"\nrelay_port = 8172\n'
    )
    settings = load_settings(file)
    assert settings.data == file.parent / "data"
    assert settings.till.journal == file.parent / "till.db"
    assert settings.credentials_path == file.parent / "scale.creds"
    assert settings.heartbeat == 10.0


def test_credentials_may_stand_in_the_file(file: Path) -> None:
    file.write_text(f"[center]\ncredentials = '''\n{make_credentials().format()}'''\n")
    settings = load_settings(file)
    assert settings.credentials.scale_id == ("0042", "07")
    assert settings.credentials_path is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[agent]\nheartbeat = 10\nhartbeat = 10", r"agent.toml:5: \[agent\] has no setting 'hartbeat'"),
        (
            "[agent]\nconsole = 'on'",
            r"agent.toml:4: \[agent\] console must be one of read_only, allowed, off",
        ),
        ("[agent]\nheartbeat = 0", r"agent.toml:4: \[agent\] heartbeat must be a number from 1 to 60, not 0"),
        ("[till]\nrelay_port = true", r"agent.toml:4: \[till\] relay_port must be a whole number"),
        ("[module]\nurl = 3", r"agent.toml:4: \[module\] url must be a text"),
        ("[limits]\nheartbeat = 1", r"agent.toml:4: \[limits\] has no setting 'heartbeat'"),
        ("[agnet]\nheartbeat = 1", r"agent.toml:3: there is no setting 'agnet' here"),
        ("[agent]\nheartbeat 1", r"agent.toml is not valid TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(file: Path, text: str, message: str) -> None:
    file.write_text(f'[center]\ncredentials = "scale.creds"\n{text}\n')
    with pytest.raises(InvalidInputError, match=message):
        load_settings(file)


def test_an_agent_needs_the_credentials_of_a_scale(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="needs the credentials"):
        load_settings()
    make_credentials("operator").write(tmp_path / "operator.creds")
    with pytest.raises(InvalidInputError, match="role operator"):
        load_settings(credentials=tmp_path / "operator.creds")


def test_no_secret_is_shown(file: Path) -> None:
    assert "xxxx" not in repr(load_settings(credentials=file.parent / "scale.creds"))
