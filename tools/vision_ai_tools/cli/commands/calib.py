"""`vision-ai calib`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ..failures import usage_failure
from ..options import ANY_ARGUMENTS, Run, command, group
from ..output import facts

app = group(
    "Get or set the calibration area: the pan, as a frame in the camera's picture of 1280×720 pixels.\n\n"
    "It has to be set again whenever the module is moved. Take a picture (vision-ai image pan.jpg) and see "
    "where the pan is; `vision-ai console` lets you draw the frame on the picture."
)

SIDES = ("left", "top", "width", "height")


@app.command("get")
@command
def get(run: Run) -> None:
    """Show the calibration area."""
    with run.client() as module:
        area = module.get_calib().to_dict()
    _show(run, area)


def _named(name: str) -> Any:
    return typer.Option(f"--{name}", metavar="PIXELS", help="By name.", show_default=False)


@app.command("set", context_settings=ANY_ARGUMENTS)
@command
def set_(
    run: Run,
    frame: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="LEFT TOP WIDTH HEIGHT",
            help="In pixels of the picture. LEFT + WIDTH is at most 1280, TOP + HEIGHT at most 720.",
            show_default=False,
        ),
    ] = None,
    left: Annotated[int | None, _named("left")] = None,
    top: Annotated[int | None, _named("top")] = None,
    width: Annotated[int | None, _named("width")] = None,
    height: Annotated[int | None, _named("height")] = None,
) -> None:
    """Set the calibration area, with four numbers or with the four options."""
    by_name = {"left": left, "top": top, "width": width, "height": height}
    area = _chosen(frame or [], {name: value for name, value in by_name.items() if value is not None})
    with run.client() as module:
        module.set_calib(**area)
    _show(run, area)


def _chosen(frame: list[int], by_name: dict[str, int]) -> dict[str, int]:
    hint = (
        "Give all four: vision-ai calib set 444 39 348 482, or --left 444 --top 39 --width 348 --height 482"
    )
    if frame and by_name:
        raise usage_failure("the frame is given twice, by place and by name", hint)
    if frame:
        if len(frame) != len(SIDES):
            raise usage_failure(f"a frame has 4 numbers, not {len(frame)}", hint)
        return dict(zip(SIDES, frame, strict=True))
    missing = [name for name in SIDES if name not in by_name]
    if missing:
        raise usage_failure(f"the frame lacks {', '.join(missing)}", hint)
    return by_name


def _show(run: Run, area: dict[str, Any]) -> None:
    run.emit(area, lambda: facts({name.capitalize(): area[name] for name in SIDES}))
