"""What the views show, and how one leads to another."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fleet_page import FleetTab, open_fleet_page
from playwright.sync_api import BrowserContext, Page, expect
from shared_fleet_page import GeneratedFleet, serve_fleet_page

from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.page.access import Tokens
from vision_ai_fleet.page.server import PageSettings
from vision_ai_fleet.scales import Presence, make_scale

HTML = "<img src=x onerror=window.hacked=1>"


def count_tile(page: Page, name: str) -> int:
    text = page.locator("#tiles li", has_text=name).locator("strong").text_content() or ""
    return int(text.replace(",", ""))


def test_overview_follows_the_fleet(tab: FleetTab) -> None:
    page = tab.open()
    expect(page.locator("#tiles li")).to_have_count(5)
    offline = count_tile(page, "Offline")
    online = next(each for each in tab.fleet.scales.values() if each.is_online)
    tab.call(lambda: tab.fleet.change(replace(online, presence=None)))
    expect(page.locator("#tiles li", has_text="Offline").locator("strong")).to_have_text(str(offline + 1))
    expect(page.locator("#state-text")).to_have_text(f"{240 - offline - 1} of 240 online")


@pytest.mark.parametrize(
    ("tile", "condition"),
    [("Offline", "online=false"), ("Failing", "module!=ready"), ("Drift", "drift=true")],
)
def test_tile_leads_to_its_scales(tab: FleetTab, tile: str, condition: str) -> None:
    page = tab.open()
    expect(page.locator("#tiles li")).to_have_count(5)
    count = count_tile(page, tile)
    page.locator("#tiles li", has_text=tile).locator("a").click()
    expect(page.locator("#list-title")).to_have_text(f"Scales: {count}")
    expect(page.locator("#filters")).to_contain_text(condition)


def test_version_leads_to_its_scales(tab: FleetTab) -> None:
    page = tab.open()
    page.get_by_role("link", name="9.4.2").click()
    expected = sum(each.engine == "9.4.2" for each in tab.fleet.scales.values())
    expect(page.locator("#list-title")).to_have_text(f"Scales: {expected}")


def test_list_is_filtered_sorted_and_turned(tab: FleetTab) -> None:
    page = tab.open("scales")
    expect(page.locator("#scale-rows tr")).to_have_count(50)
    expect(page.locator("#list-pager p")).to_have_text("1–50 of 240")
    tab.button("Next part").click()
    expect(page.locator("#list-pager p")).to_have_text("51–100 of 240")
    assert tab.list_scales()[0] == "0003/11"
    page.locator("#filter [name=where]").fill("store=0004")
    tab.button("Add").click()
    expect(page.locator("#list-title")).to_have_text("Scales: 20")
    page.locator("#filter [name=search]").fill("04/1")
    expect(page.locator("#list-title")).to_have_text("Scales: 10")
    tab.button("Scale").click()
    expect(page.locator("#scale-rows th a").first).to_have_text("0004/19")
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Remove the condition store=0004").click()
    expect(page.locator("#filters li")).to_have_count(0)
    page.go_back()
    expect(page.locator("#filters li")).to_have_count(1)


def test_wrong_condition_is_explained(tab: FleetTab) -> None:
    page = tab.open("scales")
    expect(page.locator("#scale-rows tr")).to_have_count(50)
    page.locator("#filter [name=where]").fill("color=red")
    tab.button("Add").click()
    expect(page.locator("#filter-wrong")).to_contain_text("scales have no field 'color'")
    expect(page.locator("#start")).to_be_disabled()
    page.get_by_role("button", name="Remove the condition color=red").click()
    expect(page.locator("#filter-wrong")).to_be_hidden()
    tab.expect_complaint("400")


def test_list_follows_the_fleet(tab: FleetTab) -> None:
    page = tab.open("scales?where=online%3Dfalse")
    before = sum(not each.is_online for each in tab.fleet.scales.values())
    expect(page.locator("#list-title")).to_have_text(f"Scales: {before}")
    online = next(each for each in tab.fleet.scales.values() if each.is_online)
    tab.call(lambda: tab.fleet.change(replace(online, presence=None)))
    expect(page.locator("#list-title")).to_have_text(f"Scales: {before + 1}")


def test_store_leads_to_its_scales(tab: FleetTab) -> None:
    page = tab.open("stores")
    page.get_by_role("searchbox", name="Store").fill("0007")
    page.locator("#store-rows").get_by_role("link", name="0007").click()
    expect(page.locator("#list-title")).to_have_text("Scales: 20")


def test_scale_shows_its_drift(tab: FleetTab) -> None:
    drifting = next(each for each in tab.fleet.scales.values() if each.drift)
    page = tab.open(f"scale/{drifting.id}")
    expect(page.locator("#scale-drift li")).to_contain_text("Learning mode: o")
    expect(page.locator("#scale-drift li")).to_contain_text("but should be o")


def test_quality_by_store_product_and_period(tab: FleetTab) -> None:
    page = tab.open("quality")
    expect(page.locator("#quality-tiles li").first).to_contain_text("94.1%")
    expect(page.locator("#quality-products tr", has_text="Apple, organic (011)")).to_contain_text("74%")
    page.locator("#quality-places").get_by_role("link", name="0146").click()
    expect(page.locator("#quality-places-title")).to_contain_text("by scale")
    tab.button("30 days").click()
    expect(page.locator("[data-days='30']")).to_have_attribute("aria-pressed", "true")
    assert "store=0146" in page.url
    tab.fleet.sums.weighings = 0
    page.reload()
    expect(page.locator("#quality-note")).to_contain_text("No product was confirmed")


def test_backups_are_filtered(tab: FleetTab) -> None:
    page = tab.open("backups")
    expect(page.locator("#backup-rows li")).to_have_count(50)
    page.locator("#backups-filter [name=store]").fill("0003")
    tab.button("Show").click()
    expect(page.locator("#backup-rows li")).to_have_count(20)


def test_alerts_are_filtered_by_rule(tab: FleetTab) -> None:
    page = tab.open("alerts")
    expect(page.locator("#alert-rows li").first).to_be_visible()
    page.locator("#alerts-rule").select_option("firmware_drift")
    expect(page.locator("#alert-rows li").first).to_contain_text("Firmware differs")
    expect(page.locator("#alert-rows li", has_text="Camera lost")).to_have_count(0)


def test_hostile_values_stay_texts(context: BrowserContext) -> None:
    fleet = GeneratedFleet(1, 3)
    id = ScaleId("0001", "01")
    lies = {
        "device": {"sn": HTML, "engine": HTML, "firmware": "9" * 5000, HTML: HTML, "board": {"a": [1]}},
        "module": HTML,
        "drift": [HTML, "constructor"],
        "link": [{"step": HTML, "status": HTML, "code": HTML}, 5, {"step": [], "code": "__proto__"}],
        "reported": {"calibration": {"left": HTML}, "learn_mode": "on"},
        "desired": 7,
        "items": 10**400,
        "code": -(10**300),
        "time": 1e308,
        "backup": {"time": -(10**15), "size": 1},
    }
    fleet.scales[id] = make_scale(id, json.dumps(lies).encode(), Presence(HTML, time=1e15))
    with open_fleet_page(context, fleet) as tab:
        page = tab.open()
        expect(page.locator("#failing li")).to_have_count(1)
        for view in ("scales?sort=status", "scale/0001/01", "overview", "stores", "jobs"):
            page.evaluate("view => { location.hash = view; }", view)
            page.wait_for_timeout(300)
        page.evaluate("location.hash = '#scale/0001/01'")
        expect(page.locator("#scale-device")).to_contain_text(HTML)
        expect(page.locator("#scale-link li")).to_have_count(2)
        assert page.evaluate("window.hacked") is None
        assert page.locator("main img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_center_that_is_gone_is_explained(context: BrowserContext, fleet: GeneratedFleet) -> None:
    page = context.new_page()
    with serve_fleet_page(fleet) as (address, _):
        page.goto(address.base)
        expect(page.locator("#tiles li")).to_have_count(5)
        port = int(address.base.rstrip("/").rpartition(":")[2])
    expect(page.locator("#banner")).to_contain_text("The center does not respond.")
    expect(page.locator("#tiles li")).to_have_count(5)
    with serve_fleet_page(fleet, PageSettings(port=port)):
        expect(page.locator("#banner")).to_be_hidden()
        page.close()


def test_viewer_sees_no_way_to_act(context: BrowserContext, fleet: GeneratedFleet) -> None:
    settings = PageSettings(tokens=Tokens("see", "act"))
    with open_fleet_page(context, fleet, settings) as tab:
        page = tab.open("scales", tab.address.viewer_url)
        expect(page.locator("#role")).to_be_visible()
        assert "token" not in page.url
        expect(page.locator("#scale-rows tr").first).to_be_visible()
        expect(page.locator("#start")).to_be_hidden()
        page.evaluate("location.hash = '#job/learn-mode-0412'")
        expect(page.locator("#job-stages tr")).to_have_count(3)
        for name in ("pause", "resume", "cancel"):
            expect(page.locator(f"#job-{name}")).to_be_hidden()
        page.goto(f"{tab.address.operator_url}#scales")
        page.reload()
        expect(page.locator("#start")).to_be_visible()


def test_view_that_is_left_is_not_read_again(tab: FleetTab) -> None:
    """A change of the fleet is read after a moment, when another view may be shown."""
    page = tab.open("job/learn-mode-0412")
    expect(page.locator("#job-stages tr")).to_have_count(3)
    paths = list[str]()
    page.on("request", lambda request: paths.append(request.url.partition("/data/")[2]))
    page.evaluate(
        """async () => {
            const {createReader} = await import('./page/lists.js');
            const {readData} = await import('./page/requests.js');
            const reader = createReader('job', () => readData('rollouts/of-the-view-that-was-left'));
            reader.refresh();
            location.hash = '#alerts';
            await new Promise((resolve) => setTimeout(resolve, 2500));
        }"""
    )
    expect(page.locator("#alert-rows li").first).to_be_visible()
    assert [path for path in paths if path.startswith("rollouts")] == []
