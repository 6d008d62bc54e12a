"""Finds the fields of JSON, URLs, forms and XML in any text, which need not be complete or correct.

A quoted name may be escaped (`"s\\u006e"`) or stand in a string itself (`\\"sn\\"`), since errors quote responses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

from .secrets import CREDENTIAL, FILE_NAME, Kind, find_kind

Replace = Callable[[Kind, str], str]
"""Takes the kind of a secret and its value as text; returns the value to show."""

DOUBLE = '"'

_NAME = re.compile(
    r"""
    (?P<quote> \\* ["'] )
    (?P<name> (?: [A-Za-z_-] | \\+ u00[0-9A-Fa-f]{2} | \\+ x[0-9A-Fa-f]{2} ){2,200} )
    (?P=quote) \s* : \s*
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_DIGITS = re.compile(r"\d+")
_OPENING_QUOTE = re.compile(r"""(\\*)(["'])""")
_TOKEN = re.compile(
    rf"""(?P<quote>\\*["'])|(?P<open>[\[{{])|(?P<close>[\]}}])|(?P<number>{_NUMBER.pattern})"""
)
_STRING_END = {
    quotes: re.compile(rf"(?:[^{quotes}\\]|\\.)*({quotes})", re.DOTALL) for quotes in (DOUBLE, "'")
}
_COLON = re.compile(r"\s*:")
_ESCAPE = re.compile(r"\\+[ux](?:00)?([0-9A-Fa-f]{2})")

_PAIR = re.compile(
    r"""(?<![\w%])([A-Za-z][\w.%-]*)(\*=[\w.-]*'[\w-]*'|=)(?:"((?:[^"\\]|\\.)*)("?)|([^&\s"'<>;,]+))"""
)
_ELEMENT = re.compile(r"(<([A-Za-z][\w.-]*)>)([^<]*)")
_DOWNLOAD = re.compile(r"""(/download/)([^\s"'?#/\\<>]+)""")
_USER = re.compile(r"""//([^/\s@"'<>?#]+)@""")


def replace_fields(text: str, replace: Replace) -> str:
    """Return the text with other values for its secret fields."""
    text = "".join(_replace_in_json(text, replace))
    text = _PAIR.sub(lambda found: _replace_in_pair(found, replace), text)
    text = _ELEMENT.sub(lambda found: _replace_in_element(found, replace), text)
    text = _USER.sub(lambda found: f"//{replace(CREDENTIAL, found[1].rpartition(':')[2])}@", text)
    return _DOWNLOAD.sub(lambda found: found[1] + _replace_quoted(FILE_NAME, found[2], replace), text)


def replace_number(number: str, kind: Kind, replace: Replace) -> str:
    """Return the text of a number of the same type with other digits."""
    digits = _DIGITS.search(number)
    if digits is None:
        return number
    shown = replace(kind, digits[0])
    whole = str(int(shown)) if shown.isdigit() else "0"
    return number[: digits.start()] + whole + ("" if number.lstrip("-").isdigit() else ".0")


def _replace_quoted(kind: Kind, value: str, replace: Replace) -> str:
    return quote(replace(kind, unquote(value)), safe="{}")


def _replace_in_element(found: re.Match[str], replace: Replace) -> str:
    kind = find_kind(found[2])
    return found[0] if kind is None else found[1] + replace(kind, found[3])


def _replace_in_pair(found: re.Match[str], replace: Replace) -> str:
    name, equals, quoted, end, bare = found.groups()
    kind = find_kind(unquote(name))
    if kind is None:
        return found[0]
    if quoted is not None:  # cut off without its end: half a secret matches nothing
        return f'{name}{equals}"{replace(kind, _unescape(quoted, DOUBLE)) if end else ""}"'
    return f"{name}{equals}{_replace_quoted(kind, bare, replace)}"


def _replace_in_json(text: str, replace: Replace) -> Iterator[str]:
    position = 0
    while found := _NAME.search(text, position):
        name = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), found["name"])
        yield text[position : found.end()]
        position = found.end()
        kind = find_kind(name)
        if kind is not None:
            shown, position = _replace_value(text, position, kind, replace)
            yield shown
    yield text[position:]


def _replace_value(text: str, start: int, kind: Kind, replace: Replace) -> tuple[str, int]:
    """Return what to show for the JSON value that begins at `start`, and where it ends."""
    if text.startswith(("[", "{"), start):
        return _replace_leaves(text, start, kind, replace)
    if opening := _OPENING_QUOTE.match(text, start):
        return _replace_string(text, opening, kind, replace)
    if number := _NUMBER.match(text, start):
        return replace_number(number[0], kind, replace), number.end()
    return "", start


def _replace_leaves(text: str, start: int, kind: Kind, replace: Replace) -> tuple[str, int]:
    """Do the same for every text and number inside a list or an object."""
    shown: list[str] = []
    depth, position = 0, start
    while found := _TOKEN.search(text, position):
        shown.append(text[position : found.start()])
        position = found.end()
        if found["number"]:
            shown.append(replace_number(found[0], kind, replace))
        elif opening := _OPENING_QUOTE.match(text, found.start()):
            position = _find_end(text, opening)[1]
            is_name = _COLON.match(text, position)
            value = text[found.start() : position]
            shown.append(value if is_name else _replace_string(text, opening, kind, replace)[0])
        else:
            shown.append(found[0])
            depth += 1 if found["open"] else -1
            if depth == 0:
                return "".join(shown), position
    return "".join(shown), len(text)


def _replace_string(text: str, opening: re.Match[str], kind: Kind, replace: Replace) -> tuple[str, int]:
    content_end, end = _find_end(text, opening)
    quotes = opening[0]
    if content_end is None:
        return quotes, end  # cut off: half a secret matches nothing
    shown = replace(kind, _unescape(text[opening.end() : content_end], opening[2]))
    return quotes + json.dumps(shown, ensure_ascii=False)[1:-1] + quotes, end


def _find_end(text: str, opening: re.Match[str]) -> tuple[int | None, int]:
    """Return where a string's content ends, None for one that is cut off, and where its quotes end."""
    if opening[1]:
        end = re.compile(rf"(?<!\\){re.escape(opening[0])}").search(text, opening.end())
        content_end = end and end.start()
    else:
        end = _STRING_END[opening[2]].match(text, opening.end())
        content_end = end and end.start(1)
    return content_end, end.end() if end else len(text)


def _unescape(content: str, quotes: str) -> str:
    """Return what a string means; it may be JSON within JSON."""
    while quotes == DOUBLE and "\\" in content:
        try:
            unescaped = json.loads(f'"{content}"', strict=False)
        except ValueError:
            break
        content = unescaped
    return content
