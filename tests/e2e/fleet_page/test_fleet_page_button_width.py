"""No button, tab or badge of the fleet's page cuts its text, in each language, on a phone and on a large screen."""

from __future__ import annotations

import pytest
from fleet_page import LANGUAGES, VIEWS, FleetTab
from playwright.sync_api import expect
from shared_browser import wait_until
from shared_button_width import find_narrow_controls


@pytest.mark.parametrize(("language", "width"), [*((language, 390) for language in LANGUAGES), ("ru", 1280)])
def test_every_control_of_the_fleet_page_is_wide_enough(tab: FleetTab, language: str, width: int) -> None:
    page = tab.page
    page.set_viewport_size({"width": width, "height": 844})
    tab.open()
    tab.set_language(language)
    found = list[str]()
    for view in VIEWS:
        tab.show(view)
        found += [f"{view}: {each}" for each in find_narrow_controls(page)]
    tab.show("scales")
    page.locator("#start").click()
    kinds = page.locator("#start-kind option").evaluate_all("all => all.map(one => one.value)")
    for kind in kinds:
        page.locator("#start-kind").select_option(kind)
        found += [f"start {kind}: {each}" for each in find_narrow_controls(page)]
    page.keyboard.press("Escape")
    wait_until(page, "!history.state?.dialog")
    tab.show("job/learn-mode-0412")
    states = page.locator("#executions-state option").evaluate_all("all => all.map(one => one.value)")
    for state in states:
        page.locator("#executions-state").select_option(state)
        found += [f"scales of a job: {each}" for each in find_narrow_controls(page)]
    page.locator("#job-cancel").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += [f"cancel: {each}" for each in find_narrow_controls(page)]
    page.keyboard.press("Escape")
    wait_until(page, "!history.state?.dialog")
    page.locator("#job-pause").click()
    expect(page.locator("#job-resume")).to_be_visible()
    found += [f"paused: {each}" for each in find_narrow_controls(page)]
    tab.show("alerts")
    rules = page.locator("#alerts-rule option").evaluate_all("all => all.map(one => one.value)")
    for rule in rules:
        page.locator("#alerts-rule").select_option(rule)
        found += [f"alerts: {each}" for each in find_narrow_controls(page)]
    assert found == []
