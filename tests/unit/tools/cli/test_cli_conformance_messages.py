"""What a conformance run says is translated for the terminal, and its report is not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared_cli import run_cli

from vision_ai_tools import conformance
from vision_ai_tools.cli.conformance_messages import translate_report_text
from vision_ai_translations import set_language

FOLDER = Path(conformance.__file__).parent
MAKERS = {
    "accept_reading",
    "leave_undecided",
    "reject_reading",
    "report_progress",
    "append",
    "EmptyPanFinding",
}
"""What takes a text for people as its first argument."""


@pytest.fixture(autouse=True)
def russian() -> Iterator[None]:
    set_language("ru")
    yield
    set_language("en")


def find_texts() -> Iterator[str]:
    """Find the texts that stand in calls, with 7 for each value."""
    for file in (*FOLDER.glob("readings/*.py"), *FOLDER.glob("probes/*.py"), FOLDER / "empty_pan.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                text = _read_text(node.args[0]) if name in MAKERS else None
                if text is not None and " " in text:
                    yield text


def _read_text(node: ast.expr) -> str | None:
    """Return a constant or an f-string; None for what needs more than reading."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in node.values)
    return None


IN_PARTS = {
    "A recognition 7.",
    "No restore was tried. 7",
    "The list of templates 7.",
    "The messages are 7.",
    "The file part may have the name file.7",
    "The module accepts id and name. 7: item_id and item_name.",
    "The module speaks 7, and its device information 7.",
    "The product lists are 7.",
    "Without a store, the name of the store is 7.",
}
"""Texts with a value that is one of a few texts; the templates have each of them."""


def test_each_text_has_a_template() -> None:
    texts = set(find_texts())
    assert len(texts) > 100 and texts >= IN_PARTS
    english = re.compile("[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
    assert {each for each in texts - IN_PARTS if english.search(translate_report_text(each))} == set()


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("Not accepted alone: item_id and item_name.", "Не принимаются отдельно: item_id и item_name."),
        (
            "Of 3 recognitions of the empty pan, 2 had no guesses, 1 had scores of up to 0.41.",
            "Распознаваний пустой платформы: 3. Из них: без вариантов: 2, с оценкой до 0.41: 1.",
        ),
        ("A recognition has no sid.", "У распознавания нет sid."),
        ("The messages are Chinese or not Chinese.", "Сообщения и на китайском, и нет."),
        ("The product lists are a str.", "Вместо списков товаров — значение типа str."),
        (
            "No restore was tried. The response to an unknown command is HTTP 404.",
            "Восстановление не проверялось. Ответ на неизвестную команду — HTTP 404.",
        ),
        ("What nobody translates.", "What nobody translates."),
    ],
)
def test_a_text_is_translated_sentence_by_sentence(text: str, translated: str) -> None:
    assert translate_report_text(text) == translated


def test_the_report_stays_in_english(tmp_path: Path, url: str) -> None:
    arguments = ("conformance", "--pause", "0", "--report", tmp_path / "report.md")
    shown = run_cli("--lang", "ru", *arguments, url=url)
    assert "Обнаружено" in shown.out and "Отчёт записан в" in shown.err
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert re.search("[\u0400-\u04ff]", report) is None
