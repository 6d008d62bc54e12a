"""The view Quality: how often the recognition was right, from the console's journal."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from console_page import open_console
from journal_rows import add_weighings
from playwright.sync_api import BrowserContext, Locator, Page, expect


def find_rate(page: Page, table: str, row: str) -> Locator:
    """The share in the row of a table."""
    return (
        page.locator(f"{table} tr")
        .filter(has=page.get_by_role("rowheader", name=row, exact=True))
        .locator("td")
        .last
    )


def test_figures_of_today_7_and_30_days(context: BrowserContext, tmp_path: Path) -> None:
    journal = tmp_path / "recognitions.db"
    add_weighings(journal, "001", ["001", "002"], 1, 30)
    add_weighings(journal, "002", ["001", "002"], 2, 10)
    add_weighings(journal, "003", ["001", "002"], 0, 20, days_ago=3)
    add_weighings(journal, "001", ["001"], 1, 40, days_ago=20)
    with open_console(context, tmp_path, journal=journal) as console:
        page = console.open("quality")
        for period, expected in {
            "Today": ("75% (60% to 86%)", "100% (91% to 100%)", "0% (0% to 9%)"),
            "7 days": ("50% (38% to 62%)", "67% (54% to 77%)", "33% (23% to 46%)"),
            "30 days": ("70% (60% to 78%)", "80% (71% to 87%)", "20% (13% to 29%)"),
        }.items():
            console.button(period).click()
            expect(console.button(period)).to_have_attribute("aria-pressed", "true")
            for row, rate in zip(("first", "among the first 3", "not in the list"), expected, strict=True):
                expect(find_rate(page, "#quality-places", row)).to_have_text(rate)
            expect(page.locator("#quality-note")).to_be_hidden()
        expect(page.locator("#quality-days tr")).to_have_count(3)
        expect(find_rate(page, "#quality-confusions", "Pear (002), taken for Apple (001)")).to_contain_text(
            "100%"
        )
        expect(page.locator("#quality-facts")).to_contain_text("Confirmed100")
        advice = page.locator("#quality-teach li")
        expect(advice.locator("strong")).to_have_text(["Plum (003)", "Pear (002)"])
        expect(advice.first).to_contain_text("Not in the list 20 of 20 times")
        expect(advice.last).to_contain_text("Taken for Apple (001) 10 of 10 times")
        # A product to teach again leads to teaching it.
        page.get_by_role("link", name="Teach Plum (003)").click()
        expect(page.locator("body")).to_have_attribute("data-view", "teach")
        expect(page.get_by_role("textbox", name="Number", exact=True)).to_have_value("003")
        expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Plum")


def test_the_console_writes_its_journal_itself(context: BrowserContext, tmp_path: Path) -> None:
    journal = tmp_path / "recognitions.db"
    with open_console(context, tmp_path, journal=journal) as console:
        page = console.open("quality")
        expect(page.locator("#quality-note")).to_contain_text("No product was confirmed in this period.")
        expect(page.locator("#quality-places")).to_be_hidden()
        console.teach(banana="002", apple="001")
        console.show_view("recognize")
        page.get_by_role("button", name="Confirm Apple").click()
        console.expect_notice("Confirmed: Apple (001)")

        def has_choice() -> bool:
            with suppress(sqlite3.OperationalError), closing(sqlite3.connect(journal)) as connection:
                return connection.execute("SELECT count(choice) FROM recognitions").fetchone() == (1,)
            return False  # the tables do not exist yet

        console.wait_until(has_choice, "the journal has the confirmation")
        console.show_view("quality")
        expect(find_rate(page, "#quality-places", "first")).to_contain_text("100%")
        expect(page.locator("#quality-note")).to_contain_text(
            "Confirmed recognitions: 1. That is too few to judge."
        )
        expect(page.locator("#quality-teach-none")).to_have_text(
            "More confirmed recognitions are needed to tell."
        )


@pytest.mark.parametrize("is_damaged", [False, True])
def test_without_a_journal_the_view_says_so(
    context: BrowserContext, tmp_path: Path, is_damaged: bool
) -> None:
    journal = tmp_path / "recognitions.db" if is_damaged else None
    with open_console(context, tmp_path, journal=journal) as console:
        if journal:
            journal.write_bytes(b"no journal" * 1000)
        page = console.open("quality")
        text = "The journal cannot be read" if is_damaged else "The console keeps no journal"
        expect(page.locator("#quality-note")).to_contain_text(text)
        expect(page.locator("#quality-places")).to_be_hidden()
