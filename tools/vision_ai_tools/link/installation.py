"""Making the link last over restarts, and undoing that: the files, planned before anything is written."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Literal, NoReturn

from attrs import frozen

from .errors import FilesError, LinkError, NotPermittedError, NotPossibleError
from .files import FOLDERS, PUBLIC, Wanted, interface_of, is_marked, is_untouched, udev_rule
from .interface import chosen_interface
from .managers import MANAGERS, Manager, chosen_manager
from .netlink import read_network
from .usb import SYSFS, usb_interfaces

ROOT = Path("/")
NAME = "visionai0"
"""What the module's interface is called once the rule is there; the kernel never gives this name itself."""
LONGEST_NAME = 15

Owner = Literal[
    "nobody", "this program", "this program, changed since", "somebody else", "only root can read it"
]


@frozen
class Change:
    """One file that is to be written or removed."""

    path: Path
    before: str | None
    """What stands in it now; None where there is no such file."""
    after: str | None
    """What is to stand in it; None where it goes."""
    mode: int
    owner: Owner
    """Who wrote what stands there now."""

    @property
    def is_safe(self) -> bool:
        """Whether nothing is lost that somebody wrote by hand."""
        return self.owner in ("nobody", "this program")

    @property
    def staged(self) -> Path:
        """Where it is written before it takes its place: a name that nobody reads."""
        return self.path.with_name(f".{self.path.name}.new")

    def diff(self) -> str:
        """The change as `diff -u` shows it."""
        before, after = ((each or "").splitlines(keepends=True) for each in (self.before, self.after))
        named = str(self.path)
        names = ("/dev/null" if self.before is None else named, "/dev/null" if self.after is None else named)
        return "".join(difflib.unified_diff(before, after, *names))


@frozen
class Plan:
    """What `install` or `uninstall` would do; `apply` does it."""

    changes: tuple[Change, ...]
    manager: Manager | None
    """Whose file is written; None where all are removed."""
    interface: str | None

    @property
    def unsafe(self) -> tuple[Change, ...]:
        """Changes to files that somebody else wrote, or changed since."""
        return tuple(each for each in self.changes if not each.is_safe)

    def check_rights(self) -> None:
        """Whether the files can be written.

        Raises:
            NotPermittedError: not by this user.
            FilesError: not at all, as the file system is read-only.
        """
        for change in self.changes:
            folder = next(each for each in change.path.parents if each.exists())
            if not os.access(folder, os.W_OK):
                _refuse(folder)

    def apply(self, *, force: bool = False) -> None:
        """Writes and removes the files. All new files are written whole before the first takes its place.

        Args:
            force: Also replace or remove files that somebody else wrote, or changed since.

        Raises:
            FilesError: there are such files and no `force`, a file has changed since the plan was made, or it
                cannot be written. Nothing was changed.
            NotPermittedError: this user may not write there. Nothing was changed.
        """
        if self.unsafe and not force:
            listed = ", ".join(str(each.path) for each in self.unsafe)
            raise FilesError(
                f"Changed by hand, or not written by this program: {listed}.",
                "Nothing was done. Move the file away, or say --force to replace or remove it.",
            )
        for change in self.changes:
            if change.before != (_text(change.path) if change.path.exists() else None):
                raise FilesError(f"{change.path} has just changed.", "Nothing was done. Look again.")
        self.check_rights()
        written = [each for each in self.changes if each.after is not None]
        try:
            for change in written:
                _stage(change)
        except OSError as error:
            raise FilesError(f"{error.filename}: {error.strerror}.", "Nothing was changed.") from error
        else:
            for change in written:
                change.staged.replace(change.path)
            for change in self.changes:
                if change.after is None:
                    change.path.unlink()
        finally:
            for change in written:
                with suppress(OSError):
                    change.staged.unlink()


