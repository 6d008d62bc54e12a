"""Looking at the module: only while somebody does, together for all tabs, and again when it has been away."""

from __future__ import annotations

from urllib.parse import urlsplit

from console_bench import VIEWS, Bench, console_for
from playwright.sync_api import Page, expect

from vision_ai_emulator import Fault


def hide(page: Page, hidden: bool = True) -> None:
    """As if the person looked at another tab; a headless browser shows all of them."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def settled(bench: Bench) -> int:
    """How many requests the module had, once no more come."""
    before = -1
    while before != len(bench.emulator.log):
        before = len(bench.emulator.log)
        bench.page.wait_for_timeout(700)
    return before


def test_nobody_looks_and_nothing_is_asked(bench: Bench) -> None:
    assert settled(bench) == 0
    page = bench.open()
    expect(page.locator("#picture")).to_be_visible()
    hide(page)
    seen = settled(bench)
    hide(page, False)
    bench.until(lambda: len(bench.emulator.log) > seen, "another look")
    page.goto("about:blank")
    settled(bench)


def test_only_what_is_looked_at_is_asked(bench: Bench) -> None:
    bench.open("backup")
    operations = {each.operation for each in bench.emulator.log}
    assert "get_image" not in operations
    assert "get_result" not in operations


def test_two_tabs_share_one_look(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open()
    other = bench.watch(bench.context.new_page())
    other.goto(f"{bench.console.url}#recognise")
    for each in (page, other):
        expect(each.locator("#picture")).to_be_visible()
        expect(each.get_by_role("button", name="Confirm Apple")).to_be_visible()
    assert bench.server.connections <= 2, "the console's own, and that of the test"
    # What one does, the other sees.
    other.goto(f"{bench.console.url}#teach")
    other.get_by_role("textbox", name="Number", exact=True).fill("5")
    other.get_by_role("textbox", name="Name", exact=True).fill("Pear")
    other.get_by_role("button", name="Take picture 1 of 3").click()
    expect(page.locator("#pending-count")).to_have_text("1")


def test_a_module_that_goes_away_is_shown_as_gone_and_comes_back(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    gone = bench.emulator.faults.add(Fault("refuse", times=None))
    banner = page.get_by_role("alert").filter(has_text="The module does not answer")
    expect(banner).to_contain_text("Check the USB cable")
    expect(page.locator("#state")).to_have_text("No answer")
    expect(page.locator("#veil")).to_have_text("No answer")
    bench.go("teach")
    page.get_by_role("textbox", name="Number", exact=True).fill("5")
    page.get_by_role("textbox", name="Name", exact=True).fill("Pear")
    bench.button("Take picture 1 of 3").click()
    bench.told("The module cannot be reached, nothing was done. Check the USB cable and try again.")

    bench.emulator.faults.remove(gone.id)
    expect(page.locator("#state")).to_contain_text("Connected")
    expect(page.locator("#banner")).to_be_hidden()
    bench.button("Take picture 1 of 3").click()
    expect(bench.button("Take picture 2 of 3")).to_be_visible()
    assert bench.emulator.acted["register_item"] == 2


def test_a_module_that_is_not_there_yet(bench: Bench) -> None:
    gone = bench.emulator.faults.add(Fault("refuse", times=None))
    page = bench.page
    page.goto(bench.console.url)
    expect(page.locator("#banner")).to_contain_text("The module does not answer")
    bench.emulator.faults.remove(gone.id)
    expect(page.locator("#state")).to_have_text("Connected · 12345678")
    expect(page.locator("#picture")).to_be_visible()


def test_one_lost_answer_is_no_lost_module(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open()
    for operation in ("get_result", "get_image", "get_item_list"):
        bench.emulator.faults.add(
            Fault("truncated_json" if operation != "get_image" else "truncated_picture", operation, times=2)
        )
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    expect(page.locator("#veil")).to_be_hidden()
    expect(page.locator("#banner")).to_be_hidden()


def test_the_page_goes_on_when_the_console_was_started_again(bench: Bench) -> None:
    with console_for(bench.server.url, bench.folder) as first:
        page = bench.context.new_page()
        page.goto(f"{first.url}#area")
        expect(page.locator("#state")).to_contain_text("Connected")
        port = urlsplit(first.url).port or 0
    expect(page.locator("#banner")).to_contain_text("The console has ended")
    with console_for(bench.server.url, bench.folder, port):
        expect(page.locator("#state")).to_contain_text("Connected")
        expect(page.locator("#banner")).to_be_hidden()
        page.close()


def test_everything_is_there_without_the_internet(bench: Bench) -> None:
    """Each test looks at the addresses of all requests; here all views are seen once."""
    bench.teach(apple="001")
    page = bench.open()
    for view in VIEWS:
        bench.go(view)
        expect(page.locator(f"nav a[href='#{view}']")).to_have_attribute("aria-current", "page")
    assert bench.foreign == []
    assert page.evaluate("performance.getEntriesByType('resource').length") > 10
