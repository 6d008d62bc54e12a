"""What a job returned on a scale, in a few words, and teaching lists as files for a store's staff."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

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
        return f"{result.get('missing_count')} of {result.get('products')} products are not taught"
    if kind == "conformance":
        return "conforms" if result.get("conforms") else "differs from the contract"
    if kind == "doctor":
        wrong = [each.get("what") for each in _list(result, "findings") if each.get("state") == "wrong"]
        return join_names(wrong) or "in order"
    if kind == "backup":
        file = result.get("file")
        return format_size(cast("dict[str, Any]", file).get("size")) if isinstance(file, dict) else None
    return None


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
