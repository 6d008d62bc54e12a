"""`vision-ai errors`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..failures import usage_failure
from ..options import Run, command
from ..output import make_facts, make_table

if TYPE_CHECKING:
    from vision_ai import DeviceError


@command
def errors(
    run: Run,
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="[CODE]", help="A number, with or without its minus sign, or a name.", show_default=False
        ),
    ] = None,
) -> None:
    """Explain one error code of the module, or list all.

    No module is needed.
    """
    from vision_ai import ERROR_CODES, DeviceError
    from vision_ai_generated.error_codes import ERROR_RANGES

    if code is not None:
        number = _parse_code(code, {entry.name: entry.code for entry in ERROR_CODES.values()})
        _explain(run, DeviceError.of(number))
        return
    known = [DeviceError.of(number) for number in ERROR_CODES]
    rows: list[tuple[object, ...]] = [(error.code, error.name, error.meaning) for error in known]
    rows += [(f"{span.last} … {span.first}", span.name, span.meaning) for span in ERROR_RANGES]
    spans = [
        {"first": span.first, "last": span.last, **_to_dict(DeviceError.of(span.first))}
        for span in ERROR_RANGES
    ]
    result = {"codes": [_to_dict(error) for error in known], "ranges": spans}
    run.emit(result, lambda: make_table(("Code", "Name", "Meaning"), rows))


def _parse_code(text: str, codes: dict[str, int]) -> int:
    try:
        return codes[text.upper()] if text.upper() in codes else -abs(int(text))
    except ValueError:
        raise usage_failure(f"{text!r} is not an error code", "List all codes: vision-ai errors") from None


def _to_dict(error: DeviceError) -> dict[str, Any]:
    from ..error_hints import get_advice

    return {
        "code": error.code,
        "name": error.name,
        "category": error.category or "unknown",
        "meaning": error.meaning,
        "retryable": error.retryable,
        "hint": get_advice(error),
    }


def _explain(run: Run, error: DeviceError) -> None:
    result = _to_dict(error)
    rows = {
        "Code": result["code"],
        "Name": result["name"],
        "Category": result["category"],
        "Meaning": result["meaning"],
        "Retry": "can succeed later" if result["retryable"] else "fails again",
        "What to do": result["hint"],
    }
    if error.name == "UNKNOWN":
        del rows["Retry"]
    run.emit(result, lambda: make_facts(rows))
