"""`vision-ai link`."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import asdict

from ..failures import Failure, usage_failure
from ..options import Run, command, group
from ..output import facts

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_tools.link import Change, Outcome, Plan, Status

app = group("Set up the network interface of the module's USB cable. What changes something needs root.")

Interface = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The module's network interface. Default: the one that has its USB id.",
        show_default=False,
    ),
]
Root = Annotated[
    Path,
    typer.Option(
        metavar="DIR",
        help="Where the files go: / or the files of another computer.",
        exists=True,
        file_okay=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
Force = Annotated[
    bool, typer.Option("--force", help="Also replace or remove files that were changed or written by hand.")
]


@app.command("up")
@command
def up(run: Run, interface: Interface = None) -> None:
    """Give the module's interface the address 172.22.0.7/24, and switch it on.

    Other addresses in 172.22.0.0/24 are taken from it; no other interface is touched. It lasts until this
    computer or the module restarts: `vision-ai link install` makes it last.
    """
    with _told(run):
        from vision_ai_tools import link

        outcome = link.up(interface)
    _emit(run, outcome, nothing="was set up already")


@app.command("down")
@command
def down(run: Run, interface: Interface = None) -> None:
    """Take the terminal's address from the module's interface, and switch it off."""
    with _told(run):
        from vision_ai_tools import link

        outcome = link.down(interface)
    _emit(run, outcome, nothing="was down already")


@app.command("status")
@command
def status(run: Run, interface: Interface = None, root: Root = Path("/")) -> None:
    """Show the module's interface, and the files that make the link last."""
    with _told(run):
        from vision_ai_tools import link

        state = link.read_status(interface, root=root)
    run.emit(state.to_dict(), lambda: _state(state))


@app.command("install")
@command
def install(
    run: Run,
    interface: Interface = None,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What the interface is to be called.")
    ] = "visionai0",
    manager: Annotated[
        str | None,
        typer.Option(
            "--manager",
            metavar="MANAGER",
            help="NetworkManager, systemd-networkd or ifupdown. Default: the one in use.",
            show_default=False,
        ),
    ] = None,
    root: Root = Path("/"),
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Make the link last over restarts: a name for the interface, and its address.

    Two files are written: a udev rule that names the interface by the module's USB id, and one for what sets
    up this computer's network. Each is shown first. Where several modules hang on this computer, --interface
    says which one gets the name, and the rule also holds the USB port that it is plugged into.
    """
    with _told(run):
        from vision_ai_tools import link

        plan = link.plan_install(name=name, manager=manager, interface=interface, root=root)
        _carry_out(run, plan, yes=yes, force=force)
    run.emit(_done(plan), lambda: _after_install(plan, root))


@app.command("uninstall")
@command
def uninstall(
    run: Run,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Only for the interface called so.", show_default=False),
    ] = None,
    root: Root = Path("/"),
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Remove what `vision-ai link install` wrote. The link itself stays up until a restart."""
    with _told(run):
        from vision_ai_tools import link

        plan = link.plan_uninstall(name=name, root=root)
        _carry_out(run, plan, yes=yes, force=force)
    run.emit(_done(plan), lambda: _after_uninstall(plan))


@contextmanager
def _told(run: Run) -> Generator[None]:
    """What is wrong with the link, as the program tells it."""
    from vision_ai_tools.link import InvalidArgumentError, LinkError, NotPermittedError

    try:
        yield
    except NotPermittedError as error:
        raise Failure(error.what, _as_typed_with_sudo(), kind="permission") from error
    except InvalidArgumentError as error:
        raise usage_failure(error.what, error.advice) from error
    except LinkError as error:
        raise Failure(error.what, error.advice, kind="link") from error


def _as_typed_with_sudo() -> str:
    from vision_ai_tools.link.shell_commands import format_root_command

    return format_root_command(*sys.argv[1:])


def _emit(run: Run, outcome: Outcome, *, nothing: str) -> None:
    done = ", ".join(outcome.changes) or nothing
    run.emit(asdict(outcome), f"{outcome.interface}: {done}")
    for warning in outcome.warnings:
        run.note(f"Still in the way: {warning}")


def _carry_out(run: Run, plan: Plan, *, yes: bool, force: bool) -> None:
    if not plan.changes:
        return
    plan.check_rights()
    for change in plan.changes:
        run.note(change.diff())
    for change in plan.unsafe:
        run.note(f"Careful: {change.path} was written by {change.owner}.")
    if not yes:
        if not run.interactive:
            raise usage_failure("Nothing was done: there is nobody to ask.", "Say --yes to do it.")
        writes = any(each.after is not None for each in plan.changes)
        if not typer.confirm(f"{'Write' if writes else 'Remove'} these files?", err=True):
            raise Failure("Nothing was done.", kind="refused")
    plan.apply(force=force or not yes)


def _done(plan: Plan) -> dict[str, Any]:
    return {
        "interface": plan.interface,
        "manager": plan.manager.name if plan.manager else None,
        "files": [
            {"path": str(each.path), "action": _action(each), "diff": each.diff()} for each in plan.changes
        ],
    }


def _action(change: Change) -> str:
    return "removed" if change.after is None else "written"


def _listed(plan: Plan) -> list[str]:
    return [f"{_action(each).capitalize()}: {each.path}" for each in plan.changes]


def _after_install(plan: Plan, root: Path) -> str:
    from vision_ai_tools.link.constants import TERMINAL_ADDRESS
    from vision_ai_tools.link.shell_commands import format_root_command, format_system_command

    if not plan.changes:
        return f"{plan.interface} was installed already."
    lines = [
        *_listed(plan),
        f"From the next start on, the module is on {plan.interface}, which has {TERMINAL_ADDRESS}.",
    ]
    if root == Path("/"):
        if plan.manager and plan.manager.reload:
            reload = format_system_command(*plan.manager.reload)
            lines.append(f"Without a restart: {reload}; then plug the module out and in.")
        else:
            lines.append("Without a restart: plug the module out and in.")
        lines.append(f"Until then, with the name it has now: {format_root_command('link', 'up')}")
    return "\n".join(lines)


def _after_uninstall(plan: Plan) -> str:
    return "\n".join(_listed(plan)) or "Nothing was installed."


def _state(state: Status) -> RenderableType:
    from vision_ai_tools.link.interface_setup import is_configured

    rows: dict[str, object] = {}
    for device in state.usb:
        drivers = ", ".join(device.drivers()) or "no driver"
        rows[f"USB {device.port}"] = f"{device.id}, {drivers}{', old generation' if device.is_old else ''}"
    for interface in state.interfaces:
        addresses = ", ".join(map(str, interface.addresses)) or "no address"
        told = "on" if interface.up else "off"
        rows[interface.name] = (
            f"switched {told}, {addresses}{'' if is_configured(interface) else '  (vision-ai link up)'}"
        )
    for path, owner in state.files.items():
        rows[str(path)] = f"written by {owner}" if owner != "only root can read it" else owner
    return facts(rows or {"Nothing": "no module on USB, nothing installed"})
