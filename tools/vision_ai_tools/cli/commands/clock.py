"""`vision-ai clock`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from vision_ai_translations import gettext as _

from ..failures import usage_failure
from ..options import Run, command, make_group

app = make_group(
    "Set the module's clock. Only modules that speak V2 have it; they forget the time when they restart."
)


@app.command("set")
@command
def set_(
    run: Run,
    time: Annotated[
        str | None,
        typer.Argument(
            metavar="[TIME]",
            help="For example 2026-11-28T12:00:00+03:00; without an offset in this computer's time zone. "
            "Default: the time of this computer.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Set the module's clock.

    `vision-ai wait` and `vision-ai doctor` do so by themselves.
    """
    given = None if time is None else _parse_time(time)
    with run.client() as module:
        if given is None:
            module.get_device_info()  # what it takes to connect shall not delay the clock
        moment = given or datetime.now().astimezone()
        module.set_time(sec=int(moment.timestamp()), usec=moment.microsecond)
    text = moment.isoformat(timespec="seconds")
    run.emit({"time": text}, _("the module's clock was set to {time}", time=text))


def _parse_time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text).astimezone()
        if moment < datetime.fromtimestamp(0, UTC):
            raise ValueError
    except (ValueError, OverflowError, OSError):
        raise usage_failure(
            _("{text} is not a time after 1970", text=repr(text)),
            _("Write it as {example}, or leave it out.", example="2026-11-28T12:00:00+03:00"),
        ) from None
    return moment
