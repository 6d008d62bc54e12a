"""One-time codes: a typing error is noticed, lookalikes are not errors."""

from __future__ import annotations

import re

import pytest

from vision_ai import InvalidInputError
from vision_ai_fleet.codes import hash_code, make_code, read_code


def test_a_code_is_read_whatever_its_case_spaces_and_dashes() -> None:
    code = make_code()
    assert re.fullmatch(r"([A-Z2-7]{4}-){6}[A-Z2-7]{4}", code)
    assert read_code(f"  {code.lower().replace('-', ' ')} ") == read_code(code)
    assert read_code(code.replace("O", "0").replace("I", "1").replace("B", "8")) == read_code(code)
    assert hash_code(code) != hash_code(make_code())


@pytest.mark.parametrize("position", [0, 7, 24, 27])
def test_a_typing_error_is_noticed(position: int) -> None:
    code = read_code(make_code())
    wrong = "A" if code[position] != "A" else "C"
    with pytest.raises(InvalidInputError, match="typing error"):
        read_code(code[:position] + wrong + code[position + 1 :])


@pytest.mark.parametrize("text", ["", "ABCD", "ÄÖÜ-", "A" * 28, "A" * 10_000])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_code(text)
