"""Text that is safe to print: what a module sends must not move the cursor, hide text or reverse its direction."""

from __future__ import annotations

import os
import re
import string
from pathlib import Path
from typing import TextIO, TypeAlias

from vision_ai_translations import get_language

Printable: TypeAlias = str | Path | tuple[str | Path, ...]
"""A text, or several that belong together. Paths are printed as they are, also where they are not UTF-8."""

_UNSAFE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters: C0, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # direction of the text
    "\u2028\u2029\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # line separators, invisible characters
    "\ud800-\udfff"  # lone surrogates
    "]"
)
_BYTE = re.compile("[\udc80-\udcff]")
"""How Python represents the bytes of a file name that is not UTF-8."""


def make_printable(text: str, *, keep: str = "") -> str:
    r"""Escape what a terminal would not show as it is, for example ESC as `\x1b`, except the characters in `keep`."""
    return _UNSAFE.sub(lambda match: match[0] if match[0] in keep else _escape(match[0]), text)


def escape_json(text: str) -> str:
    r"""Escape the same characters in a JSON text, as JSON does: ESC as `\u001b`."""
    return _UNSAFE.sub(lambda match: _escape_for_json(match[0]), text)


def format_parts(text: str, **values: str | Path) -> Printable:
    """Put values into a translated text, as `str.format_map` does, and keep the paths among them."""
    parts: list[str | Path] = []
    for literal, name, _, _ in string.Formatter().parse(text):
        parts += [part for part in (literal, *((values[name],) if name else ())) if part != ""]
    return tuple(parts)


def join_parts(parts: Printable) -> str:
    """Return the whole text. A path may contain lone surrogates."""
    return "".join(map(str, parts)) if isinstance(parts, tuple) else str(parts)


def has_bytes(parts: Printable) -> bool:
    """Whether a path among the parts is not UTF-8."""
    pieces = parts if isinstance(parts, tuple) else (parts,)
    return any(isinstance(each, Path) and _BYTE.search(str(each)) for each in pieces)


def print_parts(parts: Printable, stream: TextIO, end: str = "\n") -> None:
    """Print texts made safe, and paths as they are. A terminal gets no control characters of a path either."""
    for each in parts if isinstance(parts, tuple) else (parts,):
        if isinstance(each, str):
            stream.write(make_printable(each, keep="\n\t"))
        else:
            _write_path(str(each), stream)
    stream.write(end)
    stream.flush()


def _write_path(path: str, stream: TextIO) -> None:
    if stream.isatty():
        path = _UNSAFE.sub(lambda match: match[0] if _BYTE.match(match[0]) else _escape(match[0]), path)
    if _BYTE.search(path):
        stream.flush()
        stream.buffer.write(os.fsencode(path))
        stream.buffer.flush()
    else:
        stream.write(path)


def _escape(character: str) -> str:
    code = ord(character)
    if _BYTE.match(character):
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _escape_for_json(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def join_sentences(*sentences: str) -> str:
    """Return several sentences as one text. Chinese has no spaces between them."""
    return ("" if get_language() == "zh" else " ").join(sentences)
