"""The texts that make an agent start with its computer."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from vision_ai import InvalidInputError
from vision_ai_fleet.agent.install import (
    InstallError,
    InstallPlan,
    plan_install,
    plan_uninstall,
    read_status,
    systemd,
    windows_task,
)
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.names import ScaleId

NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
CREDENTIALS = "/etc/vision-ai/scale.creds"
CONFIG = "/etc/vision-ai/agent.toml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A mounted system that has the scale's credentials."""
    path = tmp_path / "etc/vision-ai/scale.creds"
    path.parent.mkdir(parents=True)
    make_credentials("scale").write(path)
    return tmp_path


def make_credentials(role: Any) -> Credentials:
    scale = ScaleId("0042", "07") if role == "scale" else None
    return Credentials(
        server="tls://127.0.0.1:4222",
        role=role,
        store=scale.store if scale else "",
        scale=scale.scale if scale else "",
        secret=b"s" * 32,
        jwt="eyJ0.eyJ0.abc",
    )


def read_unit(text: str) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read_string(text)
    return unit


def test_the_unit_keeps_the_agent_small_harmless_and_running(root: Path) -> None:
    plan = plan_install(CONFIG, CREDENTIALS, system="systemd", root=root, program=("/usr/bin/agent",))
    assert plan.path == root / "etc/systemd/system/vision-ai-agent.service" and plan.text is not None
    service = read_unit(plan.text)["Service"]
    assert service["ExecStart"] == f"/usr/bin/agent --config {CONFIG} --credentials %d/scale.creds"
    assert service["LoadCredential"] == f"scale.creds:{CREDENTIALS}"
    assert (service["DynamicUser"], service["ProtectSystem"], service["ProtectHome"]) == (
        "yes",
        "strict",
        "yes",
    )
    assert (service["MemoryMax"], service["Restart"], service["NoNewPrivileges"]) == ("128M", "always", "yes")
    assert plan.after == ()  # nothing is started in another system


def test_no_secret_is_in_a_unit_or_a_task(root: Path) -> None:
    content = (root / "etc/vision-ai/scale.creds").read_text()
    secret = next(line for line in content.splitlines() if line.startswith("secret:")).split()[1]
    for system in ("systemd", "windows"):
        text = plan_install(CONFIG, CREDENTIALS, system=system, root=root).describe()
        assert secret not in text and "eyJ0" not in text


def test_the_tills_user_runs_an_agent_that_reads_the_tills_journal(root: Path) -> None:
    plan = plan_install(
        None, CREDENTIALS, system="systemd", root=root, user="till", writable=("/var/lib/till",)
    )
    service = read_unit(plan.text or "")["Service"]
    assert (service["User"], service["ProtectHome"]) == ("till", "read-only")
    assert "DynamicUser" not in service and service["ReadWritePaths"] == '"/var/lib/till"'
    assert "--config" not in service["ExecStart"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_accepts_the_unit(root: Path, tmp_path: Path) -> None:
    plan = plan_install(CONFIG, CREDENTIALS, system="systemd", root=root, program=("/bin/true",))
    plan.apply()
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(plan.path)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if systemd.UNIT in line and "Restart" not in line]
    assert complaints == []  # RestartSteps is younger than some systems, which ignore it


def test_the_task_starts_at_boot_without_a_console_and_again(root: Path) -> None:
    python = r"C:\Program Files\Python\python.exe"
    plan = plan_install(
        CONFIG, CREDENTIALS, system="windows", root=root, program=(python, "-m", "vision_ai_fleet.agent")
    )
    plan.apply()
    task = ElementTree.fromstring(plan.path.read_bytes())
    found = {each.tag.removeprefix(NAMESPACE): each.text for each in task.iter()}
    assert found["Command"] == r"C:\Program Files\Python\pythonw.exe"
    assert found["Arguments"] == f"-m vision_ai_fleet.agent --config {CONFIG} --credentials {CREDENTIALS}"
    assert task.find(f".//{NAMESPACE}BootTrigger") is not None
    assert (found["UserId"], found["MultipleInstancesPolicy"], found["ExecutionTimeLimit"]) == (
        "S-1-5-19",
        "IgnoreNew",
        "PT0S",
    )
    assert task.find(f".//{NAMESPACE}RestartOnFailure") is not None


def test_this_computers_own_plan_starts_the_agent_and_shows_how(root: Path) -> None:
    credentials = root / "etc/vision-ai/scale.creds"
    unit = plan_install(None, credentials, system="systemd")
    assert unit.path == Path("/etc/systemd/system/vision-ai-agent.service")
    assert [command[1] for command in unit.after] == ["daemon-reload", "enable", "restart"]
    assert "# systemctl enable vision-ai-agent.service" in unit.describe()
    task = plan_install(None, credentials, system="windows")
    assert [command[0] for command in task.after] == ["icacls", "schtasks", "schtasks"]
    removal = plan_uninstall(system="systemd")
    assert removal.text is None and removal.before[0][:3] == ("systemctl", "disable", "--now")


def test_a_removal_goes_on_where_nothing_runs(tmp_path: Path) -> None:
    path = tmp_path / "unit"
    path.write_text("text")

    def run(command: tuple[str, ...]) -> None:
        if command == ("stop",):
            raise InstallError("it does not run")

    InstallPlan(path, None, before=(("stop",),), after=(("reload",),)).apply(run)
    assert not path.exists()


@pytest.mark.parametrize(
    ("system", "output", "state"),
    [("systemd", "active\n", "active"), ("windows", '"\\\\vision-ai-agent","N/A","Running"\r\n', "Running")],
)
def test_the_state_is_what_the_system_says(system: str, output: str, state: str) -> None:
    part = systemd if system == "systemd" else windows_task
    assert part.parse_state(output) == state


@pytest.mark.parametrize("system", ["systemd", "windows"])
def test_what_was_installed_is_removed_again(root: Path, system: Any) -> None:
    before = sorted(root.rglob("*"))
    assert read_status(system=system, root=root).installed is False
    plan_install(CONFIG, CREDENTIALS, system=system, root=root).apply()
    assert read_status(system=system, root=root).installed is True
    plan_uninstall(system=system, root=root).apply()
    assert read_status(system=system, root=root).installed is False
    assert {path for path in root.rglob("*") if path.is_file()} == {path for path in before if path.is_file()}


@pytest.mark.parametrize(
    "config", ["agent.toml", "/etc/a\nExecStart=/bin/evil", "/etc/100%/a.toml", '/etc/"a"']
)
def test_a_path_that_a_unit_cannot_have_is_refused(root: Path, config: str) -> None:
    with pytest.raises(InvalidInputError):
        plan_install(config, CREDENTIALS, system="systemd", root=root)


def test_only_a_scales_credentials_are_installed(root: Path) -> None:
    make_credentials("viewer").write(root / "etc/vision-ai/scale.creds")
    with pytest.raises(InvalidInputError, match="role viewer"):
        plan_install(CONFIG, CREDENTIALS, system="systemd", root=root)


def test_a_folder_that_cannot_be_written_is_told(root: Path) -> None:
    (root / "etc/systemd").write_text("a file")
    with pytest.raises(InstallError, match="cannot be written"):
        plan_install(CONFIG, CREDENTIALS, system="systemd", root=root).apply()


def test_the_commands_follow_the_file(tmp_path: Path) -> None:
    path, seen = tmp_path / "unit", []
    InstallPlan(path, "text", after=(("start",),)).apply(
        lambda command: seen.append((command, path.exists()))
    )
    assert seen == [(("start",), True)]
