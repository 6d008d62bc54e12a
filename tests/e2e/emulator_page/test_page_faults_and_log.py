"""Faults, the dialect's switches, and the log of requests."""

from __future__ import annotations

import json

import httpx
import pytest
from page_support import PageDriver
from playwright.sync_api import Page, expect


def add_fault(page: Page, kind: str, operation: str = "", times: str = "1", **parameters: str) -> None:
    form = page.locator("#fault-form")
    form.locator("[name=kind]").select_option(kind)
    form.locator("[name=operation]").select_option(operation)
    form.get_by_label("Times").fill(times)
    for name, value in parameters.items():
        form.locator(f"[data-parameter={name}]").fill(value)
    form.get_by_role("button", name="Add fault").click()


def test_a_fault_from_the_form_affects_the_next_call(driver: PageDriver) -> None:
    page = driver.open()
    add_fault(page, "error_code", "get_result", times="2", code="-6209")
    fault = page.locator("#faults-list li")
    expect(fault).to_contain_text("2 left · 0 affected")
    expect(page.locator("#faults-count")).to_have_text("1")

    assert driver.post("get_device_info").json()["code"] == 0
    assert driver.post("get_result").json() == {"code": -6209, "data": None}

    expect(fault).to_contain_text("1 left · 1 affected")
    newest = page.locator("#log li").first
    expect(newest).to_contain_text("/api/get_result")
    expect(newest.locator(".chip")).to_have_text("error code")
    expect(newest.locator(".result")).to_have_text("−6209")

    assert driver.post("get_result").json()["code"] == -6209
    expect(fault).to_have_count(0)
    assert driver.post("get_result").json()["code"] == 0


def test_every_kind_can_be_added_with_its_defaults(driver: PageDriver) -> None:
    page = driver.open()
    kinds = driver.control("GET", "faults/kinds")["kinds"]
    options = page.locator("#fault-form [name=kind] option")
    assert options.evaluate_all("all => all.map(one => one.value)") == list(kinds)
    for count, (kind, about) in enumerate(kinds.items(), 1):
        add_fault(page, kind)
        expect(page.locator("#faults-list li")).to_have_count(count)
        fault = driver.control("GET", "faults")["faults"][-1]
        assert fault["kind"] == kind
        assert {name: fault[name] for name in about["parameters"]} == about["parameters"]

    page.get_by_role("button", name="Remove refuse on all operations").click()
    expect(page.locator("#faults-list li")).to_have_count(len(kinds) - 1)
    page.get_by_role("button", name="Remove all").click()
    expect(page.locator("#faults-list li")).to_have_count(0)
    assert driver.control("GET", "faults") == {"faults": []}


def test_a_fault_can_stay_until_it_is_removed(driver: PageDriver) -> None:
    page = driver.open()
    page.get_by_label("Until removed").check()
    page.get_by_label("Probability").fill("0.5")
    page.locator("#fault-form [name=kind]").select_option("slow_first_byte")
    page.get_by_label("Seconds", exact=True).fill("0.25")
    page.get_by_role("button", name="Add fault").click()
    expect(page.locator("#faults-list li")).to_contain_text("until removed · 0 affected")
    (fault,) = driver.control("GET", "faults")["faults"]
    assert (fault["times"], fault["probability"], fault["seconds"]) == (None, 0.5, 0.25)


def test_the_error_of_an_invalid_fault_is_shown(driver: PageDriver) -> None:
    page = driver.open()
    add_fault(page, "error_code", code="5")
    expect(page.get_by_role("alert")).to_contain_text("negative code")
    expect(page.locator("#faults-list li")).to_have_count(0)
    driver.expect_complaints("400")


def test_the_log_shows_calls_and_their_bodies(driver: PageDriver) -> None:
    page = driver.open()
    expect(page.get_by_text("There are no requests")).to_be_visible()
    driver.post("set_learnmode", {"mode": 0})
    driver.post("nonsense")
    driver.client.get(f"{driver.server.url}/download/none.evo")
    rows = page.locator("#log li")
    expect(rows).to_have_count(3)
    assert rows.locator(".what").all_inner_texts() == [
        "GET/download/none.evo",
        "POST/api/nonsense",
        "POST/api/set_learnmode",
    ]
    expect(rows.nth(0).locator(".result")).to_have_text("−6202")
    expect(rows.nth(1).locator(".result")).to_have_text("−6117")
    expect(rows.nth(1)).to_contain_text("unknown operation")

    rows.nth(2).get_by_role("button").click()
    assert json.loads(rows.nth(2).locator("pre").inner_text()) == {"mode": 0}
    # it stays open when new requests arrive
    driver.post("get_calib")
    expect(rows).to_have_count(4)
    expect(rows.nth(3).locator("pre")).to_be_visible()

    page.get_by_label("Filter the requests").fill("learn")
    expect(rows).to_have_count(1)
    page.get_by_label("Filter the requests").fill("")

    page.get_by_text("Performed operations:").click()
    expect(page.locator("#operation-counts-list li").filter(has_text="set_learnmode")).to_contain_text("1")
    expect(page.locator("#operation-counts-list li").filter(has_text="download")).to_have_count(0)

    page.get_by_role("button", name="Clear the requests").click()
    expect(rows).to_have_count(0)
    assert driver.control("GET", "requests") == {"requests": [], "acted": {}}
    driver.post("get_calib")
    expect(rows).to_have_count(1)


def test_a_lost_response_is_shown(driver: PageDriver) -> None:
    page = driver.open()
    add_fault(page, "drop_before_answer", "get_calib")
    expect(page.locator("#faults-list li")).to_have_count(1)
    with pytest.raises(httpx.TransportError):
        driver.post("get_calib")
    expect(page.locator("#log li .result").first).to_have_text("no response")


def test_the_newest_of_many_requests_come_first(driver: PageDriver) -> None:
    for _ in range(200):
        driver.post("get_calib")
    page = driver.open()
    expect(page.locator("#requests-count")).to_have_text("200")
    assert page.locator("#log li").count() < 200
    assert page.locator("#log li").first.get_attribute("value") == "200"
    page.get_by_role("button", name="Show older").click()
    expect(page.locator("#log li")).to_have_count(200)


def test_a_switch_of_the_dialect_changes_a_response(driver: PageDriver) -> None:
    page = driver.open()
    assert driver.post("get_calib").text.endswith("}}")
    page.get_by_label("Trailing commas", exact=True).select_option(label="yes")
    page.get_by_label("Content type", exact=True).select_option(label="text")
    expect(page.locator("#dialect-count")).to_have_text("2")
    response = driver.post("get_calib")
    assert response.text.endswith(",},}")
    assert response.headers["content-type"].startswith("text/plain")

    page.get_by_role("button", name="Reset to lenient").click()
    expect(page.locator("#dialect-count")).to_be_hidden()
    expect(page.get_by_label("Trailing commas", exact=True)).to_have_value("false")
    assert driver.post("get_calib").text.endswith("}}")


def test_the_page_has_every_switch_of_the_dialect(driver: PageDriver) -> None:
    page = driver.open()
    for name, switch in driver.control("GET", "dialect/switches")["switches"].items():
        select = page.locator(f"#switches select[name={name}]")
        values = select.locator("option").evaluate_all("all => all.map(one => JSON.parse(one.value))")
        assert values == switch["values"]
        expect(select).to_have_value(json.dumps(switch["default"]))
