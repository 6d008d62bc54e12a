"""What `make deb` writes into the packages follows the program and pyproject.toml."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from vision_ai_fleet.agent.install import systemd
from vision_ai_fleet.agent.settings import load_settings
from vision_ai_fleet.credentials import Credentials
from vision_ai_tools.cli.app import COMMANDS
from vision_ai_tools.link.config_files import make_udev_rule as make_naming_rule

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "packaging" / "debian"
sys.path.insert(0, str(ROOT / "packaging"))

from debian.dependencies import adapt, make_relations, make_substvars  # noqa: E402
from debian.make_files import ALIAS, make_agent_unit, make_udev_rule  # noqa: E402
from debian.manual import make_manual  # noqa: E402

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("requirement", "relations"),
    [
        ("httpx>=0.27,<1", ["python3-httpx (>= 0.27)", "python3-httpx (<< 1~)"]),
        ("attrs>=23.1", ["python3-attr (>= 23.1)"]),
        ("pyroute2>=0.7.7; sys_platform == 'linux'", ["python3-pyroute2 (>= 0.7.7)"]),
        ("editables", ["python3-editables"]),
        ("duckdb>=1.1,<2", []),
    ],
)
def test_a_requirement_becomes_relations(requirement: str, relations: list[str]) -> None:
    assert make_relations(requirement) == relations


def test_a_requirement_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no such requirement"):
        make_relations("httpx~=0.27")


def test_every_variable_of_the_control_file_is_written() -> None:
    control = (FOLDER / "control").read_text(encoding="utf-8")
    for package, text in make_substvars(tomllib.loads(adapt(PYPROJECT))["project"]).items():
        paragraph = control.partition(f"\nPackage: {package}\n")[2].partition("\nDescription:")[0]
        used = set(re.findall(r"\$\{((?!misc|python3|binary).*?)\}", paragraph))
        assert used == {line.partition("=")[0] for line in text.splitlines()}


def test_debian_s_distribution_does_not_require_httptools() -> None:
    requirements = tomllib.loads(adapt(PYPROJECT))["project"]["dependencies"]
    assert requirements and not any("httptools" in each for each in requirements)
    with pytest.raises(ValueError, match="httptools"):
        adapt(adapt(PYPROJECT))


def test_the_agent_s_unit_is_that_of_the_program() -> None:
    lines = set(systemd.TEXT.replace("{writable}", "").splitlines())
    own = [line for line in make_agent_unit().splitlines() if line not in lines]
    assert own == [
        "Documentation=man:vision-ai(1)",
        "ConditionPathExists=/etc/vision-ai/scale.creds",
        "ExecStart=/usr/bin/python3 -m vision_ai_fleet.agent --config /etc/vision-ai/agent.toml "
        "--credentials %d/scale.creds",
        "LoadCredential=scale.creds:/etc/vision-ai/scale.creds",
        "DynamicUser=yes",
        "ProtectHome=yes",
    ]


def test_the_udev_rule_recognizes_what_the_program_names() -> None:
    naming = make_naming_rule("scale0", None).body
    attributes = re.findall(r"ATTRS\{\w+\}==\"\w+\"", naming)
    assert len(attributes) == 2 and ", ".join(attributes) in make_udev_rule()
    assert "NAME=" not in make_udev_rule()
    device = ALIAS.strip("/").replace("/", "-") + ".device"
    unit = (FOLDER / "vision-ai.vision-ai-link.service").read_text(encoding="utf-8")
    assert f"BindsTo={device}\n" in unit and f"WantedBy={device}\n" in unit
    pattern = re.search(r"^ConditionPathExistsGlob=!/(.*)$", unit, re.MULTILINE)
    assert pattern and make_naming_rule("scale0", None).path.match(pattern[1])


def test_the_settings_in_the_package_are_valid(tmp_path: Path) -> None:
    text = (FOLDER / "agent.toml").read_text(encoding="utf-8")
    settings = re.sub(r"^#(?! )", "", text, flags=re.MULTILINE)
    assert settings.count("\n[") == 3
    (tmp_path / "agent.toml").write_text(settings, encoding="utf-8")
    Credentials(
        "tls://center:4222", "scale", "0042/07", jwt="a.b.c", secret=b"top", store="0042", scale="07"
    ).write(tmp_path / "scale.creds")
    read = load_settings(tmp_path / "agent.toml", credentials=tmp_path / "scale.creds")
    assert read.till.relay_port == 8172 and read.console == "read_only"


def test_the_manual_has_every_command_and_the_common_options_once() -> None:
    page = make_manual("1.0", 0)
    assert '.TH VISION-AI 1 "1970-01-01"' in page
    for each in (*(entry.name for entry in COMMANDS), "agent enrol", "fleet enrol", "link forward"):
        assert f"\n.SS vision\\-ai {each}".replace("learn-", "learn\\-") in page
    assert page.count("\n.B \\-\\-record FILE\n") == 1
