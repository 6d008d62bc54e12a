"""The catalog of error codes as separate files, for programs that need no other part of the contract."""

from __future__ import annotations

import csv
import io

from document import Node, as_json, operations

COLUMNS = ("code", "last_code", "name", "category", "retryable", "meaning")


def build_json(document: Node) -> str:
    users: dict[int, list[str]] = {}
    for _, _, operation in operations(document):
        for code in operation["x-error-codes"]:
            users.setdefault(code, []).append(operation["operationId"])
    return as_json(
        {
            "contract": document["info"]["version"],
            "codes": [
                {**entry, "operations": users.get(entry["code"], [])} for entry in document["x-error-codes"]
            ],
            "ranges": document["x-error-ranges"],
        }
    )


def build_csv(document: Node) -> str:
    """Build one row for each code and each range. `last_code` is empty except for a range."""
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
