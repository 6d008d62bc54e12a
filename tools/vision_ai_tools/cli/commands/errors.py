"""`vision-ai errors`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from ..failures import usage_failure
from ..options import Run, command
from ..output import make_facts, make_table

if TYPE_CHECKING:
    from vision_ai import DeviceError

CATEGORIES = {
    "camera": N_("camera"),
    "command": N_("command"),
    "activation": N_("activation"),
    "update": N_("update"),
    "compatibility": N_("compatibility"),
    "request": N_("request"),
    "file": N_("file"),
    "network": N_("network"),
    "engine": N_("engine"),
    "internal": N_("internal"),
    "unknown": N_("unknown"),
}


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

    from ..error_hints import translate_meaning

    if code is not None:
        number = _parse_code(code, {entry.name: entry.code for entry in ERROR_CODES.values()})
        _explain(run, DeviceError.of(number))
        return
    known = [DeviceError.of(number) for number in ERROR_CODES]
    rows: list[tuple[object, ...]] = [(error.code, error.name, translate_meaning(error)) for error in known]
    rows += [(f"{span.last} … {span.first}", span.name, _(span.meaning)) for span in ERROR_RANGES]
    spans = [
        {"first": span.first, "last": span.last, **_to_dict(DeviceError.of(span.first))}
        for span in ERROR_RANGES
    ]
    result = {"codes": [_to_dict(error) for error in known], "ranges": spans}
    run.emit(result, lambda: make_table((_("Code"), _("Name"), _("Meaning")), rows))


def _parse_code(text: str, codes: dict[str, int]) -> int:
    try:
        return codes[text.upper()] if text.upper() in codes else -abs(int(text))
    except ValueError:
        raise usage_failure(
            _("{text} is not an error code", text=repr(text)),
            _("List all codes: {command}", command="vision-ai errors"),
        ) from None


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
    from ..error_hints import translate_meaning

    result = _to_dict(error)
    rows = {
        _("Code"): result["code"],
        _("Name"): result["name"],
        _("Category"): _(CATEGORIES[result["category"]]),
        _("Meaning"): translate_meaning(error),
    }
    if error.name != "UNKNOWN":
        rows[_("Retry")] = _("can succeed later") if result["retryable"] else _("fails again")
    rows[_("What to do")] = result["hint"]
    run.emit(result, lambda: make_facts(rows))
