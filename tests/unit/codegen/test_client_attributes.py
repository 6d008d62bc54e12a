"""Attributes that the SDK adds to models never collide with the contract, and cost nothing in decoding."""

from __future__ import annotations

from typing import Any

import pytest

import client_attributes
from vision_ai_generated import models


class Property:
    def __init__(self, name: str) -> None:
        self.python_name = name


class Model:
    """What the generator knows of a model, as far as it is read."""

    def __init__(self, name: str, *fields: str) -> None:
        self.class_info = type("ClassInfo", (), {"name": name})
        self.required_properties = [Property(field) for field in fields]
        self.optional_properties: list[Property] = []


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            Model("RecognizedItem", "id", "name"),
            "RecognizedItem.name of client_attributes.py is a field of the contract",
        ),
        (
            Model("RecognitionResult", "sid"),
            "RecognitionResult.all_items of client_attributes.py falls back to no field",
        ),
    ],
)
def test_a_contract_that_collides_is_refused(model: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        client_attributes.client_attributes_of([model])


def test_decoding_sets_no_added_attribute() -> None:
    assert client_attributes.CLIENT_ATTRIBUTES
    result = models.RecognitionResult.from_dict({"sid": "1", "items": [{"id": "1", "score": 1.0}]})
    assert vars(result).keys() == {"items", "sid", "additional_properties"}
    assert vars(result.items[0]).keys() == {"id", "score", "additional_properties"}
