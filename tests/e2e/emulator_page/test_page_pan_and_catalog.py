"""The pan, the camera, the guesses, and the catalog."""

from __future__ import annotations

from page_support import PageDriver
from playwright.sync_api import expect


def test_an_item_on_the_pan_is_shown_and_recognized(driver: PageDriver) -> None:
    driver.teach(apple="001", pear="002")
    page = driver.open()
    before = driver.post("get_image").content
    shown = page.locator("#picture").get_attribute("src")
    expect(page.locator("#guess-list .guess-name").first).to_have_text("Pear")

    page.get_by_role("button", name="Apple").click()

    expect(page.get_by_role("button", name="Apple", pressed=True)).to_be_visible()
    expect(page.locator("#guess-list .guess-name").first).to_have_text("Apple")
    expect(page.locator("#picture")).not_to_have_attribute("src", shown or "")
    assert driver.emulator.pan == "apple"
    assert driver.post("get_image").content != before
    best = driver.post("get_result").json()["data"]["items"][0]
    assert best["id"] == "001"
    score = f"{round(best['score'] * 100)} %"
    expect(page.locator("#guess-list .guess-score").first).to_have_text(score)


def test_the_same_kind_again_has_another_picture(driver: PageDriver) -> None:
    page = driver.open()
    before = driver.post("get_image").content
    shown = page.locator("#picture").get_attribute("src")
    page.get_by_role("button", name="Apple").click()
    expect(page.locator("#picture")).not_to_have_attribute("src", shown or "")
    assert driver.post("get_image").content != before


def test_the_picture_has_its_size_below_the_area(driver: PageDriver) -> None:
    page = driver.open()
    expect(page.locator("#picture")).to_have_js_property("naturalWidth", 1280)
    expect(page.locator("#picture")).to_have_js_property("naturalHeight", 720)
    driver.post("set_calib", {"left": 400, "top": 30, "width": 420, "height": 500})
    area = page.locator("#area")
    for name, value in {"x": 400, "y": 30, "width": 420, "height": 500}.items():
        expect(area).to_have_attribute(name, str(value))
    picture, overlay = page.locator("#picture").bounding_box(), page.locator("svg.area").bounding_box()
    assert picture == overlay


def test_every_kind_has_an_icon_and_a_name(driver: PageDriver) -> None:
    page = driver.open()
    for kind in driver.emulator.kinds:
        button = page.get_by_role("button", name=kind.capitalize(), exact=True)
        symbol = button.locator("use").get_attribute("href")
        assert symbol == f"#icon-{kind}"
        assert page.locator(f"symbol{symbol}").count() == 1


def test_the_pan_can_be_cleared_and_the_camera_unplugged(driver: PageDriver) -> None:
    driver.teach(apple="001")
    page = driver.open()
    page.get_by_role("button", name="Clear the pan").click()
    expect(page.get_by_text("The recognition area is empty.")).to_be_visible()
    assert driver.emulator.pan is None
    assert driver.read_guesses() == []

    camera = page.get_by_role("switch", name="Camera")
    expect(camera).to_be_checked()
    camera.click()
    expect(page.get_by_text("The camera is unplugged", exact=True)).to_be_visible()
    expect(camera).not_to_be_checked()
    assert driver.post("get_image").json()["code"] == -6103

    camera.click()
    expect(page.get_by_text("The camera is unplugged", exact=True)).to_be_hidden()
    assert driver.post("get_image").content.startswith(b"\xff\xd8\xff")


