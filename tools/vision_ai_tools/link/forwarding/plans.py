"""Plan to switch forwarding on or off, and read its state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from attrs import frozen

from vision_ai_translations import Message

from ..errors import InvalidArgumentError, LinkError, NotPermittedError
from ..file_changes import Owner
from ..netlink import require_linux
from ..plans import Plan
from ..shell_commands import format_root_command, is_root
from . import ip_forward, iptables, kernel_tables, nftables, other_rules, unit
from .iptables import Iptables
from .memory import Memory
from .programs import find_program, run, run_or_raise
from .settings import Forwarding

ROOT = Path("/")
MANUAL_SETUP = {"win32": "cable.forward_windows", "darwin": "cable.forward_macos"}
"""Platform → the text that says what to do by hand there."""
CONTAINER_BRIDGES = ("docker0", "br-", "podman", "cni")
NO_RIGHTS = Message("Forwarding needs root.")


@frozen
class Tools:
    """The programs of this computer for the kernel's rules."""

    nft: str | None
    iptables: tuple[Iptables, ...]

    @property
    def method(self) -> str:
        return "nft" if self.nft else "iptables"


@frozen
class ForwardPlan:
    """What will change; `apply` changes it."""

    forwarding: Forwarding | None
    """None to switch forwarding off."""
    method: str | None
    """"nft" or "iptables"; None for a system that is not running."""
    rules: str
    """The rules as that program takes them."""
    files: Plan
    """The unit that adds the rules after a restart."""
    warnings: tuple[str, ...]
    root: Path

    @property
    def is_for_this_computer(self) -> bool:
        return self.root.resolve() == ROOT

    def check_rights(self) -> None:
        """Check that this process may change the rules and write the files.

        Raises:
            NotPermittedError: this needs root.
            FilesError: the file system is read-only.
        """
        if self.is_for_this_computer and not is_root():
            raise NotPermittedError(NO_RIGHTS)
        self.files.check_rights()

    def apply(self, *, force: bool = False) -> tuple[str, ...]:
        """Change the rules and the files; return what was changed. The arguments are those of `Plan.apply`.

        Raises:
            LinkError: the rules or the files cannot be changed.
        """
        self.check_rights()
        self.files.check_owners(force=force)
        done: list[str] = []
        if self.is_for_this_computer:
            tools = _find_tools(required=self.forwarding is not None)
            done += _switch_off(tools) if self.forwarding is None else _switch_on(self.forwarding, tools)
        self.files.apply(force=force)
        done += [
            Message("removed: {path}", path=each.path)
            if each.after is None
            else Message("written: {path}", path=each.path)
            for each in self.files.changes
        ]
        if self.forwarding is None:
            unit.remove_empty_folders(self.root)
        if self.is_for_this_computer and self.files.changes:
            _reload_systemd()
        return tuple(done)