def planned_install(
    *,
    name: str = NAME,
    manager: str | None = None,
    interface: str | None = None,
    root: Path = ROOT,
    sysfs: Path = SYSFS,
) -> Plan:
    """What makes the link last: a udev rule that gives the module's interface its name, by the USB id, and a
    file for what sets up this computer's network.

    Args:
        name: What the interface will be called, up to 15 characters.
        manager: "NetworkManager", "systemd-networkd" or "ifupdown"; default: the one in use.
        interface: What it is called now. Needed only where several modules hang on this computer: the rule
            then also holds the USB port.
        root: Where the files go; other than `/` for the image of another computer.
        sysfs: Where the kernel shows what hangs on USB.

    Raises:
        NotPossibleError: the name cannot be an interface's, or there is no such manager.
        FilesError: no manager is in use, or it would not read the file.
        NoInterfaceError: there is no interface of that name.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name) or len(name) > LONGEST_NAME:
        raise NotPossibleError(
            f"{name!r} cannot be the name of a network interface.",
            f"Take up to {LONGEST_NAME} letters, digits, '-' and '_', a letter first.",
        )
    port = _port(interface, sysfs) if interface is not None else None
    chosen = chosen_manager(root, manager)
    wanted = (udev_rule(name, port), chosen.wanted(name))
    obsolete = [each for each in _installed(root) if interface_of(_below(each, root)) == name]
    changes = [*_written(wanted, root), *_removed(obsolete, except_for=wanted, root=root)]
    return Plan(changes=tuple(changes), manager=chosen, interface=name)


def planned_uninstall(*, name: str | None = None, root: Path = ROOT) -> Plan:
    """What undoes `planned_install`: all files it wrote go, or those for the interface of that name."""
    there = [each for each in _installed(root) if name in (None, interface_of(_below(each, root)))]
    return Plan(changes=tuple(_removed(there, except_for=(), root=root)), manager=None, interface=name)


def installed_files(root: Path = ROOT) -> dict[Path, Owner]:
    """The files that make the link last, and whether they are still as they were written."""
    return {path: _owner_if_readable(path) for path in _installed(root)}


def _refuse(folder: Path) -> NoReturn:
    if os.geteuid() != 0:
        raise NotPermittedError(f"Writing to {folder} needs root.")
    mounted = next(each for each in (folder, *folder.parents) if each.is_mount())
    raise FilesError(
        f"{folder} cannot be written: {mounted} is mounted read-only.",
        f"Make it writable for now, and try again: mount -o remount,rw {mounted}",
    )


def _port(interface: str, sysfs: Path) -> str:
    found = chosen_interface(read_network(), sysfs, interface)
    device = usb_interfaces(sysfs).get(found.name)
    if device is None:
        raise LinkError(f"{interface} is no module's interface: it does not hang on USB as one.")
    return device.port


def _written(wanted: Sequence[Wanted], root: Path) -> Iterator[Change]:
    for each in wanted:
        path = _inside(root, each.path)
        before = _text(path) if path.exists() else None
        if before != each.text:
            yield Change(path, before, each.text, each.mode, _owner(before))


def _removed(paths: Sequence[Path], *, except_for: Sequence[Wanted], root: Path) -> Iterator[Change]:
    kept = {root / each.path for each in except_for}
    for path in paths:
        if path not in kept:
            text = _text(path)
            yield Change(path, text, None, PUBLIC, _owner(text))


def _installed(root: Path) -> list[Path]:
    """Files with a name that this program gives; what stands in them may be somebody else's by now."""
    found = (path for folder in FOLDERS for path in sorted((root / folder).glob("*vision-ai-*")))
    return [path for path in found if path.is_file() and _is_name_of_ours(_below(path, root))]


def _is_name_of_ours(path: PurePosixPath) -> bool:
    name = interface_of(path)
    return name is not None and path in _paths(name)


def _paths(name: str) -> set[PurePosixPath]:
    return {udev_rule(name, None).path, *(each.wanted(name).path for each in MANAGERS)}


def _owner_if_readable(path: Path) -> Owner:
    try:
        return _owner(_text(path))
    except NotPermittedError:
        return "only root can read it"


def _owner(text: str | None) -> Owner:
    if text is None:
        return "nobody"
    if is_untouched(text):
        return "this program"
    return "this program, changed since" if is_marked(text) else "somebody else"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except PermissionError as error:
        raise NotPermittedError(f"Reading {path} needs root.") from error


def _below(path: Path, root: Path) -> PurePosixPath:
    return PurePosixPath(path.relative_to(root))


def _inside(root: Path, path: PurePosixPath) -> Path:
    """The path below the root; a link in the image of another computer must not lead out of it."""
    if not (root / path).resolve().is_relative_to(root.resolve()):
        raise FilesError(f"{root / path} leads out of {root}.")
    return root / path


def _stage(change: Change) -> None:
    change.path.parent.mkdir(parents=True, exist_ok=True)
    change.staged.unlink(missing_ok=True)
    number = os.open(change.staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, change.mode)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), change.mode)
        file.write(change.after or "")
        file.flush()
        os.fsync(file.fileno())
