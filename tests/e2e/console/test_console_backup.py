"""Backups: created, downloaded, uploaded and restored."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from console_page import ConsolePage
from playwright.sync_api import Locator, Page, Route, expect

from vision_ai_emulator import Fault

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 9000


def make_backup(console: ConsolePage) -> str:
    """Make a backup and return its name."""
    console.button("Make a backup").click()
    expect(console.page.locator("#job-title")).to_contain_text("Backup complete: ")
    return console.page.locator("#job-title").inner_text().removeprefix("Backup complete: ")


def type_serial(page: Page, serial: str) -> Locator:
    """Type the number into the dialog; return the button that continues."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Type the serial number").fill(serial)
    return dialog.locator("#confirm-go")


def list_products(console: ConsolePage) -> list[str]:
    return [item.name for item in console.module.get_item_list()]


def test_downloaded_backup_is_the_modules_file(console: ConsolePage, tmp_path: Path) -> None:
    console.emulator.change(backup_padding=3_000_000)
    console.teach(apple="001")
    page = console.open("backup")
    expect(page.get_by_text("None yet. Make a backup before")).to_be_visible()
    name = make_backup(console)
    with httpx.Client(base_url=console.emulator_server.url, trust_env=False) as client:
        module_name = client.post("/api/get_backup_status").json()["filename"]
        of_module = client.get(f"/download/{module_name}").content
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
    assert (console.folder / name).read_bytes() == of_module
    console.button("Dismiss").click()
    expect(page.locator("#job")).to_be_hidden()


def test_restore_brings_back_the_products(console: ConsolePage) -> None:
    console.teach(apple="001", pear="004")
    page = console.open("backup")
    name = make_backup(console)
    console.teach(banana="002")
    console.emulator.clear_log()

    console.button(f"Restore {name}").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"Restore {name}?")
    expect(type_serial(page, "1234567")).to_be_disabled()
    page.keyboard.press("Enter")
    assert console.request_bodies("start_restore") == []
    type_serial(page, "12345678").click()
    expect(page.locator("#job-title")).to_have_text(f"Restored from {name}")
    assert list_products(console) == ["Apple", "Pear"]
    assert console.emulator.acted["start_restore"] == 1


def test_uploaded_file_is_restored(console: ConsolePage, tmp_path: Path) -> None:
    console.teach(apple="001")
    file = console.module.backup(tmp_path, poll=0.1).rename(tmp_path / "备份 1.evo")
    console.emulator.reset()
    assert list_products(console) == []
    page = console.open("backup")
    page.get_by_label("Upload a file…").set_input_files(file)
    console.expect_notice("Uploaded: 备份 1.evo")
    assert (console.folder / "备份 1.evo").read_bytes() == file.read_bytes()
    console.button("Restore 备份 1.evo").click()
    type_serial(page, "12345678").click()
    expect(page.locator("#job-title")).to_have_text("Restored from 备份 1.evo")
    assert list_products(console) == ["Apple"]


def test_file_that_is_no_backup_is_explained_in_one_line(console: ConsolePage, tmp_path: Path) -> None:
    console.teach(apple="001")
    page = console.open("backup")
    chooser = page.get_by_label("Upload a file…")
    chooser.set_input_files({"name": "empty.evo", "mimeType": "", "buffer": b""})
    console.expect_notice("empty.evo is empty. Choose a backup file (.evo).")
    chooser.set_input_files({"name": "holiday.jpg", "mimeType": "", "buffer": JPEG})
    console.expect_notice("holiday.jpg is not a backup. Nothing was done.")
    assert list(console.folder.iterdir()) == []
    # A file that was put in the folder otherwise is listed, and cannot be restored.
    (console.folder / "holiday.jpg").write_bytes(JPEG)
    page.reload()
    expect(page.locator("#files")).to_contain_text("This is not a backup. It cannot be restored.")
    expect(console.button("Restore holiday.jpg")).to_be_disabled()
    send = """() => fetch("actions/restore", {method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify({key: "x", arguments: {file: "holiday.jpg", serial: "12345678"}})})
        .then(response => response.json())"""
    assert page.evaluate(send) == {"failure": {"kind": "no_backup", "name": "holiday.jpg"}}
    assert list_products(console) == ["Apple"]
    assert "start_restore" not in console.emulator.acted


