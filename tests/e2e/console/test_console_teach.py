"""Teaching a product: pictures taken one at a time, looked at, committed or deleted."""

from __future__ import annotations

from console_bench import Bench
from playwright.sync_api import Page, expect


def fill(page: Page, id: str, name: str, pictures: int = 3) -> None:
    page.get_by_role("textbox", name="Number", exact=True).fill(id)
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("spinbutton", name="Pictures", exact=True).fill(str(pictures))


def take(bench: Bench, *labels: str) -> None:
    for label in labels:
        bench.button(label).click()


def test_what_is_taught_is_recognised(bench: Bench) -> None:
    bench.emulator.put("banana")
    page = bench.open("teach")
    fill(page, "007", "Banana 香蕉")
    take(bench, "Take picture 1 of 3", "Take picture 2 of 3", "Take picture 3 of 3")
    expect(bench.button("Take one more")).to_be_visible()
    expect(page.get_by_role("img", name="Picture 3 of Banana 香蕉")).to_be_visible()
    assert bench.module.get_item_list() == []
    expect(page.locator("#pending-count")).to_have_text("1")

    bench.button("Commit Banana 香蕉").click()
    bench.told("Banana 香蕉 can be recognised now")
    expect(page.get_by_text("Pictures wait here until they are committed.")).to_be_visible()
    expect(page.locator("#known")).to_contain_text("Banana 香蕉 007")
    assert bench.module.get_result().items[0].id == "007"
    bench.go("recognise")
    expect(page.get_by_role("button", name="Confirm Banana 香蕉")).to_be_visible()


def test_template_pictures_are_the_modules_own(bench: Bench) -> None:
    page = bench.open("teach")
    fill(page, "1", "Apple", 1)
    with page.expect_response("**/templates/*") as shown:
        take(bench, "Take picture 1 of 1")
    picture = page.get_by_role("img", name="Picture 1 of Apple")
    expect(picture).to_be_visible()
    # Its place is there before it is.
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    (pending,) = bench.module.get_registered_item_list()
    assert shown.value.url.endswith(pending.image_id)
    assert shown.value.body().startswith(b"\xff\xd8\xff")


def test_a_picture_and_a_product_can_be_deleted(bench: Bench) -> None:
    for _ in range(2):
        bench.module.register_item(id="5", name="Pear")
    bench.module.register_item(id="6", name="Plum")
    first, second, plum = (each.image_id for each in bench.module.get_registered_item_list())
    page = bench.open("teach")
    expect(page.get_by_text("Taken earlier")).to_have_count(3)

    bench.button("Delete picture 1 of Pear").click()
    expect(page.get_by_text("Taken earlier")).to_have_count(2)
    assert [each.image_id for each in bench.module.get_registered_item_list()] == [second, plum]
    assert first != second

    bench.button("Delete all pictures of Pear").click()
    bench.told("Deleted: Pear")
    assert [each.id for each in bench.module.get_registered_item_list()] == ["6"]
    bench.button("Commit Plum").click()
    bench.told("Plum can be recognised now")
    assert [item.name for item in bench.module.get_item_list()] == ["Plum"]


def test_a_double_click_takes_one_picture(bench: Bench) -> None:
    page = bench.open("teach")
    fill(page, "1", "Apple")
    bench.button("Take picture 1 of 3").dblclick()
    expect(bench.button("Take picture 2 of 3")).to_be_visible()
    bench.button("Commit Apple").dblclick()
    bench.told("Apple can be recognised now")
    expect(page.locator("#notices .bad")).to_have_count(0)
    assert bench.emulator.acted["register_item"] == 1
    assert bench.emulator.acted["commit_registered_item"] == 1


def test_what_is_missing_is_told_before_anything_is_sent(bench: Bench) -> None:
    bench.module.register_item(id="9", name="Quince")
    page = bench.open("teach")
    bench.button("Take picture 1 of 3").click()
    wrong = page.locator("#teach-wrong")
    expect(wrong).to_have_text("Give the product's number and name first.")
    fill(page, "8", "Quince", 99)
    page.get_by_role("textbox", name="Name", exact=True).press("Enter")
    expect(wrong).to_have_text("The number of pictures is 1 to 20.")
    fill(page, "9", "Cherry", 2)
    expect(wrong).to_contain_text("Number 9 waits below as “Quince”.")
    fill(page, "9", "Quince", 2)
    expect(wrong).to_be_hidden()
    assert len(bench.bodies("register_item")) == 1


def test_a_known_product_gets_more_pictures(bench: Bench) -> None:
    bench.teach(pear="004")
    page = bench.open("teach")
    page.locator("#known").get_by_role("button", name="Pear").click()
    expect(page.get_by_role("textbox", name="Number", exact=True)).to_have_value("004")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Pear")


def test_what_fails_leaves_what_was_typed(bench: Bench) -> None:
    page = bench.open("teach")
    fill(page, "1", "Apple")
    bench.emulator.fail_next(-6128, "register_item")
    take(bench, "Take picture 1 of 3")
    bench.told(
        "The module is not activated (-6128). Activate the module for its store with the vendor's tool."
    )
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Apple")
    expect(bench.button("Take picture 1 of 3")).to_be_visible()
