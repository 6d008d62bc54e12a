"""What a job returned on a scale, in a few words, and teaching lists as files for a store's staff."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from vision_ai_translations import get_language, translate_key
from vision_ai_translations import gettext as _

from .formats import format_size, join_names

if TYPE_CHECKING:
    from vision_ai_fleet.jobs import Execution
    from vision_ai_fleet.names import ScaleId

TEACHING_LIST = "teaching_list"
INFORMATIVE = ("doctor", TEACHING_LIST, "conformance")
"""Kinds whose results are what they are run for."""


def describe_result(kind: str, result: Mapping[str, Any] | None) -> str | None:
    """Say what a job found. An agent may send anything."""
    if not result:
        return None
    if kind == TEACHING_LIST:
        return _(
            "{count} of {products} products are not taught",
            count=result.get("missing_count"),
            products=result.get("products"),
        )
    if kind == "conformance":
        return _("conforms") if result.get("conforms") else _("differs from the contract")
    if kind == "doctor":
        wrong = [describe_finding(each) for each in _list(result, "findings") if each.get("state") == "wrong"]
        return join_names(wrong) or _("in order")
    if kind == "backup":
        file = result.get("file")
        return format_size(cast("dict[str, Any]", file).get("size")) if isinstance(file, dict) else None
    return None


def describe_finding(finding: Mapping[str, Any]) -> object:
    """Describe a finding of the doctor in this process's language, or as the agent did."""
    language = get_language()
    with suppress(KeyError, TypeError, ValueError):
        if language != "en":
            return translate_key("doctor", finding["code"], language, **finding["values"])
    return finding.get("what")


def write_teaching_lists(executions: Iterable[tuple[ScaleId, Execution]], folder: Path) -> list[Path]:
    """Write a CSV file for each scale that has products to teach: `0042-07.csv`.

    `vision-ai items teach --from 0042-07.csv --missing` leads through it.
    """
    from vision_ai.files import save_file

    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for scale, execution in executions:
        products = _list(execution.result or {}, "missing")
        if execution.kind != TEACHING_LIST or not products:
            continue
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("id", "name"))
        writer.writerows((each.get("id"), each.get("name")) for each in products)
        files.append(folder / f"{scale.store}-{scale.scale}.csv")
        save_file(files[-1], text.getvalue().encode())
    return files


def _list(values: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = values.get(name)
    return (
        [each for each in cast("list[Any]", found) if isinstance(each, dict)]
        if isinstance(found, list)
        else []
    )
