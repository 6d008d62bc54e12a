"""What finds controls that are too narrow for their text can find each kind of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext
from shared_button_width import find_narrow_controls

TEXT = "Восстановить заводские настройки модуля"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (
            f"<button style='width: 80px; white-space: nowrap; overflow: hidden'>{TEXT}</button>",
            "wider than its box",
        ),
        (
            f"<button style='width: 80px; height: 24px; overflow: hidden'>{TEXT}</button>",
            "taller than its box",
        ),
        (f"<button style='width: 80px; height: 24px; white-space: nowrap'>{TEXT}</button>", "runs out"),
        (f"<nav><a style='display: block; width: 80px; height: 20px'>{TEXT}</a></nav>", "runs out"),
        (f"<ul class='chips'><li style='width: 80px; white-space: nowrap'>{TEXT}</li></ul>", "runs out"),
        (f"<select style='width: 80px'><option>{TEXT}</option></select>", "cut in a list"),
        (
            "<nav><a style='position: relative'>Оповещения"
            "<b class='count' style='position: absolute; right: 0'>7</b></a></nav>",
            "covered by its number",
        ),
        (
            f"<div style='width: 90px; overflow: hidden'><button style='width: 400px'>{TEXT}</button></div>",
            "cut by what is around it",
        ),
        (
            f"<div style='display: flex'><button style='flex: 0 0 500px'>{TEXT}</button></div>",
            "beyond the window",
        ),
        ("<p style='width: 600px'>wide</p>", "the page has"),
    ],
)
def test_a_control_that_is_too_narrow_is_found(context: BrowserContext, html: str, words: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_content(html)
    assert words in "\n".join(find_narrow_controls(page))


@pytest.mark.parametrize(
    "html",
    [
        f"<button>{TEXT}</button>",
        f"<button style='width: 120px'>{TEXT}</button>",
        f"<select><option>{TEXT}</option></select>",
        f"<div style='overflow: auto'><button style='width: 600px'>{TEXT}</button></div>",
    ],
)
def test_a_control_that_its_text_fits_is_not_found(context: BrowserContext, html: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_content(html)
    assert find_narrow_controls(page) == []
