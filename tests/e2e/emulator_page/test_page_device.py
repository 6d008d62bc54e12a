"""Clock, jobs, restarts, starting over, store, settings and state."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from page_bench import Bench, bench_in
from playwright.sync_api import BrowserContext, expect

from vision_ai_emulator import Emulator
from vision_ai_emulator.serving.server import EmulatorServer


def choose(bench: Bench, name: str, what: str) -> None:
    """One of the radio buttons, and wait until the emulator knows it: the page shows the choice before that.
    With a look that was under way meanwhile it may even show the old one once more."""
    radio = bench.page.get_by_role("radio", name=name)
    with bench.page.expect_response(f"{bench.server.control_url}{what}"):
        radio.click()
    expect(radio).to_be_checked()


def freeze(bench: Bench) -> None:
    choose(bench, "Frozen", "clock")
    expect(bench.page.get_by_role("button", name="Step 1 second", exact=True)).to_be_enabled()


def test_a_running_backup_is_completed_by_stepping_the_frozen_clock(bench: Bench) -> None:
    page = bench.open()
    backup = page.locator("[data-job=backup]")
    expect(backup).to_contain_text("none")
    expect(page.get_by_role("button", name="Step 10 seconds")).to_be_disabled()
    freeze(bench)

    bench.post("start_backup")
    expect(backup.locator(".badge")).to_have_text("1")
    expect(backup).to_contain_text("正在生成备份数据")
    assert bench.post("get_backup_status").json()["status"] == 1

    page.get_by_role("button", name="Step 10 seconds").click()
    expect(backup.locator(".badge")).to_have_text("3")
    expect(backup).to_contain_text("备份完成")
    status = bench.post("get_backup_status").json()
    assert status["status"] == 3
    expect(backup).to_contain_text(status["filename"])


def test_any_number_of_seconds_can_be_stepped(bench: Bench) -> None:
    page = bench.open()
    freeze(bench)
    before = bench.control("GET", "clock")["seconds"]
    page.get_by_label("Seconds to step").fill("2.5")
    page.get_by_role("button", name="Step that many seconds").click()
    expect(page.locator("#clock-seconds")).to_have_text(f"{before + 2.5:.1f}")
    choose(bench, "Real", "clock")
    expect(page.get_by_role("button", name="Step 10 seconds")).to_be_disabled()
    assert bench.control("GET", "clock")["mode"] == "real"


def test_the_pace_of_jobs(bench: Bench) -> None:
    bench.open()
    choose(bench, "At once", "pace")
    freeze(bench)
    bench.post("start_backup")
    assert bench.post("get_backup_status").json()["status"] == 3
    assert bench.emulator.settings.pace == "immediate"


def test_looking_does_not_move_jobs_that_go_by_each_poll(bench: Bench) -> None:
    page = bench.open()
    choose(bench, "By each poll", "pace")
    bench.post("start_backup")
    expect(page.locator("[data-job=backup] .badge")).to_have_text("1")
    # The page goes on looking; another thing that it shows proves that it has.
    bench.post("get_calib")
    expect(page.locator("#log li")).to_have_count(2)
    expect(page.locator("[data-job=backup] .badge")).to_have_text("1")


def test_a_restart_shows_the_module_gone_and_comes_back_by_itself(bench: Bench) -> None:
    page = bench.open()
    freeze(bench)
    page.get_by_role("button", name="Reboot").click()
    expect(page.get_by_text("Gone: restarting")).to_be_visible()
    expect(page.get_by_text("The module is gone", exact=True)).to_be_visible()
    assert not bench.emulator.device.up

    page.get_by_role("button", name="Step 10 seconds").click()
    bench.running()
    expect(page.get_by_text("The module is gone", exact=True)).to_be_hidden()
    expect(page.locator("#device-text")).to_contain_text("1 restart")
    assert bench.post("get_device_info").json()["code"] == 0


def test_a_restart_in_real_time(bench: Bench) -> None:
    page = bench.open()
    page.get_by_label("Seconds the device is gone").fill("4")
    page.get_by_role("button", name="Reboot").click()
    expect(page.get_by_text("Gone: restarting")).to_be_visible()
    bench.running()


def test_the_page_goes_on_when_an_emulator_is_back(bench: Bench) -> None:
    with EmulatorServer(Emulator(pan="pear"), "127.0.0.1", 0) as server:
        url = server.control_url
        page = bench.open(url)
        page.get_by_role("button", name="Teach").click()
        expect(page.locator("#products tr")).to_have_count(1)
        bench.client.post(f"{server.url}/api/get_calib")
        expect(page.locator("#log li")).to_have_count(1)
    expect(page.get_by_text("No contact", exact=True)).to_be_visible()
    expect(page.get_by_text("No contact with the emulator")).to_be_visible()
    with EmulatorServer(Emulator(pan="lemon"), "127.0.0.1", 0, control_port=urlsplit(url).port):
        bench.running()
        # It is another one: nothing of the first is left.
        expect(page.get_by_role("button", name="Lemon", pressed=True)).to_be_visible()
        expect(page.locator("#products tr")).to_have_count(0)
        expect(page.locator("#log li")).to_have_count(0)
        page.close()
    bench.forgive("Failed to load resource")


def test_starting_over(bench: Bench) -> None:
    bench.teach(apple="001", pear="002")
    bench.emulator.fail_next(-6210, times=3)
    bench.post("get_calib")
    page = bench.open()
    expect(page.locator("#products tr")).to_have_count(2)
    expect(page.locator("#log li")).to_have_count(1)
    expect(page.locator("#faults-list li")).to_have_count(1)

    page.get_by_role("button", name="Reset…").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Reset…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Seed").fill("7")
    dialog.get_by_label("On the pan").select_option("banana")
    dialog.get_by_role("button", name="Reset the device").click()

    expect(page.get_by_role("button", name="Banana", pressed=True)).to_be_visible()
    expect(page.locator("#products tr")).to_have_count(0)
    expect(page.locator("#log li")).to_have_count(0)
    expect(page.locator("#faults-list li")).to_have_count(0)
    expect(page.locator("#device-text")).to_contain_text("seed 7")
    assert (bench.emulator.pan, bench.emulator.seed) == ("banana", 7)
    assert bench.post("get_item_list").json()["data"] == []


def test_the_store(bench: Bench) -> None:
    page = bench.open()
    expect(page.locator("#activated")).to_have_text("activated")
    page.get_by_role("button", name="Take the activation away").click()
    expect(page.locator("#activated")).to_have_text("not activated")
    assert bench.post("get_device_info").json()["data"]["clientID"] == "0000"

    form = page.get_by_role("form", name="Store")
    form.get_by_label("Id").fill("42")
    form.get_by_label("Name").fill("Corner Shop")
    form.get_by_role("button", name="Activate").click()
    expect(page.locator("#activated")).to_have_text("activated")
    info = bench.post("get_device_info").json()["data"]
    assert (info["clientID"], info["clientName"]) == ("42", "Corner Shop")


def test_settings(bench: Bench) -> None:
    page = bench.open()
    form = page.get_by_role("form", name="Settings")
    form.get_by_label("Firmware").fill("9.9.5.0")
    form.get_by_label("Sync mode").select_option("slave")
    form.get_by_text("All settings").click()
    form.get_by_label("Sold out limit").fill("9")
    form.get_by_label("Require activation").check()
    form.get_by_role("button", name="Apply settings").click()
    expect(page.get_by_text("The settings are applied.")).to_be_visible()
    info = bench.post("get_device_info").json()["data"]
    assert (info["firmware"], info["syncMode"], info["soldOutLimit"]) == ("9.9.5.0", "slave", 9)
    settings = bench.emulator.settings
    assert settings.require_activation
    assert settings.engine == "9.5.0"


def test_the_state_as_a_file(context: BrowserContext, tmp_path: Path) -> None:
    file = tmp_path / "device.json"
    with bench_in(context, state_file=str(file)) as bench:
        bench.teach(pear="002")
        page = bench.open()
        page.get_by_role("button", name="Save state").click()
        expect(page.get_by_text("The state is saved in")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download").click()
        downloaded = json.loads(Path(download.value.path()).read_text("utf-8"))
        assert downloaded.keys() == json.loads(file.read_text("utf-8")).keys()

        bench.control("POST", "reset", {"pan": "apple"})
        expect(page.locator("#products tr")).to_have_count(0)
        page.get_by_label("Load…").set_input_files(file)
        expect(page.locator("#products tr")).to_have_count(1)
        expect(page.get_by_role("button", name="Pear", pressed=True)).to_be_visible()
        assert bench.emulator.pan == "pear"


def test_saving_without_a_file_says_what_to_do(bench: Bench) -> None:
    page = bench.open()
    page.get_by_role("button", name="Save state").click()
    expect(page.get_by_role("alert")).to_contain_text("--state")
    bench.forgive("400")
