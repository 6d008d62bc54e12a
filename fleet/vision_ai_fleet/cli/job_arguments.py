"""What a job needs beside its kind, from the options of `fleet run` and `fleet schedule`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from vision_ai_tools.cli.failures import usage_failure
from vision_ai_translations import gettext as _


class Kind(StrEnum):
    """The kinds of jobs, as they are typed."""

    backup = "backup"
    restore = "restore"
    teaching_list = "teaching-list"
    set_learn_mode = "set-learn-mode"
    set_calibration = "set-calibration"
    reboot = "reboot"
    conformance = "conformance"
    doctor = "doctor"
    firmware = "firmware"


class Switch(StrEnum):
    """On or off."""

    on = "on"
    off = "off"


Window = Annotated[
    str | None,
    typer.Option(
        "--window",
        metavar="FROM-TO",
        help="Only begin in these hours of the scale's day, such as 22:00-06:00.",
        show_default=False,
    ),
]
Mode = Annotated[Switch | None, typer.Option("--mode", help="set-learn-mode: on or off.", show_default=False)]
Area = Annotated[
    str | None,
    typer.Option(
        "--area",
        metavar="L,T,W,H",
        help="set-calibration: left, top, width and height in pixels, such as 444,39,348,482.",
        show_default=False,
    ),
]
OPTIONS = {
    "--mode": (Kind.set_learn_mode,),
    "--area": (Kind.set_calibration,),
    "--file": (Kind.teaching_list, Kind.firmware),
    "--dataset": (Kind.restore,),
}
"""The options that belong to some kinds only."""
REQUIRED = {
    Kind.set_learn_mode: ("--mode", "--mode on"),
    Kind.set_calibration: ("--area", "--area 444,39,348,482"),
    Kind.teaching_list: ("--file", "--file plu.csv"),
    Kind.firmware: ("--file", "--file update.bin"),
    Kind.restore: ("--dataset", "--dataset 0042/07"),
}
AREA_NAMES = ("left", "top", "width", "height")


def check_options(kind: Kind, given: Mapping[str, object]) -> None:
    """Refuse options of another kind, and a kind without its own option."""
    for name, value in given.items():
        if value is not None and kind not in OPTIONS[name]:
            raise usage_failure(
                _(
                    "{option} is an option of {kinds}, not of {kind}",
                    option=name,
                    kinds=_(" and ").join(OPTIONS[name]),
                    kind=kind,
                ),
                _("Leave out {option}.", option=name),
            )
    if kind in REQUIRED:
        name, example = REQUIRED[kind]
        if given.get(name) is None:
            command = f"vision-ai fleet run {kind} {example}"
            raise usage_failure(
                _("{kind} needs {option}", kind=kind, option=name),
                _("For example: {example}", example=command),
            )


def parse_area(option: str, text: str) -> dict[str, int]:
    """Return a calibration area.

    Raises:
        Failure: the text is not four numbers.
    """
    numbers = [each.strip() for each in text.split(",")]
    if len(numbers) != len(AREA_NAMES) or not all(each.isascii() and each.isdigit() for each in numbers):
        raise usage_failure(
            _("{option}: {value!r} is not an area", option=option, value=text),
            _("Write left,top,width,height, for example 444,39,348,482."),
        )
    return dict(zip(AREA_NAMES, map(int, numbers), strict=True))


def make_arguments(kind: Kind, mode: Switch | None, area: str | None) -> dict[str, Any]:
    """Return the arguments of a kind that needs no file."""
    if mode is not None:
        return {"mode": int(mode is Switch.on)}
    if area is not None:
        return parse_area("--area", area)
    return {"effects": "read"} if kind is Kind.conformance else {}
