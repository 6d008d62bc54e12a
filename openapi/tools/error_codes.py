"""The catalog of error codes as separate files, for programs that need no other part of the contract."""

from __future__ import annotations

import csv
import io
from itertools import chain

from document import Node, as_json, operations

LANGUAGES = ("ru", "zh")
"""The languages of `meanings`. `meaning` is English."""
COLUMNS = (
    *("code", "last_code", "name", "category", "retryable", "meaning"),
    *(f"meaning_{language}" for language in LANGUAGES),
    *("vendor", "versions"),
)


def build_json(documents: list[Node]) -> str:
    """Build the catalog, with the operations that are known or likely to return each code, those of V1 first."""
    users: dict[int | str, list[str]] = {}
    for _, _, operation in chain.from_iterable(map(operations, documents)):
        for key in (*operation["x-error-codes"], *operation.get("x-error-ranges", ())):
            names = users.setdefault(key, [])
            if operation["operationId"] not in names:
                names.append(operation["operationId"])
    document = documents[0]
    return as_json(
        {
            "contract": document["info"]["version"],
            "codes": [
                {**entry, "operations": users.get(entry["code"], [])} for entry in document["x-error-codes"]
            ],
            "ranges": [
                {**entry, "operations": users.get(entry["name"], [])} for entry in document["x-error-ranges"]
            ],
        }
    )


def build_csv(document: Node) -> str:
    """Build one row for each code and each range. `last_code` is empty except for a range."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="raise")
    table.writeheader()
    for entry in (*document["x-error-codes"], *document["x-error-ranges"]):
        row = {key: value for key, value in entry.items() if key in COLUMNS}
        row |= {"code": entry.get("code", entry.get("from")), "last_code": entry.get("to", "")}
        row |= {"retryable": str(entry["retryable"]).lower(), "versions": " ".join(entry["versions"])}
        row |= {f"meaning_{language}": text for language, text in entry["meanings"].items()}
        table.writerow(row)
    return text.getvalue()
