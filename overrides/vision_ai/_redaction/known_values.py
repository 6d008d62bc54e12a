"""Finds a value that is known to be a secret anywhere in a text, however its characters are escaped."""

from __future__ import annotations

import html
import re

ESCAPES = re.compile(r"[\\%&+\x80-\xff]")
"""Characters without which a text has no escaped or wrongly decoded character."""

SHORTEST_NUMBER = 5
SHORTEST_WORD = 4
SHORTEST_FOREIGN_WORD = 2
"""Characters of a value with letters beyond ASCII."""
ANYWHERE = 6
"""Characters from which a value is also found inside longer words."""


class KnownValue:
    """A secret and its placeholder."""

    def __init__(self, value: str, placeholder: str) -> None:
        self.value = value
        self._placeholder = placeholder
        self._is_ascii = value.isascii()
        self._inside_words = len(value) >= ANYWHERE or not self._is_ascii
        self._literal = re.compile(self._surround(re.escape(value)))
        self._escaped: re.Pattern[str] | None = None

    def replace_in(self, text: str) -> str:
        """Return the text with the placeholder in the value's place."""
        if not ESCAPES.search(text):
            return self._literal.sub(self._placeholder, text) if self.value in text else text
        if self._escaped is None:
            self._escaped = re.compile(self._surround("".join(map(_match_character, self.value))))
        return self._escaped.sub(self._placeholder, text)

    def _surround(self, pattern: str) -> str:
        return pattern if self._inside_words else rf"(?<![\w.]){pattern}(?!\w|\.\d)"


def is_distinctive(value: str) -> bool:
    """Return whether a value hardly occurs in other texts by chance."""
    if not value.isascii():
        return len(value) >= SHORTEST_FOREIGN_WORD
    return len(value) >= (SHORTEST_NUMBER if value.isdigit() else SHORTEST_WORD)


def _match_character(character: str) -> str:
    """Return a pattern for a character: itself, or its escapes in JSON, Python, URLs and HTML."""
    code = ord(character)
    utf_16 = character.encode("utf-16-be", "surrogatepass")
    units = [utf_16[index : index + 2].hex() for index in range(0, len(utf_16), 2)]
    utf_8 = character.encode(errors="surrogatepass")
    ways = [
        re.escape(character),
        "".join(rf"\\+[uU](?:0000)?{_match_hex(unit)}" for unit in units),
        "".join(f"%{_match_hex(f'{byte:02x}')}" for byte in utf_8),
        f"&#0*{code};",
        f"&#[xX]0*{_match_hex(f'{code:x}')};",
    ]
    if code > 0xFFFF:
        ways.append(rf"\\+U{_match_hex(f'{code:08x}')}")
    if code < 0x100:
        ways.append(rf"\\+x{_match_hex(f'{code:02x}')}")
    if character in "\"\\/'":
        ways.append(rf"\\+{re.escape(character)}")
    if html.escape(character) != character:
        ways.append(re.escape(html.escape(character)))
    if character == " ":
        ways.append(r"\+")
    if code > 0x7F:  # bytes that were decoded as if they were Latin-1, as those of headers are
        ways += (
            re.escape(encoded.decode("latin-1")) for encoded in (utf_8, _encode_chinese(character)) if encoded
        )
    return f"(?:{'|'.join(ways)})"


def _encode_chinese(character: str) -> bytes:
    return character.encode("gb18030", "ignore")


def _match_hex(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)
