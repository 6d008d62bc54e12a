"""`vision-ai link`."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from attrs import asdict

from vision_ai_translations import get_language
from vision_ai_translations import gettext as _

from ..failures import Failure, usage_failure
from ..link_views import (
    ask_to_open,
    describe_forward,
    describe_install,
    describe_uninstall,
    describe_unsafe_change,
    format_forward_plan,
    make_forward_view,
    make_status_view,
    to_change_dict,
    to_dict,
)
from ..options import Run, command, make_group

if TYPE_CHECKING:
    from vision_ai_tools.link import ForwardPlan, Outcome, Plan

app = make_group(
    "Set up the network interface of the module's USB cable. Commands that change something need root rights."
)

Interface = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The module's network interface. Default: the one with the module's USB id.",
        show_default=False,
    ),
]
Root = Annotated[
    Path,
    typer.Option(
        metavar="DIR",
        help="Root folder of the configuration files: / or the mounted disk of another computer.",
        exists=True,
        file_okay=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
Force = Annotated[
    bool, typer.Option("--force", help="Replace or remove files even if somebody else wrote or changed them.")
]


@app.command("up")
@command
def up(run: Run, interface: Interface = None) -> None:
    """Set the address 172.22.0.7/24 on the module's interface and bring it up.

    Other addresses in 172.22.0.0/24 are removed from this interface; other interfaces are not changed. The
    setting is lost when this computer or the module restarts. `vision-ai link install` makes it permanent.
    """
    with _report_link_errors():
        from vision_ai_tools import link

        outcome = link.up(interface)
    _emit(run, outcome, unchanged=_("already set up"))


@app.command("down")
@command
def down(run: Run, interface: Interface = None) -> None:
    """Remove this computer's address from the module's interface and bring it down."""
    with _report_link_errors():
        from vision_ai_tools import link

        outcome = link.down(interface)
    _emit(run, outcome, unchanged=_("already down"))


@app.command("status")
@command
def status(run: Run, interface: Interface = None, root: Root = Path("/")) -> None:
    """Show the module's interface, the files that make the link permanent, and whether ports are forwarded."""
    with _report_link_errors():
        from vision_ai_tools import link

        state = link.read_status(interface, root=root)
    run.emit(state.to_dict(), lambda: make_status_view(state))


@app.command("install")
@command
def install(
    run: Run,
    interface: Interface = None,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Name for the interface.")
    ] = "visionai0",
    manager: Annotated[
        str | None,
        typer.Option(
            "--manager",
            metavar="MANAGER",
            help="NetworkManager, systemd-networkd or ifupdown. Default: the one that this computer uses.",
            show_default=False,
        ),
    ] = None,
    root: Root = Path("/"),
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Make the link permanent: write files that name the interface and set its address at each start.

    The command writes two files and shows them first: a udev rule that names the interface by the module's
    USB id, and a configuration file for the network manager of this computer. If several modules are
    connected, select one with --interface; the rule then also matches the USB port of that module.
    """
    with _report_link_errors():
        from vision_ai_tools import link

        plan = link.plan_install(name=name, manager=manager, interface=interface, root=root)
        _apply_plan(run, plan, yes=yes, force=force)
    run.emit(to_dict(plan), lambda: describe_install(plan, root))


@app.command("uninstall")
@command
def uninstall(
    run: Run,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Only the files for this interface.", show_default=False),
    ] = None,
    root: Root = Path("/"),
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Remove the files that `vision-ai link install` wrote. The link stays up until a restart."""
    with _report_link_errors():
        from vision_ai_tools import link

        plan = link.plan_uninstall(name=name, root=root)
        _apply_plan(run, plan, yes=yes, force=force)
    run.emit(to_dict(plan), lambda: describe_uninstall(plan))


class ForwardAction(StrEnum):
    """What `vision-ai link forward` can do."""

    ON = "on"
    OFF = "off"
    STATUS = "status"


