"""Configuration files that are installed below a root folder of the test."""

from __future__ import annotations

import configparser
import re
import socket
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
    """Enable a unit as systemctl does it; in a system image, the symbolic link is dangling."""
    (root / WANTS).mkdir(parents=True, exist_ok=True)
    (root / WANTS / unit).symlink_to(f"/no/such/place/{unit}")


def write(root: Path, path: str, text: str = "") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def prepare_networkd(root: Path) -> None:
    enable(root, "systemd-networkd.service")


def prepare_network_manager(root: Path) -> None:
    enable(root, "NetworkManager.service")
    write(root, "usr/sbin/ifup")  # Debian has both; NetworkManager is the one in use
    write(root, "etc/network/interfaces", "source /etc/network/interfaces.d/*\n")


def prepare_ifupdown(root: Path) -> None:
    write(root, "usr/sbin/ifup")
    write(root, "etc/network/interfaces", "# of Debian\nsource /etc/network/interfaces.d/*\n\nauto lo\n")


SYSTEMS = {
    "systemd-networkd": (prepare_networkd, NETWORKD),
    "NetworkManager": (prepare_network_manager, NETWORK_MANAGER),
    "ifupdown": (prepare_ifupdown, IFUPDOWN),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest, root: Path) -> tuple[Path, str, str]:
    """The root folder of a system, its network manager, and the manager's file."""
    prepare, file = SYSTEMS[request.param]
    prepare(root)
    return root, request.param, file


