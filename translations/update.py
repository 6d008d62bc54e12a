"""Update the catalogs from the code, and compile them: `make translations`.

It finds the messages in the code, in the help of the command lines and among the contract's error codes, adds new ones
to each .po file without a translation, removes those that nothing uses, and compiles the .mo files and the texts of
the pages. With `--check` it writes nothing, and lists the files that it would change and the texts that are missing.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from vision_ai import ERROR_CODES
from vision_ai_generated.error_codes import ERROR_RANGES
from vision_ai_tools.cli.all_commands import load_commands
from vision_ai_tools.cli.commands.emulator import list_options
from vision_ai_tools.cli.help_texts import find_help_texts
from vision_ai_translations import DOMAIN, LANGUAGES, LOCALE, PAGES, Language

ROOT = Path(__file__).parents[1]
FOLDERS = ("overrides", "tools", "fleet")
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "N_", "translate", "Advice", "Message")),
    **dict.fromkeys(("ngettext", "translate_plural"), (1, 2)),
}
PAGE_CONTEXTS = ("console", "doctor", "fleet")
"""The contexts whose texts pages in a browser show."""
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: nplurals={forms}; plural={rule};\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
UNKNOWN_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""So that the same texts make the same file."""


def find_texts() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Find the English texts that are translated, each with the place where it stands."""
    for folder in FOLDERS:
        for name, _, text, _, _ in extract_from_dir(
            ROOT / folder, method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            yield text, f"{folder}/{Path(name).as_posix()}"
    for text in find_typer_texts():
        yield text, "typer"
    for path, command in load_commands():
        for text in find_help_texts(command):
            yield text, f"help:{path.replace(' ', '-')}"
    for _, text, _ in list_options():
        yield text, "emulator"
    for entry in (*ERROR_CODES.values(), *ERROR_RANGES):
        yield entry.meaning, "openapi"


def find_typer_texts() -> Iterator[str]:
    """Find what Typer itself looks up."""
    folder = Path(typer.__file__).parent
    for _, _, text, _, _ in extract_from_dir(folder, method_map=[("**.py", "python")], keywords={"_": None}):
        assert isinstance(text, str)
        yield text


def make_template() -> Catalog:
    """Make the catalog of all messages, without translations: first those with a key, then by their place."""
    template = Catalog()
    for message in read_catalog("en"):
        if message.id:
            comments = str(message.string).splitlines()
            template.add(message.id, context=message.context, auto_comments=comments)
    places: dict[str | tuple[str, ...], str] = {}
    for text, place in find_texts():
        places.setdefault(text, place)
    for text, place in sorted(places.items(), key=lambda each: (each[1], str(each[0]))):
        template.add(text, locations=[(place, 0)])
    return template


def get_path(language: Language) -> Path:
    """Return the path of a .po file."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalog(language: Language) -> Catalog:
    """Read a .po file."""
    with get_path(language).open("rb") as file:
        return read_po(file, locale=language)


def update_catalog(language: Language, template: Catalog) -> Catalog:
    """Return a catalog with the template's messages. New ones have no translation."""
    old, new = read_catalog(language), Catalog(language, fuzzy=False)
    new.creation_date = new.revision_date = UNKNOWN_TIME
    for message in template:
        if message.id and (message.context or language != "en"):
            known = old.get(message.id, message.context)
            comments = [] if language == "en" else message.auto_comments
            new.add(
                message.id,
                known.string if known else "",
                locations=message.locations,
                auto_comments=comments,
                context=message.context,
            )
    return new


def format_catalog(catalog: Catalog, language: Language) -> bytes:
    """Return the content of the .po file."""
    output = io.BytesIO()
    write_po(output, catalog, width=110, omit_header=True, include_lineno=False)
    header = HEADER.format(language=language, forms=catalog.num_plurals, rule=catalog.plural_expr)
    return header.encode() + output.getvalue()


def compile_catalog(catalog: Catalog) -> bytes:
    """Return the content of the .mo file."""
    output = io.BytesIO()
    write_mo(output, catalog)
    return output.getvalue()


def format_page_texts(context: str, catalogs: dict[Language, Catalog]) -> bytes:
    """Return the texts of a page; the console's with the meanings of the error codes."""
    keys = {str(each.id): str(each.id) for each in catalogs["en"] if each.context == context}
    texts = {
        key: {language: get_text(catalogs[language], key, context) for language in LANGUAGES} for key in keys
    }
    if context == "console":
        for entry in (*ERROR_CODES.values(), *ERROR_RANGES):
            texts[f"code.{entry.name}"] = {
                language: get_first_sentence(get_text(catalogs[language], entry.meaning))
                for language in LANGUAGES
            }
    return (json.dumps(texts, ensure_ascii=False, indent=1) + "\n").encode()


def get_first_sentence(text: str) -> str:
    """Return the first sentence of a text, without its period: what a page puts into a sentence of its own."""
    return text.partition(". ")[0].removesuffix(".").removesuffix("。")


def get_text(catalog: Catalog, id: str, context: str | None = None) -> str:
    """Return a translation; the id itself where there is none."""
    message = catalog.get(id, context)
    return str(message.string or id) if message else id


def find_missing(catalog: Catalog) -> list[Message]:
    """Find the messages without a whole translation."""
    return [
        each
        for each in catalog
        if each.id and not (all(each.string) if isinstance(each.string, (tuple, list)) else each.string)
    ]


def make_files() -> tuple[dict[Path, bytes], dict[Language, Catalog]]:
    """Make the content of all files."""
    template = make_template()
    catalogs: dict[Language, Catalog] = {
        language: update_catalog(language, template) for language in LANGUAGES
    }
    files: dict[Path, bytes] = {}
    for language, catalog in catalogs.items():
        files[get_path(language)] = format_catalog(catalog, language)
        files[get_path(language).with_suffix(".mo")] = compile_catalog(catalog)
    for context in PAGE_CONTEXTS:
        files[PAGES / f"{context}.json"] = format_page_texts(context, catalogs)
    return files, catalogs


def main() -> int:
    """Update or check; return the exit status, which is 1 where a translation is missing or a file differs."""
    warnings.simplefilter("error")  # Babel warns of what it cannot read
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    is_check = parser.parse_args().check
    files, catalogs = make_files()
    changed = [path for path, content in files.items() if not path.exists() or path.read_bytes() != content]
    for path in changed:
        print(("not up to date: " if is_check else "updated: ") + path.relative_to(ROOT).as_posix())
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[path])
    missing = {language: find_missing(catalog) for language, catalog in catalogs.items()}
    for language, messages in missing.items():
        for message in messages:
            print(f"{language}: no translation of {message.id!r}")
    if changed and is_check:
        print("Run: make translations")
    return 1 if any(missing.values()) or (changed and is_check) else 0


if __name__ == "__main__":
    sys.exit(main())
