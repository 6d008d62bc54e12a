"""`vision-ai fleet list`, `show` and `set`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai_tools.cli.failures import usage_failure
from vision_ai_translations import gettext as _
from vision_ai_translations import ngettext

from .job_arguments import Switch, parse_area
from .options import FleetRun, fleet_command
from .selection import ScaleName, Store, Where, Yes, confirm_scales, parse_scales

if TYPE_CHECKING:
    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.names import ScaleId
    from vision_ai_fleet.scales import Scale

SHOWN_SCALES = 100


@fleet_command
def list_scales(
    run: FleetRun,
    store: Store = None,
    where: Where = None,
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="FIELD",
            help="Order by this field, with - before it for the reverse order. Default: store and scale.",
            show_default=False,
        ),
    ] = "",
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="NUMBER",
            min=1,
            help=f"At most so many. Default: {SHOWN_SCALES}; with --json all.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """List the scales: whether they are connected, and the state of their modules.

    Fields for --where and --sort: store, scale, state, online, module, code, engine, firmware, serial_number, api,
    sdk, agent, learn_mode, items, drift, backup_time and reported. --where compares with =, !=, <, <=, > and >=,
    versions by their numbers, and = may have * for any characters: --where 'engine<9.5' --where online=true.
    """

    async def read(fleet: Fleet) -> list[Scale]:
        return await fleet.scales(store=store, where=tuple(where or ()))

    from vision_ai_fleet.selection import select

    from .scale_views import describe_total, make_scale_table

    number = limit if limit is not None or run.json else SHOWN_SCALES
    found = run.use(read)
    shown = select(found, (), sort, 0, number)[0]
    run.emit([each.to_dict() for each in shown], lambda: make_scale_table(shown))
    if found:
        run.note(describe_total(found, len(shown)))


@fleet_command
def show_scale(run: FleetRun, scale: ScaleName) -> None:
    """Show everything about one scale: its module, its agent, and what differs from the desired state."""
    [name] = parse_scales([scale])

    async def read(fleet: Fleet) -> Scale:
        return await fleet.scale(name)

    from .scale_views import make_scale_view

    found = run.use(read)
    run.emit(found.to_dict(), lambda: make_scale_view(found))


@fleet_command
def set_scales(
    run: FleetRun,
    scales: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STORE/SCALE ...]", help="The scales, such as 0042/07 0042/08.", show_default=False
        ),
    ] = None,
    store: Store = None,
    where: Where = None,
    learn_mode: Annotated[
        Switch | None,
        typer.Option("--learn-mode", help="The learning mode that they should have.", show_default=False),
    ] = None,
    calibration: Annotated[
        str | None,
        typer.Option(
            "--calibration",
            metavar="L,T,W,H",
            help="The calibration area that they should have, in pixels: 444,39,348,482.",
            show_default=False,
        ),
    ] = None,
    enforce: Annotated[
        bool | None,
        typer.Option(
            "--enforce/--no-enforce",
            help="Let the agents correct what differs, now and whenever it differs again; or no longer.",
            show_default=False,
        ),
    ] = None,
    yes: Yes = False,
) -> None:
    """Say how scales should be set up.

    This is the desired state. Where a module differs from it, `vision-ai fleet list` shows a drift. Nothing is
    changed on the modules unless --enforce says so, until --no-enforce. What is not named stays as it was said before.

    Scales that are off get it when they come back.
    """
    desired: dict[str, Any] = {} if enforce is None else {"enforce": enforce}
    if learn_mode is not None:
        desired["learn_mode"] = int(learn_mode is Switch.on)
    if calibration is not None:
        desired["calibration"] = parse_area("--calibration", calibration)
    if not desired:
        raise usage_failure(
            _("nothing says what to set"),
            _("Add --learn-mode on, or --calibration 444,39,348,482, for example."),
        )
    if not scales and not where and store is None:
        raise usage_failure(_("no scales are named"), _("Name them (0042/07), or use --store or --where."))
    names = parse_scales(scales or ())

    async def find(fleet: Fleet) -> list[ScaleId]:
        if not where and store is None:
            return names
        selected = [each.id for each in await fleet.scales(store=store, where=tuple(where or ()))]
        return [each for each in selected if not names or each in names]

    async def write(fleet: Fleet) -> None:
        await fleet.set_desired(meant, desired)

    meant = run.use(find)
    if len(meant) != 1:
        action = _("Set") if enforce else _("Set the desired state of")
        confirm_scales(run, meant, action, is_final=False, yes=yes)
    run.use(write)
    text = ngettext(
        "desired state set of {count} scale",
        "desired state set of {count} scales",
        len(meant),
        count=len(meant),
    )
    run.emit(
        {"scales": [str(each) for each in meant], "desired": desired},
        text
        if enforce is not None
        else _("{done}; what differs is shown as drift (--enforce corrects it)", done=text),
    )
