"""What must stay in the shop: one table of secrets, for the log and for recordings.

Secret are serial numbers, the store's number and name, and the names of backup files, which may be made of
them. Each is replaced by a stand-in of the same type: the same one for the same value, as long as one
`Redaction` lives, so that what was redacted still fits together.
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
    """Values that say nothing."""
    found_anywhere: bool = False
    """Once seen, such a value is also replaced within other texts."""

    def stand_in(self, value: str, number: int) -> str:
        """The same length where it is a number, and a label otherwise."""
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
"""Headers of the ways to a module, lower case; the module itself knows none of them."""
HIDDEN = "hidden"

SHORTEST_ANYWHERE = 6
"""Characters; what is shorter stands in other texts by chance."""

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
    """Replaces secrets, the same by the same. May be used by several threads."""

    def __init__(self) -> None:
        self._stand_ins: dict[tuple[Kind, str], str] = {}
        self._anywhere: dict[str, str] = {}
        self._lock = threading.Lock()

    def value(self, name: str, value: T) -> T:
        """What a field of that name is shown as. Only texts and whole numbers are secrets."""
        kind = SECRET_FIELDS.get(name.replace("_", "").lower())
        if kind is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return cast(T, int(self._stand_in(kind, str(abs(value)))))
        return cast(T, self._stand_in(kind, value)) if isinstance(value, str) else value

    def parsed(self, value: T) -> T:
        """Parsed JSON, its secrets replaced; what was given stays as it is."""
        if isinstance(value, dict):
            fields = cast("dict[Any, Any]", value)
            return cast(T, {name: self._field(name, inner) for name, inner in fields.items()})
        if isinstance(value, list | tuple):
            return cast(T, [self.parsed(inner) for inner in cast("list[Any]", value)])
        return cast(T, self._learnt(value)) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        """A text with fields of JSON, with URLs or heads of forms in it. It need not be whole, or correct:
        everything else in it stays as it is."""
        text = _FIELD.sub(self._field_in_text, text)
        text = _DOWNLOAD.sub(self._name_in_url, text)
        text = _FORM_FILE.sub(lambda found: found[1] + self._stand_in(FILE_NAME, found[2]), text)
        return self._learnt(text)

    def body(self, content: bytes) -> bytes:
        """As `text`, for bytes that need not be UTF-8."""
        return self.text(content.decode(errors="surrogateescape")).encode(errors="surrogateescape")

    def headers(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The headers of a request or an answer."""
        return [
            (name, HIDDEN if name.lower() in SECRET_HEADERS else self.text(value)) for name, value in headers
        ]

    def _field(self, name: object, value: Any) -> Any:
        redacted = self.value(name, value) if isinstance(name, str) else value
        return self.parsed(value) if redacted is value else redacted

    def _field_in_text(self, found: re.Match[str]) -> str:
        name = found["name"]
        if found["number"] is not None:
            return f"{found['before']}{self.value(name, int(found['number']))}"
        if not found["end"]:
            return f'{found["before"]}"'  # cut off: half a secret is none that anything could be matched with
        return found["before"] + json.dumps(self.value(name, _unquoted(found["text"])), ensure_ascii=False)

    def _name_in_url(self, found: re.Match[str]) -> str:
        return found[1] + quote(self._stand_in(FILE_NAME, unquote(found[2])), safe="{}")

    def _stand_in(self, kind: Kind, value: str) -> str:
        if value in kind.harmless:
            return value
        with self._lock:
            known = self._stand_ins.get((kind, value))
            if known is None:
                number = sum(other is kind for other, _ in self._stand_ins) + 1
                known = self._stand_ins[kind, value] = kind.stand_in(value, number)
                if kind.found_anywhere and len(value) >= SHORTEST_ANYWHERE:
                    self._anywhere[value] = known
        return known

    def _learnt(self, text: str) -> str:
        for value in sorted(self._anywhere, key=len, reverse=True):
            text = text.replace(value, self._anywhere[value])
        return text


def redacted(value: T) -> T:
    """A text or parsed JSON for the log."""
    redaction = Redaction()
    return cast(T, redaction.text(value)) if isinstance(value, str) else redaction.parsed(value)


def _unquoted(text: str) -> str:
    try:
        return cast(str, json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text
