"""The help of every command in each language: whole, and without an English sentence."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from typing import NamedTuple

import pytest
from rich.cells import cell_len
from shared_cli import make_environment, run_cli

from vision_ai_tools.cli.usage_errors import TEMPLATES
from vision_ai_translations import Language

PRINT_HELP = """
import io, json, sys
from contextlib import redirect_stdout
from vision_ai_tools.cli import use_language

use_language(sys.argv[1])
from vision_ai_tools.cli.all_commands import load_commands
from vision_ai_tools.cli.help_texts import translate_help
from vision_ai_tools.cli.line_breaks import break_lines_between_ideographs

def find(path, command):
    yield path, command
    for name, each in getattr(command, "commands", {}).items() if path or program != "vision-ai" else ():
        yield from find([*path, name], each)

if sys.argv[1] == "zh":
    break_lines_between_ideographs()
pages = []
for program, loaded in load_commands():
    translate_help(loaded)
    for path, command in find([], loaded):
        settings = {"help_option_names": ["-h", "--help"]}
        with redirect_stdout(io.StringIO()) as output:
            loaded.main([*path, "--help"], prog_name=program, standalone_mode=False, **settings)
        texts = [each.help for each in (command, *command.params) if each.help and not each.hidden]
        pages.append({"command": " ".join([program, *path]), "page": output.getvalue(), "texts": texts})
print(json.dumps(pages))
"""
CODE = re.compile(r"`[^`]*`|--?[a-z][a-z-]*|<[^>]*>|'[^']*'|\b[a-z]+-[a-z]+\b")
"""Among them names with a hyphen, such as in-top."""
ENGLISH = re.compile(
    r"\b(?:the|a|an|is|are|be|it|its|this|that|of|to|and|or|with|for|in|only|not|from|if|when|all|at)\b"
)
"""Words that stand in almost every English sentence."""
LETTERS = {"ru": re.compile("[А-Яа-яЁё]"), "zh": re.compile("[\u4e00-\u9fff]")}


class Page(NamedTuple):
    command: str
    page: str
    texts: list[str]


@cache
def get_pages(language: Language) -> list[Page]:
    """Return the help of every command, as one process prints it: Typer looks up some texts only once."""
    done = subprocess.run(
        [sys.executable, "-c", PRINT_HELP, language],
        capture_output=True,
        text=True,
        check=True,
        env=make_environment(COLUMNS="80", LANGUAGE=language, PYTHONUTF8="1"),
    )
    assert done.stderr == ""
    return [Page(**each) for each in json.loads(done.stdout)]


def squeeze(text: str) -> str:
    """Remove what depends on the width of the terminal."""
    return re.sub(r"[\s│]", "", text)


def is_whole(text: str, page: str) -> bool:
    """Find a text whose lines may have the end of another column between them."""
    return any(
        all(letter in following for letter in text)
        for start in (each.start() for each in re.finditer(re.escape(text[:8]), page))
        for following in [iter(page[start : start + len(text) + 80])]
    )


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_the_help_has_no_english_sentence(language: Language) -> None:
    pages = get_pages(language)
    assert len(pages) > 80
    for command, page, texts in pages:
        assert ENGLISH.search(CODE.sub("", page)) is None, f"{command}\n{page}"
        for text in texts:
            assert LETTERS[language].search(text), f"{command}: {text}"


def test_english_words_are_found() -> None:
    for page in get_pages("en"):
        assert ENGLISH.search(CODE.sub("", page.page)), page.command


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_nothing_is_cut_at_80_columns(language: Language) -> None:
    for command, page, texts in get_pages(language):
        assert max(map(cell_len, page.splitlines())) <= 80, command
        assert page.count("…") == sum(text.count("…") for text in texts), f"{command}\n{page}"
        squeezed = squeeze(page)
        for text in texts:
            assert is_whole(squeeze(text), squeezed), f"{command}: {text}\n{page}"


def test_lines_of_chinese_are_full_and_begin_with_no_mark() -> None:
    pages = "".join(page.page for page in get_pages("zh"))
    assert re.search(r"^[│ ]*[，。；：！？、）”]", pages, re.MULTILINE) is None
    assert "或在 `vision-ai console` 的实时画面上框选区域" in squeeze_lines(pages)


def squeeze_lines(text: str) -> str:
    return re.sub(r" *\n *", "", text)


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_option_stands_before_or_after_the_command(place: str) -> None:
    option = ("--lang", "ru")
    arguments = (*option, "info", "-h") if place == "before" else ("info", "-h", *option)
    assert "Показать сведения о модуле" in run_cli(*arguments).out


@pytest.mark.parametrize(
    ("language", "encoding", "words"),
    [
        ("ru", "cp866", "Показать сведения"),
        ("ru", "ascii", "Show device information"),
        ("zh", "gbk", "显示设备信息"),
        ("zh", "cp1252", "Show device information"),
    ],
)
def test_the_language_is_one_whose_letters_the_output_has(language: str, encoding: str, words: str) -> None:
    assert words in run_cli("info", "-h", encoding=encoding, LANGUAGE=language).out


def test_an_unknown_language_is_a_usage_error() -> None:
    result = run_cli("--lang", "xx", "info")
    assert (result.status, result.failure[0]) == (
        2,
        "Invalid value for '--lang': 'xx' is not one of 'en', 'ru', 'zh'.",
    )


USAGE_ERRORS = {
    ("items", "register"): "Missing argument {name}.",
    ("link", "forward"): None,
    ("fleet", "call"): "Missing argument {name}.",
    ("items", "teach", "--fro"): "No such option: {name} (Possible options: {names})",
    ("items", "list", "--qqqqq"): "No such option: {name}",
    ("itens",): "{problem}. Did you mean {names}?",
    ("info", "--timeout", "x"): "{value} is not a valid float.",
    ("items", "teach", "--pictures", "x"): "{value} is not a valid int.",
    ("items", "teach", "--pictures", "0"): "{value} is not in the range {range}.",
    ("--api", "v3", "info"): "{value} is not one of {values}.",
    ("info", "--timeout"): "Option {name} requires an argument.",
    ("info", "--json=1"): "Option {name} does not take a value.",
    ("info", "extra"): "Got unexpected extra argument(s) ({values})",
}


@pytest.mark.parametrize("arguments", [each for each, template in USAGE_ERRORS.items() if template])
def test_usage_errors_are_translated(arguments: tuple[str, ...]) -> None:
    template = USAGE_ERRORS[arguments]
    assert template in TEMPLATES
    english = run_cli(*arguments)
    assert english.status == 2
    words = re.escape(template.partition("{")[0])
    assert re.search(words, english.failure[0])
    for language in ("ru", "zh"):
        message = run_cli(*arguments, LANGUAGE=language).failure[0]
        assert LETTERS[language].search(message)
        assert not ENGLISH.search(CODE.sub("", message)), message
