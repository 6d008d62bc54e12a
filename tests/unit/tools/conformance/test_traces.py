"""What an examination does to a module: nothing, or nothing that it does not put back, or it says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conformance_support import Changed, examined, make

from vision_ai import VisionAI
from vision_ai_emulator import Dialect, Emulator
from vision_ai_generated.api import OPERATIONS
from vision_ai_tools.conformance import EFFECTS

# Time, the numbers that recognitions and pictures get, and that there were recognitions: all of it moves on
# with operations that only read.
COUNTERS = ("clock", "identifiers", "recognitions")
BACKUP = ("backup", "finished_backup", "restore")


def state(emulator: Emulator, *but: str) -> Any:
    """All that the emulator is, without what is named."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: without(each) for name, each in value.items() if name not in but}
        return value

    return without(emulator.state())


@pytest.fixture
def used(lasting: Emulator) -> Iterator[Emulator]:
    """An emulator in the middle of its life: products, a picture in the cache, settings of its own."""
    with VisionAI(lasting.url) as module:
        module.reset_device()
        module.learn(id="001", name="Apple", pictures=2)
        module.register_item(id="99999", name="taken")
        module.set_calib(left=100, top=50, width=800, height=600)
        module.set_learnmode(mode=0)
    lasting.activate("11095", "Fruit Store Name")
    lasting.clear_log()
    yield lasting


def effects_of(emulator: Emulator) -> set[str]:
    """The effects of all that was asked for."""
    return {OPERATIONS["download_backup" if name == "download" else name].effect for name in emulator.acted}


def test_reading_changes_nothing(used: Emulator, tmp_path: Path) -> None:
    before = state(used, *COUNTERS)
    report = examined(used, tmp_path)
    assert state(used, *COUNTERS) == before
    assert effects_of(used) == {"read"}
    assert report.traces == () and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("effects", EFFECTS[1:])
def test_what_is_changed_is_put_back(used: Emulator, tmp_path: Path, effects: str) -> None:
    before = state(used, *COUNTERS, *BACKUP)
    report = examined(used, tmp_path, effects)
    assert report.conforms
    assert state(used, *COUNTERS, *BACKUP) == before
    allowed = set(EFFECTS[: EFFECTS.index(effects) + 1])  # type: ignore[arg-type]
    assert effects_of(used) == allowed
    assert not used.acted.keys() & {"reboot", "reset_device", "commit_registered_item", "result_feedback"}
    # no trace but the backup on the module, and at the last level its copy
    assert len(report.traces) == (effects != "set")
    assert len(list(tmp_path.iterdir())) == (effects == "destructive")


def test_a_number_is_taken_that_is_free(used: Emulator, tmp_path: Path) -> None:
    report = examined(used, tmp_path, "act")
    registered = [each.sent for each in report.exchanges if each.operation == "register_item"]
    assert len(registered) == 3 and all('"99998"' in each for each in registered)


def test_restart_and_reset_are_done_when_they_are_named(tmp_path: Path) -> None:
    emulator = make()
    report = examined(emulator, tmp_path, "destructive", also=["reset_device", "reboot"])
    assert (emulator.acted["reboot"], emulator.acted["reset_device"]) == (1, 1)
    assert report.complete and report.also == ("reboot", "reset_device")
    assert any("factory settings" in each for each in report.traces)


@pytest.mark.parametrize("busy", ["start_backup", "start_restore"])
def test_a_job_that_is_under_way_is_left_alone(tmp_path: Path, busy: str) -> None:
    emulator = make()
    with VisionAI(emulator.url) as module:
        if busy == "start_restore":
            backup = module.backup(tmp_path, poll=0.01)
            emulator.change(pace="timed", restore_seconds=1000.0)
            module.start_restore(file=backup)
        else:
            emulator.change(pace="timed", backup_seconds=1000.0)
            module.start_backup()
    emulator.clear_log()
    report = examined(emulator, tmp_path, "destructive")
    assert report.complete and any("busy" in each for each in report.left_out)
    assert not emulator.acted.keys() & {"start_backup", "start_restore"}


def test_pictures_that_cannot_be_deleted_are_told_of(tmp_path: Path) -> None:
    class KeepsPictures(Changed):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.startswith("/api/delete_"):
                return httpx.Response(200, json={"code": -6203, "data": None})
            return super().handle_request(request)

    emulator = make()
    report = examined(KeepsPictures(emulator, lambda _, response: response), tmp_path, "act")
    assert report.complete
    assert len(emulator.device.get_registered_item_list()) == 3
    assert any("99999" in each and "cache" in each for each in report.traces)
    assert report.reading("A11").verdict == "as_read"


def test_a_restore_that_fails_leaves_the_backup_and_says_so(tmp_path: Path) -> None:
    emulator = make()

    def failed(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path == "/api/get_restore_status" and response.json()["status"] == 4:
            return httpx.Response(200, json={"code": 0, "msg": "", "status": 5})
        return response

    report = examined(Changed(emulator, failed), tmp_path, "destructive")
    [backup] = tmp_path.iterdir()
    assert any("restore" in each for each in report.traces)
    assert report.reading("A4").verdict == "not_tried"
    with VisionAI(emulator.url) as module:
        module.restore(backup, poll=0.01)


def test_pictures_that_went_to_another_product_are_found_and_deleted(tmp_path: Path) -> None:
    """A firmware that reads item_id only, and takes a missing one for the product 0."""

    class Careless(Changed):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            body = request.read() if request.url.path.startswith(("/api/register", "/api/delete")) else b""
            if body and "item_id" not in json.loads(body):
                sent = {**json.loads(body), "item_id": "0", "item_name": "nameless"}
                request = httpx.Request("POST", request.url, json=sent)
            return super().handle_request(request)

    emulator = make(dialect=Dialect(field_names="item_id_only"))
    emulator.device.register_item("0", "there before")
    report = examined(Careless(emulator, lambda _, response: response), tmp_path, "act")
    assert report.reading("A1").verdict == "otherwise"
    assert report.profile is not None and report.profile.field_names == "item_id"
    assert [each.name for each in emulator.device.get_registered_item_list()] == ["there before"]
    assert not any("cache" in each for each in report.traces)


@pytest.mark.parametrize("doing", ["names spelled item_id", "deleting the picture"])
def test_whoever_interrupts_it_leaves_no_pictures_behind(tmp_path: Path, doing: str) -> None:
    emulator = make()

    def interrupt(words: str) -> None:
        if doing in words:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        examined(emulator, tmp_path, "act", progress=interrupt)
    assert emulator.acted["register_item"] >= 1
    assert emulator.device.get_registered_item_list() == []


def test_a_disk_that_is_full_costs_the_backup_and_not_the_report(
    lasting: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    report = examined(lasting, tmp_path, "destructive")
    assert report.complete and any("No space left" in each for each in report.left_out)
    assert report.reading("A4").verdict == "not_tried" and list(tmp_path.iterdir()) == []
