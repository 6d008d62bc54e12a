"""Clock, jobs, restart, reset, store, settings and state."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from page_support import PageDriver, create_driver
from playwright.sync_api import BrowserContext, expect

from vision_ai_emulator import Emulator
from vision_ai_emulator.serving.server import EmulatorServer


def select_radio(driver: PageDriver, name: str, path: str) -> None:
    """Select a radio button, and wait for the emulator: the page shows the selection before that.

    A poll that is running meanwhile may even show the old selection again.
    """
    radio = driver.page.get_by_role("radio", name=name)
    with driver.page.expect_response(f"{driver.server.control_url}{path}"):
        radio.click()
    expect(radio).to_be_checked()


def freeze(driver: PageDriver) -> None:
    select_radio(driver, "Frozen", "clock")
    expect(driver.page.get_by_role("button", name="Step 1 second", exact=True)).to_be_enabled()


def test_a_running_backup_is_completed_by_stepping_the_frozen_clock(driver: PageDriver) -> None:
    page = driver.open()
    backup = page.locator("[data-job=backup]")
    expect(backup).to_contain_text("none")
    expect(page.get_by_role("button", name="Step 10 seconds")).to_be_disabled()
    freeze(driver)

    driver.post("start_backup")
    expect(backup.locator(".badge")).to_have_text("1")
    expect(backup).to_contain_text("正在生成备份数据")
    assert driver.post("get_backup_status").json()["status"] == 1

    page.get_by_role("button", name="Step 10 seconds").click()
    expect(backup.locator(".badge")).to_have_text("3")
    expect(backup).to_contain_text("备份完成")
    status = driver.post("get_backup_status").json()
    assert status["status"] == 3
    expect(backup).to_contain_text(status["filename"])


def test_the_clock_can_be_stepped_by_any_seconds(driver: PageDriver) -> None:
    page = driver.open()
    freeze(driver)
    before = driver.control("GET", "clock")["seconds"]
    page.get_by_label("Seconds to step").fill("2.5")
    page.get_by_role("button", name="Step by these seconds").click()
    expect(page.locator("#clock-seconds")).to_have_text(f"{before + 2.5:.1f}")
    select_radio(driver, "Real", "clock")
    expect(page.get_by_role("button", name="Step 10 seconds")).to_be_disabled()
    assert driver.control("GET", "clock")["mode"] == "real"


def test_the_pace_of_jobs_can_be_selected(driver: PageDriver) -> None:
    driver.open()
    select_radio(driver, "Immediate", "pace")
    freeze(driver)
    driver.post("start_backup")
    assert driver.post("get_backup_status").json()["status"] == 3
    assert driver.emulator.settings.pace == "immediate"


def test_the_page_does_not_count_as_a_poll_of_jobs(driver: PageDriver) -> None:
    page = driver.open()
    select_radio(driver, "With each poll", "pace")
    driver.post("start_backup")
    expect(page.locator("[data-job=backup] .badge")).to_have_text("1")
    # another update proves that the page has polled
    driver.post("get_calib")
    expect(page.locator("#log li")).to_have_count(2)
    expect(page.locator("[data-job=backup] .badge")).to_have_text("1")


def test_a_restart_ends_when_the_frozen_clock_is_stepped(driver: PageDriver) -> None:
    page = driver.open()
    freeze(driver)
    page.get_by_role("button", name="Reboot").click()
    expect(page.get_by_text("Restarting", exact=True)).to_be_visible()
    expect(page.get_by_text("The module is restarting", exact=True)).to_be_visible()
    assert not driver.emulator.device.up

    page.get_by_role("button", name="Step 10 seconds").click()
    driver.wait_until_running()
    expect(page.get_by_text("The module is restarting", exact=True)).to_be_hidden()
    expect(page.locator("#device-text")).to_contain_text("1 restart")
    assert driver.post("get_device_info").json()["code"] == 0


def test_a_restart_ends_in_real_time(driver: PageDriver) -> None:
    page = driver.open()
    page.get_by_label("Seconds until the device is reachable again").fill("4")
    page.get_by_role("button", name="Reboot").click()
    expect(page.get_by_text("Restarting", exact=True)).to_be_visible()
    driver.wait_until_running()


def test_the_page_continues_with_another_emulator(driver: PageDriver) -> None:
    with EmulatorServer(Emulator(pan="pear"), "127.0.0.1", 0) as server:
        url = server.control_url
        page = driver.open(url)
        page.get_by_role("button", name="Teach").click()
        expect(page.locator("#products tr")).to_have_count(1)
        driver.client.post(f"{server.url}/api/get_calib")
        expect(page.locator("#log li")).to_have_count(1)
    expect(page.get_by_text("Disconnected", exact=True)).to_be_visible()
    expect(page.get_by_text("The emulator does not respond")).to_be_visible()
    with EmulatorServer(Emulator(pan="lemon"), "127.0.0.1", 0, control_port=urlsplit(url).port):
        driver.wait_until_running()
        # nothing of the first emulator remains
        expect(page.get_by_role("button", name="Lemon", pressed=True)).to_be_visible()
        expect(page.locator("#products tr")).to_have_count(0)
        expect(page.locator("#log li")).to_have_count(0)
        page.close()
    driver.expect_complaints("Failed to load resource")


def test_the_device_can_be_reset(driver: PageDriver) -> None:
    driver.teach(apple="001", pear="002")
    driver.emulator.fail_next(-6210, times=3)
    driver.post("get_calib")
    page = driver.open()
    expect(page.locator("#products tr")).to_have_count(2)
    expect(page.locator("#log li")).to_have_count(1)
    expect(page.locator("#faults-list li")).to_have_count(1)

    page.get_by_role("button", name="Reset…").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Reset…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Seed").fill("7")
    dialog.get_by_label("Pan").select_option("banana")
    dialog.get_by_role("button", name="Reset device").click()

    expect(page.get_by_role("button", name="Banana", pressed=True)).to_be_visible()
    expect(page.locator("#products tr")).to_have_count(0)
    expect(page.locator("#log li")).to_have_count(0)
    expect(page.locator("#faults-list li")).to_have_count(0)
    expect(page.locator("#device-text")).to_contain_text("seed 7")
    assert (driver.emulator.pan, driver.emulator.seed) == ("banana", 7)
    assert driver.post("get_item_list").json()["data"] == []


def test_the_store_can_be_changed(driver: PageDriver) -> None:
    page = driver.open()
    expect(page.locator("#activated")).to_have_text("activated")
    page.get_by_role("button", name="Deactivate").click()
    expect(page.locator("#activated")).to_have_text("not activated")
    assert driver.post("get_device_info").json()["data"]["clientID"] == "0000"

    form = page.get_by_role("form", name="Store")
    form.get_by_label("Id").fill("42")
    form.get_by_label("Name").fill("Corner Shop")
    form.get_by_role("button", name="Activate", exact=True).click()
    expect(page.locator("#activated")).to_have_text("activated")
    info = driver.post("get_device_info").json()["data"]
    assert (info["clientID"], info["clientName"]) == ("42", "Corner Shop")


def test_settings_can_be_changed(driver: PageDriver) -> None:
    page = driver.open()
    form = page.get_by_role("form", name="Settings")
    form.get_by_label("Firmware").fill("9.9.5.0")
    form.get_by_label("Sync mode").select_option("slave")
    form.get_by_text("All settings").click()
    form.get_by_label("Sold out limit").fill("9")
    form.get_by_label("Require activation").check()
    form.get_by_role("button", name="Apply settings").click()
    expect(page.get_by_text("The settings are applied.")).to_be_visible()
    info = driver.post("get_device_info").json()["data"]
    assert (info["firmware"], info["syncMode"], info["soldOutLimit"]) == ("9.9.5.0", "slave", 9)
    settings = driver.emulator.settings
    assert settings.require_activation
    assert settings.engine == "9.5.0"


def test_the_state_can_be_saved_and_loaded(context: BrowserContext, tmp_path: Path) -> None:
    file = tmp_path / "device.json"
    with create_driver(context, state_file=str(file)) as driver:
        driver.teach(pear="002")
        page = driver.open()
        page.get_by_role("button", name="Save state").click()
        expect(page.get_by_text("The state is saved in")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download").click()
        downloaded = json.loads(Path(download.value.path()).read_text("utf-8"))
        assert downloaded.keys() == json.loads(file.read_text("utf-8")).keys()

        driver.control("POST", "reset", {"pan": "apple"})
        expect(page.locator("#products tr")).to_have_count(0)
        page.get_by_label("Load…").set_input_files(file)
        expect(page.locator("#products tr")).to_have_count(1)
        expect(page.get_by_role("button", name="Pear", pressed=True)).to_be_visible()
        assert driver.emulator.pan == "pear"


def test_saving_without_a_state_file_gives_advice(driver: PageDriver) -> None:
    page = driver.open()
    page.get_by_role("button", name="Save state").click()
    expect(page.get_by_role("alert")).to_contain_text("--state")
    driver.expect_complaints("400")
