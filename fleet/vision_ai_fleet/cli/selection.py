"""Which scales a command means: options, and asking before something is done to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_tools.cli.failures import Failure, usage_failure
from vision_ai_translations import gettext as _
from vision_ai_translations import ngettext

if TYPE_CHECKING:
    from vision_ai_fleet.cli.options import FleetRun
    from vision_ai_fleet.names import ScaleId

SHOWN_SCALES = 3

ScaleName = Annotated[str, typer.Argument(metavar="STORE/SCALE", help="The scale, for example 0042/07.")]
Store = Annotated[
    str | None,
    typer.Option("--store", metavar="STORE", help="Only the scales of this store.", show_default=False),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="CONDITION",
        help="Only scales of which this holds, such as engine=9.5.0 or online=true. Can be repeated: all must "
        "hold. vision-ai fleet list --help has the names.",
        show_default=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def parse_scales(texts: Iterable[str]) -> list[ScaleId]:
    """Read names of scales, in several texts or with commas between them.

    Raises:
        InvalidInputError: one is not a name.
    """
    from vision_ai_fleet.names import ScaleId

    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    return list(dict.fromkeys(map(ScaleId.parse, names)))


def describe_scales(scales: Sequence[ScaleId]) -> str:
    """Say how many scales these are, and which if there are few."""
    stores = len({each.store for each in scales})
    counted = ngettext("{count} scale", "{count} scales", len(scales), count=len(scales))
    if len(scales) <= SHOWN_SCALES:
        return f"{counted} ({', '.join(map(str, scales))})"
    return ngettext(
        "{scales} of {count} store", "{scales} of {count} stores", stores, count=stores, scales=counted
    )


def confirm_scales(
    run: FleetRun, scales: Sequence[ScaleId], action: str, *, is_final: bool, yes: bool
) -> None:
    """Ask before an action on scales. What cannot be undone is confirmed with their number.

    Raises:
        Failure: there are none, nobody can be asked, or the answer is no.
    """
    if not scales:
        raise Failure(
            _("no scale is meant by these conditions"),
            _("Nothing was sent. Look at the scales: vision-ai fleet list"),
            kind="missing",
        )
    text = _("{action}: {scales}.", action=action, scales=describe_scales(scales))
    if yes:
        run.note(text)
        return
    if not run.interactive:
        raise usage_failure(
            _("{question} There is no terminal to ask for confirmation", question=text),
            _("Nothing was sent. If you mean it: vision-ai {command} … --yes", command=run.command),
        )
    if is_final:
        run.note(_("{question} This cannot be undone.", question=text))
        is_confirmed = run.output.ask(_("Type the number of scales to continue:")).strip() == str(len(scales))
    else:
        run.note(text)
        is_confirmed = run.output.ask(_("Continue? [y/N]")).strip().lower() in ("y", "yes")
    if not is_confirmed:
        raise Failure(_("not confirmed"), _("Nothing was sent."), kind="refused")
