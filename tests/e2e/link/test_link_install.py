"""`vision-ai link install` and `uninstall` as they are typed."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest
from link_bench import VISION_AI, Finished, LinkBench

RULE = "etc/udev/rules.d/70-vision-ai-visionai0.rules"
FILE = "etc/systemd/network/05-vision-ai-visionai0.network"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The files of a computer that uses systemd-networkd."""
    (tmp_path / "root/etc/systemd/system/multi-user.target.wants").mkdir(parents=True)
    unit = tmp_path / "root/etc/systemd/system/multi-user.target.wants/systemd-networkd.service"
    unit.symlink_to("/no/such/place/systemd-networkd.service")
    return tmp_path / "root"


def link(*words: str, root: Path) -> Finished:
    return subprocess.run(
        [VISION_AI, "link", *words, "--root", str(root)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def typed(answer: str, *words: str, root: Path) -> tuple[int, str]:
    """The same at a terminal, where somebody answers the question; exit status and all that is shown."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [VISION_AI, "link", *words, "--root", str(root)], stdin=theirs, stdout=theirs, stderr=theirs
    ) as run:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the terminal is closed at the other end
                break
    os.close(ours)
    return run.returncode, shown.decode().replace("\r\n", "\n")


def written(root: Path) -> set[str]:
    return {
        str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and not path.is_symlink()
    }


def test_nothing_is_written_without_a_yes(root: Path) -> None:
    run = link("install", root=root)
    assert run.returncode == 2
    assert "+Address=172.22.0.7/24" in run.stderr
    assert "--yes" in run.stderr.splitlines()[-1]
    assert written(root) == set()


def test_yes(root: Path) -> None:
    run = link("install", "--yes", root=root)
    assert run.returncode == 0
    assert f"Written: {root / RULE}" in run.stdout
    assert written(root) == {RULE, FILE}
    assert "installed already" in link("install", "--yes", root=root).stdout
    run = link("uninstall", "--yes", root=root)
    assert f"Removed: {root / FILE}" in run.stdout
    assert written(root) == set()
    assert link("uninstall", root=root).stdout == "Nothing was installed.\n"


@pytest.mark.parametrize(
    ("answer", "status", "files"), [("y", 0, {RULE, FILE}), ("n", 1, set()), ("", 1, set())]
)
def test_somebody_is_asked(root: Path, answer: str, status: int, files: set[str]) -> None:
    ended, shown = typed(answer, "install", root=root)
    assert ended == status, shown
    assert shown.index("+Name=visionai0") < shown.index("[y/N]")
    assert written(root) == files


def test_a_file_changed_by_hand_goes_only_after_being_told_so(root: Path) -> None:
    link("install", "--yes", root=root)
    (root / FILE).write_text("# mine now\n", encoding="utf-8")
    refused = link("uninstall", "--yes", root=root)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert written(root) == {RULE, FILE}
    ended, shown = typed("y", "uninstall", root=root)
    assert ended == 0
    assert "-# mine now" in shown
    assert str(root / FILE) in shown[shown.index("Careful") : shown.index("[y/N]")]
    assert written(root) == set()


@pytest.mark.parametrize("words", [("--name", "a name"), ("--manager", "connman")])
def test_what_is_not_possible_is_a_usage_error(root: Path, words: tuple[str, str]) -> None:
    refused = link("install", "--yes", *words, root=root)
    assert refused.returncode == 2
    assert words[1] in refused.stderr
    assert written(root) == set()


def test_json(root: Path) -> None:
    told = json.loads(link("install", "--yes", "--json", root=root).stdout)["result"]
    assert (told["interface"], told["manager"]) == ("visionai0", "systemd-networkd")
    assert [(file["path"], file["action"]) for file in told["files"]] == [
        (str(root / RULE), "written"),
        (str(root / FILE), "written"),
    ]
    assert "+[Match]" in told["files"][1]["diff"]
    status = json.loads(link("status", "--json", root=root).stdout)["result"]
    assert [file["written_by"] for file in status["files"]] == ["this program", "this program"]


def test_somebody_without_rights_is_told_before_being_asked(bench: LinkBench, root: Path) -> None:
    (root / "etc").chmod(0o555)
    refused = bench.run(
        "unshare", "--user", "--map-user=1000", "vision-ai", "link", "install", "--root", str(root)
    )
    assert refused.returncode == 1
    what, command = refused.stderr.splitlines()
    assert "needs root" in what
    assert command.strip().startswith("sudo ")
    assert command.endswith(f"vision-ai link install --root {root}")


def test_a_file_system_that_is_read_only(bench: LinkBench, root: Path) -> None:
    mount = f"mount -t tmpfs none {root}; mkdir {root}/etc; mount -o remount,ro {root}"
    install = f"vision-ai link install --yes --manager systemd-networkd --root {root}"
    refused = bench.run("sh", "-ec", f"{mount}; {install}")
    assert refused.returncode == 1
    assert f"{root} is mounted read-only" in refused.stderr
    assert refused.stderr.splitlines()[-1].endswith(f"mount -o remount,rw {root}")


def test_of_several_modules_the_rule_holds_the_port(bench: LinkBench, root: Path) -> None:
    with bench.second_module():
        run = bench.vision_ai(
            "link", "install", "--interface", "usb1", "--name", "scale1", "--yes", "--root", str(root)
        )
        assert run.returncode == 0, run.stderr
    rule = (root / "etc/udev/rules.d/70-vision-ai-scale1.rules").read_text(encoding="utf-8")
    assert 'KERNELS=="1-2"' in rule
    assert 'NAME="scale1"' in rule


def test_of_an_interface_that_is_no_modules_no_port_is_taken(bench: LinkBench, root: Path) -> None:
    bench.add_card()
    refused = bench.vision_ai("link", "install", "--interface", "eth1", "--yes", "--root", str(root))
    assert refused.returncode == 1
    assert "eth1 is no module's interface" in refused.stderr
    assert written(root) == set()
