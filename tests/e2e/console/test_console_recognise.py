"""Recognition live: the module's guesses, and what the clerk says to them."""

from __future__ import annotations

from console_bench import Bench
from playwright.sync_api import expect

from vision_ai_emulator import Fault


def two_apples(bench: Bench) -> None:
    """Two products that look alike, one of them on the pan."""
    bench.teach(apple="001")
    bench.module.learn(id="011", name="Apple, organic", pictures=1)
    bench.emulator.clear_log()


def test_guesses_have_names_bars_and_percentages(bench: Bench) -> None:
    bench.teach(apple="001", banana="002")
    page = bench.open()
    guess = page.locator("#guesses button").first
    score = bench.module.get_result().items[0].score
    expect(guess.locator(".name")).to_have_text("Banana")
    expect(guess.locator(".id")).to_have_text("002")
    expect(guess.locator(".score")).to_have_text(f"{score:.0%}")
    bar, whole = guess.locator(".bar").bounding_box(), guess.bounding_box()
    assert bar
    assert whole
    assert abs(bar["width"] / whole["width"] - score) < 0.02

    bench.emulator.put("apple")
    expect(guess.locator(".name")).to_have_text("Apple")
    bench.emulator.clear_pan()
    expect(page.get_by_text("Nothing recognised.")).to_be_visible()


def test_the_live_picture_is_the_cameras(bench: Bench) -> None:
    pictures: list[bytes] = []

    def keep(frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            pictures.append(frame)

    bench.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: keep(frame)))
    page = bench.open()
    expect(page.locator("#picture")).to_be_visible()
    # Another one is on its way already, and while it comes an image has no size.
    expect(page.locator("#picture")).to_have_js_property("naturalWidth", 1280)
    expect(page.locator("#picture")).to_have_js_property("naturalHeight", 720)
    assert pictures[0] == bench.module.get_image()
    bench.emulator.put("lemon")
    lemon = bench.module.get_image()
    bench.until(lambda: pictures[-1] == lemon, "the picture of the lemon")


def test_one_press_confirms(bench: Bench) -> None:
    two_apples(bench)
    page = bench.open()
    page.get_by_role("button", name="Confirm Apple, organic, ").click()
    bench.told("Told the module: Apple, organic (011)")
    (sent,) = bench.bodies("result_feedback")
    assert (sent["id"], sent["name"], sent["intop"]) == ("011", "Apple, organic", True)
    assert sent["sid"]
    assert bench.emulator.acted["result_feedback"] == 1


def test_a_double_click_confirms_once(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open()
    guess = page.get_by_role("button", name="Confirm Apple")
    guess.dblclick()
    bench.told("Told the module: Apple (001)")
    # The next press is a new one.
    guess.click()
    expect(page.locator("#notices .notice")).to_have_count(2)
    assert bench.emulator.acted["result_feedback"] == 2


def test_an_order_that_a_browser_sends_again_is_done_once(bench: Bench) -> None:
    page = bench.open("teach")
    order = """body => fetch("orders/take_picture", {method: "POST", body,
        headers: {"Content-Type": "application/json"}}).then(answer => answer.text())"""
    body = '{"key": "one and the same", "arguments": {"id": "1", "name": "One"}}'
    first = page.evaluate(order, body)
    assert page.evaluate(order, body) == first
    assert "image_id" in first
    assert bench.emulator.acted["register_item"] == 1


def test_another_product_is_picked_from_the_list(bench: Bench) -> None:
    bench.teach(banana="002", pear="004", apple="001")
    page = bench.open()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    bench.button("It is another product…").click()
    dialog = page.get_by_role("dialog", name="Which product is it?")
    expect(dialog.locator("#choices li")).to_have_count(3)
    dialog.get_by_label("Search by name or number").fill("PEA")
    expect(dialog.locator("#choices li")).to_have_count(1)
    dialog.get_by_role("button", name="Pear").click()
    bench.told("Told the module: Pear (004)")
    expect(dialog).to_be_hidden()
    (sent,) = bench.bodies("result_feedback")
    assert (sent["id"], sent["name"], sent["intop"]) == ("004", "Pear", False)


def test_another_product_is_typed(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()
    bench.button("It is another product…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Search").fill("nothing like it")
    expect(dialog.get_by_text("knows no such product")).to_be_visible()
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog.get_by_text("Give the product's number and name first.")).to_be_visible()
    dialog.get_by_label("Number", exact=True).fill("0815")
    dialog.get_by_label("Name", exact=True).fill("Rote Bete <b>甜菜")
    dialog.get_by_role("button", name="Confirm").click()
    bench.told("Told the module: Rote Bete <b>甜菜 (0815)")
    (sent,) = bench.bodies("result_feedback")
    assert (sent["id"], sent["name"], sent["intop"]) == ("0815", "Rote Bete <b>甜菜", False)


def test_a_guess_without_a_name_is_asked_for_it(bench: Bench) -> None:
    bench.teach(apple="001")
    bench.emulator.fail_next(-6209, "get_item_list", times=1000)
    page = bench.open()
    page.get_by_role("button", name="Confirm No. 001").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Number", exact=True)).to_have_value("001")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    assert bench.bodies("result_feedback") == []
    page.keyboard.type("Apple")
    page.keyboard.press("Enter")
    bench.told("Told the module: Apple (001)")
    (sent,) = bench.bodies("result_feedback")
    assert (sent["id"], sent["name"], sent["intop"]) == ("001", "Apple", True)


def test_a_lost_camera_is_told_where_the_picture_was(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open()
    bench.emulator.camera_lost = True
    expect(page.locator("#veil")).to_have_text(
        "The module has lost its camera (-6103). Check the camera's cable, then restart the module."
    )
    expect(page.locator("#guesses-none")).to_contain_text("lost its camera (-6103)")
    expect(page.locator("#banner")).to_be_hidden()
    bench.emulator.camera_lost = False
    expect(page.locator("#veil")).to_be_hidden()
    expect(page.get_by_role("button", name="Confirm Apple")).to_be_visible()


def test_a_lost_answer_says_that_it_may_have_been_done(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open()
    bench.emulator.faults.add(Fault("drop_before_answer", "result_feedback", times=1))
    page.get_by_role("button", name="Confirm Apple").click()
    bench.told("it may have been done all the same")
    assert bench.emulator.acted["result_feedback"] == 1
