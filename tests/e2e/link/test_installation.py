"""The files that make the link last, written below a root of their own."""

from __future__ import annotations

import configparser
import re
import stat
import uuid
from pathlib import Path

import pytest

from vision_ai_tools import link

WANTS = "etc/systemd/system/multi-user.target.wants"
RULE = "etc/udev/rules.d/70-vision-ai-visionai0.rules"
NETWORKD = "etc/systemd/network/05-vision-ai-visionai0.network"
NETWORK_MANAGER = "etc/NetworkManager/system-connections/vision-ai-visionai0.nmconnection"
IFUPDOWN = "etc/network/interfaces.d/vision-ai-visionai0"


def enable(root: Path, unit: str) -> None:
    """As systemctl does it: in an image, the link leads to nowhere on this computer."""
    (root / WANTS).mkdir(parents=True, exist_ok=True)
    (root / WANTS / unit).symlink_to(f"/no/such/place/{unit}")


def put(root: Path, path: str, text: str = "") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def with_networkd(root: Path) -> None:
    enable(root, "systemd-networkd.service")


def with_network_manager(root: Path) -> None:
    enable(root, "NetworkManager.service")
    put(root, "usr/sbin/ifup")  # Debian has both; NetworkManager is the one in use
    put(root, "etc/network/interfaces", "source /etc/network/interfaces.d/*\n")


def with_ifupdown(root: Path) -> None:
    put(root, "usr/sbin/ifup")
    put(root, "etc/network/interfaces", "# of Debian\nsource /etc/network/interfaces.d/*\n\nauto lo\n")


