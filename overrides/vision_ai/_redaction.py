"""What must stay in the store: one table of secrets, for the log and for recordings.

Secrets are serial numbers, the store's number and name, and the names of backup files, which may contain them.
Each is replaced by a placeholder of the same type: the same one for the same value while one `Redaction` lives, so
that redacted texts still match each other.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, TypeVar, cast
from urllib.parse import quote, unquote

from attrs import frozen

T = TypeVar("T")


@frozen
class Kind:
    """A kind of secret."""

    label: str
    harmless: frozenset[str] = frozenset({""})
    """Values that reveal nothing."""
    found_anywhere: bool = False
    """Such a value, once known, is also replaced within other texts."""

    def make_placeholder(self, value: str, number: int) -> str:
        """Return a number of the same length for a number, a label for anything else."""
        if value.isascii() and value.isdigit():
            return str(number).zfill(len(value))
        suffix = PurePosixPath(value).suffix if self is FILE_NAME else ""
        return f"{self.label}-{number}{suffix if HARMLESS_SUFFIX(suffix) else ''}"


HARMLESS_SUFFIX = re.compile(r"\.[A-Za-z]{1,8}").fullmatch

SERIAL = Kind("serial", found_anywhere=True)
STORE_NUMBER = Kind("store", harmless=frozenset({"", "0000"}))  # as the module comes from the factory
STORE_NAME = Kind("store-name")
FILE_NAME = Kind("backup", found_anywhere=True)

SECRET_FIELDS = {
    "sn": SERIAL,
    "mastersn": SERIAL,
    "clientid": STORE_NUMBER,
    "clientname": STORE_NAME,
    "filename": FILE_NAME,
}
"""Fields of JSON, in lower case, without underscores: the vendor's text has `syncMode` and `sync_mode`."""

SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key"}
)
"""Headers of proxies and gateways, in lower case; the module itself knows none of them."""
HIDDEN = "hidden"

SHORTEST_ANYWHERE = 6
"""Characters; a shorter value occurs in other texts by chance."""

_FIELD = re.compile(
    r"""
    (?P<before> " (?P<name> sn | master_?sn | client_?id | client_?name | file_?name ) " \s* : \s* )
    (?: " (?P<text> (?: [^"\\] | \\. )* ) (?P<end> "? ) \\? | (?P<number> \d+ ) )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_DOWNLOAD = re.compile(r"""(/download/)([^\s"'?#/\\<>]+)""")
_FORM_FILE = re.compile(r"""(filename=")([^"]*)""")


class Redaction:
    """Replaces secrets, equal ones equally. Several threads may use it."""

    def __init__(self) -> None:
        self._placeholders: dict[tuple[Kind, str], str] = {}
        self._anywhere: dict[str, str] = {}
        self._lock = threading.Lock()

    def redact_value(self, name: str, value: T) -> T:
        """Return the value to show for a field of that name. Only texts and whole numbers are secrets."""
        kind = SECRET_FIELDS.get(name.replace("_", "").lower())
        if kind is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return cast(T, int(self._placeholder(kind, str(abs(value)))))
        return cast(T, self._placeholder(kind, value)) if isinstance(value, str) else value

    def redact_json(self, value: T) -> T:
        """Return a copy of parsed JSON without secrets."""
        if isinstance(value, dict):
            fields = cast("dict[Any, Any]", value)
            return cast(T, {name: self._field(name, inner) for name, inner in fields.items()})
        if isinstance(value, list | tuple):
            return cast(T, [self.redact_json(inner) for inner in cast("list[Any]", value)])
        return cast(T, self._replace_known(value)) if isinstance(value, str) else value

    def redact_text(self, text: str) -> str:
        """Return a text without the secrets in its JSON fields, URLs and form headers.

        It need not be complete or correct: everything else in it stays unchanged.
        """
        text = _FIELD.sub(self._field_in_text, text)
        text = _DOWNLOAD.sub(self._name_in_url, text)
        text = _FORM_FILE.sub(lambda found: found[1] + self._placeholder(FILE_NAME, found[2]), text)
        return self._replace_known(text)

    def redact_body(self, content: bytes) -> bytes:
        """Do the same for bytes that need not be UTF-8."""
        return self.redact_text(content.decode(errors="surrogateescape")).encode(errors="surrogateescape")

    def redact_headers(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the headers of a request or a response without secrets."""
        return [
            (name, HIDDEN if name.lower() in SECRET_HEADERS else self.redact_text(value))
            for name, value in headers
        ]

    def _field(self, name: object, value: Any) -> Any:
        redacted = self.redact_value(name, value) if isinstance(name, str) else value
        return self.redact_json(value) if redacted is value else redacted

    def _field_in_text(self, found: re.Match[str]) -> str:
        name = found["name"]
        if found["number"] is not None:
            return f"{found['before']}{self.redact_value(name, int(found['number']))}"
        if not found["end"]:
            return f'{found["before"]}"'  # cut off: half a secret matches nothing
        return found["before"] + json.dumps(
            self.redact_value(name, _unquote(found["text"])), ensure_ascii=False
        )

    def _name_in_url(self, found: re.Match[str]) -> str:
        return found[1] + quote(self._placeholder(FILE_NAME, unquote(found[2])), safe="{}")

    def _placeholder(self, kind: Kind, value: str) -> str:
        if value in kind.harmless:
            return value
        with self._lock:
            known = self._placeholders.get((kind, value))
            if known is None:
                number = sum(other is kind for other, _ in self._placeholders) + 1
                known = self._placeholders[kind, value] = kind.make_placeholder(value, number)
                if kind.found_anywhere and len(value) >= SHORTEST_ANYWHERE:
                    self._anywhere[value] = known
        return known

    def _replace_known(self, text: str) -> str:
        for value in sorted(self._anywhere, key=len, reverse=True):
            text = text.replace(value, self._anywhere[value])
        return text


def redact(value: T) -> T:
    """Return a text or parsed JSON for the log."""
    redaction = Redaction()
    return cast(T, redaction.redact_text(value)) if isinstance(value, str) else redaction.redact_json(value)


def _unquote(text: str) -> str:
    try:
        return cast(str, json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text