@app.command("forward")
@command
def forward(
    run: Run,
    action: Annotated[ForwardAction, typer.Argument(metavar="[on|off|status]", show_default=False)] = (
        ForwardAction.ON
    ),
    config: Annotated[
        int, typer.Option("--config", metavar="PORT", help="Port that leads to the module's port 80.")
    ] = 7080,
    sync: Annotated[
        int, typer.Option("--sync", metavar="PORT", help="Port that leads to the module's port 443.")
    ] = 7443,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="NETWORK",
            help="Who may come: an IPv4 network or address, any, or none. Required; may be repeated.",
            show_default=False,
        ),
    ] = None,
    upstream: Annotated[
        str | None,
        typer.Option(
            "--upstream",
            metavar="NAME",
            help="The only interface through which the module may reach others. Default: every interface.",
            show_default=False,
        ),
    ] = None,
    until_restart: Annotated[
        bool, typer.Option("--until-restart", help="Do not write the unit that does the same at each start.")
    ] = False,
    print_only: Annotated[
        bool, typer.Option("--print", help="Print the rules and the unit, and change nothing.")
    ] = False,
    root: Root = Path("/"),
    yes: Yes = False,
    force: Force = False,
) -> None:
    """Let other computers reach the module through this one, and the module reach others.

    The module has no authentication: whoever may come can read its pictures and reset it. Ports 7080 (remote
    configuration) and 7443 (synchronization of several modules) lead to the module. Only the networks of
    --from may use them. What the module sends leaves with the address of this computer. Rules of other
    programs are not changed. A systemd unit adds the rules again at each start.

    `vision-ai link forward off` removes everything; `vision-ai link forward status` shows the current state.
    """
    with _report_link_errors():
        from vision_ai_tools import link

        if action is ForwardAction.STATUS:
            state = link.read_forward_status(root=root)
            run.emit(state.to_dict(), lambda: make_forward_view(state))
            return
        if action is ForwardAction.OFF:
            if sources:
                raise usage_failure(_("'off' switches forwarding off for everybody"), _("Leave --from out."))
            plan = link.plan_forward_off(root=root)
        else:
            forwarding = link.make_forwarding(
                sources or (), config_port=config, sync_port=sync, upstream=upstream
            )
            plan = link.plan_forward(forwarding, permanent=not until_restart, root=root)
        done = () if print_only else _apply_forward_plan(run, plan, yes=yes, force=force)
    run.emit(
        {
            "forwarding": plan.forwarding.to_dict() if plan.forwarding else None,
            "method": plan.method,
            "rules": plan.rules,
            "files": [to_change_dict(each) for each in plan.files.changes],
            "warnings": list(plan.warnings),
            "changes": list(done),
        },
        lambda: format_forward_plan(plan) if print_only else describe_forward(plan, done),
    )


@contextmanager
def _report_link_errors() -> Generator[None]:
    """Turn errors of the link into failures."""
    from vision_ai_tools.link import InvalidArgumentError, LinkError, NotPermittedError

    try:
        yield
    except NotPermittedError as error:
        what, _advice = error.describe(get_language())
        raise Failure(what, _repeat_with_sudo(), kind="permission") from error
    except InvalidArgumentError as error:
        raise usage_failure(*error.describe(get_language())) from error
    except LinkError as error:
        raise Failure(*error.describe(get_language()), kind="link") from error


def _repeat_with_sudo() -> str:
    from vision_ai_tools.link.shell_commands import format_root_command

    return format_root_command(*sys.argv[1:])


def _emit(run: Run, outcome: Outcome, *, unchanged: str) -> None:
    changes = ", ".join(map(_, outcome.changes)) or unchanged
    run.emit(asdict(outcome), f"{outcome.interface}: {changes}")
    for warning in outcome.warnings:
        run.note(_("Remaining problem: {problem}", problem=_(warning)))


def _warn(run: Run, warnings: Iterable[str]) -> None:
    for warning in warnings:
        run.note(_("Warning: {problem}", problem=_(warning)))


def _apply_plan(run: Run, plan: Plan, *, yes: bool, force: bool) -> None:
    _warn(run, plan.warnings)
    if not plan.changes:
        return
    plan.check_rights()
    writes = any(each.after is not None for each in plan.changes)
    _confirm_changes(run, plan, _("Write these files?") if writes else _("Remove these files?"), yes=yes)
    plan.apply(force=force or not yes)


def _confirm_changes(run: Run, plan: Plan, question: str, *, yes: bool) -> None:
    for change in plan.changes:
        run.note(change.diff())
    for change in plan.unsafe:
        run.note(describe_unsafe_change(change))
    if yes:
        return
    if not run.interactive:
        raise usage_failure(
            _("nothing was changed: there is no terminal to ask for confirmation"),
            _("Add --yes to change the files without confirmation."),
        )
    if not typer.confirm(question, err=True):
        raise Failure(_("nothing was changed"), kind="refused")


def _apply_forward_plan(run: Run, plan: ForwardPlan, *, yes: bool, force: bool) -> tuple[str, ...]:
    _warn(run, plan.warnings)
    plan.check_rights()
    # Closing needs no question, except for a file that somebody has edited.
    asks = bool(plan.files.unsafe if plan.forwarding is None else plan.files.changes)
    if plan.forwarding is not None:
        run.note(plan.rules)
    if asks:
        question = _("Close the module to other computers?") if plan.forwarding is None else ask_to_open(plan)
        _confirm_changes(run, plan.files, question, yes=yes)
    return plan.apply(force=force or (asks and not yes))
