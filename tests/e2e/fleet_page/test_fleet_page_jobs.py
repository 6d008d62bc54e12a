"""Jobs on the page: started on the scales of the list, paused, resumed, canceled; and the console of a scale."""

from __future__ import annotations

from dataclasses import replace

from fleet_page import FleetTab, open_fleet_page
from playwright.sync_api import BrowserContext, expect
from shared_fleet_page import GeneratedFleet

from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.rollout import RolloutSpec


def get_spec(tab: FleetTab) -> RolloutSpec:
    ((name, spec),) = tab.fleet.orders
    assert name == "submit"
    return spec


def test_job_starts_on_the_scales_of_the_list(tab: FleetTab) -> None:
    page = tab.open("scales?where=store%3D0004")
    tab.button("Start a job on 20…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("On 20 selected scales: store=0004")
    dialog.get_by_label("Job").select_option("set_learn_mode")
    dialog.locator("[name=mode]").select_option("1")
    go = dialog.get_by_role("button", name="Start on 20")
    expect(go).to_be_disabled()
    dialog.get_by_label("To confirm, enter the number of scales: 20").fill("20")
    go.click()
    expect(page.locator("#notices")).to_contain_text("Started: set_learn_mode-1")
    expect(page.locator("#job-name")).to_contain_text("set_learn_mode-1")
    spec = get_spec(tab)
    assert (spec.kind, spec.arguments, spec.where) == ("set_learn_mode", {"mode": 1}, ("store=0004",))
    assert spec.stages == ("1", "10%", "100%")


def test_number_is_confirmed_again_when_it_changes(tab: FleetTab) -> None:
    page = tab.open("scales?where=store%3D0004&where=online%3Dtrue")
    expect(page.locator("#scales-table")).to_be_visible()
    online = [each for each in tab.fleet.scales.values() if each.id.store == "0004" and each.is_online]
    count = len(online)
    tab.button(f"Start a job on {count}…").click()
    dialog = page.get_by_role("dialog")
    tab.call(lambda: tab.fleet.change(replace(online[0], presence=None)))
    expect(page.locator("#list-title")).to_have_text(f"Scales: {count - 1}")
    dialog.get_by_label(f"To confirm, enter the number of scales: {count}").fill(str(count))
    dialog.get_by_role("button", name=f"Start on {count}").click()
    expect(page.locator("#start-wrong")).to_contain_text(f"The conditions now select {count - 1} scales.")
    assert tab.fleet.orders == []
    dialog.get_by_label(f"To confirm, enter the number of scales: {count - 1}").fill(str(count - 1))
    dialog.get_by_role("button", name=f"Start on {count - 1}").click()
    expect(page.locator("#notices")).to_contain_text("Started:")
    assert get_spec(tab).where == ("store=0004", "online=true")


def test_job_is_paused_resumed_and_canceled(tab: FleetTab) -> None:
    page = tab.open("jobs")
    page.get_by_role("link", name="learn-mode-0412").click()
    expect(page.locator("#job-stages tr")).to_have_count(3)
    expect(page.locator("#job-stages tr").nth(1)).to_contain_text("Stage 2 (10%)")
    tab.button("Pause").click()
    expect(page.locator("#job-phase")).to_have_text("Paused")
    tab.button("Resume").click()
    expect(page.locator("#job-phase")).to_have_text("Running")
    tab.button("Cancel the job").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    tab.button("Cancel the job").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the job").click()
    expect(page.locator("#job-phase")).to_have_text("Canceled")
    assert [name for name, _ in tab.fleet.orders] == ["pause", "resume", "cancel"]
    expect(tab.button("Pause")).to_be_hidden()


def test_scales_of_a_job_are_shown_by_their_state(tab: FleetTab) -> None:
    page = tab.open("job/learn-mode-0412")
    expect(page.locator("#executions li")).to_have_count(50)
    page.locator("#executions-state").select_option("failed")
    expect(page.locator("#executions li")).to_have_count(7)
    expect(page.locator("#executions li").first).to_contain_text("The module has lost its camera (-6103)")


def test_reason_of_a_stopped_job_is_shown(tab: FleetTab) -> None:
    page = tab.open("job/restore-0410")
    expect(page.locator("#job-phase")).to_have_text("Stopped: too many failures")
    expect(page.locator("#job-reason")).to_contain_text("ties data sets to their module")


def test_console_of_a_scale_opens_in_a_tab_and_only_shows(context: BrowserContext) -> None:
    with open_fleet_page(context, GeneratedFleet(1, 3)) as tab:
        id = next(each.id for each in tab.fleet.scales.values() if each.is_online)
        page = tab.open(f"scale/{id}")
        with context.expect_page() as opened:
            page.get_by_role("link", name="Open console").click()
        console = tab.watch(opened.value)
        expect(console.locator("#state")).to_have_attribute("data-state", "connected")
        expect(console.locator("#picture")).to_be_visible()
        assert console.url.startswith(f"{tab.address.base}scales/{id}/console/")
        console.evaluate("location.hash = '#device'")
        expect(console.locator("#learn")).to_be_disabled()


def test_offline_scale_has_no_console(tab: FleetTab) -> None:
    scale = tab.fleet.scales[ScaleId("0001", "01")]
    page = tab.open("scale/0001/01")
    expect(page.locator("#scale-console")).to_be_visible()
    tab.call(lambda: tab.fleet.change(replace(scale, presence=None)))
    expect(page.locator("#scale-console")).to_be_hidden()
