"""`vision-ai calib`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from ..failures import usage_failure
from ..options import ANY_ARGUMENTS, Run, command, make_group
from ..output import make_facts

app = make_group(
    "Show or set the calibration area: the pan's position in the camera's picture of 1280×720 pixels.\n\n"
    "Set it again whenever the module is moved. To find the position, take a picture (vision-ai image "
    "pan.jpg), or draw the area on the live picture in `vision-ai console`."
)

SIDES = {"left": N_("Left"), "top": N_("Top"), "width": N_("Width"), "height": N_("Height")}


@app.command("get")
@command
def get(run: Run) -> None:
    """Show the calibration area."""
    with run.client() as module:
        area = module.get_calib().to_dict()
    _show(run, area)


def _make_side_option(name: str, meaning: str) -> Any:
    return typer.Option(f"--{name}", metavar="PIXELS", help=meaning, show_default=False)


@app.command("set", context_settings=ANY_ARGUMENTS)
@command
def set_(
    run: Run,
    numbers: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="LEFT TOP WIDTH HEIGHT",
            help="Pixels in the picture. LEFT + WIDTH is at most 1280, TOP + HEIGHT at most 720.",
            show_default=False,
        ),
    ] = None,
    left: Annotated[int | None, _make_side_option("left", "Left edge.")] = None,
    top: Annotated[int | None, _make_side_option("top", "Top edge.")] = None,
    width: Annotated[int | None, _make_side_option("width", "Width.")] = None,
    height: Annotated[int | None, _make_side_option("height", "Height.")] = None,
) -> None:
    """Set the calibration area, with four numbers or with the four options."""
    options = {"left": left, "top": top, "width": width, "height": height}
    area = _merge_area(numbers or [], {name: value for name, value in options.items() if value is not None})
    with run.client() as module:
        module.set_calib(**area)
    _show(run, area)


def _merge_area(numbers: list[int], options: dict[str, int]) -> dict[str, int]:
    hint = _(
        "Give all four: {command}, or {options}",
        command="vision-ai calib set 444 39 348 482",
        options="--left 444 --top 39 --width 348 --height 482",
    )
    if numbers and options:
        raise usage_failure(_("the area is given twice, as numbers and as options"), hint)
    if numbers:
        if len(numbers) != len(SIDES):
            raise usage_failure(_("the area takes 4 numbers, not {count}", count=len(numbers)), hint)
        return dict(zip(SIDES, numbers, strict=True))
    missing = [name for name in SIDES if name not in options]
    if missing:
        raise usage_failure(_("missing for the area: {names}", names=", ".join(missing)), hint)
    return options


def _show(run: Run, area: dict[str, Any]) -> None:
    run.emit(area, lambda: make_facts({_(label): area.get(name) for name, label in SIDES.items()}))
