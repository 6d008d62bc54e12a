"""One line for each event, whatever an agent sends."""

from __future__ import annotations

from typing import Any

import pytest

from vision_ai_fleet.cli.events import describe


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"guess": "001", "guess_name": "Apple", "guesses": [["001", 0.9]], "choice": None}, "001 Apple"),
        (
            {"guess": "001", "guesses": [["001", 0.9]], "choice": "002", "choice_name": "Pear"},
            "001, confirmed 002 Pear",
        ),
        ({"guess": None, "guesses": [], "choice": None}, "no guess"),
        ({"guesses": "nonsense"}, "no guess"),
        ({"kind": "camera_lost", "code": -6103, "detail": "no picture"}, "-6103 no picture"),
        ({}, ""),
    ],
)
def test_an_event_is_described(data: dict[str, Any], text: str) -> None:
    assert describe(data) == text
