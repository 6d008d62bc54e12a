"""`Catalog.from_csv` finds out the encoding of realistic lists, and refuses to guess where that cannot be told."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from vision_ai import Catalog, InvalidInputError
from vision_ai._catalog.text_encoding import decode_text

WORDS: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "product_words.json").read_text("utf-8")
)


def make_name(language: str, chance: random.Random) -> str:
    names, details = (WORDS[language][part].split() for part in ("names", "details"))
    if language == "russian":
        words = [chance.choice(names), *chance.choices(details, k=chance.choice([0, 0, 1, 2]))]
        return chance.choice([str, str, str.upper, str.lower])(" ".join(words))
    return "".join([*chance.choices(details, k=chance.choice([0, 0, 0, 1])), chance.choice(names)])


def make_list(language: str, size: int, chance: random.Random) -> str:
    delimiter = chance.choice(",;\t")
    rows = (f"{number:03}{delimiter}{make_name(language, chance)}\r\n" for number in range(size))
    return f"id{delimiter}name\r\n{''.join(rows)}"


def decode(content: bytes) -> str | None:
    """Return the text; None if its encoding cannot be told."""
    try:
        return decode_text(content, "plu.csv", None)
    except InvalidInputError as error:
        assert "encoding=" in str(error)
        return None


@pytest.mark.parametrize(("language", "encoding"), [("russian", "cp1251"), ("chinese", "gb18030")])
@pytest.mark.parametrize(("size", "runs", "least"), [(1, 300, 0.8), (2, 200, 0.94), (10, 60, 1), (300, 5, 1)])
def test_no_list_is_read_in_another_encoding(
    language: str, encoding: str, size: int, runs: int, least: float
) -> None:
    chance = random.Random(size)
    outcomes: Counter[bool] = Counter()
    for _ in range(runs):
        text = make_list(language, size, chance)
        found = decode(text.encode(encoding))
        assert found in (text, None)
        outcomes[found == text] += 1
        assert decode(text.encode()) == text, "UTF-8 is read as it is, also a short one"
    assert outcomes[True] >= least * runs, outcomes


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866", "iso8859-5"])
def test_a_list_in_another_russian_encoding_is_refused(encoding: str) -> None:
    chance = random.Random(5)
    for _ in range(20):
        content = (
            make_list("russian", 40, chance).replace("«", "").replace("»", "").encode(encoding, "replace")
        )
        assert decode(content) is None
        assert "Яблоко" in decode_text("Яблоко".encode(encoding), "plu.csv", encoding)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("id,name\n1,Äpfel\n2,Möhren\n".encode("cp1252"), id="German in CP1252"),
        pytest.param("id,name\n1,蘋果\n2,檸檬\n3,葡萄\n".encode("big5"), id="Chinese in Big5"),
        pytest.param("id,name\n1,Яблоко\n2,Груша\n".encode()[:-2] + b"\n3,Pear\n", id="UTF-8 that was cut"),
        pytest.param("id,name\n1,虾\n".encode("gb18030"), id="one character that is valid UTF-8"),
        pytest.param("id,name\n1,山药\n".encode("gb18030"), id="two characters that are valid UTF-8"),
    ],
)
def test_what_cannot_be_told_is_not_guessed(content: bytes) -> None:
    assert decode(content) is None


@pytest.mark.parametrize(
    "text", ["Café Crème", "лимон", "Bơ", "μήλο", "Açaí ×2", "ÄÖÜ", "қызанақ", "תפוח", "تفاح", "🍎"]
)
def test_one_product_in_utf8_is_read_as_utf8(text: str) -> None:
    assert decode(f"id,name\n1,{text}\n".encode()) == f"id,name\n1,{text}\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_byte_order_mark_names_the_encoding(tmp_path: Path, encoding: str) -> None:
    mark = "" if encoding in ("utf-8-sig", "utf-16") else "\ufeff"
    path = tmp_path / "plu.csv"
    path.write_bytes(f"{mark}id\tname\r\n001\t苹果\r\n002\tГруша\r\n".encode(encoding))
    assert [product.name for product in Catalog.from_csv(path).values()] == ["苹果", "Груша"]


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (b"id,name\n1,Apple\n2,\xff\xfe\n", "utf-8", "plu.csv, line 3: it is not utf-8"),
        (b"id,name\n1,Apple\n", "utf-99", "knows no text encoding 'utf-99'"),
        (b"id,name\n1,Apple\n", "hex", "knows no text encoding 'hex'"),
        (b"id,name\n1,Apple\n\xe9\n", None, "plu.csv, line 3: it is not UTF-8"),
        ("id,name\n1,Apple\n".encode("utf-16-le"), None, "plu.csv, line 1: NUL bytes"),
        (b"id,name\n1,Apple\n2,Pe\x00ar\n", None, "plu.csv, line 3: NUL bytes"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None, "plu.csv, line"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", None, "plu.csv, line"),
        (b"%PDF-1.4\n\x01\x02", None, "plu.csv, line 2: a control character"),
        (b"PK\x03\x04\x14\x00", None, "an Excel workbook or a ZIP file: save the list as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", None, "an Excel workbook: save the list as CSV"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, encoding: str | None, message: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        decode_text(content, "plu.csv", encoding)
    assert message in str(caught.value)
