"""The products that a till sells: their numbers, names, groups and aliases."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import cast

from ._validation import describe
from .errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Product:
    """One product.

    Args:
        id: Its number, as the module has it: a string with significant leading zeros, not empty.
        name: Its name, not empty.
        group: Its group of goods, for example "Fruit"; None without one.
        aliases: Other names under which `Catalog.find` finds it.

    Raises:
        InvalidInputError: one of these is not possible.
    """

    id: str
    name: str
    group: str | None = None
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field, value in (("id", cast(object, self.id)), ("name", cast(object, self.name))):
            if not isinstance(value, str) or not value.strip():
                raise InvalidInputError(
                    f"a product's {field} must be a text that is not empty, not {describe(value)}"
                )
        if not isinstance(cast(object, self.group), str | None):
            raise InvalidInputError(f"a product's group must be a text or None, not {describe(self.group)}")
        if isinstance(cast(object, self.aliases), str):
            raise InvalidInputError(
                f"a product's aliases must be several texts, not {describe(self.aliases)}"
            )
        aliases = tuple(cast("tuple[object, ...]", self.aliases))
        if not all(isinstance(alias, str) for alias in aliases):
            raise InvalidInputError(f"a product's aliases must be texts, not {describe(aliases)}")
        object.__setattr__(self, "aliases", aliases)  # a list would leave the product without a hash


class Catalog(Mapping[str, Product]):
    """The products that a till sells, by their numbers. It does not change.

        catalog = Catalog.from_csv("plu.csv")
        with VisionAI(catalog=catalog) as module:
            print(module.get_result().items[0].name)

    Args:
        products: The name or the `Product` of each number.

    Raises:
        InvalidInputError: a number or a product is not possible.
    """

    def __init__(self, products: Mapping[str, str | Product]) -> None:
        if not isinstance(cast(object, products), Mapping):
            raise InvalidInputError(f"a catalog needs a mapping of ids to names, not {describe(products)}")
        self._products = {id: _to_product(id, value) for id, value in products.items()}
        self._keys: list[_SearchKeys] | None = None

    @classmethod
    def from_csv(
        cls, path: str | PathLike[str], *, delimiter: str | None = None, encoding: str | None = None
    ) -> Catalog:
        """Read a list of products.

        The first line names the columns, in any order and in capitals or not: `id` and `name`, and if wanted `group`
        and `aliases`, which are separated by `|`. Other columns are ignored. Spaces around the fields do not count;
        leading zeros of an id do.

        Args:
            path: The file.
            delimiter: What separates the fields; None to find out whether it is a comma, a semicolon or a tab.
            encoding: Its encoding, as Python names it; None to find out whether it is UTF-8, UTF-16 with a byte order
                mark, CP1251 or GB18030. For a list of very few products in CP1251 or GB18030, that may be impossible.

        Raises:
            OSError: the file cannot be read.
            InvalidInputError: it is not such a list; the message names the file and the line.
        """
        from ._catalog.csv_file import read_rows
        from ._catalog.text_encoding import decode_text

        name = os.fspath(path)
        rows = read_rows(decode_text(Path(path).read_bytes(), name, encoding), name, delimiter)
        return cls({row.id: Product(row.id, row.name, row.group, row.aliases) for row in rows})

    def __getitem__(self, id: str) -> Product:
        return self._products[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._products)

    def __len__(self) -> int:
        return len(self._products)

    def __repr__(self) -> str:
        return f"<Catalog of {len(self)} products>"

    def find(self, text: str) -> list[Product]:
        """Return the products that a clerk may mean: for the search field of a till.

        Args:
            text: A number, a name or an alias, or a part of one. Capitals, accents written in two ways, "ё" for "е",
                and leading zeros do not matter.

        Returns:
            The best first: the product of that number, those of that name or alias, those in which a number, a name
            or an alias begins with the text, those in which another word does, and those that contain it. In each of
            these, the order of the catalog.
        """
        wanted = _normalize(text)
        if not wanted:
            return []
        if self._keys is None:
            self._keys = [_SearchKeys.of(product) for product in self.values()]
        number = wanted.lstrip("0")
        ranked = [
            (rank, keys.product) for keys in self._keys if (rank := keys.rank(wanted, number)) is not None
        ]
        ranked.sort(key=lambda each: each[0])
        return [product for _, product in ranked]


@dataclass(frozen=True, slots=True)
class _SearchKeys:
    """A product, and its number and names as they are compared."""

    product: Product
    id: str
    number: str
    """The id without leading zeros."""
    names: tuple[str, ...]
    text: str
    """All of them: most products are excluded by one look at it."""

    @classmethod
    def of(cls, product: Product) -> _SearchKeys:
        id = _normalize(product.id)
        names = tuple(map(_normalize, (product.name, *product.aliases)))
        return cls(product, id, id.lstrip("0"), names, "\n".join((id, *names)))

    def rank(self, wanted: str, number: str) -> int | None:
        """Return how well a text fits, 0 for the best; None if it does not."""
        is_number = number != "" and self.number == number
        if not is_number and wanted not in self.text:
            return None
        if self.id == wanted:
            return 0
        if wanted in self.names:
            return 1
        if is_number:
            return 2
        if self.text.startswith(wanted) or f"\n{wanted}" in self.text:
            return 3
        return 4 if f" {wanted}" in self.text else 5


def _normalize(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.replace("ё", "е").split())


def _to_product(id: object, value: object) -> Product:
    if not isinstance(id, str) or not id.strip():
        raise InvalidInputError(f"the ids of a catalog must be texts such as '001', not {describe(id)}")
    if isinstance(value, str):
        return Product(id, value)
    if not isinstance(value, Product):
        raise InvalidInputError(f"the catalog has no name or Product for {id!r}, but {describe(value)}")
    if value.id != id:
        raise InvalidInputError(f"the catalog has the product {value.id!r} under the id {id!r}")
    return value
