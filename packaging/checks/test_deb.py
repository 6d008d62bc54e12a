"""The Debian packages: what is in them, and that a clean Debian installs, runs and removes them, on each architecture.

`ARCHITECTURES="arm64 armhf" make release-check` tries others than this computer's, emulated by QEMU.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deb.systems import System, open_system, read_architecture, run

DIST = Path(__file__).parents[2] / "dist"
NATIVE = read_architecture()
ARCHITECTURES = os.environ.get("ARCHITECTURES", "").split() or [NATIVE]
ETC = "/etc/vision-ai"
LINK_UNIT, AGENT_UNIT = "vision-ai-link.service", "vision-ai-agent.service"
REQUIREMENTS = """
from importlib.metadata import distribution, version
from packaging.requirements import Requirement
own = distribution("vision-ai-module")
for extra in ("", "cli", "console", "emulator", "agent"):
    for each in map(Requirement, own.requires):
        if each.marker is None or each.marker.evaluate({"extra": extra}):
            assert each.specifier.contains(version(each.name), prereleases=True), f"{each}: {version(each.name)}"
print(own.version)
"""
"""Fails where what is installed is not what the distribution requires."""
CALLS = """
set -e
vision-ai emulator --host 127.0.0.1 --port 8172 > /tmp/emulator.log 2>&1 &
until vision-ai --url http://127.0.0.1:8172 info > /dev/null 2>&1; do kill -0 $!; done
vision-ai --url http://127.0.0.1:8172 recognize --json
python3 -c 'from vision_ai import VisionAI; print(VisionAI("http://127.0.0.1:8172").get_device_info().firmware)'
kill $!
wait $! || true
"""
CONSOLE = """
set -e
vision-ai console --url emulator: --port 8173 > /tmp/console.log 2>&1 &
fetch='import urllib.request as r; print(r.urlopen("http://127.0.0.1:8173/", timeout=30).read().decode())'
until python3 -c "$fetch" 2> /dev/null; do kill -0 $! || { cat /tmp/console.log; exit 1; }; done
kill $!
wait $! || true
"""


def find_packages() -> dict[str, Path]:
    return {path.name.partition("_")[0]: path for path in DIST.glob("*.deb")}


def list_files(system: System) -> set[str]:
    """List all files, except what APT, dpkg and a start of the system leave."""
    own = {"proc", "sys", "dev", "run", "tmp", "var/cache", "var/lib/apt", "var/lib/dpkg", "var/log"}
    found: set[str] = set()
    for folder, folders, files in os.walk(system.folder):
        place = Path(folder).relative_to(system.folder)
        folders[:] = [each for each in folders if str(place / each) not in own]
        found |= {str(place / each) for each in (*folders, *files)}
    return found


def test_there_are_the_packages_that_the_page_names() -> None:
    page = (DIST.parent / "docs/install-debian.md").read_text(encoding="utf-8")
    assert sorted(find_packages()) == ["python3-nats", "python3-vision-ai", "vision-ai"]
    assert all(f"`{each}`" in page for each in find_packages())


def test_dependencies_have_the_bounds_of_the_project() -> None:
    depends = {
        name: run("dpkg-deb", "--field", str(path), "Depends", "Recommends", "Suggests")
        for name, path in find_packages().items()
    }
    assert "python3-httpx (>= 0.27), python3-httpx (<< 1~)" in depends["python3-vision-ai"]
    assert "python3-typer (>= 0.15" in depends["vision-ai"]
    assert "httptools" not in "".join(depends.values())


def test_the_sdk_has_no_service_and_the_command_has() -> None:
    contents = {name: run("dpkg-deb", "--contents", str(path)) for name, path in find_packages().items()}
    for each in (
        "vision_ai/py.typed",
        "vision_ai_generated/",
        "vision_ai_emulator/",
        "vision_ai_fleet/agent/",
    ):
        assert f"/usr/lib/python3/dist-packages/{each}" in contents["python3-vision-ai"]
    assert "/lib/systemd" not in contents["python3-vision-ai"]
    assert ".pyc" not in contents["python3-vision-ai"]
    for each in (
        "usr/bin/vision-ai",
        f"usr/lib/systemd/system/{AGENT_UNIT}",
        f"usr/lib/systemd/system/{LINK_UNIT}",
        "usr/lib/udev/rules.d/75-vision-ai.rules",
        "usr/share/man/man1/vision-ai.1.gz",
        "etc/vision-ai/agent.toml",
    ):
        assert f"./{each}\n" in contents["vision-ai"]


@pytest.fixture(scope="module", params=ARCHITECTURES)
def clean(request: pytest.FixtureRequest) -> Iterator[System]:
    """A clean Debian, whose APT gets everything from Debian alone."""
    # The files of services are the same everywhere: systemd is tried where it is quick.
    services = ("systemd", "udev") if request.param == NATIVE else ()
    with open_system(*services, architecture=request.param) as system:
        yield system


def require_systemd(system: System) -> None:
    if not (system.folder / "usr/bin/systemctl").exists():
        pytest.skip("systemd is tried with this computer's architecture")


@pytest.fixture(scope="module")
def before(clean: System) -> set[str]:
    return list_files(clean)


@pytest.fixture(scope="module")
def system(clean: System, before: set[str]) -> System:
    names: list[str] = []
    for path in find_packages().values():
        shutil.copy(path, clean.folder / "tmp")
        names.append(f"/tmp/{path.name}")
    clean.run("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *names, network=True)
    return clean


def test_the_command_line_runs(system: System) -> None:
    assert system.run("vision-ai", "--version").startswith("vision-ai ")
    result = json.loads(system.run("vision-ai", "info", "--url", "emulator:", "--json"))
    assert result["result"]["firmware"] == "9.9.4.2"
    assert "credentials" in system.run("vision-ai", "agent", "--help")
    assert "needs the credentials of its scale" in system.run("vision-ai", "agent", "run", check=False)
    assert "scales" in system.run("vision-ai", "fleet", "--help")
    assert "browser" in system.run("vision-ai", "console", "--help")
    assert "--sync" in system.run("vision-ai", "link", "forward", "--help")


def test_a_served_emulator_responds(system: System) -> None:
    recognized, firmware = system.run("sh", "-c", CALLS).splitlines()
    assert json.loads(recognized)["result"]["sid"]
    assert firmware == "9.9.4.2"


def test_the_console_serves_its_page(system: System) -> None:
    assert "<title>" in system.run("sh", "-c", CONSOLE)


def test_httpx_carries_the_calls_also_beside_debian_s_httptools(system: System) -> None:
    code = "from vision_ai import VisionAI; print(VisionAI('http://127.0.0.1:9'))"
    assert "httptools is not installed" in system.run("python3", "-c", code)
    system.run("apt-get", "install", "--quiet", "--yes", "python3-httptools", network=True)
    assert "httptools is older than" in system.run("python3", "-c", code)
    system.run("apt-get", "purge", "--quiet", "--yes", "python3-httptools")


def test_what_is_installed_is_what_the_distribution_requires(system: System) -> None:
    system.run("apt-get", "install", "--quiet", "--yes", "python3-packaging", network=True)
    version = system.run("python3", "-c", REQUIREMENTS).strip()
    assert version == find_packages()["vision-ai"].name.split("_")[1]
    system.run("apt-get", "purge", "--quiet", "--yes", "python3-packaging")


def test_systemd_and_udev_read_the_files(system: System) -> None:
    require_systemd(system)
    units = [f"/usr/lib/systemd/system/{each}" for each in (AGENT_UNIT, LINK_UNIT)]
    assert system.run("systemd-analyze", "verify", "--man=no", *units) == ""
    verified = system.run("udevadm", "verify", "/usr/lib/udev/rules.d/75-vision-ai.rules")
    assert re.search(r"Fail: +0\n", verified), verified


def test_services_are_off(system: System) -> None:
    require_systemd(system)
    for each in (AGENT_UNIT, LINK_UNIT):
        assert system.run("systemctl", "is-enabled", each, check=False).strip() == "disabled"


def test_the_manual_describes_every_command(system: System) -> None:
    page = system.run("gzip", "-cd", "/usr/share/man/man1/vision-ai.1.gz")
    for each in ("vision\\-ai info", "vision\\-ai agent enrol", "vision\\-ai link forward", "\\-\\-json"):
        assert each in page


def test_purging_leaves_nothing(system: System, before: set[str]) -> None:
    """Also of services that were enabled, and of what the agent and its owner wrote."""
    if (system.folder / "usr/bin/systemctl").exists():
        system.run("systemctl", "enable", AGENT_UNIT, LINK_UNIT)
    (system.folder / "etc/vision-ai/scale.creds").write_text("secret")
    (system.folder / "var/lib/private/vision-ai-agent").mkdir(parents=True)
    system.run("apt-get", "purge", "--quiet", "--yes", "--autoremove", *find_packages())
    # Of systemd, and of Debian's netbase.
    others = {"var/lib/private", "etc/hosts"}
    assert list_files(system) - before <= others