def test_the_usb_cable_can_be_unplugged_and_plugged_in(driver: PageDriver) -> None:
    driver.teach(apple="001")
    driver.emulator.freeze()
    page = driver.open()
    expect(page.locator("#guess-list li")).to_have_count(1)
    cable = page.get_by_role("switch", name="USB cable")
    expect(cable).to_be_checked()
    cable.click()
    expect(page.get_by_text("Unplugged", exact=True)).to_be_visible()
    expect(page.get_by_text("The module is unplugged", exact=True)).to_be_visible()
    expect(page.locator("#guesses")).to_contain_text("The module is unplugged.")
    expect(page.locator("#guess-list li")).to_have_count(0)
    expect(page.get_by_role("button", name="Reboot")).to_be_disabled()
    expect(cable).not_to_be_checked()
    assert not driver.emulator.plugged_in

    cable.press("Space")
    expect(page.get_by_text("The module is restarting", exact=True)).to_be_visible()
    driver.control("POST", "clock/step", {"seconds": 2})
    driver.wait_until_running()
    expect(cable).to_be_checked()
    expect(page.locator("#guess-list li")).to_have_count(1)
    assert driver.post("get_device_info").json()["code"] == 0


def test_a_page_of_the_modules_port_leads_to_the_control_port(driver: PageDriver) -> None:
    page = driver.open(f"{driver.server.url}/__emulator__/")
    page.get_by_role("switch", name="USB cable").click()
    expect(page.get_by_text("The emulator does not respond", exact=True)).to_be_visible()
    page.get_by_role("link", name=driver.server.control_url).click()
    expect(page.get_by_text("Unplugged", exact=True)).to_be_visible()
    page.get_by_role("switch", name="USB cable").click()
    driver.wait_until_running()
    driver.expect_complaints("Failed to load resource")


def test_a_product_can_be_taught(driver: PageDriver) -> None:
    page = driver.open()
    expect(page.get_by_text("does not know this item")).to_be_visible()
    form = page.get_by_role("form", name="Teach the item on the pan")
    expect(form.get_by_label("Id")).to_have_value("001")
    expect(form.get_by_label("Name")).to_have_value("Apple")
    form.get_by_label("Id").fill("4711")
    form.get_by_label("Name").fill("Äpfel 苹果 <b>")
    form.get_by_role("button", name="Teach").click()

    expect(page.locator("#guess-list .guess-name").first).to_have_text("Äpfel 苹果 <b>")
    expect(page.locator("#products tr")).to_have_count(1)
    assert page.locator("#products td").all_inner_texts() == ["4711", "Äpfel 苹果 <b>", "1"]
    assert driver.post("get_item_list").json()["data"] == [{"id": "4711", "name": "Äpfel 苹果 <b>"}]
    assert driver.post("get_result").json()["data"]["items"][0]["id"] == "4711"

    # the form suggests a name and a free id
    page.get_by_role("button", name="Pear").click()
    expect(form.get_by_label("Name")).to_have_value("Pear")
    expect(form.get_by_label("Id")).to_have_value("001")


def test_the_catalog_shows_registered_products(driver: PageDriver) -> None:
    page = driver.open()
    driver.post("register_item", {"id": "7", "name": "Apple"})
    expect(page.get_by_text("Registered, not committed")).to_be_visible()
    expect(page.locator("#cache li")).to_have_count(1)
    driver.post("commit_registered_item", {"id": "7"})
    expect(page.locator("#cache li")).to_have_count(0)
    expect(page.locator("#products tr")).to_have_count(1)
    driver.post("set_learnmode", {"mode": 0})
    expect(page.get_by_text("only recognizes")).to_be_visible()


def test_the_page_shows_what_a_script_teaches(driver: PageDriver) -> None:
    page = driver.open()
    # not through the driver: the page must detect it alone
    taught = {"id": "9", "name": "Apple"}
    driver.client.post(f"{driver.server.control_url}catalog", json=taught).raise_for_status()
    expect(page.locator("#guess-list .guess-id").first).to_have_text("9")


def test_the_error_of_the_emulator_is_shown(driver: PageDriver) -> None:
    driver.emulator.clear_pan()
    page = driver.open()
    form = page.get_by_role("form", name="Teach the item on the pan")
    form.get_by_label("Id").fill("1")
    form.get_by_label("Name").fill("Air")
    form.get_by_role("button", name="Teach").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Teaching Air failed.")
    expect(alert).to_contain_text("The recognition area is empty")
    alert.get_by_role("button", name="Dismiss").click()
    expect(alert).to_be_hidden()
    driver.expect_complaints("400")