COMPUTERS = {
    "systemd-networkd": (with_networkd, NETWORKD),
    "NetworkManager": (with_network_manager, NETWORK_MANAGER),
    "ifupdown": (with_ifupdown, IFUPDOWN),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


@pytest.fixture(params=COMPUTERS)
def computer(request: pytest.FixtureRequest, root: Path) -> tuple[Path, str, str]:
    """Root, name of what sets up the network there, and its file."""
    prepare, file = COMPUTERS[request.param]
    prepare(root)
    return root, request.param, file


def files_below(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def install(root: Path, **given: str) -> link.Plan:
    plan = link.planned_install(root=root, **given)
    plan.apply()
    return plan


# --- what is written


def test_the_manager_in_use_is_found_and_gets_its_file(computer: tuple[Path, str, str]) -> None:
    root, name, file = computer
    before = set(files_below(root))
    plan = install(root)
    assert plan.manager is not None
    assert plan.manager.name == name
    assert set(files_below(root)) - before == {RULE, file}


def test_uninstall_leaves_everything_as_it_was(computer: tuple[Path, str, str]) -> None:
    root, *_ = computer
    before = files_below(root)
    install(root)
    assert set(link.status(root=root).files.values()) == {"this program"}
    link.planned_uninstall(root=root).apply()
    assert files_below(root) == before
    assert link.planned_uninstall(root=root).changes == ()


def test_planning_writes_nothing_and_shows_all(computer: tuple[Path, str, str]) -> None:
    root, _, file = computer
    before = files_below(root)
    shown = "".join(change.diff() for change in link.planned_install(root=root).changes)
    assert files_below(root) == before
    assert f"--- /dev/null\n+++ {root / RULE}\n" in shown
    assert f"--- /dev/null\n+++ {root / file}\n" in shown
    assert "+" in shown
    assert "172.22.0.7" in shown


def test_installing_again_changes_nothing(computer: tuple[Path, str, str]) -> None:
    root, *_ = computer
    install(root)
    assert link.planned_install(root=root).changes == ()


def test_the_udev_rule(root: Path) -> None:
    with_networkd(root)
    install(root)
    (rule,) = [line for line in files_below(root)[RULE].splitlines() if not line.startswith("#")]
    keys = dict(re.fullmatch(r'([A-Za-z{}]+)==?"([^"]*)"', part).groups() for part in rule.split(", "))
    assert keys == {
        "SUBSYSTEM": "net",
        "ACTION": "add",
        "ATTRS{idVendor}": "2207",
        "ATTRS{idProduct}": "372d",
        "NAME": "visionai0",
    }


def test_networkd_file(root: Path) -> None:
    with_networkd(root)
    install(root)
    read = configparser.ConfigParser()
    read.optionxform = str
    read.read(root / NETWORKD, encoding="utf-8")
    assert read["Match"]["Name"] == "visionai0"
    assert read["Network"]["Address"] == "172.22.0.7/24"
    assert read["Network"]["DHCP"] == "no"
    assert read["Link"]["RequiredForOnline"] == "no"


def test_network_manager_file(root: Path) -> None:
    with_network_manager(root)
    install(root)
    read = configparser.ConfigParser()
    read.read(root / NETWORK_MANAGER, encoding="utf-8")
    assert read["connection"]["interface-name"] == "visionai0"
    assert uuid.UUID(read["connection"]["uuid"]).version == 5
    assert read["ipv4"]["method"] == "manual"
    assert read["ipv4"]["address1"] == "172.22.0.7/24"
    assert read["ipv4"]["never-default"] == "true"
    assert stat.S_IMODE((root / NETWORK_MANAGER).stat().st_mode) == 0o600


def test_another_name(root: Path) -> None:
    with_networkd(root)
    install(root, name="scale0")
    assert 'NAME="scale0"' in files_below(root)["etc/udev/rules.d/70-vision-ai-scale0.rules"]
    assert "Name=scale0" in files_below(root)["etc/systemd/network/05-vision-ai-scale0.network"]


def test_uninstall_of_one_name_leaves_the_other(root: Path) -> None:
    with_networkd(root)
    install(root)
    install(root, name="scale0")
    link.planned_uninstall(root=root, name="scale0").apply()
    assert set(files_below(root)) == {RULE, NETWORKD}


def test_where_the_manager_changes_the_old_ones_file_goes(root: Path) -> None:
    with_networkd(root)
    install(root)
    enable(root, "NetworkManager.service")
    install(root)
    assert set(files_below(root)) == {RULE, NETWORK_MANAGER}


# --- files that are not as they were written


@pytest.fixture
def changed(root: Path) -> Path:
    """The file of networkd, to which somebody has added a line."""
    with_networkd(root)
    install(root)
    file = root / NETWORKD
    file.write_text(file.read_text(encoding="utf-8") + "MTUBytes=1400\n", encoding="utf-8")
    return file


def test_a_changed_file_is_not_removed_and_nothing_else_either(root: Path, changed: Path) -> None:
    before = files_below(root)
    with pytest.raises(link.FilesError, match=re.escape(str(changed))):
        link.planned_uninstall(root=root).apply()
    assert files_below(root) == before
    link.planned_uninstall(root=root).apply(force=True)
    assert files_below(root) == {}


def test_a_changed_file_is_not_replaced(root: Path, changed: Path) -> None:
    plan = link.planned_install(root=root)
    assert "-MTUBytes=1400" in plan.changes[0].diff()
    with pytest.raises(link.FilesError, match="--force"):
        plan.apply()
    plan.apply(force=True)
    assert "MTUBytes" not in changed.read_text(encoding="utf-8")


def test_a_file_of_somebody_else_in_its_place(root: Path) -> None:
    with_networkd(root)
    put(root, NETWORKD, "[Match]\nName=visionai0\n")
    before = files_below(root)
    assert [change.owner for change in link.planned_install(root=root).unsafe] == ["somebody else"]
    with pytest.raises(link.FilesError):
        install(root)
    assert files_below(root) == before


def test_files_that_only_look_alike_are_left_alone(root: Path) -> None:
    with_ifupdown(root)
    put(root, "etc/network/interfaces.d/vision-ai-notes.txt", "remember the milk\n")
    put(root, "etc/udev/rules.d/99-vision-ai-camera.rules", "# ours\n")
    before = files_below(root)
    install(root)
    link.planned_uninstall(root=root).apply()
    assert files_below(root) == before


def test_a_file_that_changes_between_plan_and_deed(root: Path) -> None:
    with_networkd(root)
    plan = link.planned_install(root=root)
    put(root, NETWORKD, "[Match]\nName=visionai0\n")
    before = files_below(root)
    with pytest.raises(link.FilesError, match="just changed"):
        plan.apply(force=True)
    assert files_below(root) == before


# --- what is refused before anything is written


def test_no_manager(root: Path) -> None:
    with pytest.raises(link.FilesError, match="--manager"):
        link.planned_install(root=root)
    install(root, manager="systemd-networkd")
    assert set(files_below(root)) == {RULE, NETWORKD}


def test_an_unknown_manager(root: Path) -> None:
    with pytest.raises(link.NotPossibleError, match="one of NetworkManager, systemd-networkd, ifupdown"):
        link.planned_install(root=root, manager="connman")


@pytest.mark.parametrize(
    "line",
    [
        "source /etc/network/interfaces.d/*",
        "source interfaces.d/vision-*",
        "source-directory /etc/network/interfaces.d",
        "source-directory interfaces.d/",
    ],
)
def test_ifupdown_that_reads_the_folder(root: Path, line: str) -> None:
    with_ifupdown(root)
    put(root, "etc/network/interfaces", f"{line}\n")
    install(root)


@pytest.mark.parametrize(
    "line", ["", "# source /etc/network/interfaces.d/*", "source /etc/network/other.d/*"]
)
def test_ifupdown_that_does_not_read_the_folder(root: Path, line: str) -> None:
    with_ifupdown(root)
    put(root, "etc/network/interfaces", f"{line}\n")
    with pytest.raises(link.FilesError, match=re.escape("source /etc/network/interfaces.d/*")):
        link.planned_install(root=root)


@pytest.mark.parametrize("name", ["", "1st", "a" * 16, "../etc", "usb 0", 'x"', "usb0.7", "usb0\n"])
def test_names_that_no_interface_can_have(root: Path, name: str) -> None:
    with_networkd(root)
    with pytest.raises(link.NotPossibleError, match="cannot be the name"):
        link.planned_install(root=root, name=name)


def test_a_link_in_an_image_does_not_lead_out_of_it(root: Path, tmp_path: Path) -> None:
    with_networkd(root)
    (tmp_path / "outside").mkdir()
    (root / "etc/systemd/network").symlink_to(tmp_path / "outside")
    with pytest.raises(link.FilesError, match="leads out"):
        link.planned_install(root=root)


def test_where_one_file_cannot_be_written_none_is(root: Path) -> None:
    with_networkd(root)
    put(root, "etc/systemd/network", "a file where a folder should be")
    before = files_below(root)
    with pytest.raises(link.FilesError, match="Nothing was changed"):
        install(root)
    assert files_below(root) == before
