"""The commands `vision-ai link install` and `uninstall`."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest
from network_lab import CompletedProcess, NetworkLab
from preloaded_program import PreloadedProgram

RULE = "etc/udev/rules.d/70-vision-ai-visionai0.rules"
FILE = "etc/systemd/network/05-vision-ai-visionai0.network"


class System:
    """The root folder of a system that uses systemd-networkd, and the program to configure it with."""

    def __init__(self, root: Path, program: PreloadedProgram) -> None:
        self.root = root
        self._program = program
        units = root / "etc/systemd/system/multi-user.target.wants"
        units.mkdir(parents=True)
        (units / "systemd-networkd.service").symlink_to("/no/such/place/systemd-networkd.service")

    def link(self, *words: str) -> CompletedProcess:
        return subprocess.run(
            self._command(words),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )

    def link_in_terminal(self, answer: str, *words: str) -> tuple[int, str]:
        """Answer the question in a pseudo-terminal; return the exit status and the output."""
        terminal, program_side = pty.openpty()
        with subprocess.Popen(
            self._command(words), stdin=program_side, stdout=program_side, stderr=program_side
        ) as process:
            os.close(program_side)
            os.write(terminal, f"{answer}\n".encode())
            output = b""
            while True:
                try:
                    output += os.read(terminal, 65536)
                except OSError:  # the program has ended
                    break
        os.close(terminal)
        return process.returncode, output.decode().replace("\r\n", "\n")

    def files(self) -> set[str]:
        return {
            str(path.relative_to(self.root))
            for path in self.root.rglob("*")
            if path.is_file() and not path.is_symlink()
        }

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [str(self._program.path), "link", *words, "--root", str(self.root)]


@pytest.fixture
def system(tmp_path: Path, program: PreloadedProgram) -> System:
    return System(tmp_path / "root", program)


def test_nothing_is_written_without_confirmation(system: System) -> None:
    run = system.link("install")
    assert run.returncode == 2
    assert "+Address=172.22.0.7/24" in run.stderr
    assert "--yes" in run.stderr.splitlines()[-1]
    assert system.files() == set()


def test_install_and_uninstall_with_yes(system: System) -> None:
    run = system.link("install", "--yes")
    assert run.returncode == 0
    assert f"Written: {system.root / RULE}" in run.stdout
    assert system.files() == {RULE, FILE}
    assert "already installed" in system.link("install", "--yes").stdout
    run = system.link("uninstall", "--yes")
    assert f"Removed: {system.root / FILE}" in run.stdout
    assert system.files() == set()
    assert system.link("uninstall").stdout == "Nothing was installed.\n"


@pytest.mark.parametrize(
    ("answer", "status", "files"), [("y", 0, {RULE, FILE}), ("n", 1, set()), ("", 1, set())]
)
def test_confirmation_in_a_terminal(system: System, answer: str, status: int, files: set[str]) -> None:
    exit_status, output = system.link_in_terminal(answer, "install")
    assert exit_status == status, output
    assert output.index("+Name=visionai0") < output.index("[y/N]")
    assert system.files() == files


def test_edited_file_is_removed_only_after_a_warning(system: System) -> None:
    system.link("install", "--yes")
    (system.root / FILE).write_text("# mine now\n", encoding="utf-8")
    run = system.link("uninstall", "--yes")
    assert run.returncode == 1
    assert "--force" in run.stderr
    assert system.files() == {RULE, FILE}
    exit_status, output = system.link_in_terminal("y", "uninstall")
    assert exit_status == 0
    assert "-# mine now" in output
    assert str(system.root / FILE) in output[output.index("Warning") : output.index("[y/N]")]
    assert system.files() == set()


@pytest.mark.parametrize("words", [("--name", "a name"), ("--manager", "connman")])
def test_invalid_arguments_are_usage_errors(system: System, words: tuple[str, str]) -> None:
    run = system.link("install", "--yes", *words)
    assert run.returncode == 2
    assert words[1] in run.stderr
    assert system.files() == set()


def test_json_output(system: System) -> None:
    result = json.loads(system.link("install", "--yes", "--json").stdout)["result"]
    assert (result["interface"], result["manager"]) == ("visionai0", "systemd-networkd")
    assert [(file["path"], file["action"]) for file in result["files"]] == [
        (str(system.root / RULE), "written"),
        (str(system.root / FILE), "written"),
    ]
    assert "+[Match]" in result["files"][1]["diff"]
    status = json.loads(system.link("status", "--json").stdout)["result"]
    assert [file["written_by"] for file in status["files"]] == ["this program", "this program"]


def test_missing_rights_are_reported_before_the_question(lab: NetworkLab, system: System) -> None:
    (system.root / "etc").chmod(0o555)
    run = lab.vision_ai_as_user("link", "install", "--root", str(system.root))
    assert run.returncode == 1
    what, command = run.stderr.splitlines()
    assert "needs root" in what
    assert command.strip().startswith("sudo ")
    assert command.endswith(f"vision-ai link install --root {system.root}")


def test_read_only_file_system(lab: NetworkLab, system: System) -> None:
    mount = f"mount -t tmpfs none {system.root}; mkdir {system.root}/etc; mount -o remount,ro {system.root}"
    install = f"vision-ai link install --yes --manager systemd-networkd --root {system.root}"
    run = lab.run("sh", "-ec", f"{mount}; {install}")
    assert run.returncode == 1
    assert f"{system.root} is mounted read-only" in run.stderr
    assert run.stderr.splitlines()[-1].endswith(f"mount -o remount,rw {system.root}")


def test_rule_for_one_of_two_modules_has_its_usb_port(lab: NetworkLab, system: System) -> None:
    with lab.second_module():
        run = lab.vision_ai(
            "link", "install", "--interface", "usb1", "--name", "scale1", "--yes", "--root", str(system.root)
        )
        assert run.returncode == 0, run.stderr
    rule = (system.root / "etc/udev/rules.d/70-vision-ai-scale1.rules").read_text(encoding="utf-8")
    assert 'KERNELS=="1-2"' in rule
    assert 'NAME="scale1"' in rule


def test_interface_without_a_modules_usb_id(lab: NetworkLab, system: System) -> None:
    lab.add_card()
    run = lab.vision_ai("link", "install", "--interface", "eth1", "--yes", "--root", str(system.root))
    assert run.returncode == 1
    assert "eth1 is not a module's interface" in run.stderr
    assert system.files() == set()