def files_below(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def install(root: Path, **options: str) -> link.Plan:
    plan = link.plan_install(root=root, **options)
    plan.apply()
    return plan


# --- written files


def test_manager_in_use_gets_its_file(system: tuple[Path, str, str]) -> None:
    root, name, file = system
    before = set(files_below(root))
    plan = install(root)
    assert plan.manager is not None
    assert plan.manager.name == name
    assert set(files_below(root)) - before == {RULE, file}


def test_uninstall_restores_the_previous_state(system: tuple[Path, str, str]) -> None:
    root, *_ = system
    before = files_below(root)
    install(root)
    assert set(link.read_status(root=root).files.values()) == {"this program"}
    link.plan_uninstall(root=root).apply()
    assert files_below(root) == before
    assert link.plan_uninstall(root=root).changes == ()


def test_plan_writes_nothing_and_shows_all_changes(system: tuple[Path, str, str]) -> None:
    root, _, file = system
    before = files_below(root)
    diff = "".join(change.diff() for change in link.plan_install(root=root).changes)
    assert files_below(root) == before
    assert f"--- /dev/null\n+++ {root / RULE}\n" in diff
    assert f"--- /dev/null\n+++ {root / file}\n" in diff
    assert "+" in diff
    assert "172.22.0.7" in diff


def test_second_installation_changes_nothing(system: tuple[Path, str, str]) -> None:
    root, *_ = system
    install(root)
    assert link.plan_install(root=root).changes == ()


def test_udev_rule(root: Path) -> None:
    prepare_networkd(root)
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
    prepare_networkd(root)
    install(root)
    read = configparser.ConfigParser()
    read.optionxform = str
    read.read(root / NETWORKD, encoding="utf-8")
    assert read["Match"]["Name"] == "visionai0"
    assert read["Network"]["Address"] == "172.22.0.7/24"
    assert read["Network"]["DHCP"] == "no"
    assert read["Link"]["RequiredForOnline"] == "no"


def test_network_manager_file(root: Path) -> None:
    prepare_network_manager(root)
    install(root)
    read = configparser.ConfigParser()
    read.read(root / NETWORK_MANAGER, encoding="utf-8")
    assert read["connection"]["interface-name"] == "visionai0"
    assert uuid.UUID(read["connection"]["uuid"]).version == 5
    assert read["ipv4"]["method"] == "manual"
    assert read["ipv4"]["address1"] == "172.22.0.7/24"
    assert read["ipv4"]["never-default"] == "true"
    assert stat.S_IMODE((root / NETWORK_MANAGER).stat().st_mode) == 0o600


def test_another_interface_name(root: Path) -> None:
    prepare_networkd(root)
    install(root, name="scale0")
    assert 'NAME="scale0"' in files_below(root)["etc/udev/rules.d/70-vision-ai-scale0.rules"]
    assert "Name=scale0" in files_below(root)["etc/systemd/network/05-vision-ai-scale0.network"]


def test_uninstall_of_one_name_keeps_the_other(root: Path) -> None:
    prepare_networkd(root)
    install(root)
    install(root, name="scale0")
    link.plan_uninstall(root=root, name="scale0").apply()
    assert set(files_below(root)) == {RULE, NETWORKD}


def test_file_of_the_previous_manager_is_removed(root: Path) -> None:
    prepare_networkd(root)
    install(root)
    enable(root, "NetworkManager.service")
    install(root)
    assert set(files_below(root)) == {RULE, NETWORK_MANAGER}


# --- files that were edited


@pytest.fixture
def edited_file(root: Path) -> Path:
    """The file of networkd, to which somebody has added a line."""
    prepare_networkd(root)
    install(root)
    file = root / NETWORKD
    file.write_text(file.read_text(encoding="utf-8") + "MTUBytes=1400\n", encoding="utf-8")
    return file


def test_edited_file_prevents_any_removal(root: Path, edited_file: Path) -> None:
    before = files_below(root)
    with pytest.raises(link.FilesError, match=re.escape(str(edited_file))):
        link.plan_uninstall(root=root).apply()
    assert files_below(root) == before
    link.plan_uninstall(root=root).apply(force=True)
    assert files_below(root) == {}


def test_edited_file_is_not_replaced(root: Path, edited_file: Path) -> None:
    plan = link.plan_install(root=root)
    assert "-MTUBytes=1400" in plan.changes[0].diff()
    with pytest.raises(link.FilesError, match="--force"):
        plan.apply()
    plan.apply(force=True)
    assert "MTUBytes" not in edited_file.read_text(encoding="utf-8")


def test_file_of_another_author(root: Path) -> None:
    prepare_networkd(root)
    write(root, NETWORKD, "[Match]\nName=visionai0\n")
    before = files_below(root)
    assert [change.owner for change in link.plan_install(root=root).unsafe] == ["somebody else"]
    with pytest.raises(link.FilesError):
        install(root)
    assert files_below(root) == before


def test_files_with_similar_names_are_kept(root: Path) -> None:
    prepare_ifupdown(root)
    write(root, "etc/network/interfaces.d/vision-ai-notes.txt", "remember the milk\n")
    write(root, "etc/udev/rules.d/99-vision-ai-camera.rules", "# ours\n")
    before = files_below(root)
    install(root)
    link.plan_uninstall(root=root).apply()
    assert files_below(root) == before


def test_file_that_changes_after_the_plan_was_made(root: Path) -> None:
    prepare_networkd(root)
    plan = link.plan_install(root=root)
    write(root, NETWORKD, "[Match]\nName=visionai0\n")
    before = files_below(root)
    with pytest.raises(link.FilesError, match="just changed"):
        plan.apply(force=True)
    assert files_below(root) == before


# --- errors before anything is written


def test_missing_manager(root: Path) -> None:
    with pytest.raises(link.FilesError, match="--manager"):
        link.plan_install(root=root)
    install(root, manager="systemd-networkd")
    assert set(files_below(root)) == {RULE, NETWORKD}


def test_unknown_manager(root: Path) -> None:
    with pytest.raises(link.InvalidArgumentError, match="one of NetworkManager, systemd-networkd, ifupdown"):
        link.plan_install(root=root, manager="connman")


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
    prepare_ifupdown(root)
    write(root, "etc/network/interfaces", f"{line}\n")
    install(root)


@pytest.mark.parametrize(
    "line", ["", "# source /etc/network/interfaces.d/*", "source /etc/network/other.d/*"]
)
def test_ifupdown_that_does_not_read_the_folder(root: Path, line: str) -> None:
    prepare_ifupdown(root)
    write(root, "etc/network/interfaces", f"{line}\n")
    with pytest.raises(link.FilesError, match=re.escape("source /etc/network/interfaces.d/*")):
        link.plan_install(root=root)


@pytest.mark.parametrize("name", ["", "1st", "a" * 16, "../etc", "usb 0", 'x"', "usb0.7", "usb0\n"])
def test_invalid_interface_name(root: Path, name: str) -> None:
    prepare_networkd(root)
    with pytest.raises(link.InvalidArgumentError, match="cannot be the name"):
        link.plan_install(root=root, name=name)


@pytest.mark.parametrize(
    "name",
    [
        "lo",
        "all",
        "default",
        "any",
        "ALL",
        "eth0",
        "usb0",
        "wlan1",
        "docker0",
        "enp3s0",
        "eno1",
        "wlp2s0",
        ".",
        "..",
    ],
)
def test_name_with_another_meaning(root: Path, name: str) -> None:
    prepare_networkd(root)
    with pytest.raises(link.InvalidArgumentError, match="cannot be"):
        link.plan_install(root=root, name=name)
    assert link.plan_install(root=root, name="scale0").interface == "scale0"


def test_name_of_another_interface_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "if_nametoindex", lambda name: 7)
    with pytest.raises(link.InvalidArgumentError, match="another interface"):
        link.plan_install(name="backbone")


@pytest.mark.parametrize("folder", ["etc", "etc/systemd", "etc/systemd/network", "etc/udev/rules.d"])
@pytest.mark.parametrize("is_absolute", [True, False])
def test_uninstall_stays_inside_the_root_folder(
    root: Path, tmp_path: Path, folder: str, is_absolute: bool
) -> None:
    outside = tmp_path / "outside"
    install_elsewhere = tmp_path / "other"
    prepare_networkd(install_elsewhere)
    install(install_elsewhere)
    (install_elsewhere / folder).rename(outside)
    before = files_below(outside)
    (root / folder).parent.mkdir(parents=True, exist_ok=True)
    depth = len(Path(folder).parts)
    (root / folder).symlink_to(outside if is_absolute else Path("../" * depth) / "outside")
    plan = link.plan_uninstall(root=root)
    assert plan.changes == ()
    assert link.read_status(root=root).files == {}
    with pytest.raises(link.FilesError, match="leads out"):
        install(root, manager="systemd-networkd")
    assert files_below(outside) == before


