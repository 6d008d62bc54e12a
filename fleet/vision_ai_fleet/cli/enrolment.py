"""`vision-ai fleet enrol` and `rotate`."""

from __future__ import annotations

import asyncio
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_tools.cli.failures import Failure, usage_failure
from vision_ai_tools.cli.output import make_facts
from vision_ai_tools.cli.output_files import check_output_file
from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from .options import FleetRun, fleet_command, open_center

if TYPE_CHECKING:
    from vision_ai_fleet.credentials import Credentials
    from vision_ai_fleet.engine.center import Center
    from vision_ai_fleet.names import ScaleId

PASSWORD = N_("This text is a password: keep it where only its owner can read it.")
CODE_LIFE = 60
"""Minutes for which a code is valid."""


class Role(StrEnum):
    """What somebody may do."""

    scale = "scale"
    viewer = "viewer"
    manager = "manager"
    operator = "operator"


StoreName = Annotated[
    str | None, typer.Argument(metavar="[STORE]", help="The store, such as 0042.", show_default=False)
]
ScaleNumber = Annotated[
    str | None,
    typer.Argument(metavar="[SCALE]", help="The scale in its store, such as 07.", show_default=False),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the credentials to this file, which only you can read. Default: standard output.",
        show_default=False,
    ),
]
Code = Annotated[
    bool, typer.Option("--code", help="Print a code, which the scale's computer trades for its credentials.")
]
Force = Annotated[bool, typer.Option("--force", help="Show the credentials on a terminal.")]
Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="The person's name.", show_default=False)
]


@fleet_command
def enrol(
    run: FleetRun,
    store: StoreName = None,
    scale: ScaleNumber = None,
    role: Annotated[
        Role,
        typer.Option(
            "--role",
            help="Whom the credentials are for. viewer: sees everything, changes nothing. manager: gives orders in "
            "one store. operator: may do everything.",
        ),
    ] = Role.scale,
    name: Name = None,
    code: Code = False,
    output: Output = None,
    force: Force = False,
) -> None:
    """Add a scale, or a person, to the fleet, and print their credentials.

    `vision-ai fleet enrol 0042 07 > scale.creds` makes a file for the scale's agent. `--code` avoids to carry a file:
    it prints what to type on the scale. A person: `vision-ai fleet enrol --role viewer --name anna -o anna.creds`.

    --server is the address where the scale connects, if that is its store's own server. The credentials are a password.
    They are made on the computer whose --folder has the fleet's keys.
    """
    check_enrolment(role, store, scale, name)
    if code:
        if role is not Role.scale:
            raise usage_failure(_("--code is for scales"), _("Leave out --code."))
        show_code(run, parse_scale(store, scale), replace=False)
        return
    check_terminal(run, output, force)
    center = open_center(run)
    if role is Role.scale:
        from vision_ai_fleet.enrolment import enrol as enrol_scale

        wanted = parse_scale(store, scale)
        credentials = asyncio.run(enrol_scale(center, wanted, server=run.options.server or ""))
    else:
        from vision_ai_fleet.enrolment import enrol_person

        credentials = asyncio.run(enrol_person(center, role.value, name or "", store=store or ""))
    print_credentials(run, credentials, output)


@fleet_command
def rotate(
    run: FleetRun,
    store: StoreName = None,
    scale: ScaleNumber = None,
    code: Code = False,
    output: Output = None,
    force: Force = False,
) -> None:
    """Make new credentials for a scale. The old ones become void ten minutes later; with --code, when it is used."""
    from vision_ai_fleet.enrolment import rotate as rotate_scale

    name = parse_scale(store, scale)
    if code:
        show_code(run, name, replace=True)
        return
    check_terminal(run, output, force)
    print_credentials(
        run, asyncio.run(rotate_scale(open_center(run), name, server=run.options.server or "")), output
    )


def check_enrolment(role: Role, store: str | None, scale: str | None, name: str | None) -> None:
    """Refuse arguments that do not belong to a role."""
    if role is Role.scale:
        parse_scale(store, scale)
        if name is not None:
            raise usage_failure(
                _("--name is for people"), _("Leave it out, or add --role viewer, for example.")
            )
        return
    if not name:
        raise usage_failure(
            _("the role {role} is a person's, and needs --name", role=role),
            _("For example: {example}", example="--name anna"),
        )
    if scale is not None or (store is not None) is not (role is Role.manager):
        raise usage_failure(
            _("the role {role} needs a store alone", role=role)
            if role is Role.manager
            else _("the role {role} takes neither a store nor a scale", role=role),
            _("For example: {example}", example="vision-ai fleet enrol 0042 --role manager"),
        )


def parse_scale(store: str | None, scale: str | None) -> ScaleId:
    """Return the scale that two arguments name, or the first one alone: `0042/07`.

    Raises:
        Failure: one is missing.
    """
    from vision_ai_fleet.names import ScaleId

    text = store if scale is None and store and "/" in store else f"{store}/{scale}"
    if store is None or (scale is None and text != store):
        raise usage_failure(
            _("a store and a scale are needed"), _("For example: {example}", example="0042 07")
        )
    return ScaleId.parse(text)


def check_terminal(run: FleetRun, output: Path | None, force: bool) -> None:
    """Refuse to show a password on a terminal where nobody asked for that, before it is made."""
    if output is not None:
        check_output_file(output)
    elif sys.stdout.isatty() and not force:
        raise usage_failure(
            _("the credentials are a password, and would be shown on this terminal"),
            _(
                "Write them to a file: vision-ai {command} … --output scale.creds. --force shows them.",
                command=run.command,
            ),
        )


def print_credentials(run: FleetRun, credentials: Credentials, output: Path | None) -> None:
    """Write credentials to a file or to standard output."""
    who = {"role": credentials.role, "name": credentials.name, "server": credentials.server}
    if output is not None:
        credentials.write(output)
        run.emit({**who, "file": str(output)}, output)
    else:
        run.emit({**who, "credentials": credentials.format()}, credentials.format().rstrip("\n"))
    run.note(_(PASSWORD))


def show_code(run: FleetRun, scale: ScaleId, *, replace: bool) -> None:
    """Make a code and print what to type on the scale."""
    from vision_ai_fleet.enrolment import make_enrolment_code

    from .page_address import read_page_url

    center = open_center(run)
    url = read_page_url(center.folder)
    if url is None:
        raise Failure(
            _("no page of this center runs, which would take the code"),
            _("Run it: vision-ai fleet up. Or make a file: vision-ai fleet enrol STORE SCALE"),
            kind="center",
        )
    code = asyncio.run(make_enrolment_code(center, scale, ttl=CODE_LIFE * 60, replace=replace))
    fingerprint = get_fingerprint(center)
    command = f"vision-ai agent enrol {url}" + (f" --fingerprint {fingerprint}" if fingerprint else "")
    run.emit(
        {
            "scale": str(scale),
            "code": code,
            "minutes": CODE_LIFE,
            "fingerprint": fingerprint,
            "command": command,
        },
        lambda: make_facts(
            {
                _("Scale"): scale,
                _("Type there"): command,
                _("Code"): code,
                _("Valid for"): _("{minutes} minutes, once", minutes=CODE_LIFE),
            }
        ),
    )


def get_fingerprint(center: Center) -> str | None:
    """Return the SHA-256 of the center's authority; None without TLS."""
    import hashlib
    import ssl

    text = center.certificates.ca_text if center.certificates else ""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(text.strip())).hexdigest() if text else None
