"""A catalog is a mapping of products that a till can search."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from vision_ai import Catalog, InvalidInputError, Product

CATALOG = Catalog(
    {
        "0100": "Pineapple",
        "001": "Apple",
        "002": Product("002", "Green apple", group="Fruit", aliases=("Granny Smith", "Мёд")),
        "1": "Juice of apples",
        "010": "Grape",
    }
)


def test_a_catalog_is_a_mapping_of_ids_to_products() -> None:
    assert CATALOG["001"] == Product("001", "Apple")
    assert list(CATALOG) == ["0100", "001", "002", "1", "010"] and len(CATALOG) == 5
    assert "01" not in CATALOG and CATALOG.get("01") is None
    assert dict(CATALOG) == CATALOG and Catalog(CATALOG) == CATALOG
    assert repr(CATALOG) == "<Catalog of 5 products>"
    assert len({*CATALOG.values(), Product("001", "Apple")}) == 5


def test_a_catalog_does_not_follow_the_mapping_that_it_was_made_from() -> None:
    names: dict[str, str | Product] = {"1": "Apple"}
    catalog = Catalog(names)
    names["2"] = "Pear"
    assert list(catalog) == ["1"]


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]
)
def test_a_catalog_can_be_copied_and_pickled(duplicate: Any) -> None:
    assert duplicate(CATALOG) == CATALOG
    assert duplicate(CATALOG).find("granny")[0].id == "002"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("001", ["001", "1"]),
        ("1", ["1", "001", "0100", "010"]),
        ("apple", ["001", "002", "1", "0100"]),
        (" APPLE ", ["001", "002", "1", "0100"]),
        ("granny smith", ["002"]),
        ("smi", ["002"]),
        ("МЕД", ["002"]),
        ("мё", ["002"]),
        ("01", ["001", "1", "0100", "010"]),
        ("", []),
        ("  ", []),
        ("kiwi", []),
        ("0", ["0100", "001", "002", "010"]),
    ],
)
def test_find_returns_the_best_first(text: str, ids: list[str]) -> None:
    assert [product.id for product in CATALOG.find(text)] == ids


def test_find_reads_characters_that_are_written_in_two_ways() -> None:
    catalog = Catalog({"1": "Cafe\u0301", "2": "ＫＩＷＩ", "3": "Straße"})
    assert [catalog.find(text)[0].id for text in ("café", "kiwi", "STRASSE")] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("products", "message"),
    [
        ({1: "Apple"}, "must be texts such as '001', not 1"),
        ({"": "Apple"}, "must be texts"),
        ({"1": ""}, "name must be a text that is not empty"),
        ({"1": 5}, "no name or Product for '1', but 5"),
        ({"1": Product("2", "Apple")}, "the product '2' under the id '1'"),
        (["Apple"], "needs a mapping"),
        ("plu.csv", "needs a mapping"),
    ],
)
def test_an_impossible_catalog_is_refused(products: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        Catalog(products)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"id": 1, "name": "Apple"}, "id must be a text"),
        ({"id": "1", "name": " "}, "name must be a text that is not empty"),
        ({"id": "1", "name": "Apple", "group": 1}, "group must be a text or None"),
        ({"id": "1", "name": "Apple", "aliases": "Gala"}, "aliases must be several texts"),
        ({"id": "1", "name": "Apple", "aliases": [1]}, "aliases must be texts"),
    ],
)
def test_an_impossible_product_is_refused(arguments: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        Product(**arguments)


def test_aliases_may_be_a_list() -> None:
    aliases: Any = ["Gala"]
    assert hash(Product("1", "Apple", aliases=aliases)) == hash(Product("1", "Apple", aliases=("Gala",)))
