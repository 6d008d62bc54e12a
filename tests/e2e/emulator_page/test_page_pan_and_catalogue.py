"""The pan, the camera, the guesses and teaching, from the page to the device and back."""

from __future__ import annotations

from page_bench import Bench
from playwright.sync_api import expect


def test_what_is_put_on_the_pan_is_seen_and_recognised(bench: Bench) -> None:
    bench.teach(apple="001", pear="002")
    page = bench.open()
    before = bench.post("get_image").content
    shown = page.locator("#picture").get_attribute("src")
    expect(page.locator("#guess-list .guess-name").first).to_have_text("Pear")

    page.get_by_role("button", name="Apple").click()

    expect(page.get_by_role("button", name="Apple", pressed=True)).to_be_visible()
    expect(page.locator("#guess-list .guess-name").first).to_have_text("Apple")
    expect(page.locator("#picture")).not_to_have_attribute("src", shown or "")
    assert bench.emulator.pan == "apple"
    assert bench.post("get_image").content != before
    best = bench.post("get_result").json()["data"]["items"][0]
    assert best["id"] == "001"
    score = f"{round(best['score'] * 100)} %"
    expect(page.locator("#guess-list .guess-score").first).to_have_text(score)


def test_the_same_kind_again_is_another_specimen(bench: Bench) -> None:
    page = bench.open()
    before = bench.post("get_image").content
    shown = page.locator("#picture").get_attribute("src")
    page.get_by_role("button", name="Apple").click()
    expect(page.locator("#picture")).not_to_have_attribute("src", shown or "")
    assert bench.post("get_image").content != before


def test_the_picture_has_its_size_and_the_area_lies_over_it(bench: Bench) -> None:
    page = bench.open()
    expect(page.locator("#picture")).to_have_js_property("naturalWidth", 1280)
    expect(page.locator("#picture")).to_have_js_property("naturalHeight", 720)
    bench.post("set_calib", {"left": 400, "top": 30, "width": 420, "height": 500})
    area = page.locator("#area")
    for name, value in {"x": 400, "y": 30, "width": 420, "height": 500}.items():
        expect(area).to_have_attribute(name, str(value))
    picture, overlay = page.locator("#picture").bounding_box(), page.locator("svg.area").bounding_box()
    assert picture == overlay


def test_every_kind_has_a_drawing_and_a_name(bench: Bench) -> None:
    page = bench.open()
    for kind in bench.emulator.kinds:
        button = page.get_by_role("button", name=kind.capitalize(), exact=True)
        symbol = button.locator("use").get_attribute("href")
        assert symbol == f"#drawing-{kind}"
        assert page.locator(f"symbol{symbol}").count() == 1


def test_an_empty_pan_and_an_unplugged_camera(bench: Bench) -> None:
    bench.teach(apple="001")
    page = bench.open()
    page.get_by_role("button", name="Clear the pan").click()
    expect(page.get_by_text("Nothing lies in the recognition area.")).to_be_visible()
    assert bench.emulator.pan is None
    assert bench.guesses() == []

    page.get_by_role("button", name="Unplug the camera").click()
    expect(page.get_by_text("The camera is unplugged", exact=True)).to_be_visible()
    assert bench.post("get_image").json()["code"] == -6103

    page.get_by_role("button", name="Plug the camera in").click()
    expect(page.get_by_text("The camera is unplugged", exact=True)).to_be_hidden()
    assert bench.post("get_image").content.startswith(b"\xff\xd8\xff")


def test_what_is_taught_is_recognised(bench: Bench) -> None:
    page = bench.open()
    expect(page.get_by_text("like nothing that was taught")).to_be_visible()
    form = page.get_by_role("form", name="Teach what lies on the pan")
    expect(form.get_by_label("Id")).to_have_value("001")
    expect(form.get_by_label("Name")).to_have_value("Apple")
    form.get_by_label("Id").fill("4711")
    form.get_by_label("Name").fill("Äpfel 苹果 <b>")
    form.get_by_role("button", name="Teach").click()

    expect(page.locator("#guess-list .guess-name").first).to_have_text("Äpfel 苹果 <b>")
    expect(page.locator("#products tr")).to_have_count(1)
    assert page.locator("#products td").all_inner_texts() == ["4711", "Äpfel 苹果 <b>", "1"]
    assert bench.post("get_item_list").json()["data"] == [{"id": "4711", "name": "Äpfel 苹果 <b>"}]
    assert bench.post("get_result").json()["data"]["items"][0]["id"] == "4711"

    # Another picture of the same, with what the form suggests once it is known.
    page.get_by_role("button", name="Pear").click()
    expect(form.get_by_label("Name")).to_have_value("Pear")
    expect(form.get_by_label("Id")).to_have_value("001")


def test_the_catalogue_follows_what_programs_register(bench: Bench) -> None:
    page = bench.open()
    bench.post("register_item", {"id": "7", "name": "Apple"})
    expect(page.get_by_text("Registered, not committed")).to_be_visible()
    expect(page.locator("#cache li")).to_have_count(1)
    bench.post("commit_registered_item", {"id": "7"})
    expect(page.locator("#cache li")).to_have_count(0)
    expect(page.locator("#products tr")).to_have_count(1)
    bench.post("set_learnmode", {"mode": 0})
    expect(page.get_by_text("only recognises")).to_be_visible()


def test_what_a_script_teaches_is_shown_too(bench: Bench) -> None:
    page = bench.open()
    # Nothing else happens: the page has to see it by itself.
    taught = {"id": "9", "name": "Apple"}
    bench.client.post(f"{bench.server.control_url}catalogue", json=taught).raise_for_status()
    expect(page.locator("#guess-list .guess-id").first).to_have_text("9")


def test_a_refusal_is_shown_in_its_own_words(bench: Bench) -> None:
    bench.emulator.clear_pan()
    page = bench.open()
    form = page.get_by_role("form", name="Teach what lies on the pan")
    form.get_by_label("Id").fill("1")
    form.get_by_label("Name").fill("Air")
    form.get_by_role("button", name="Teach").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Teaching Air did not work.")
    expect(alert).to_contain_text("Nothing lies in the recognition area")
    alert.get_by_role("button", name="Dismiss").click()
    expect(alert).to_be_hidden()
    bench.forgive("400")
