"""Live recognition: the module's guesses, and their confirmation."""

from __future__ import annotations

from console_page import ConsolePage
from playwright.sync_api import expect

from vision_ai_emulator import Fault


def teach_two_apples(console: ConsolePage) -> None:
    """Teach two products that look alike, with one of them on the pan."""
    console.teach(apple="001")
    console.module.learn(id="011", name="Apple, organic", pictures=1)
    console.emulator.clear_log()


def test_guesses_have_names_bars_and_percentages(console: ConsolePage) -> None:
    console.teach(apple="001", banana="002")
    page = console.open()
    guess = page.locator("#guesses button").first
    score = console.module.get_result().items[0].score
    expect(guess.locator(".name")).to_have_text("Banana")
    expect(guess.locator(".id")).to_have_text("002")
    expect(guess.locator(".score")).to_have_text(f"{score:.0%}")
    bar, whole = guess.locator(".bar").bounding_box(), guess.bounding_box()
    assert bar
    assert whole
    assert abs(bar["width"] / whole["width"] - score) < 0.02

    console.emulator.put("apple")
    expect(guess.locator(".name")).to_have_text("Apple")
    console.emulator.clear_pan()
    expect(page.get_by_text("No product recognized.")).to_be_visible()


def test_live_picture_is_the_cameras(console: ConsolePage) -> None:
    pictures: list[bytes] = []

    def keep(frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            pictures.append(frame)

    console.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: keep(frame)))
    page = console.open()
    expect(page.locator("#picture")).to_be_visible()
    # While the next picture loads, the image has no size.
    expect(page.locator("#picture")).to_have_js_property("naturalWidth", 1280)
    expect(page.locator("#picture")).to_have_js_property("naturalHeight", 720)
    assert pictures[0] == console.module.get_image()
    console.emulator.put("lemon")
    lemon = console.module.get_image()
    console.wait_until(lambda: pictures[-1] == lemon, "the picture of the lemon")


def test_one_press_confirms_a_guess(console: ConsolePage) -> None:
    teach_two_apples(console)
    page = console.open()
    page.get_by_role("button", name="Confirm Apple, organic, ").click()
    console.expect_notice("Confirmed: Apple, organic (011)")
    (sent,) = console.request_bodies("result_feedback")
    assert (sent["id"], sent["name"], sent["intop"]) == ("011", "Apple, organic", True)
    assert sent["sid"]
    assert console.emulator.acted["result_feedback"] == 1


def test_double_click_confirms_once(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    guess = page.get_by_role("button", name="Confirm Apple")
    guess.dblclick()
    console.expect_notice("Confirmed: Apple (001)")
    # A later press counts.
    guess.click()
    expect(page.locator("#notices .notice")).to_have_count(2)
    assert console.emulator.acted["result_feedback"] == 2


def test_repeated_request_runs_once(console: ConsolePage) -> None:
    page = console.open("teach")
    send = """body => fetch("actions/take_picture", {method: "POST", body,
        headers: {"Content-Type": "application/json"}}).then(response => response.text())"""
    body = '{"key": "one and the same", "arguments": {"id": "1", "name": "One"}}'
    first = page.evaluate(send, body)
    assert page.evaluate(send, body) == first
    assert "image_id" in first
    assert console.emulator.acted["register_item"] == 1


def test_another_product_is_chosen_from_the_list(console: ConsolePage) -> None:
    console.teach(banana="002", pear="004", apple="001")
    page = console.open()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    console.button("Choose another product…").click()
    dialog = page.get_by_role("dialog", name="Choose the product")
    expect(dialog.locator("#choices li")).to_have_count(3)
    dialog.get_by_label("Search by name or number").fill("PEA")
    expect(dialog.locator("#choices li")).to_have_count(1)
    dialog.get_by_role("button", name="Pear").click()
    console.expect_notice("Confirmed: Pear (004)")
    expect(dialog).to_be_hidden()
    (sent,) = console.request_bodies("result_feedback")
    assert (sent["id"], sent["name"], sent["intop"]) == ("004", "Pear", False)


def test_another_product_is_typed(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    console.button("Choose another product…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Search").fill("nothing like it")
    expect(dialog.get_by_text("No product matches.")).to_be_visible()
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog.get_by_text("Enter the product's number and name first.")).to_be_visible()
    dialog.get_by_label("Number", exact=True).fill("0815")
    dialog.get_by_label("Name", exact=True).fill("Rote Bete <b>甜菜")
    dialog.get_by_role("button", name="Confirm").click()
    console.expect_notice("Confirmed: Rote Bete <b>甜菜 (0815)")
    (sent,) = console.request_bodies("result_feedback")
    assert (sent["id"], sent["name"], sent["intop"]) == ("0815", "Rote Bete <b>甜菜", False)


def test_product_that_the_module_does_not_know_is_chosen(console: ConsolePage) -> None:
    """Nothing is recognized, which the watch takes for an empty pan: the press makes a recognition to confirm."""
    page = console.open()
    expect(page.get_by_text("No product recognized.")).to_be_visible()
    console.button("Choose another product…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Number", exact=True).fill("001")
    dialog.get_by_label("Name", exact=True).fill("Apple")
    dialog.get_by_role("button", name="Confirm").click()
    console.expect_notice("Confirmed: Apple (001)")
    (sent,) = console.request_bodies("result_feedback")
    assert (sent["id"], sent["intop"], bool(sent["sid"])) == ("001", False, True)


def test_recognition_that_the_module_forgot_is_replaced(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    guess = page.get_by_role("button", name="Confirm Apple")
    expect(guess).to_be_visible()
    old = guess.get_attribute("data-sid") or ""
    console.emulator.fail_next(-6202, "result_feedback")
    guess.click()
    console.expect_notice("The file does not exist (-6202). The module may no longer know this recognition.")
    expect(guess).not_to_have_attribute("data-sid", old)
    guess.click()
    console.expect_notice("Confirmed: Apple (001)")


def test_guess_without_a_name_needs_one(console: ConsolePage) -> None:
    console.teach(apple="001")
    console.emulator.fail_next(-6209, "get_item_list", times=1000)
    page = console.open()
    page.get_by_role("button", name="Confirm Product 001").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Number", exact=True)).to_have_value("001")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    assert console.request_bodies("result_feedback") == []
    page.keyboard.type("Apple")
    page.keyboard.press("Enter")
    console.expect_notice("Confirmed: Apple (001)")
    (sent,) = console.request_bodies("result_feedback")
    assert (sent["id"], sent["name"], sent["intop"]) == ("001", "Apple", True)


def test_lost_camera_is_shown_over_the_picture(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    console.emulator.camera_lost = True
    expect(page.locator("#veil")).to_have_text(
        "The module has lost its camera (-6103). Check the camera's cable, then restart the module."
    )
    expect(page.locator("#guesses-none")).to_contain_text("lost its camera (-6103)")
    expect(page.locator("#banner")).to_be_hidden()
    console.emulator.camera_lost = False
    expect(page.locator("#veil")).to_be_hidden()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()


def test_lost_response_may_have_been_a_success(console: ConsolePage) -> None:
    console.teach(apple="001")
    page = console.open()
    console.emulator.faults.add(Fault("drop_before_answer", "result_feedback", times=1))
    page.get_by_role("button", name="Confirm Apple").click()
    console.expect_notice("The module may have completed the action.")
    assert console.emulator.acted["result_feedback"] == 1