def test_backup_shows_its_module_and_warns_of_another(console: ConsolePage) -> None:
    page = console.open("backup")
    name = make_backup(console)
    expect(page.locator("#files li")).to_contain_text("Serial number 12345678 · engine 9.5.0")
    copied = name.replace("12345678", "87654321")
    (console.folder / copied).write_bytes((console.folder / name).read_bytes())
    console.emulator.change(engine="9.6.0")
    page.reload()
    expect(page.locator("#files li").filter(has_text=copied)).to_contain_text("Serial number 87654321")
    expect(page.locator("#files")).not_to_contain_text(".json")
    for file, warning in {
        name: "The backup was made with engine 9.5.0, and the module has engine 9.6.0.",
        copied: "The backup is of the module 87654321, and the connected module is 12345678.",
    }.items():
        console.button(f"Restore {file}").click()
        expect(page.get_by_role("dialog")).to_contain_text(warning)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_backup_is_deleted_after_a_confirmation(console: ConsolePage) -> None:
    page = console.open("backup")
    name = make_backup(console)
    console.button(f"Delete {name}").click()
    dialog = page.get_by_role("dialog", name=f"Delete {name}?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert (console.folder / name).exists()
    plug_in = console.unplug()  # the files are on this computer: no module is needed
    expect(page.locator("#state")).to_have_text("Module unreachable")
    console.button(f"Delete {name}").click()
    dialog.get_by_role("button", name="Delete the file").click()
    console.expect_notice(f"Deleted: {name}")
    expect(page.get_by_text("None yet. Make a backup before")).to_be_visible()
    assert list(console.folder.iterdir()) == []
    plug_in()


def test_console_checks_the_serial_number_itself(console: ConsolePage) -> None:
    page = console.open("backup")
    name = make_backup(console)
    console.button(f"Restore {name}").click()

    def connect_another_module(route: Route) -> None:
        """Replace the module before the page notices."""
        console.emulator.change(sn="87654321")
        route.continue_()

    page.route("**/actions/restore", connect_another_module)
    type_serial(page, "12345678").click()
    console.expect_notice("This is not the serial number of the connected module. Nothing was done.")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    assert console.request_bodies("start_restore") == []


def test_failed_backup_leaves_no_file(console: ConsolePage) -> None:
    page = console.open("backup")
    console.emulator.faults.add(Fault("job_fails", "start_backup", times=1))
    console.button("Make a backup").click()
    expect(page.locator("#job")).to_contain_text(
        "Backup failed. The module failed for an unknown reason (-6210)."
    )
    assert list(console.folder.iterdir()) == []
    make_backup(console)


def test_one_job_at_a_time(console: ConsolePage) -> None:
    console.emulator.change(backup_seconds=1)
    console.emulator.freeze()  # the backup takes as long as the test needs
    page = console.open("backup")
    other = console.open_tab("device")
    console.button("Make a backup").dblclick()
    # The other tab shows it too, and cannot start anything else.
    expect(other.locator("#job-text")).to_have_text("the module creates the file")
    restart = other.get_by_role("button", name="Restart the module…")
    expect(restart).to_be_disabled()
    expect(restart).to_have_attribute("title", "A job is running. Wait until it is complete.")
    console.emulator.step(1)
    expect(page.locator("#job-title")).to_contain_text("Backup complete")
    expect(other.locator("#job-title")).to_contain_text("Backup complete")
    assert console.emulator.acted["start_backup"] == 1
    assert "reboot" not in console.emulator.acted


def test_interrupted_upload_leaves_no_file(console: ConsolePage) -> None:
    console.open("backup")
    address = urlsplit(console.server.url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        head = f"PUT /backups/half.evo HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 1000\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 100)
        console.wait_until(lambda: any(console.folder.iterdir()), "the file appears")
    console.wait_until(lambda: not any(console.folder.iterdir()), "the file is removed")