@frozen
class ForwardStatus:
    """Whether the module is reachable through this computer, and for whom."""

    forwarding: Forwarding | None
    """What the kernel does now; None where it does not forward, or only root may know."""
    method: str | None
    known: bool
    """Whether this process may read the kernel's rules."""
    ip_forward: bool
    files: dict[Path, Owner]
    """The unit that switches forwarding on after a restart."""
    at_start: Forwarding | None = None
    """What the unit forwards."""
    problems: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Convert to JSON data."""
        settings = self.forwarding.to_dict() if self.forwarding else {}
        return {
            "active": self.forwarding is not None if self.known else None,
            "method": self.method,
            **{name: settings.get(name) for name in ("config", "sync", "from", "upstream")},
            "ip_forward": self.ip_forward,
            "at_start": self.at_start.to_dict() if self.at_start else None,
            "files": [{"path": str(path), "written_by": owner} for path, owner in self.files.items()],
            "problems": list(self.problems),
        }


def plan_forward(forwarding: Forwarding, *, permanent: bool = True, root: Path = ROOT) -> ForwardPlan:
    """Plan to forward ports of this computer to the module.

    The rules go into a table of their own (nftables), or into chains of their own (iptables, where there is no
    nft). Rules of other programs stay as they are.

    Args:
        forwarding: What is forwarded, and for whom; see `make_forwarding`.
        permanent: Also write a systemd unit that adds the rules again after each start.
        root: Root folder of the system. For another one than this computer's, only the unit is written.

    Raises:
        InvalidArgumentError: one of the ports is in use.
        LinkError: this is not Linux, or has neither nft nor iptables.
    """
    require_linux(MANUAL_SETUP)
    warnings: list[str] = []
    method, rules = None, ""
    if root.resolve() == ROOT:
        tools = _find_tools()
        method = tools.method
        if is_root():
            _check_ports(forwarding, tools)
            warnings += _find_problems(forwarding, tools)
        rules = _format_rules(forwarding, tools)
    elif not permanent:
        raise InvalidArgumentError(
            Message("For another system than this computer, only the unit can be written.")
        )
    changes = ()
    if permanent and root.resolve() == ROOT and not unit.uses_systemd(root):
        warnings.append(
            Message(
                "This system has no systemd: forwarding ends with the next restart. Let a start script of the system"
                " run: {command}",
                command=format_root_command("link", "forward", "--until-restart", *forwarding.options),
            )
        )
    elif permanent:
        program, is_there = unit.find_program(root)
        changes = tuple(unit.plan_writing(forwarding, root, program))
        if not is_there:
            warnings.append(
                Message(
                    "{program} is not installed in {root}: without it, the unit does nothing.",
                    program=program,
                    root=root,
                )
            )
    return ForwardPlan(forwarding, method, rules, Plan(changes, None, None), tuple(warnings), root)


def plan_forward_off(*, root: Path = ROOT) -> ForwardPlan:
    """Plan to remove everything that forwarding added: the rules, the unit, and the kernel's switch.

    The kernel's switch stays on where it was on before, or where somebody else needs it by now.
    """
    require_linux(MANUAL_SETUP)
    files = Plan(tuple(unit.plan_removal(root)), None, None)
    return ForwardPlan(None, None, "", files, (), root)


def read_forward_status(*, root: Path = ROOT) -> ForwardStatus:
    """Read whether ports are forwarded, and for whom. Without root's rights, only the unit can be read.

    Raises:
        LinkError: this is not Linux.
    """
    require_linux(MANUAL_SETUP)
    files = unit.list_installed_files(root)
    at_start = unit.read_unit(root)
    is_on = ip_forward.is_on()
    if not (is_root() and root.resolve() == ROOT):
        return ForwardStatus(None, None, False, is_on, files, at_start)
    tools = _find_tools(required=False)
    forwarding, method = _read_forwarding(tools)
    problems: list[str] = []
    if forwarding:
        command = format_root_command("link", "forward", *forwarding.options)
        if not is_on:
            problems.append(
                Message(
                    "net.ipv4.ip_forward is 0: the kernel forwards nothing. Run this again: {command}",
                    command=command,
                )
            )
        problems += _find_problems(forwarding, tools)
        problems += [
            Message(
                "A rule of {program} drops what is forwarded. Run this again: {command}",
                program=Path(each.program).name,
                command=command,
            )
            for each in tools.iptables
            if iptables.drops_forwarded(each) and not iptables.read_rules(each)
        ]
    return ForwardStatus(forwarding, method, True, is_on, files, at_start, tuple(problems))


def _find_tools(*, required: bool = True) -> Tools:
    tools = Tools(nftables.find_nft(), iptables.find_iptables())
    if required and not tools.nft and not tools.iptables:
        if program := find_program("nft"):
            run_or_raise(program, "list", "tables")
        raise LinkError(
            Message("Neither nft nor iptables is installed."),
            Message("Install one: apt-get install nftables"),
        )
    return tools


@frozen
class IptablesRules:
    """The rules for one kind of iptables."""

    iptables: Iptables
    optional: str
    """A table that not every kernel can have: its driver xt_rpfilter may be missing."""
    required: str

    def apply(self) -> None:
        if self.optional:
            with suppress(LinkError):
                self.iptables.restore(self.optional)
        self.iptables.restore(self.required)

    def __str__(self) -> str:
        return f"# {Path(self.iptables.program).name}-restore --noflush\n{self.optional}{self.required}"


def _make_iptables_rules(forwarding: Forwarding, memory: Memory, tools: Tools) -> Iterator[IptablesRules]:
    """Make the rules for each kind of iptables that needs some."""
    for each in tools.iptables:
        is_main = not tools.nft and each == tools.iptables[0]
        if is_main and not all(map(each.can_read, iptables.TABLES)):
            raise LinkError(
                Message("There are rules that {program} cannot read.", program=Path(each.program).name),
                Message("Install nft: apt-get install nftables"),
            )
        # What one table accepts, another one may still drop.
        if is_main or iptables.drops_forwarded(each):
            filter_table = iptables.make_filter_table(forwarding, memory, iptables.select_base_chain(each))
            yield IptablesRules(
                each,
                iptables.make_mangle_table() if is_main else "",
                iptables.make_nat_table(forwarding) + filter_table if is_main else filter_table,
            )


def _format_rules(forwarding: Forwarding, tools: Tools) -> str:
    memory = (_read_memory(tools) if is_root() else None) or Memory(ip_forward.is_on(), "")
    ruleset = [nftables.make_ruleset(forwarding, memory)] if tools.nft else []
    return "\n".join((*ruleset, *map(str, _make_iptables_rules(forwarding, memory, tools))))


def _check_ports(forwarding: Forwarding, tools: Tools) -> None:
    for each, option, other in zip(forwarding.ports, ("--config", "--sync"), (8070, 8443), strict=False):
        advice = Message("Choose another one: {option} {port}", option=option, port=other)
        listener = other_rules.find_listener(each.port)
        if listener is not None:
            raise InvalidArgumentError(
                Message(
                    "Port {port} is in use: a program of this computer listens at {address}.",
                    port=each.port,
                    address=listener,
                ),
                advice,
            )
        rule = other_rules.find_redirection(each.port, tools.nft, tools.iptables)
        if rule is not None:
            raise InvalidArgumentError(
                Message("Port {port} is forwarded already, by this rule: {rule}", port=each.port, rule=rule),
                advice,
            )


def _find_problems(forwarding: Forwarding, tools: Tools) -> list[str]:
    problems = list(other_rules.find_dropping_chains(tools.nft, tools.iptables))
    bridges = sorted(
        path.name for path in Path("/sys/class/net").glob("*") if path.name.startswith(CONTAINER_BRIDGES)
    )
    if bridges and not forwarding.is_for_everybody:
        problems.append(
            Message(
                "Containers reach the module through forwarding too ({bridges}). If some must, add their network:"
                " --from NETWORK.",
                bridges=", ".join(bridges),
            )
        )
    return problems


def _switch_on(forwarding: Forwarding, tools: Tools) -> list[str]:
    """Add the rules in place of earlier ones, then let the kernel forward: nobody comes in between.

    When something fails, nothing is left: the module is closed.
    """
    memory = _read_memory(tools) or _remember(tools)
    rules = list(_make_iptables_rules(forwarding, memory, tools))
    done: list[str] = [Message("added rules with {program}", program=tools.method)]
    try:
        if tools.nft:
            nftables.apply(tools.nft, forwarding, memory)
        for each in tools.iptables:
            iptables.remove(each)
        for each in rules:
            each.apply()
        if not ip_forward.is_on():
            ip_forward.switch(on=True)
            done.append(Message("switched net.ipv4.ip_forward on"))
    except LinkError:
        with suppress(LinkError):
            _switch_off(tools)
        raise
    return done


def _switch_off(tools: Tools) -> list[str]:
    memory = _read_memory(tools)
    removed = [nftables.remove(tools.nft)] if tools.nft else []
    removed += [iptables.remove(each) for each in tools.iptables]
    done: list[str] = [Message("removed the rules")] if any(removed) else []
    if memory is not None:
        kernel_tables.remove_empty(memory.created)
        done += _restore_ip_forward(memory, tools)
    return done


def _restore_ip_forward(memory: Memory, tools: Tools) -> list[str]:
    ip_forward.set_tag(on=False)
    if memory.was_forwarding or not ip_forward.is_on():
        return []
    file = ip_forward.find_configuration()
    if file is not None:
        return [Message("left net.ipv4.ip_forward on, which {file} sets", file=file)]
    digest = other_rules.make_nat_digest(tools.nft, tools.iptables)
    if digest not in ("", memory.nat_digest):
        return [Message("left net.ipv4.ip_forward on: another program has added address translation since")]
    ip_forward.switch(on=False)
    return [Message("switched net.ipv4.ip_forward off again")]


def _remember(tools: Tools) -> Memory:
    created: list[str] = []
    if not tools.nft and tools.iptables[0].kind == "nft":
        chains = ("mangle.PREROUTING", "nat.PREROUTING", "nat.POSTROUTING", "filter.FORWARD")
        wanted = (*iptables.TABLES, *chains)
        present = kernel_tables.list_tables()
        created = [each for each in wanted if each not in present]
    was_forwarding = ip_forward.is_on() and not ip_forward.is_switched_on_by_us()
    return Memory(was_forwarding, other_rules.make_nat_digest(tools.nft, tools.iptables), tuple(created))


def _read_memory(tools: Tools) -> Memory | None:
    """Read what the rules remember that are there already."""
    texts = [nftables.read_table(tools.nft) or ""] if tools.nft else []
    texts += [iptables.read_rules(each) for each in tools.iptables]
    return next((memory for memory in map(Memory.parse, texts) if memory is not None), None)


def _read_forwarding(tools: Tools) -> tuple[Forwarding | None, str | None]:
    table = nftables.read_table(tools.nft) if tools.nft else None
    if table is not None:
        return nftables.parse_table(table), "nft"
    found = [iptables.parse_rules(iptables.read_rules(each)) for each in tools.iptables]
    return next(((each, "iptables") for each in found if each is not None), (None, None))


def _reload_systemd() -> None:
    """Let systemd read the unit. Where systemd does not run, it reads it when it starts."""
    program = find_program("systemctl")
    if program and Path("/run/systemd/system").exists():
        with suppress(LinkError):
            run(program, "daemon-reload")
