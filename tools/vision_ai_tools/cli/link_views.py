"""What `vision-ai link` prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from .output import make_facts

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_tools.link import Change, ForwardPlan, ForwardStatus, Plan, Status
    from vision_ai_tools.link.file_changes import Owner

WRITERS: dict[Owner, str] = {
    "nobody": "–",
    "this program": N_("written by this program"),
    "this program, changed since": N_("written by this program, changed since"),
    "somebody else": N_("written by somebody else"),
    "only root can read it": N_("only root can read it"),
}


def describe_unsafe_change(change: Change) -> str:
    """Warn of a file that somebody else wrote or edited."""
    if change.owner == "this program, changed since":
        return _("Warning: {path} was written by this program, changed since.", path=change.path)
    return _("Warning: {path} was written by somebody else.", path=change.path)


def ask_to_open(plan: ForwardPlan) -> str:
    """Make the question before forwarding is switched on."""
    sources = ", ".join(plan.forwarding.sources) if plan.forwarding else ""
    if sources == "none":
        return _("Let the module reach other computers?")
    if sources == "any":
        return _("The module asks for no password. Open it to everybody?")
    return _("The module asks for no password. Open it to {sources}?", sources=sources)


def to_dict(plan: Plan) -> dict[str, Any]:
    """Return the JSON form of a plan."""
    return {
        "interface": plan.interface,
        "manager": plan.manager.name if plan.manager else None,
        "warnings": list(plan.warnings),
        "files": [to_change_dict(each) for each in plan.changes],
    }


def to_change_dict(change: Change) -> dict[str, str]:
    """Return the JSON form of a change."""
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


def describe_install(plan: Plan, root: Path) -> str:
    """Describe what an installation has changed, and what to do next."""
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


def describe_uninstall(plan: Plan) -> str:
    """Describe what has been removed."""
    return "\n".join(_list_changes(plan)) or _("Nothing was installed.")


def format_forward_plan(plan: ForwardPlan) -> str:
    """Format the rules and the files of a plan."""
    return "\n".join((plan.rules.rstrip(), *(each.diff().rstrip() for each in plan.files.changes))).strip()


def describe_forward(plan: ForwardPlan, done: tuple[str, ...]) -> str:
    """Describe what forwarding does now, after these changes."""
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


def make_forward_view(state: ForwardStatus) -> RenderableType:
    """Make a view of what is forwarded."""
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


def make_status_view(state: Status) -> RenderableType:
    """Make a view of modules, interfaces and files."""
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
