"""Replaces secrets by placeholders of the same type, equal ones equally, so that redacted texts still match."""

from __future__ import annotations

import codecs
import json
import threading
from collections.abc import Iterable
from contextlib import suppress
from email.message import Message
from typing import Any, TypeVar, cast

from .fields import replace_fields, replace_number
from .known_values import KnownValue, is_distinctive
from .pictures import remove_metadata, remove_metadata_in_text
from .secrets import CREDENTIAL, Kind, find_kind

T = TypeVar("T")


class Redaction:
    """Replaces secrets, and remembers them: a value that was a secret once is one everywhere. Threads may share it."""

    def __init__(self) -> None:
        self._placeholders: dict[tuple[Kind, str], str] = {}
        self._known: list[KnownValue] = []
        """The longest first: it may contain others."""
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many secrets are known: a text that was redacted before the last one came may still contain it."""
        return len(self._placeholders)

    def redact_value(self, name: str, value: T) -> T:
        """Return the value to show for a field of that name, whose texts and numbers may be secrets."""
        kind = find_kind(name)
        return value if kind is None else cast(T, self._redact_leaves(kind, value))

    def redact_json(self, value: T) -> T:
        """Return a copy of parsed JSON without secrets."""
        if isinstance(value, dict):
            fields = cast("dict[Any, Any]", value)
            return cast(
                T, {self._redact_key(name): self._field(name, inner) for name, inner in fields.items()}
            )
        if isinstance(value, list | tuple):
            return cast(T, [self.redact_json(inner) for inner in cast("list[Any]", value)])
        return cast(T, self.redact_text(value)) if isinstance(value, str) else value

    def redact_text(self, text: str) -> str:
        """Return a text without the secrets in its fields, and without those that are known.

        It need not be complete or correct: everything else in it stays unchanged.
        """
        return self._replace_known(remove_metadata_in_text(replace_fields(text, self._placeholder)))

    def redact_body(self, content: bytes, content_type: str = "") -> bytes:
        """Do the same for the bytes of a text in any encoding; remove the metadata of a JPEG picture."""
        picture = remove_metadata(content)
        if picture is not content:
            return picture
        (text, encoding), *others = _decode(content, content_type)
        redacted = self.redact_text(text)
        for other, _ in others:  # short texts have a meaning in several encodings: each may be the secret
            self.redact_text(other)
        return content if redacted == text else redacted.encode(encoding, "surrogateescape")

    def redact_headers(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the headers of a request or a response without secrets."""
        return [(name, self.redact_named(name, value)) for name, value in headers]

    def redact_named(self, name: str, value: str) -> str:
        """Return the value of a header or of a URL's parameter."""
        redacted = self.redact_value(name, value)
        return self.redact_text(value) if redacted == value else redacted

    def _field(self, name: object, value: Any) -> Any:
        redacted = self.redact_value(name, value) if isinstance(name, str) else value
        return self.redact_json(value) if redacted is value else redacted

    def _redact_key(self, name: Any) -> Any:
        return self._replace_known(name) if isinstance(name, str) else name

    def _redact_leaves(self, kind: Kind, value: Any) -> Any:
        if isinstance(value, str):
            return self._placeholder(kind, value)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            return type(value)(json.loads(replace_number(json.dumps(value), kind, self._placeholder)))
        if isinstance(value, dict):
            fields = cast("dict[Any, Any]", value)
            return {
                self._redact_key(name): self._redact_leaves(kind, inner) for name, inner in fields.items()
            }
        if isinstance(value, list | tuple):
            return [self._redact_leaves(kind, inner) for inner in cast("list[Any]", value)]
        return value

    def _placeholder(self, kind: Kind, value: str) -> str:
        if value in kind.harmless:
            return value
        with self._lock:
            known = self._placeholders.get((kind, value))
            if known is None:
                number = sum(other is kind for other, _ in self._placeholders) + 1
                known = self._placeholders[kind, value] = kind.make_placeholder(value, number)
                for text in {value, value.rpartition(" ")[2]} if kind is CREDENTIAL else {value}:
                    if is_distinctive(text):
                        self._known.append(KnownValue(text, known))
                self._known.sort(key=lambda each: len(each.value), reverse=True)
        return known

    def _replace_known(self, text: str) -> str:
        for each in tuple(self._known):
            text = each.replace_in(text)
        return text


def _decode(content: bytes, content_type: str) -> list[tuple[str, str]]:
    """Return the texts, with their encodings, that these bytes may be: the likeliest first, at least one."""
    encodings = [_find_wide_encoding(content)]
    if not content.isascii():
        encodings += ["utf-8", _find_charset(content_type), "gb18030"]
    texts: dict[str, str] = {}
    for encoding in encodings:
        with suppress(LookupError, ValueError):
            text = content.decode(encoding)
            if text.encode(encoding) == content:
                texts.setdefault(text, encoding)
    return list(texts.items()) or [(content.decode(errors="surrogateescape"), "utf-8")]


def _find_wide_encoding(content: bytes) -> str:
    """Return which UTF-16 or UTF-32 this is, if it is one: the first characters of JSON and HTML are ASCII."""
    encoding = json.detect_encoding(content)
    if encoding in {"utf-16", "utf-32"}:  # by its byte order mark, which is kept as a character
        return f"{encoding}-{'le' if content[:1] == codecs.BOM_UTF16_LE[:1] else 'be'}"
    return encoding.removesuffix("-sig")


def _find_charset(content_type: str) -> str:
    header = Message()
    header["Content-Type"] = content_type
    return str(header.get_content_charset("utf-8"))
