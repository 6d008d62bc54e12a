"""The page of a module that speaks V2, and of one that is upgraded to it."""

from __future__ import annotations

from pathlib import Path

from page_support import create_driver
from playwright.sync_api import BrowserContext, expect

from vision_ai_emulator import Emulator


def test_items_and_their_templates_are_shown(context: BrowserContext) -> None:
    with create_driver(context, Emulator(api="v2")) as driver:
        page = driver.open()
        expect(page.locator("#api")).to_have_text("V2")
        expect(page.get_by_text("The module’s own date is 1970-01-01")).to_be_visible()
        expect(page.locator("#jobs")).to_be_hidden()
        driver.post("add_item_template", {"id": "7"})
        driver.post("add_item_template", {"id": "7"})
        expect(page.locator("#products tr")).to_have_count(1)
        expect(page.locator("#products td")).to_have_text(["7", "no name", "2"])
        expect(page.locator("#guess-list .guess-id").first).to_have_text("7")
        driver.get("get_item_list")
        expect(page.locator("#log li").first).to_contain_text("GET")
        driver.post("clear_all_template")
        expect(page.locator("#products tr")).to_have_count(0)


def test_learning_can_be_switched_off(context: BrowserContext) -> None:
    with create_driver(context, Emulator(api="v2")) as driver:
        page = driver.open()
        expect(page.get_by_text("learns while it recognizes")).to_be_visible()
        page.get_by_role("button", name="Switch learning off").click()
        expect(page.get_by_text("only recognizes")).to_be_visible()
        assert driver.post("add_item_template", {"id": "7"}).json()["code"] == -6217
        page.get_by_role("button", name="Switch learning on").click()
        expect(page.get_by_text("learns while it recognizes")).to_be_visible()
        assert driver.post("add_item_template", {"id": "7"}).json()["code"] == 0


def test_faults_are_offered_for_the_operations_of_v2(context: BrowserContext) -> None:
    with create_driver(context, Emulator(api="v2")) as driver:
        page = driver.open()
        operations = page.locator("#fault-form select[name=operation] option")
        expect(operations.filter(has_text="add_item_template")).to_have_count(1)
        expect(operations.filter(has_text="register_item")).to_have_count(0)


def test_the_firmware_file_of_the_page_upgrades_the_module(context: BrowserContext, tmp_path: Path) -> None:
    emulator = Emulator(restore_seconds=0.1, upgrade_seconds=0.1, reboot_seconds=0.1)
    with create_driver(context, emulator) as driver:
        page = driver.open()
        expect(page.locator("#api")).to_have_text("V1")
        with page.expect_download() as download:
            page.get_by_role("button", name="Save firmware file").click()
        assert download.value.suggested_filename == "SX_B1109_firmware_9.9.5.7.evo"
        file = tmp_path / "upgrade.evo"
        download.value.save_as(file)
        url = f"{driver.server.url}/api/start_restore"
        assert driver.client.post(url, files={"file": file.read_bytes()}).json()["code"] == 0
        expect(page.locator("#api")).to_have_text("V2")
        driver.wait_until_running()
        expect(page.get_by_role("button", name="Save firmware file")).to_be_hidden()
