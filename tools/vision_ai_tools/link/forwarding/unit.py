"""The systemd unit that adds the rules again after each start of the computer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ..config_files import FORWARD_MARK, PUBLIC_MODE, ConfigFile
from ..errors import LinkError
from ..file_changes import Change, Owner, describe_link, determine_file_owner, determine_owner, read_existing
from ..root_folder import has_file, list_files, resolve_path
from ..shell_commands import SUDO_FOLDERS, get_program_path
from .settings import Forwarding, make_forwarding

UNIT = "vision-ai-forward.service"
FOLDER = PurePosixPath("etc/systemd/system")
PATH = FOLDER / UNIT
WANTING = ("multi-user.target", "docker.service", "nftables.service")
"""Whose start also starts the unit: Docker's rules drop what is forwarded, nftables.service flushes all rules."""
LINKS = tuple(FOLDER / f"{each}.wants" / UNIT for each in WANTING)
ARGUMENTS = ("link", "forward", "--until-restart")
SYSTEMD = ("usr/lib/systemd/systemd", "lib/systemd/systemd")
AFTER = "docker.service firewalld.service iptables.service netfilter-persistent.service nftables.service ufw.service"


def uses_systemd(root: Path) -> bool:
    """Whether the system has systemd."""
    return any(has_file(root, each) for each in SYSTEMD)


def make_unit(forwarding: Forwarding, program: str) -> ConfigFile:
    """Make the unit. It has no state of its own: each start adds the rules, in place of earlier ones."""
    # systemd refuses programs with quotes in their path, and reads $ there in another way than elsewhere.
    starter = () if re.fullmatch(r"[\w@+=:,./ -]+", program, re.ASCII) else ("/usr/bin/env",)
    words = (*starter, program, *ARGUMENTS, *forwarding.options)
    return ConfigFile(
        PATH,
        f"""\
[Unit]
Description=Let other computers reach the VISION-AI module
After={AFTER}

[Service]
Type=oneshot
ExecStart={" ".join(map(_quote, words))}

[Install]
WantedBy={" ".join(WANTING)}
""",
        mark=FORWARD_MARK,
    )


def read_unit(root: Path) -> Forwarding | None:
    """Read what the unit forwards; None where there is none, or somebody has changed it beyond recognition."""
    try:
        text = resolve_path(root, PATH).read_text(encoding="utf-8", errors="replace")
        command = re.search(rf"^ExecStart=.* {' '.join(ARGUMENTS)} (.*)$", text, re.MULTILINE)
        words = command[1].split() if command else []
        options = list(zip(words[::2], words[1::2], strict=True))
        single = dict(options)
        return make_forwarding(
            [value for name, value in options if name == "--from"],
            config_port=int(single["--config"]),
            sync_port=int(single["--sync"]),
            upstream=single.get("--upstream"),
        )
    except (OSError, KeyError, ValueError, LinkError):
        return None


def find_program(root: Path) -> tuple[str, bool]:
    """Find the path of `vision-ai` in the system; return it, and whether it is there."""
    own = get_program_path()
    candidates = (own, *(str(folder / "vision-ai") for folder in SUDO_FOLDERS))
    for each in candidates:
        if has_file(root, each):
            return each, True
    return candidates[1], False


def plan_writing(forwarding: Forwarding, root: Path, program: str) -> Iterator[Change]:
    """Plan the unit, and the links that enable it."""
    unit = make_unit(forwarding, program)
    path = resolve_path(root, unit.path)
    before = read_existing(path)
    if before != unit.text:
        yield Change(path, before, unit.text, unit.mode, determine_owner(before))
    target = f"/{PATH}"
    for each in LINKS:
        path = resolve_path(root, each)
        before = read_existing(path)
        if before != describe_link(target):
            owner: Owner = "nobody" if before is None else "somebody else"
            yield Change(path, before, describe_link(target), PUBLIC_MODE, owner, target)


def plan_removal(root: Path) -> Iterator[Change]:
    """Plan the removal of the unit and of all links that enable it."""
    for path in list_installed_files(root):
        text = read_existing(path)
        owner = "this program" if path.is_symlink() else determine_owner(text)
        yield Change(path, text, None, PUBLIC_MODE, owner)


def list_installed_files(root: Path) -> dict[Path, Owner]:
    """List the unit and the links that enable it."""
    folders = (FOLDER, *(FOLDER / each.name for each in list_files(root, str(FOLDER), "*.wants")))
    # In an image, the links lead to a file of this computer, or nowhere.
    files = [str(folder / UNIT) for folder in folders]
    paths = [resolve_path(root, PurePosixPath(each)) for each in files if has_file(root, each)]
    return {path: "this program" if path.is_symlink() else determine_file_owner(path) for path in paths}


def remove_empty_folders(root: Path) -> None:
    """Remove the folders of the links, as systemctl does it, where nothing is left in them."""
    for each in list_files(root, str(FOLDER), "*.wants"):
        if (
            each.name in {f"{name}.wants" for name in WANTING}
            and not each.is_symlink()
            and not any(each.iterdir())
        ):
            each.rmdir()


def _quote(word: str) -> str:
    """Quote a word as systemd reads it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if escaped != word or any(each.isspace() for each in word) else word
