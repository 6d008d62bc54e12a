"""Device information, learning mode, restart, factory reset, and the doctor."""

from __future__ import annotations

from console_page import ConsolePage
from playwright.sync_api import expect

from vision_ai_emulator import Fault


def test_device_information(console: ConsolePage) -> None:
    page = console.open("device")
    facts = page.locator("#facts")
    for line in (
        "Serial number12345678",
        "StoreFruit Store Name",
        "Firmware9.9.4.2",
        "Recognition engine9.5.0",
    ):
        expect(facts.locator("div").filter(has_text=line)).to_have_count(1)
    expect(facts).not_to_contain_text("Main scale")
    console.emulator.change(firmware="10.0.0.1")
    expect(facts).to_contain_text("10.0.0.1")


def test_learning_mode(console: ConsolePage) -> None:
    page = console.open("device")
    switch = page.get_by_role("switch", name="Learning mode")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    console.expect_notice("Learning mode is off")
    expect(switch).to_have_attribute("aria-checked", "false")
    assert console.module.get_learnmode().mode == 0
    console.show_view("recognize")
    expect(page.get_by_text("Learning mode is off, so the module does not learn from it.")).to_be_visible()


def test_restart_waits_until_the_module_is_back(console: ConsolePage) -> None:
    page = console.open("device")
    console.button("Restart the module…").click()
    expect(page.get_by_role("dialog", name="Restart the module?")).to_be_visible()
    assert "reboot" not in console.emulator.acted
    console.button("Restart now").dblclick()
    expect(page.locator("#job-text")).to_have_text("waiting for the module")
    expect(page.locator("#state")).to_have_text("Restarting")
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator("#job-title")).to_have_text("The module has restarted")
    expect(page.locator("#state")).to_contain_text("Connected")
    assert console.emulator.acted["reboot"] == 1
    assert console.emulator.device.up


def test_restart_names_the_pictures_that_are_lost(console: ConsolePage) -> None:
    for _ in range(2):
        console.module.register_item(id="5", name="Pear")
    console.module.register_item(id="6", name="Plum")
    page = console.open("device")
    expect(page.locator("#pending-count")).to_have_text("2")
    console.button("Restart the module…").click()
    dialog = page.get_by_role("dialog", name="Restart the module?")
    expect(dialog).to_contain_text("These pictures are not committed and are lost:")
    expect(dialog.get_by_role("listitem")).to_have_text(["Pear (5), pictures: 2", "Plum (6), pictures: 1"])
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    for each in ("5", "6"):
        console.module.delete_registered_item(id=each)
    expect(page.locator("#pending-count")).to_be_hidden()
    console.button("Restart the module…").click()
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("listitem")).to_have_count(0)
    assert "reboot" not in console.emulator.acted


def test_restart_whose_response_is_lost(console: ConsolePage) -> None:
    page = console.open("device")
    console.emulator.faults.add(Fault("reboot", "reboot", times=1, acted=True))
    console.restart_module()
    expect(page.locator("#job-title")).to_have_text("The module has restarted")


def test_factory_reset_asks_for_the_serial_number(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open("device")
    console.button("Factory reset…").click()
    dialog = page.get_by_role("dialog", name="Reset to factory settings?")
    go = dialog.get_by_role("button", name="Reset the module")
    expect(go).to_be_disabled()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()

    console.button("Factory reset…").click()
    serial = dialog.get_by_label("Type the serial number 12345678 to continue")
    expect(serial).to_be_focused()
    serial.fill("12345679")
    expect(go).to_be_disabled()
    serial.press("Enter")
    assert console.request_bodies("reset_device") == []
    serial.fill("12345678")
    console.emulator.faults.add(Fault("reboot", "reset_device", times=1, acted=True))
    go.click()
    expect(page.locator("#job-title")).to_have_text("The module has its factory settings again")
    expect(page.locator("#facts")).to_contain_text("not activated")
    assert console.emulator.acted["reset_device"] == 1
    assert console.module.get_item_list() == []


def test_doctor_without_problems(console: ConsolePage) -> None:
    page = console.open("device")
    console.button("Diagnose").click()
    expect(page.locator("#job-title")).to_have_text("Diagnosis complete")
    http = page.locator("#findings li").filter(has=page.get_by_text("HTTP", exact=True))
    expect(http.locator(".badge")).to_have_text("OK")
    expect(page.locator("#doctor-well")).to_have_text("No problems found")


def test_findings_are_in_the_language_of_the_page(console: ConsolePage) -> None:
    console.emulator.deactivate()
    console.emulator.faults.add(Fault("error_code", "get_image", None, code=-6203))
    page = console.open("device")
    console.button("Diagnose").click()
    expect(page.locator("#job-title")).to_have_text("Diagnosis complete")
    findings = page.locator("#findings")
    english = "The module is not activated for a store. Activate it with the vendor's tool."
    expect(findings).to_contain_text(english)
    expect(findings).to_contain_text(
        "The module returned no picture. The module could not write a file (-6203). The module's storage"
    )
    console.set_language("zh")
    expect(findings).to_contain_text("模块尚未激活，未关联门店。请用厂商工具激活。")
    expect(findings).to_contain_text(
        "模块没有返回画面。模块写入文件失败（-6203）。模块的存储空间可能已满或损坏。请重启模块。"
    )
    expect(findings).not_to_contain_text("The ")
    console.set_language("ru")
    expect(findings).to_contain_text("Модуль не активирован ни для одного магазина.")
    expect(findings).to_contain_text(
        "Модуль не вернул изображение. Модуль не смог записать файл (-6203). Память"
    )
    expect(findings).not_to_contain_text("The ")
    console.set_language("en")
    expect(findings).to_contain_text(english)


def test_finding_with_an_unknown_error_code(console: ConsolePage) -> None:
    console.emulator.faults.add(Fault("error_code", "get_image", None, code=-7777))
    page = console.open("device")
    console.button("Diagnose").click()
    console.set_language("zh")
    expect(page.locator("#findings")).to_contain_text(
        "模块没有返回画面。模块返回了本版本未知的错误（-7777）。"
    )


def test_unknown_error_codes_are_shown(console: ConsolePage) -> None:
    page = console.open("device")
    for code, text in ((-6555, "The recognition engine reported an error (-6555)."), (-7777, "(-7777)")):
        console.emulator.fail_next(code, "set_learnmode")
        page.get_by_role("switch", name="Learning mode").click()
        console.expect_notice(text)
