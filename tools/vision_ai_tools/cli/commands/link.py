"""`vision-ai link`."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import asdict

from vision_ai_translations import N_, get_language
from vision_ai_translations import gettext as _

from ..failures import Failure, usage_failure
from ..options import Run, command, make_group
from ..output import make_facts

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_tools.link import Change, ForwardPlan, ForwardStatus, Outcome, Plan, Status
    from vision_ai_tools.link.file_changes import Owner

WRITERS: dict[Owner, str] = {
    "nobody": "–",
    "this program": N_("written by this program"),
    "this program, changed since": N_("written by this program, changed since"),
    "somebody else": N_("written by somebody else"),
    "only root can read it": N_("only root can read it"),
}

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
    run.emit(state.to_dict(), lambda: _make_status_view(state))


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
    run.emit(_to_dict(plan), lambda: _describe_install(plan, root))


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
    run.emit(_to_dict(plan), lambda: _describe_uninstall(plan))


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
            run.emit(state.to_dict(), lambda: _make_forward_view(state))
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
            "files": [_describe_change(each) for each in plan.files.changes],
            "warnings": list(plan.warnings),
            "changes": list(done),
        },
        lambda: _print_forward_plan(plan) if print_only else _describe_forward(plan, done),
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
        run.note(_describe_unsafe_change(change))
    if yes:
        return
    if not run.interactive:
        raise usage_failure(
            _("nothing was changed: there is no terminal to ask for confirmation"),
            _("Add --yes to change the files without confirmation."),
        )
    if not typer.confirm(question, err=True):
        raise Failure(_("nothing was changed"), kind="refused")


def _describe_unsafe_change(change: Change) -> str:
    if change.owner == "this program, changed since":
        return _("Warning: {path} was written by this program, changed since.", path=change.path)
    return _("Warning: {path} was written by somebody else.", path=change.path)


def _apply_forward_plan(run: Run, plan: ForwardPlan, *, yes: bool, force: bool) -> tuple[str, ...]:
    _warn(run, plan.warnings)
    plan.check_rights()
    # Closing needs no question, except for a file that somebody has edited.
    asks = bool(plan.files.unsafe if plan.forwarding is None else plan.files.changes)
    if plan.forwarding is not None:
        run.note(plan.rules)
    if asks:
        question = (
            _("Close the module to other computers?") if plan.forwarding is None else _ask_to_open(plan)
        )
        _confirm_changes(run, plan.files, question, yes=yes)
    return plan.apply(force=force or (asks and not yes))


def _ask_to_open(plan: ForwardPlan) -> str:
    sources = ", ".join(plan.forwarding.sources) if plan.forwarding else ""
    if sources == "none":
        return _("Let the module reach other computers?")
    if sources == "any":
        return _("The module asks for no password. Open it to everybody?")
    return _("The module asks for no password. Open it to {sources}?", sources=sources)


def _to_dict(plan: Plan) -> dict[str, Any]:
    return {
        "interface": plan.interface,
        "manager": plan.manager.name if plan.manager else None,
        "warnings": list(plan.warnings),
        "files": [_describe_change(each) for each in plan.changes],
    }


def _describe_change(change: Change) -> dict[str, str]:
    return {
        "path": str(change.path),
        "action": "removed" if change.after is None else "written",
        "diff": change.diff(),
    }


def _list_changes(plan: Plan) -> list[str]:
    return [
        _("Removed: {path}", path=each.path) if each.after is None else _("Written: {path}", path=each.path)
        for each in plan.changes
    ]


def _describe_install(plan: Plan, root: Path) -> str:
    from vision_ai_tools.link.constants import TERMINAL_ADDRESS
    from vision_ai_tools.link.shell_commands import format_root_command, format_system_command

    if not plan.changes:
        return _("{name} is already installed.", name=plan.interface)
    lines = [
        *_list_changes(plan),
        _(
            "From the next start, the module's interface is {name} with the address {address}.",
            name=plan.interface,
            address=TERMINAL_ADDRESS,
        ),
    ]
    if root == Path("/"):
        if plan.manager and plan.manager.reload:
            lines.append(
                _(
                    "Without a restart: run {command}, then unplug the module and plug it in again.",
                    command=format_system_command(*plan.manager.reload),
                )
            )
        else:
            lines.append(_("Without a restart: unplug the module and plug it in again."))
        lines.append(
            _(
                "Until then, use the interface under its present name: {command}",
                command=format_root_command("link", "up"),
            )
        )
    return "\n".join(lines)


def _describe_uninstall(plan: Plan) -> str:
    return "\n".join(_list_changes(plan)) or _("Nothing was installed.")


def _print_forward_plan(plan: ForwardPlan) -> str:
    return "\n".join((plan.rules.rstrip(), *(each.diff().rstrip() for each in plan.files.changes))).strip()


def _describe_forward(plan: ForwardPlan, done: tuple[str, ...]) -> str:
    if plan.forwarding is None:
        return "\n".join(map(_capitalize, done)) or _("Nothing was forwarded.")
    sources = ", ".join(plan.forwarding.sources)
    return "\n".join(
        (
            *map(_capitalize, done),
            *(
                _(
                    "Port {port} leads to the module's port {module_port} ({purpose}), for {sources}.",
                    port=each.port,
                    module_port=each.module_port,
                    purpose=_(each.purpose),
                    sources=sources,
                )
                for each in plan.forwarding.ports
            ),
            _("The module reaches others through {name}.", name=plan.forwarding.upstream)
            if plan.forwarding.upstream
            else _("The module reaches others through every interface."),
        )
    )


def _capitalize(change: str) -> str:
    text = _(change)
    return text[0].upper() + text[1:]


def _make_forward_view(state: ForwardStatus) -> RenderableType:
    rows: dict[str, object] = {_("Forwarding"): _summarize_forwarding(state)}
    if state.forwarding:
        for each in state.forwarding.ports:
            rows[_("Port {port}", port=each.port)] = _(
                "the module's port {port} ({purpose})", port=each.module_port, purpose=_(each.purpose)
            )
        rows[_("Module's way out")] = state.forwarding.upstream or _("every interface")
    rows["ip_forward"] = _("on") if state.ip_forward else _("off")
    if state.at_start:
        rows[_("At each start")] = _("on, for {sources}", sources=", ".join(state.at_start.sources))
    rows |= {str(path): _(WRITERS[owner]) for path, owner in state.files.items()}
    rows |= {_("Problem {number}", number=number): _(text) for number, text in enumerate(state.problems, 1)}
    return make_facts(rows)


def _summarize_forwarding(state: ForwardStatus) -> str:
    if state.forwarding:
        sources = ", ".join(state.forwarding.sources)
        return _("on, for {sources} (with {program})", sources=sources, program=state.method)
    if state.known:
        return _("off")
    return _("only root can read it")


def _make_status_view(state: Status) -> RenderableType:
    from vision_ai_tools.link.interface_setup import is_configured

    rows: dict[str, object] = {}
    for device in state.usb:
        words = [device.id, ", ".join(device.drivers()) or _("no driver")]
        rows[f"USB {device.port}"] = ", ".join([*words, _("old generation")] if device.is_old else words)
    for interface in state.interfaces:
        addresses = ", ".join(map(str, interface.addresses)) or _("no address")
        fix = "" if is_configured(interface) else "  " + _("(fix: {command})", command="vision-ai link up")
        switch = _("up") if interface.up else _("down")
        rows[interface.name] = f"{switch}, {addresses}{fix}"
    for path, owner in state.files.items():
        rows[str(path)] = _(WRITERS[owner])
    if state.forwarding.forwarding or state.forwarding.files:
        rows[_("Forwarding")] = _summarize_forwarding(state.forwarding)
    return make_facts(rows or {_("Link"): _("no module on USB, nothing installed")})