def test_link_inside_the_root_folder_is_followed_as_the_system_does(root: Path) -> None:
    prepare_networkd(root)
    (root / "data/network").mkdir(parents=True)
    (root / "etc/systemd/network").symlink_to("/data/network")
    install(root)
    assert "data/network/05-vision-ai-visionai0.network" in files_below(root)
    link.plan_uninstall(root=root).apply()
    assert files_below(root) == {}


def test_linked_file_is_not_followed(root: Path, tmp_path: Path) -> None:
    prepare_networkd(root)
    install(root)
    secret = tmp_path / "secret"
    (root / RULE).rename(secret)
    (root / RULE).symlink_to(secret)
    plan = link.plan_uninstall(root=root)
    assert [each.owner for each in plan.unsafe] == ["somebody else"]
    assert "NAME=" not in "".join(each.diff() for each in plan.unsafe)
    plan.apply(force=True)
    assert secret.exists()
    assert not (root / RULE).is_symlink()


# --- other files for the same interface


def test_second_installation_under_another_name_warns(root: Path) -> None:
    prepare_networkd(root)
    assert install(root).warnings == ()
    (warning,) = link.plan_install(root=root, name="scale0").warnings
    assert "visionai0" in warning
    assert "uninstall --name visionai0" in warning


@pytest.mark.parametrize(
    ("path", "text", "warns"),
    [
        ("etc/udev/rules.d/90-x.rules", 'SUBSYSTEM=="net", DRIVERS=="rndis_host", NAME="scale"', True),
        ("usr/lib/udev/rules.d/90-x.rules", 'ENV{ID_VENDOR_ID}=="2207", \\\n NAME:="scale"', True),
        ("etc/udev/rules.d/90-x.rules", 'SUBSYSTEM=="net", KERNEL=="usb*", NAME="scale"', True),
        ("etc/udev/rules.d/90-x.rules", 'ATTRS{idVendor}=="0bda", NAME="lan"', False),
        ("etc/udev/rules.d/90-x.rules", 'ATTRS{idVendor}=="2207", SYMLINK+="scale"', False),
        ("etc/udev/rules.d/90-x.rules", '# ATTRS{idVendor}=="2207", NAME="scale"', False),
        ("etc/systemd/network/10-x.link", "[Match]\nDriver=rndis_host\n[Link]\nName=scale", True),
        ("etc/systemd/network/10-x.link", "[Match]\nDriver=r8169\n[Link]\nName=lan", False),
        ("etc/systemd/network/00-x.network", "[Match]\nName=*\n[Network]\nDHCP=yes", True),
        ("etc/systemd/network/99-x.network", "[Match]\nName=*\n[Network]\nDHCP=yes", False),
        ("etc/systemd/network/00-x.network", "[Match]\nName=eth*\n[Network]\nDHCP=yes", False),
    ],
)
def test_conflicting_files(root: Path, path: str, text: str, warns: bool) -> None:
    prepare_networkd(root)
    write(root, path, f"{text}\n")
    assert [path in each for each in link.plan_install(root=root).warnings] == [True] * warns


# --- managers


@pytest.mark.parametrize(
    "path",
    [
        "usr/lib/systemd/system/multi-user.target.wants/NetworkManager.service",
        "etc/systemd/system/network.target.wants/NetworkManager.service",
        "etc/runlevels/default/NetworkManager",
        "etc/rc3.d/S20network-manager",
    ],
)
def test_enabled_network_manager(root: Path, path: str) -> None:
    prepare_networkd(root)
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).symlink_to("/no/such/file")
    plan = link.plan_install(root=root)
    assert plan.manager is not None
    assert plan.manager.name == "NetworkManager"


def test_masked_network_manager(root: Path) -> None:
    prepare_networkd(root)
    enable(root, "NetworkManager.service")
    (root / "etc/systemd/system/NetworkManager.service").symlink_to("/dev/null")
    plan = link.plan_install(root=root)
    assert plan.manager is not None
    assert plan.manager.name == "systemd-networkd"


def test_symbolic_link_that_leads_out_of_the_root_folder(root: Path, tmp_path: Path) -> None:
    prepare_networkd(root)
    (tmp_path / "outside").mkdir()
    (root / "etc/systemd/network").symlink_to(tmp_path / "outside")
    with pytest.raises(link.FilesError, match="leads out"):
        link.plan_install(root=root)


def test_nothing_is_written_if_one_file_cannot_be_written(root: Path) -> None:
    prepare_networkd(root)
    write(root, "etc/systemd/network", "a file where a folder should be")
    before = files_below(root)
    with pytest.raises(link.FilesError, match="Nothing was changed"):
        install(root)
    assert files_below(root) == before
