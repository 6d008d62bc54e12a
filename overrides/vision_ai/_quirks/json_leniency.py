"""JSON as this module may send it: with trailing commas (A6), padding, control characters, and without a charset or
with broken characters (A15, A16)."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, cast

from vision_ai_generated.types import STRICT, ShapeError

# Patterns are compiled when a response needs them: most programs never do, and all would start 7 ms later.
KEPT = r'[^",]++|"(?:[^"\\]|\\.)*+"?|,(?!\s*[}\]])'
"""Anything but a comma with nothing behind it. A string without an end is kept too, and nothing is tried twice: the
time stays linear."""
TRAILING_COMMA = rf"(?s)((?:{KEPT})++)|,"
"""What to keep, or a comma with nothing behind it."""
POSSIBLE_COMMA = r",\s*[}\]]"
"""Found in each text with a trailing comma, and in few others."""
PADDING = "\ufeff\0 \t\r\n"
"""What may stand around JSON without being part of it."""
UTF_8 = "utf-8"
GB18030 = "gb18030"
"""What Chinese firmware writes when it does not write UTF-8."""
REPLACEMENT = "\ufffd"
FIRST_LEVEL = rb"[\xb0-\xd7][\xa1-\xfe]"
SECOND_LEVEL = rb"[\xd8-\xf7][\xa1-\xfe]"
"""The common and the less common Chinese characters in GB 2312."""
HANZI = "[\u2e80-\u2fdf\u3400-\u9fff\ue000-\ufaff]"
CUT_CHARACTER = rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})(?![\x80-\xff])"
"""The first bytes of a character in UTF-8, where a string ends or ASCII follows."""
LONG_CHARACTER = "[\u0800-\U0010ffff]"
"""One of three or four bytes in UTF-8."""
DOCUMENTED_CHARSET = 2
"""How much more plausible UTF-8 is, from the start and for each long character, where nothing but cut characters speaks
against it. Text in GB 18030 seldom looks like that: of 81,225 pairs of names of produce, three."""
LETTERS = "[\xc0-\u017f\u0370-\u052f\u0590-\u06ff]"
"""Those of other scripts that UTF-8 writes in two bytes."""
KNOWN_CHARSETS = frozenset(
    {
        UTF_8,
        GB18030,
        "utf8",
        "gbk",
        "gb2312",
        "big5",
        "us-ascii",
        "iso-8859-1",
        "latin1",
        "utf-16",
        "utf-32",
    }
)
"""Used when a header names one. Python knows more under such names than charsets."""


def parse_json(content: bytes | bytearray, content_type: str) -> Any:
    """Return the value of a JSON text, whatever its header says. Its strings can be written in any charset.

    Raises:
        ValueError: it is not JSON.
        ShapeError: it is not exact JSON, while `STRICT` is set.
        RecursionError: it is nested too deeply.
    """
    if STRICT.get():
        return _parse_strictly(content)
    text = decode_text(content, content_type).strip(PADDING)
    try:
        value = _parse(text)
    except json.JSONDecodeError:
        if not re.search(POSSIBLE_COMMA, text):
            raise
        value = _parse(re.sub(TRAILING_COMMA, r"\1", text))
    return _replace_surrogates(value) if _may_have_surrogates(text) else value


def decode_text(content: bytes | bytearray, content_type: str) -> str:
    """Decode by the header's charset, else by the charset that fits best; bytes that do not fit are replaced."""
    for charset in (_declared_charset(content_type), UTF_8):
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            continue
    return _decode_damaged(content)


def _decode_damaged(content: bytes | bytearray) -> str:
    """Decode a text that is not quite UTF-8, or that is GB 18030.

    A firmware that limits the bytes of a name cuts characters: a text of whole characters and such beginnings is UTF-8.
    Otherwise the charset is the one in which the text is more plausible as a whole.
    """
    utf_8 = content.decode(UTF_8, errors="replace")
    advantage = 0
    try:
        whole = re.sub(CUT_CHARACTER, b"", content).decode()
    except UnicodeDecodeError:
        pass
    else:
        advantage = DOCUMENTED_CHARSET * (1 + len(re.findall(LONG_CHARACTER, whole)))
    gb18030 = content.decode(GB18030, errors="replace")
    is_utf_8 = _rate_plausibility(utf_8) + advantage >= _rate_plausibility(gb18030)
    return utf_8 if is_utf_8 else gb18030


def _rate_plausibility(text: str) -> int:
    """Rate a text by its characters: common Chinese ones against rare and broken ones."""
    levels = text.encode("gb2312", errors="ignore")
    common, rare = len(re.findall(FIRST_LEVEL, levels)), len(re.findall(SECOND_LEVEL, levels))
    others = len(re.findall(HANZI, text)) - common - rare
    return 2 * common + len(re.findall(LETTERS, text)) - rare - 2 * others - 2 * text.count(REPLACEMENT)


def _parse_strictly(content: bytes | bytearray) -> Any:
    try:
        text = content.decode(UTF_8)
    except UnicodeDecodeError as error:
        raise ShapeError(f"the text must be UTF-8, which it is not from byte {error.start} on") from None
    try:
        value = _parse_exactly(text)
    except ShapeError:
        raise
    except ValueError as error:
        raise ShapeError(f"the text must be JSON ({error})") from None
    if _may_have_surrogates(text) and _replace_surrogates(value) != value:
        raise ShapeError("the text must not have half of a surrogate pair")
    return value


def _refuse_constant(name: str) -> Any:
    raise ShapeError(f"the text must be JSON, which has no {name}")


_parse = json.JSONDecoder(strict=False, parse_constant=lambda _: None).decode
_parse_exactly = json.JSONDecoder(parse_constant=_refuse_constant).decode


def _may_have_surrogates(text: str) -> bool:
    return "\\ud" in text or "\\uD" in text


def _replace_surrogates(value: Any) -> Any:
    """Replace surrogates without their other half, which no charset can write."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_replace_surrogates(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {_replace_surrogates(name): _replace_surrogates(each) for name, each in items}
    return value


@lru_cache(maxsize=16)
def _declared_charset(content_type: str) -> str:
    if "charset" not in content_type.lower():
        return UTF_8
    from email.message import Message  # seldom needed

    header = Message()
    header["Content-Type"] = content_type
    declared = header.get_content_charset(UTF_8)
    return declared if declared in KNOWN_CHARSETS else UTF_8
