"""Read the rows of a list of products, and say in which line something is wrong."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from .._validation import describe
from ..errors import InvalidInputError

DELIMITERS = (",", ";", "\t")
REQUIRED_COLUMNS = ("id", "name")
OPTIONAL_COLUMNS = ("group", "aliases")
ALIAS_SEPARATOR = "|"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""The first line of a file that Excel exported for another country."""


class Row(NamedTuple):
    """One product."""

    line: int
    """The line of the file in which it begins, counted from 1."""
    id: str
    name: str
    group: str | None
    aliases: tuple[str, ...]


def read_rows(text: str, file: str, delimiter: str | None) -> list[Row]:
    """Return the products of a list, in its order.

    Args:
        text: The file's text.
        file: Its name, for messages.
        delimiter: What separates two fields; None to find it out.

    Raises:
        InvalidInputError: Something is wrong; the message names the file and the line.
    """
    if delimiter is not None:
        check_delimiter(delimiter)
    records = _read_records(text, file, delimiter or _find_delimiter(text))
    first, header = next(records, (0, [""]))
    if not any(header):
        raise InvalidInputError(f"{file} is empty: its first line must name the columns (id, name)")
    columns = _find_columns(header, file, first)
    rows: list[Row] = []
    lines: dict[str, int] = {}
    for line, record in records:
        row = _make_row(record, header, columns, file, line)
        if row.id in lines:
            raise InvalidInputError(
                f"{file}, line {line}: the id {row.id!r} is already in line {lines[row.id]}"
            )
        lines[row.id] = line
        rows.append(row)
    if not rows:
        raise InvalidInputError(f"{file} has no products: there is nothing after the names of the columns")
    return rows


def check_delimiter(delimiter: object) -> None:
    """Refuse what cannot separate fields."""
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        raise InvalidInputError(f'delimiter must be one character, such as ";", not {describe(delimiter)}')


def _find_delimiter(text: str) -> str:
    """Return the delimiter with which the first line names the required columns; else the one with most columns."""
    if match := _SEPARATOR_LINE.match(text):
        return match[1]
    lines = text.splitlines()
    header = next((line for line in lines if line.strip()), "")
    splits = {delimiter: _split_header(header, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda each: (set(REQUIRED_COLUMNS) <= set(splits[each]), len(splits[each])))


def _split_header(header: str, delimiter: str) -> list[str]:
    for names in csv.reader([header], delimiter=delimiter):
        return [name.strip().lower() for name in names]
    return []


def _read_records(text: str, file: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with the line in which it begins."""
    match = _SEPARATOR_LINE.match(text)
    skipped = 1 if match else 0
    stream = StringIO(text[match.end() :] if match else text, newline="")
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1 + skipped
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise InvalidInputError(f"{file}, line {line}: {_describe_error(error)}") from None
        if record is None:
            return
        if any(field.strip() for field in record):
            yield line, record


def _describe_error(error: csv.Error) -> str:
    if "expected after" in str(error):
        return (
            "a quotation mark inside a quoted field, or a quoted field that is not closed: write a quotation mark "
            'that belongs to the text twice ("")'
        )
    return 'a quoted field begins here, or in this line, and is never closed: a quotation mark (") is missing'


def _find_columns(header: list[str], file: str, line: int) -> dict[str, int]:
    """Return where each known column is."""
    names = [name.strip().lower() for name in header]
    for name in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS):
        if names.count(name) > 1:
            raise InvalidInputError(f"{file}, line {line}: two columns are named {name!r}")
    for name in REQUIRED_COLUMNS:
        if name not in names:
            found = ", ".join(describe(each.strip()) for each in header)
            raise InvalidInputError(
                f"{file}, line {line}: there is no column {name!r}; the columns are {found}. The first line must name "
                "the columns, at least id and name"
            )
    return {name: names.index(name) for name in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS) if name in names}


def _make_row(record: list[str], header: list[str], columns: dict[str, int], file: str, line: int) -> Row:
    if len(record) <= max(columns[name] for name in REQUIRED_COLUMNS):
        raise InvalidInputError(
            f"{file}, line {line}: too few fields, {len(record)} of the {len(header)} that the first line names"
        )
    if any(field.strip() for field in record[len(header) :]):
        raise InvalidInputError(
            f"{file}, line {line}: too many fields, {len(record)} where the first line names {len(header)}: put a "
            "field that contains the delimiter in quotation marks"
        )

    def get(name: str) -> str:
        place = columns.get(name, len(record))
        return record[place] if place < len(record) else ""

    id, name = get("id").strip(), join_words(get("name"))
    for column, value in (("id", id), ("name", name)):
        if not value:
            raise InvalidInputError(f"{file}, line {line}: the {column} is empty")
    aliases = (join_words(alias) for alias in get("aliases").split(ALIAS_SEPARATOR))
    return Row(line, id, name, join_words(get("group")) or None, tuple(alias for alias in aliases if alias))


def join_words(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(text.split())
