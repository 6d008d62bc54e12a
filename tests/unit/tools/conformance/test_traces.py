"""A run reverts its changes on the module, or the report mentions them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conformance_support import ChangedTransport, check, make_emulator

from vision_ai import VisionAI
from vision_ai_emulator import Dialect, Emulator
from vision_ai_generated.api import OPERATIONS
from vision_ai_tools.conformance import EFFECTS

# The clock, and the numbers of recognitions and pictures, advance also with operations that only read.
COUNTERS = ("clock", "identifiers", "recognitions")
BACKUP = ("backup", "finished_backup", "restore")


def get_state(emulator: Emulator, *ignored: str) -> Any:
    """Return the emulator's state without the ignored keys."""

    def remove(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: remove(each) for name, each in value.items() if name not in ignored}
        return value

    return remove(emulator.state())


@pytest.fixture
def used(emulator: Emulator) -> Iterator[Emulator]:
    """An emulator with products, a picture in the cache, and settings."""
    with VisionAI(emulator.url) as module:
        module.reset_device()
        module.learn(id="001", name="Apple", pictures=2)
        module.register_item(id="99999", name="taken")
        module.set_calib(left=100, top=50, width=800, height=600)
        module.set_learnmode(mode=0)
    emulator.activate("11095", "Fruit Store Name")
    emulator.clear_log()
    yield emulator


def get_effects(emulator: Emulator) -> set[str]:
    """Return the effects of all operations that were carried out."""
    return {OPERATIONS["download_backup" if name == "download" else name].effect for name in emulator.acted}


def test_reading_changes_nothing(used: Emulator, tmp_path: Path) -> None:
    before = get_state(used, *COUNTERS)
    report = check(used, tmp_path)
    assert get_state(used, *COUNTERS) == before
    assert get_effects(used) == {"read"}
    assert report.traces == () and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("effects", EFFECTS[1:])
def test_changes_are_reverted(used: Emulator, tmp_path: Path, effects: str) -> None:
    before = get_state(used, *COUNTERS, *BACKUP)
    report = check(used, tmp_path, effects)
    assert report.conforms
    assert get_state(used, *COUNTERS, *BACKUP) == before
    allowed = set(EFFECTS[: EFFECTS.index(effects) + 1])  # type: ignore[arg-type]
    assert get_effects(used) == allowed
    assert not used.acted.keys() & {"reboot", "reset_device", "commit_registered_item", "result_feedback"}
    # the only change is the backup on the module; the last level also keeps a copy
    assert len(report.traces) == (effects != "set")
    assert len(list(tmp_path.iterdir())) == (effects == "destructive")


def test_an_unused_product_number_is_chosen(used: Emulator, tmp_path: Path) -> None:
    report = check(used, tmp_path, "act")
    registered = [each.sent for each in report.exchanges if each.operation == "register_item"]
    assert len(registered) == 3 and all('"99998"' in each for each in registered)


def test_restart_and_reset_on_request(emulator: Emulator, tmp_path: Path) -> None:
    report = check(emulator, tmp_path, "destructive", also=["reset_device", "reboot"])
    assert (emulator.acted["reboot"], emulator.acted["reset_device"]) == (1, 1)
    assert report.complete and report.also == ("reboot", "reset_device")
    assert any("factory settings" in each for each in report.traces)


@pytest.mark.parametrize("busy", ["start_backup", "start_restore"])
def test_a_running_job_is_not_disturbed(emulator: Emulator, tmp_path: Path, busy: str) -> None:
    with VisionAI(emulator.url) as module:
        if busy == "start_restore":
            backup = module.backup(tmp_path, poll=0.01)
            emulator.change(pace="timed", restore_seconds=1000.0)
            module.start_restore(file=backup)
        else:
            emulator.change(pace="timed", backup_seconds=1000.0)
            module.start_backup()
    emulator.clear_log()
    report = check(emulator, tmp_path, "destructive")
    assert report.complete and any("busy" in each for each in report.left_out)
    assert not emulator.acted.keys() & {"start_backup", "start_restore"}


def test_pictures_that_cannot_be_deleted_are_reported(emulator: Emulator, tmp_path: Path) -> None:
    class KeepingTransport(ChangedTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.startswith("/api/delete_"):
                return httpx.Response(200, json={"code": -6203, "data": None})
            return super().handle_request(request)

    report = check(KeepingTransport(emulator, lambda _, response: response), tmp_path, "act")
    assert report.complete
    assert len(emulator.device.get_registered_item_list()) == 3
    assert any("99999" in each and "cache" in each for each in report.traces)
    assert report.reading("A11").verdict == "as_read"


def test_a_failed_restore_is_reported_and_keeps_the_backup(emulator: Emulator, tmp_path: Path) -> None:

    def fail(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path == "/api/get_restore_status" and response.json()["status"] == 4:
            return httpx.Response(200, json={"code": 0, "msg": "", "status": 5})
        return response

    report = check(ChangedTransport(emulator, fail), tmp_path, "destructive")
    [backup] = tmp_path.iterdir()
    assert any("restore" in each for each in report.traces)
    assert report.reading("A4").verdict == "not_tried"
    with VisionAI(emulator.url) as module:
        module.restore(backup, poll=0.01)


def test_pictures_of_another_product_are_found_and_deleted(tmp_path: Path) -> None:
    """The firmware reads only item_id, and takes 0 for a missing one."""

    class DefaultingTransport(ChangedTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            body = request.read() if request.url.path.startswith(("/api/register", "/api/delete")) else b""
            if body and "item_id" not in json.loads(body):
                sent = {**json.loads(body), "item_id": "0", "item_name": "nameless"}
                request = httpx.Request("POST", request.url, json=sent)
            return super().handle_request(request)

    emulator = make_emulator(dialect=Dialect(field_names="item_id_only"))
    emulator.device.register_item("0", "there before")
    report = check(DefaultingTransport(emulator, lambda _, response: response), tmp_path, "act")
    assert report.reading("A1").verdict == "otherwise"
    assert report.profile is not None and report.profile.field_names == "item_id"
    assert [each.name for each in emulator.device.get_registered_item_list()] == ["there before"]
    assert not any("cache" in each for each in report.traces)


@pytest.mark.parametrize("step", ["field names: item_id", "deleting the picture"])
def test_an_interrupted_run_leaves_no_pictures(emulator: Emulator, tmp_path: Path, step: str) -> None:

    def interrupt(text: str) -> None:
        if step in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(emulator, tmp_path, "act", progress=interrupt)
    assert emulator.acted["register_item"] >= 1
    assert emulator.device.get_registered_item_list() == []


def test_a_full_disk_prevents_the_backup_but_not_the_report(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    report = check(emulator, tmp_path, "destructive")
    assert report.complete and any("No space left" in each for each in report.left_out)
    assert report.reading("A4").verdict == "not_tried" and list(tmp_path.iterdir()) == []
