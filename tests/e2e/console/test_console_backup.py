"""Backups made, downloaded, brought and restored, from the page to the module and back."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from console_bench import Bench
from playwright.sync_api import Locator, Page, Route, expect

from vision_ai_emulator import Fault


def make(bench: Bench) -> str:
    """A backup; its name."""
    bench.button("Make a backup").click()
    expect(bench.page.locator("#job-title")).to_contain_text("Backup made: ")
    return bench.page.locator("#job-title").inner_text().removeprefix("Backup made: ")


def type_serial(page: Page, serial: str) -> Locator:
    """Types it into the dialog; gives the button that then goes on."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Type the serial number").fill(serial)
    return dialog.locator("#serial-go")


def known(bench: Bench) -> list[str]:
    return [item.name for item in bench.module.get_item_list()]


def test_a_backup_is_downloaded_as_the_module_has_it(bench: Bench, tmp_path: Path) -> None:
    bench.emulator.change(backup_padding=3_000_000)
    bench.teach(apple="001")
    page = bench.open("backup")
    expect(page.get_by_text("None yet. Make one before")).to_be_visible()
    name = make(bench)
    of_module = httpx.get(f"{bench.server.url}/download/{name}", trust_env=False).content
    assert len(of_module) > 3_000_000
    for link in (
        page.locator("#job-download"),
        page.get_by_role("link", name=f"Download {name}", exact=True),
    ):
        with page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / "downloaded.evo")
        assert (tmp_path / "downloaded.evo").read_bytes() == of_module
    assert (bench.folder / name).read_bytes() == of_module
    bench.button("Dismiss").click()
    expect(page.locator("#job")).to_be_hidden()


def test_a_restore_brings_back_what_the_module_knew(bench: Bench) -> None:
    bench.teach(apple="001", pear="004")
    page = bench.open("backup")
    name = make(bench)
    bench.teach(banana="002")
    bench.emulator.clear_log()

    bench.button(f"Restore {name}").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"Restore {name}?")
    expect(type_serial(page, "1234567")).to_be_disabled()
    page.keyboard.press("Enter")
    assert bench.bodies("start_restore") == []
    type_serial(page, "12345678").click()
    expect(page.locator("#job-title")).to_have_text(f"Restored from {name}")
    assert known(bench) == ["Apple", "Pear"]
    assert bench.emulator.acted["start_restore"] == 1


def test_a_file_that_was_brought_is_restored(bench: Bench, tmp_path: Path) -> None:
    bench.teach(apple="001")
    file = bench.module.backup(tmp_path, poll=0.1).rename(tmp_path / "备份 1.evo")
    bench.emulator.reset()
    assert known(bench) == []
    page = bench.open("backup")
    page.get_by_label("Bring a file…").set_input_files(file)
    bench.told("备份 1.evo is in the list now")
    assert (bench.folder / "备份 1.evo").read_bytes() == file.read_bytes()
    bench.button("Restore 备份 1.evo").click()
    type_serial(page, "12345678").click()
    expect(page.locator("#job-title")).to_have_text("Restored from 备份 1.evo")
    assert known(bench) == ["Apple"]


def test_a_file_that_is_no_backup_is_told_in_one_line(bench: Bench, tmp_path: Path) -> None:
    bench.teach(apple="001")
    page = bench.open("backup")
    chooser = page.get_by_label("Bring a file…")
    chooser.set_input_files({"name": "empty.evo", "mimeType": "", "buffer": b""})
    bench.told("empty.evo is empty. Choose a backup file (.evo).")
    chooser.set_input_files({"name": "holiday.jpg", "mimeType": "", "buffer": b"no backup"})
    bench.told("holiday.jpg is in the list now")
    chooser.set_input_files({"name": "holiday.jpg", "mimeType": "", "buffer": b"another"})
    bench.told("holiday-2.jpg is in the list now")
    assert (bench.folder / "holiday.jpg").read_bytes() == b"no backup"
    bench.button("Restore holiday.jpg").click()
    type_serial(page, "12345678").click()
    expect(page.locator("#job")).to_contain_text(
        "Restore did not work. The file does not have the expected format (-6140). Use a backup made on"
    )
    assert known(bench) == ["Apple"]
    assert sorted(each.name for each in bench.folder.iterdir()) == ["holiday-2.jpg", "holiday.jpg"]


def test_the_console_checks_the_serial_number_itself(bench: Bench) -> None:
    page = bench.open("backup")
    name = make(bench)
    bench.button(f"Restore {name}").click()

    def plug_another(route: Route) -> None:
        """Just now: the page, which looks at the module too, has not seen it yet."""
        bench.emulator.change(sn="87654321")
        route.continue_()

    page.route("**/orders/restore", plug_another)
    type_serial(page, "12345678").click()
    bench.told("That is not the serial number of this module. Nothing was done.")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    assert bench.bodies("start_restore") == []


def test_a_backup_that_fails_leaves_nothing(bench: Bench) -> None:
    page = bench.open("backup")
    bench.emulator.faults.add(Fault("job_fails", "start_backup", times=1))
    bench.button("Make a backup").click()
    expect(page.locator("#job")).to_contain_text("Backup did not work. The module has ended it.")
    assert list(bench.folder.iterdir()) == []
    make(bench)


def test_one_thing_at_a_time(bench: Bench) -> None:
    bench.emulator.change(backup_seconds=6)
    page = bench.open("backup")
    other = bench.watch(bench.context.new_page())
    other.goto(f"{bench.console.url}#device")
    bench.button("Make a backup").dblclick()
    # In the other tab too it is seen, and nothing else is begun.
    expect(other.locator("#job-text")).to_have_text("the module makes the file")
    other.get_by_role("button", name="Restart the module").click()
    expect(other.locator("#notices")).to_contain_text("Something else is being done.")
    expect(page.locator("#job-title")).to_contain_text("Backup made")
    expect(other.locator("#job-title")).to_contain_text("Backup made")
    assert bench.emulator.acted["start_backup"] == 1
    assert "reboot" not in bench.emulator.acted


def test_an_upload_that_breaks_off_leaves_nothing(bench: Bench) -> None:
    bench.open("backup")
    address = urlsplit(bench.console.url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        head = f"PUT /backups/half.evo HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 1000\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 100)
        bench.until(lambda: any(bench.folder.iterdir()), "the beginning of the file")
    bench.until(lambda: not any(bench.folder.iterdir()), "the end of it")
