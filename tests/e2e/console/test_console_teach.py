"""Teaching a product: pictures are taken one at a time, then committed or deleted."""

from __future__ import annotations

from console_page import ConsolePage
from playwright.sync_api import Page, expect


def fill_form(page: Page, id: str, name: str, pictures: int = 3) -> None:
    page.get_by_role("textbox", name="Number", exact=True).fill(id)
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("spinbutton", name="Pictures", exact=True).fill(str(pictures))


def take_pictures(console: ConsolePage, *labels: str) -> None:
    for label in labels:
        console.button(label).click()


def test_taught_product_is_recognized(console: ConsolePage) -> None:
    console.emulator.put("banana")
    page = console.open("teach")
    fill_form(page, "007", "Banana 香蕉")
    take_pictures(console, "Take picture 1 of 3", "Take picture 2 of 3", "Take picture 3 of 3")
    expect(console.button("Take another picture")).to_be_visible()
    expect(page.get_by_role("img", name="Picture 3 of Banana 香蕉")).to_be_visible()
    assert console.module.get_item_list() == []
    expect(page.locator("#pending-count")).to_have_text("1")

    console.button("Commit Banana 香蕉").click()
    console.expect_notice("The module can now recognize Banana 香蕉")
    expect(page.get_by_text("New pictures stay here until you commit them.")).to_be_visible()
    expect(page.locator("#known")).to_contain_text("Banana 香蕉 007")
    assert console.module.get_result().items[0].id == "007"
    console.show_view("recognize")
    expect(page.get_by_role("button", name="Confirm Banana 香蕉")).to_be_visible()


def test_template_pictures_are_the_modules(console: ConsolePage) -> None:
    page = console.open("teach")
    fill_form(page, "1", "Apple", 1)
    with page.expect_response("**/templates/*") as response:
        take_pictures(console, "Take picture 1 of 1")
    picture = page.get_by_role("img", name="Picture 1 of Apple")
    expect(picture).to_be_visible()
    # The element is visible before the picture is loaded.
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    (pending,) = console.module.get_registered_item_list()
    assert response.value.url.endswith(pending.image_id)
    assert response.value.body().startswith(b"\xff\xd8\xff")


def test_picture_and_product_can_be_deleted(console: ConsolePage) -> None:
    for _ in range(2):
        console.module.register_item(id="5", name="Pear")
    console.module.register_item(id="6", name="Plum")
    first, second, plum = (each.image_id for each in console.module.get_registered_item_list())
    page = console.open("teach")
    expect(page.get_by_text("No preview")).to_have_count(3)

    console.button("Delete picture 1 of Pear").click()
    expect(page.get_by_text("No preview")).to_have_count(2)
    assert [each.image_id for each in console.module.get_registered_item_list()] == [second, plum]
    assert first != second

    console.button("Delete all pictures of Pear").click()
    console.expect_notice("Deleted: Pear")
    assert [each.id for each in console.module.get_registered_item_list()] == ["6"]
    console.button("Commit Plum").click()
    console.expect_notice("The module can now recognize Plum")
    assert [item.name for item in console.module.get_item_list()] == ["Plum"]


def test_double_click_takes_one_picture(console: ConsolePage) -> None:
    page = console.open("teach")
    fill_form(page, "1", "Apple")
    console.button("Take picture 1 of 3").dblclick()
    expect(console.button("Take picture 2 of 3")).to_be_visible()
    console.button("Commit Apple").dblclick()
    console.expect_notice("The module can now recognize Apple")
    expect(page.locator("#notices .bad")).to_have_count(0)
    assert console.emulator.acted["register_item"] == 1
    assert console.emulator.acted["commit_registered_item"] == 1


def test_invalid_form_is_explained_and_not_sent(console: ConsolePage) -> None:
    console.module.register_item(id="9", name="Quince")
    page = console.open("teach")
    console.button("Take picture 1 of 3").click()
    problem = page.locator("#teach-wrong")
    expect(problem).to_have_text("Enter the product's number and name first.")
    fill_form(page, "8", "Quince", 99)
    page.get_by_role("textbox", name="Name", exact=True).press("Enter")
    expect(problem).to_have_text("Enter 1 to 20 pictures.")
    fill_form(page, "9", "Cherry", 2)
    expect(problem).to_contain_text("Number 9 is in the list below with the name “Quince”.")
    fill_form(page, "9", "Quince", 2)
    expect(problem).to_be_hidden()
    assert len(console.request_bodies("register_item")) == 1


def test_known_product_gets_more_pictures(console: ConsolePage) -> None:
    console.teach(pear="004")
    page = console.open("teach")
    page.locator("#known").get_by_role("button", name="Pear").click()
    expect(page.get_by_role("textbox", name="Number", exact=True)).to_have_value("004")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Pear")


def test_an_empty_pan_is_explained(console: ConsolePage) -> None:
    console.emulator.clear_pan()
    page = console.open("teach")
    fill_form(page, "1", "Apple")
    take_pictures(console, "Take picture 1 of 3")
    console.expect_notice("(-6500). Put one product on the pan, inside the calibration area, and try again.")
    expect(page.locator("#notices")).not_to_contain_text("estart")


def test_thumbnails_are_not_covered(console: ConsolePage) -> None:
    page = console.open("teach")
    fill_form(page, "1", "Apple")
    take_pictures(console, "Take picture 1 of 3")
    picture = page.get_by_role("img", name="Picture 1 of Apple").bounding_box()
    remove = console.button("Delete picture 1 of Apple").bounding_box()
    assert picture and remove
    assert picture["width"] >= 100
    assert remove["y"] >= picture["y"] + picture["height"], "the button is below the picture"


def test_failed_action_keeps_the_form(console: ConsolePage) -> None:
    page = console.open("teach")
    fill_form(page, "1", "Apple")
    console.emulator.fail_next(-6128, "register_item")
    take_pictures(console, "Take picture 1 of 3")
    console.expect_notice(
        "The module is not activated (-6128). Activate the module for its store with the vendor's tool."
    )
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Apple")
    expect(console.button("Take picture 1 of 3")).to_be_visible()
