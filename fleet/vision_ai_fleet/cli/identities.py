"""`vision-ai fleet revoke` and `identities`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_tools.cli.failures import Failure, usage_failure
from vision_ai_tools.cli.output import make_table
from vision_ai_translations import gettext as _
from vision_ai_translations import ngettext

from .enrolment import Name, Role, ScaleNumber, StoreName, parse_scale
from .options import FleetRun, fleet_command, open_center
from .times import format_time

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_fleet.engine.identities import Identity


@fleet_command
def revoke(run: FleetRun, store: StoreName = None, scale: ScaleNumber = None, name: Name = None) -> None:
    """Make the credentials of a scale or of a person void. Who is connected with them is cut off.

    The scale stays in the list; `vision-ai fleet rotate` gives it new ones.
    """
    if (name is None) is (store is None):
        raise usage_failure(
            _("nothing says whose credentials are meant"),
            _("Name a scale (0042 07), or a person with --name."),
        )
    center = open_center(run)
    subject = name or f"{store}/{scale}"
    found = (
        center.find_valid(parse_scale(store, scale))
        if name is None
        else [each for each in center.identities.find(name=name) if each.is_valid]
    )
    if not found:
        raise Failure(
            _("{name} has no valid credentials", name=subject),
            _("See who has: vision-ai fleet identities"),
            kind="missing",
        )
    asyncio.run(center.revoke(found))
    run.emit(
        {"revoked": [to_dict(each) for each in found]},
        ngettext(
            "void: {count} identity of {name}",
            "void: {count} identities of {name}",
            len(found),
            count=len(found),
            name=subject,
        ),
    )


@fleet_command
def list_identities(
    run: FleetRun,
    role: Annotated[
        Role | None, typer.Option("--role", help="Only of this role.", show_default=False)
    ] = None,
    store: Annotated[
        str | None, typer.Option("--store", metavar="STORE", help="Only of this store.", show_default=False)
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Those that are void, too.")] = False,
) -> None:
    """List who has credentials, and since when. Credentials themselves are not kept."""
    wanted = {"role": role and role.value, "store": store}
    found = open_center(run).identities.find(**{key: value for key, value in wanted.items() if value})
    shown = [each for each in found if all or each.is_valid]
    run.emit([to_dict(each) for each in shown], lambda: make_identity_table(shown))


def to_dict(identity: Identity) -> dict[str, object]:
    """Return an identity as JSON values."""
    from dataclasses import asdict

    return {**asdict(identity), "valid": identity.is_valid}


def make_identity_table(identities: list[Identity]) -> RenderableType:
    """Make a table of identities."""
    if not identities:
        return _("There are none.")
    return make_table(
        (_("Identity"), _("Role"), _("Store"), _("Issued"), _("Expires"), _("State")),
        (
            (
                each.name,
                each.role,
                each.store,
                format_time(each.issued),
                format_time(each.expires),
                _("valid") if each.is_valid else _("void"),
            )
            for each in identities
        ),
    )
