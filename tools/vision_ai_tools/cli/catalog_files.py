"""The catalog of a command: a list of products in a CSV file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai_translations import gettext as _

from .english_messages import translate_message
from .failures import USAGE, Failure, usage_failure

if TYPE_CHECKING:
    from vision_ai import Catalog, RecognitionResult

CatalogFile = Annotated[
    Path | None,
    typer.Option(
        "--catalog",
        metavar="FILE",
        help="A CSV file with the products that the till sells (columns id, name): names come from it.",
        show_default=False,
    ),
]


def read_catalog(file: Path) -> Catalog:
    """Read a list of products; raise a failure that says what is wrong in which line."""
    from vision_ai import Catalog, InvalidInputError

    try:
        return Catalog.from_csv(file)
    except InvalidInputError as error:
        message = re.sub(r", or give encoding=.*", "", str(error))  # the command line has no such option
        raise Failure(
            translate_message(message),
            _("Nothing was sent. Correct the file and try again."),
            status=USAGE,
            kind="input",
        ) from None


def read_optional_catalog(file: Path | None) -> Catalog | None:
    """Read a list of products if one was named."""
    return None if file is None else read_catalog(file)


def find_name(id: str, catalog: Catalog | None) -> str:
    """Return the catalog's name of a product; raise a usage failure where it has none."""
    product = None if catalog is None else catalog.get(id)
    if product is None:
        reason = (
            _("the name of the product is missing")
            if catalog is None
            else _("the catalog has no product {id}", id=repr(id))
        )
        raise usage_failure(reason, _("Give the name after the number, or name a catalog that has it."))
    return product.name


def get_catalog_names(recognition: RecognitionResult) -> dict[str, str]:
    """Return the names that the client's catalog gave to the guesses, by their numbers."""
    return {guess.id: guess.name for guess in recognition.all_items if guess.name is not None}


def to_named_dict(recognition: RecognitionResult) -> dict[str, Any]:
    """Return a recognition as JSON has it, with the names of the client's catalog."""
    result = recognition.to_dict()
    for guess, fields in zip(recognition.items, result["items"], strict=True):
        if guess.name is not None:
            fields["name"] = guess.name
    return result
