"""What a job needs beside its kind, from the options of `fleet run` and `fleet schedule`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai_tools.cli.failures import Failure, usage_failure

if TYPE_CHECKING:
    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.names import ScaleId
    from vision_ai_fleet.objects import Manifest, Progress


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
}
AREA_NAMES = ("left", "top", "width", "height")


def check_options(kind: Kind, given: Mapping[str, object]) -> None:
    """Refuse options of another kind, and a kind without its own option."""
    for name, value in given.items():
        if value is not None and kind not in OPTIONS[name]:
            kinds = " and ".join(OPTIONS[name])
            raise usage_failure(f"{name} is an option of {kinds}, not of {kind}", f"Leave out {name}.")
    if kind in REQUIRED:
        name, example = REQUIRED[kind]
        if given.get(name) is None:
            raise usage_failure(f"{kind} needs {name}", f"For example: vision-ai fleet run {kind} {example}")


def parse_area(option: str, text: str) -> dict[str, int]:
    """Return a calibration area.

    Raises:
        Failure: the text is not four numbers.
    """
    numbers = [each.strip() for each in text.split(",")]
    if len(numbers) != len(AREA_NAMES) or not all(each.isascii() and each.isdigit() for each in numbers):
        raise usage_failure(
            f"{option}: {text!r} is not an area", "Write left,top,width,height, for example 444,39,348,482."
        )
    return dict(zip(AREA_NAMES, map(int, numbers), strict=True))


def make_arguments(kind: Kind, mode: Switch | None, area: str | None) -> dict[str, Any]:
    """Return the arguments of a kind that needs no file."""
    if mode is not None:
        return {"mode": int(mode is Switch.on)}
    if area is not None:
        return parse_area("--area", area)
    return {"effects": "read"} if kind is Kind.conformance else {}


async def find_dataset(
    fleet: Fleet, text: str, progress: Progress | None = None
) -> tuple[Manifest, ScaleId | None]:
    """Return the data set that `--dataset` names, and the scale that it is from.

    Args:
        fleet: Where to look.
        text: A file of this computer, which is uploaded; or a scale, whose newest backup it is; or a scale and a
            time (`0042/07@2026-11-27`), whose newest backup until the end of that time it is.
        progress: Called with the bytes that are uploaded, and all of them.

    Raises:
        Failure: there is no such backup.
    """
    from vision_ai_fleet.names import ScaleId

    from .times import is_until

    if Path(text).is_file():
        return await fleet.put_file(Path(text), Path(text).name, progress), None
    name, _, moment = text.partition("@")
    if "/" not in name or name.startswith((".", "/", "~")):
        raise usage_failure(
            f"--dataset: {text!r} is neither a file nor a scale",
            "Name a backup of this computer, or the scale whose newest backup is meant, such as 0042/07.",
        )
    scale = ScaleId.parse(name)
    backups = await fleet.backups(store=scale.store, scale=scale.scale)
    found = [each for each in backups if not moment or is_until(each.created, moment)]
    if not found:
        when = f" until {moment}" if moment else ""
        raise Failure(
            f"the center has no backup of {scale}{when}",
            f"Look at what it has: vision-ai fleet backups --store {scale.store}",
            kind="missing",
        )
    return max(found, key=lambda each: each.created), scale
