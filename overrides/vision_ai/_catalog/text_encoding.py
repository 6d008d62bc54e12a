"""Decode a text file, and find out its encoding: UTF-8, UTF-16 with a mark, CP1251 or GB18030.

What is valid UTF-8 is UTF-8. Almost any text in CP1251 or GB18030 is not, but many texts are valid in both of these, so
that the two are compared as languages: how many bits would it take to write this text down for somebody who expects
Russian words, and how many for somebody who expects common Chinese characters? Where neither fits, or both fit about as
well (a list of one short product may), nothing is guessed.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

from ..errors import InvalidInputError

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
"""Byte order marks, which Excel and the editors of Windows write."""
BINARY_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
)
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0e-\x1f]")
"""Those that no text file contains."""
ADVICE = 'Save it as UTF-8, or give encoding=, for example encoding="cp1251"'

LEAST_MARGIN = 8.0
"""Bits by which one encoding must fit better: 256 to 1."""
MOST_BITS_PER_LETTER = 6.1
"""What Russian may take. Names of products take about 4.8; a text in KOI8-R that is read as CP1251 takes 6.7."""
MOST_BITS_PER_CHARACTER = 16.0
"""What Chinese may take. Names of products take 12 to 13; a text in Big5 that is read as GB18030 takes more."""
FEW = 8
"""Characters beyond ASCII that may be valid UTF-8 by accident: of names of one Chinese product, 2 of 100 are."""

RUSSIAN_LETTERS = {
    3.2: "о",
    3.6: "еа",
    3.9: "инт",
    4.4: "срвл",
    5.0: "кмдп",
    5.7: "уяыьгз",
    6.1: "бчй",
    6.7: "хжшю",
    8.0: "цщэ",
    9.0: "ёфъ",
}
"""The letters by the bits that each takes, from their frequency."""
RUSSIAN_BITS = {letter: bits for bits, letters in RUSSIAN_LETTERS.items() for letter in letters}
OTHER_CYRILLIC_BITS = 7.5
"""A letter of Ukrainian, Belarusian, Serbian or Macedonian."""
IRREGULAR_CASE_BITS = 10.0
"""A word that is neither small, nor capitalized, nor in capitals."""
IRREGULAR_SOUND_BITS = 5.0
"""A word without a vowel, or with many vowels or consonants in a row."""
LATIN_NEIGHBOR_BITS = 8.0
"""A Cyrillic and a Latin letter in one word."""
PUNCTUATION = "«»№–—“”„’…°·•®™\xa0"
PUNCTUATION_BITS = 6.0
SYMBOL_BITS = 14.0

COMMON_CHARACTER_BITS = 12.0
"""One of the 3,755 characters of level 1 of GB 2312."""
RARE_CHARACTER_BITS = 15.4
"""One of the 3,008 characters of level 2, which names of fruit and vegetables need now and then."""
CHINESE_PUNCTUATION_BITS = 10.0
OTHER_CHARACTER_BITS = 22.0

_WORD = re.compile(r"[^\W\d_]+")
_UNUSUAL = re.compile(
    "(?<![A-Za-z])[\u0180-\u0385\u03cf-\u03ff\u0460-\u048f\u0492-\u058f\u0700-\u07ff](?![A-Za-z])"
)
"""Letters of two bytes in UTF-8 that few languages use, and not in a word with Latin letters, as in Vietnamese."""
_UNPRONOUNCEABLE = re.compile(
    "^[^аеёиоуыэюяіїє]+$|[^аеёиоуыэюяіїєьъ]{4}|[аеёиоуыэюяіїє]{3}|^[ыьъ]|[аеёиоуыэюяіїє][ьъ]"
)


def decode_text(content: bytes, name: str, encoding: str | None) -> str:
    """Return the text of a file.

    Args:
        content: Its bytes.
        name: The file's name, for messages.
        encoding: Its encoding; None to find it out.

    Raises:
        InvalidInputError: It is not a text, or its encoding is not known.
    """
    for start, kind in BINARY_FORMATS:
        if content.startswith(start):
            raise InvalidInputError(f"{name} is not a text file but {kind}: save the list as CSV")
    text = _decode_unknown(content, name) if encoding is None else _decode_as(content, name, encoding)
    if control := CONTROL_CHARACTERS.search(text):
        line = count_lines(text[: control.start()])
        what = "NUL bytes" if control[0] == "\0" else f"a control character (0x{ord(control[0]):02x})"
        raise InvalidInputError(
            f"{name}, line {line}: {what}: it is not a text file, or in an encoding that must be named "
            '(encoding="utf-16-le", for example)'
        )
    return text


def count_lines(text: str) -> int:
    """Return the number of the line at the end of a text, counted from 1. Lines end with LF, CR LF or CR."""
    return 1 + len(re.findall("\r\n|\r|\n", text))


def _decode_as(content: bytes, name: str, encoding: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        raise InvalidInputError(f"encoding: Python knows no text encoding {encoding!r}") from None
    except UnicodeError as error:
        raise InvalidInputError(f"{name}{_find_line(content, error)}: it is not {encoding}") from None


def _find_line(content: bytes, error: UnicodeError) -> str:
    """Return where a text could not be decoded, for a message."""
    if not isinstance(error, UnicodeDecodeError):
        return ""
    try:
        return f", line {count_lines(content[: error.start].decode(error.encoding))}"
    except UnicodeError:
        return ""


def _decode_unknown(content: bytes, name: str) -> str:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _decode_as(content, name, encoding)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        encoding = choose_encoding(content)
        if encoding is None:
            raise InvalidInputError(
                f"{name}{_find_line(content, error)}: it is not UTF-8, and whether it is CP1251 or GB18030 cannot "
                f"be told. {ADVICE}"
            ) from None
        return content.decode(encoding)
    if not text.isascii() and _is_accidental(text) and _measure_chinese(content) is not None:
        raise InvalidInputError(f"{name}: whether it is UTF-8 or GB18030 cannot be told. {ADVICE}")
    return text


def _is_accidental(text: str) -> bool:
    """Whether a text that is valid UTF-8 is so short, and has such unusual letters, that it may not be UTF-8."""
    return sum(not each.isascii() for each in text) <= FEW and _UNUSUAL.search(text) is not None


def choose_encoding(content: bytes) -> str | None:
    """Return "cp1251" or "gb18030", whichever fits a text that is not UTF-8; None if that cannot be told."""
    russian, chinese = _measure_russian(content), _measure_chinese(content)
    if russian is None or chinese is None:
        return "cp1251" if russian is not None else "gb18030" if chinese is not None else None
    if abs(russian - chinese) < LEAST_MARGIN:
        return None
    return "cp1251" if russian < chinese else "gb18030"


def _measure_russian(content: bytes) -> float | None:
    """Return the bits that a text takes as Russian in CP1251; None if it is not Russian."""
    try:
        text = content.decode("cp1251")
    except UnicodeDecodeError:
        return None
    bits, letters = 0.0, 0
    for word, count in Counter(_WORD.findall(text)).items():
        cyrillic = [letter for letter in word if not letter.isascii()]
        if cyrillic:
            letters += len(cyrillic) * count
            bits += _measure_word(word, cyrillic) * count
    beyond = Counter(each for each in text if not each.isascii() and not each.isalpha())
    symbols = sum(count for each, count in beyond.items() if each not in PUNCTUATION)
    bits += SYMBOL_BITS * symbols
    if not letters or bits / (letters + symbols) > MOST_BITS_PER_LETTER:
        return None
    return bits + PUNCTUATION_BITS * (beyond.total() - symbols)


def _measure_word(word: str, cyrillic: list[str]) -> float:
    bits = sum(RUSSIAN_BITS.get(letter.lower(), OTHER_CYRILLIC_BITS) for letter in cyrillic)
    if not (word.islower() or word.isupper() or word[1:].islower()):
        bits += IRREGULAR_CASE_BITS
    if len(word) > 3 and _UNPRONOUNCEABLE.search(word.lower()):
        bits += IRREGULAR_SOUND_BITS
    if len(cyrillic) < len(word):
        bits += LATIN_NEIGHBOR_BITS
    return bits + 1.0


def _measure_chinese(content: bytes) -> float | None:
    """Return the bits that a text takes as Chinese in GB18030; None if it is not Chinese."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    characters = Counter(each for each in text if not each.isascii())
    bits = sum(_measure_character(each) * count for each, count in characters.items())
    return bits if bits / characters.total() <= MOST_BITS_PER_CHARACTER else None


def _measure_character(character: str) -> float:
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return OTHER_CHARACTER_BITS
    if lead < 0xB0:
        return CHINESE_PUNCTUATION_BITS
    return COMMON_CHARACTER_BITS if lead < 0xD8 else RARE_CHARACTER_BITS
