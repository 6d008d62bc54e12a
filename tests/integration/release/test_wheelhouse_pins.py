"""The pins of what users install, and how they are chosen for another platform."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "packaging"))

from wheelhouse import pins  # noqa: E402
from wheelhouse.targets import TARGETS, Target  # noqa: E402

PIN = re.compile(r"^([a-z0-9.-]+)==([^\s;]+)", re.MULTILINE)


def read_versions(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")))


def test_users_get_the_versions_that_are_tested() -> None:
    tested, installed = read_versions("dev"), read_versions("runtime")
    assert "httpx" in installed
    assert {
        name: version for name, version in installed.items() if version != tested.get(name, version)
    } == {}


def test_every_pin_of_what_users_install_has_its_hashes() -> None:
    text = pins.PINS.read_text(encoding="utf-8")
    assert "://" not in text
    assert all("--hash=sha256:" in pin for pin in pins.read_pins(text).values())
    assert set(pins.read_pins(text)) == set(read_versions("runtime"))


def test_one_version_of_hatchling_builds_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["build-system"]["requires"] == [f"hatchling=={read_versions('dev')['hatchling']}"]
    others = {name: read_versions(name)["hatchling"] for name in ("demo", "bench", "docs", "release")}
    assert set(others.values()) == {read_versions("dev")["hatchling"]}, others


RESOLVED = """\
click==8.5.1
colorama==0.4.6 ; sys_platform == 'win32'
httptools==0.9.0 ; platform_machine not in 'armv6l armv7l armv8l i386 i586 i686'
pyroute2==0.9.7 ; sys_platform == 'linux'
typing-extensions==4.16.0 ; python_full_version < '3.13'
"""


@pytest.mark.parametrize(
    ("target", "python", "names"),
    [
        (TARGETS["win_amd64"], "3.13", {"click", "colorama", "httptools"}),
        (TARGETS["linux_armv7l"], "3.13", {"click", "pyroute2"}),
        (TARGETS["linux_x86_64"], "3.12", {"click", "httptools", "pyroute2", "typing-extensions"}),
    ],
)
def test_markers_are_those_of_the_target(
    target: Target, python: str, names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "resolve", lambda _: RESOLVED)
    assert set(pins.choose_pins(["cli"], target, python)) == names


def test_a_package_without_a_pin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "resolve", lambda _: "new-package==1.0\n")
    with pytest.raises(pins.WheelhouseError, match=r"new-package: run `make lock`"):
        pins.choose_pins(["cli"], TARGETS["win_amd64"], "3.13")
