"""The catalogue of error codes as files of its own, for programs that need nothing else of the contract."""

from __future__ import annotations

import csv
import io

from document import Node, as_json, operations

COLUMNS = ("code", "last_code", "name", "category", "retryable", "meaning")


def as_json_file(document: Node) -> str:
    answered: dict[int, list[str]] = {}
    for _, _, operation in operations(document):
        for code in operation["x-error-codes"]:
            answered.setdefault(code, []).append(operation["operationId"])
    return as_json(
        {
            "contract": document["info"]["version"],
            "codes": [
                {**entry, "operations": answered.get(entry["code"], [])}
                for entry in document["x-error-codes"]
            ],
            "ranges": document["x-error-ranges"],
        }
    )


def as_csv_file(document: Node) -> str:
    """One line for each code; a range is a line too, and only there `last_code` is not empty."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="raise")
    table.writeheader()
    for entry in document["x-error-codes"]:
        table.writerow({**entry, "last_code": "", "retryable": str(entry["retryable"]).lower()})
    for entry in document["x-error-ranges"]:
        row = {key: value for key, value in entry.items() if key not in ("from", "to")}
        row |= {"code": entry["from"], "last_code": entry["to"], "retryable": str(entry["retryable"]).lower()}
        table.writerow(row)
    return text.getvalue()
