"""`vision-ai errors`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..failures import usage_failure
from ..options import Run, command
from ..output import facts, table

if TYPE_CHECKING:
    from vision_ai import DeviceError


@command
def errors(
    run: Run,
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="[CODE]", help="A number, with or without its minus, or a name.", show_default=False
        ),
    ] = None,
) -> None:
    """Explain the module's error codes: all of them, or one with what to do about it.

    It asks no module.
    """
    from vision_ai import ERROR_CODES, DeviceError
    from vision_ai_generated.error_codes import ERROR_RANGES

    if code is not None:
        _one(run, DeviceError.of(_number(code, {entry.name: entry.code for entry in ERROR_CODES.values()})))
        return
    known = [DeviceError.of(number) for number in ERROR_CODES]
    rows: list[tuple[object, ...]] = [(error.code, error.name, error.meaning) for error in known]
    rows += [(f"{span.last} … {span.first}", span.name, span.meaning) for span in ERROR_RANGES]
    spans = [
        {"first": span.first, "last": span.last, **_facts(DeviceError.of(span.first))}
        for span in ERROR_RANGES
    ]
    told = {"codes": [_facts(error) for error in known], "ranges": spans}
    run.emit(told, lambda: table(("Code", "Name", "Meaning"), rows))


def _number(text: str, by_name: dict[str, int]) -> int:
    try:
        return by_name[text.upper()] if text.upper() in by_name else -abs(int(text))
    except ValueError:
        raise usage_failure(f"{text!r} is no error code", "vision-ai errors lists them.") from None


def _facts(error: DeviceError) -> dict[str, Any]:
    from ..error_hints import for_device

    return {
        "code": error.code,
        "name": error.name,
        "category": error.category or "unknown",
        "meaning": error.meaning,
        "retryable": error.retryable,
        "hint": for_device(error),
    }


def _one(run: Run, error: DeviceError) -> None:
    told = _facts(error)
    rows = {
        "Code": told["code"],
        "Name": told["name"],
        "Category": told["category"],
        "Meaning": told["meaning"],
        "Later": "the same can work" if told["retryable"] else "the same fails again",
        "What to do": told["hint"],
    }
    if error.name == "UNKNOWN":
        del rows["Later"]
    run.emit(told, lambda: facts(rows))
