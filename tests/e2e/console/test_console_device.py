"""The device as a whole: who it is, learning mode, restart, factory reset, and the doctor."""

from __future__ import annotations

from console_bench import Bench
from playwright.sync_api import expect

from vision_ai_emulator import Fault


def test_who_it_is(bench: Bench) -> None:
    page = bench.open("device")
    facts = page.locator("#facts")
    for line in (
        "Serial number12345678",
        "StoreFruit Store Name",
        "Firmware9.9.4.2",
        "Recognition engine9.5.0",
    ):
        expect(facts.locator("div").filter(has_text=line)).to_have_count(1)
    expect(facts).not_to_contain_text("Main scale")
    bench.emulator.change(firmware="10.0.0.1")
    expect(facts).to_contain_text("10.0.0.1")


def test_learning_mode(bench: Bench) -> None:
    page = bench.open("device")
    switch = page.get_by_role("switch", name="Learning mode")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    bench.told("Learning mode is off")
    expect(switch).to_have_attribute("aria-checked", "false")
    assert bench.module.get_learnmode().mode == 0
    bench.go("recognise")
    expect(page.get_by_text("Learning mode is off: the module will not learn from it.")).to_be_visible()


def test_a_restart_waits_until_the_module_is_back(bench: Bench) -> None:
    page = bench.open("device")
    bench.button("Restart the module").dblclick()
    expect(page.locator("#job-text")).to_have_text("waiting for the module")
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator("#job-title")).to_have_text("The module has restarted")
    expect(page.locator("#state")).to_contain_text("Connected")
    assert bench.emulator.acted["reboot"] == 1
    assert bench.emulator.device.up


def test_a_restart_whose_answer_is_lost_is_a_restart(bench: Bench) -> None:
    page = bench.open("device")
    bench.emulator.faults.add(Fault("reboot", "reboot", times=1, acted=True))
    bench.button("Restart the module").click()
    expect(page.locator("#job-title")).to_have_text("The module has restarted")


def test_a_factory_reset_asks_for_the_serial_number(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open("device")
    bench.button("Factory reset…").click()
    dialog = page.get_by_role("dialog", name="Factory reset?")
    go = dialog.get_by_role("button", name="Reset the module")
    expect(go).to_be_disabled()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()

    bench.button("Factory reset…").click()
    serial = dialog.get_by_label("Type the serial number 12345678 to go on")
    expect(serial).to_be_focused()
    serial.fill("12345679")
    expect(go).to_be_disabled()
    serial.press("Enter")
    assert bench.bodies("reset_device") == []
    serial.fill("12345678")
    go.click()
    expect(page.locator("#job-title")).to_have_text("The module is as it left the factory")
    expect(page.locator("#facts")).to_contain_text("not activated")
    assert bench.emulator.acted["reset_device"] == 1
    assert bench.module.get_item_list() == []


def test_the_doctor(bench: Bench) -> None:
    page = bench.open("device")
    bench.button("Examine the connection").click()
    expect(page.locator("#job-title")).to_have_text("Examination done")
    http = page.locator("#findings li").filter(has=page.get_by_text("HTTP", exact=True))
    expect(http.locator(".badge")).to_have_text("right")
    expect(page.locator("#doctor-well")).to_have_text("All is well")


def test_the_doctor_speaks_the_language_of_the_page(bench: Bench) -> None:
    bench.emulator.deactivate()
    bench.emulator.faults.add(Fault("error_code", "get_image", None, code=-6203))
    page = bench.open("device")
    bench.button("Examine the connection").click()
    expect(page.locator("#job-title")).to_have_text("Examination done")
    findings = page.locator("#findings")
    closed = "The module is not activated for a store. Activate it with the vendor's tool."
    expect(findings).to_contain_text(closed)
    # In English as the command line has it.
    expect(findings).to_contain_text("No picture comes. get_image: WRITE_FAILED (-6203):")
    bench.button("切换到中文").click()
    expect(findings).to_contain_text("模块未激活到门店。请用厂商工具激活。")
    # The module's errors as the page tells them everywhere.
    expect(findings).to_contain_text(
        "没有得到画面。模块写入文件失败（-6203）。请重试；若再次出现，请重启模块。"
    )
    expect(findings).not_to_contain_text("The ")
    bench.button("Switch to English").click()
    expect(findings).to_contain_text(closed)


def test_an_error_that_the_page_has_no_words_for_stays_english_within_a_finding(bench: Bench) -> None:
    bench.emulator.faults.add(Fault("error_code", "get_image", None, code=-7777))
    page = bench.open("device")
    bench.button("Examine the connection").click()
    bench.button("切换到中文").click()
    expect(page.locator("#findings")).to_contain_text("没有得到画面。get_image: UNKNOWN (-7777)")


def test_codes_that_the_page_has_no_words_for_are_told_too(bench: Bench) -> None:
    page = bench.open("device")
    for code, said in ((-6555, "The recognition engine failed (-6555)."), (-7777, "(-7777)")):
        bench.emulator.fail_next(code, "set_learnmode")
        page.get_by_role("switch", name="Learning mode").click()
        bench.told(said)
