"""What each kind of job does with a module, counted by the module itself."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from shared_fleet_scale import JobFolder, open_scale

from vision_ai import InvalidInputError, UnreachableError, UnsupportedOperationError, VisionAI, VisionAIError
from vision_ai_emulator import Emulator, Fault
from vision_ai_fleet.agent.module.jobs.errors import JobFailedError
from vision_ai_fleet.jobs import JOB_KINDS
from vision_ai_fleet.objects import DigestError

CATALOG = "id;name;group\n001;Apple;Fruit\n002;Pear;Fruit\n003;Leek;\n"


def run_job(
    tmp_path: Path,
    kind: str,
    arguments: dict[str, Any] | None = None,
    *,
    emulator: Emulator | None = None,
    context: JobFolder | None = None,
) -> dict[str, Any]:
    """Run one job over a served emulator."""

    async def run() -> dict[str, Any]:
        with open_scale(tmp_path, emulator=emulator, relay_port=None) as (_, module):
            try:
                return await module.run(kind, arguments or {}, context or JobFolder(tmp_path))
            finally:
                await module.close()

    return wait(run())


def wait(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 60))


@pytest.fixture
def context(tmp_path: Path) -> JobFolder:
    return JobFolder(tmp_path)


def make_emulator(**changes: Any) -> Emulator:
    return Emulator(pan="apple", **{"pace": "immediate", "reboot_seconds": 0.3, **changes})


def teach(emulator: Emulator, *ids: str) -> None:
    with VisionAI(emulator.url) as module:
        for each in ids:
            module.learn(each, f"Product {each}", pictures=1)


def test_every_kind_has_its_work() -> None:
    from vision_ai_fleet.agent.module.jobs import WORK

    assert WORK.keys() == JOB_KINDS.keys()


def test_a_backup_is_made_and_uploaded_with_its_module(tmp_path: Path, context: JobFolder) -> None:
    emulator = make_emulator(backup_padding=300_000)
    result = run_job(tmp_path, "backup", emulator=emulator, context=context)
    [manifest] = context.uploads
    assert (manifest.serial_number, manifest.engine) == ("12345678", "9.5.0")
    assert result["file"] == manifest.to_dict() and result["changed"] is True
    assert {"backing up", "downloading"} <= context.phases
    assert emulator.acted["start_backup"] == 1


def test_a_backup_that_is_complete_here_is_not_made_again_after_a_break(
    tmp_path: Path, context: JobFolder
) -> None:
    emulator = make_emulator()

    class BrokenContext(JobFolder):
        async def upload_backup(self, path: Path, **more: Any) -> Any:
            raise ConnectionAbortedError("killed")

    with pytest.raises(ConnectionAbortedError):
        run_job(tmp_path, "backup", emulator=emulator, context=BrokenContext(tmp_path))
    result = run_job(tmp_path, "backup", emulator=emulator, context=context)
    assert emulator.acted["start_backup"] == 1
    assert [path for _, path in emulator.requests if "/download/" in path] == [emulator.requests[-1][1]]
    assert result["serial_number"] == "12345678" and len(context.uploads) == 1


def test_an_equal_backup_is_known_to_be_equal(tmp_path: Path) -> None:
    emulator = make_emulator()
    for number, changed in enumerate((True, False)):
        context = JobFolder(tmp_path, job=f"job{number}")
        assert run_job(tmp_path, "backup", emulator=emulator, context=context)["changed"] is changed


def test_a_backup_of_this_module_is_restored(tmp_path: Path, context: JobFolder) -> None:
    emulator = make_emulator()
    teach(emulator, "001")
    run_job(tmp_path, "backup", emulator=emulator, context=context)
    teach(emulator, "002")
    file = context.uploads[0]
    result = run_job(
        tmp_path, "restore", {"file": file.to_dict()}, emulator=emulator, context=JobFolder(tmp_path, "job2")
    )
    assert (result["digest"], result["serial_number"]) == (file.digest, "12345678")
    with VisionAI(emulator.url) as module:
        assert [item.id for item in module.get_item_list()] == ["001"]


def test_a_data_set_of_another_device_fails_with_the_modules_code_and_what_to_do(
    tmp_path: Path, context: JobFolder
) -> None:
    run_job(tmp_path, "backup", emulator=make_emulator(sn="00000001"), context=context)
    other = make_emulator(sn="00000002")
    with pytest.raises(JobFailedError, match="only on the module that it was made of") as failure:
        run_job(tmp_path, "restore", {"file": context.uploads[0].to_dict()}, emulator=other, context=context)
    assert failure.value.code == -6142 and "teaching_list" in failure.value.hint


def test_nothing_is_sent_of_a_file_whose_digest_is_another_one(tmp_path: Path, context: JobFolder) -> None:
    emulator = make_emulator()
    file = context.put("a.evo", b"x" * 5000)
    context.lie = b"y" * 5000
    with pytest.raises(DigestError, match="not the one"):
        run_job(tmp_path, "restore", {"file": file.to_dict()}, emulator=emulator, context=context)
    assert not [path for _, path in emulator.requests if "restore" in path]


@pytest.mark.parametrize("kind", ["restore", "firmware", "teaching_list"])
def test_a_job_without_its_file_is_refused(tmp_path: Path, kind: str) -> None:
    emulator = make_emulator()
    with pytest.raises(InvalidInputError):
        run_job(tmp_path, kind, {"file": None}, emulator=emulator)
    assert emulator.requests == ()


def test_a_restore_that_was_not_sent_may_be_tried_again(tmp_path: Path, context: JobFolder) -> None:
    emulator = make_emulator()
    run_job(tmp_path, "backup", emulator=emulator, context=context)
    emulator.unplug()
    with pytest.raises(UnreachableError):
        run_job(
            tmp_path, "restore", {"file": context.uploads[0].to_dict()}, emulator=emulator, context=context
        )


def test_a_restore_whose_outcome_is_unknown_is_not_tried_again(tmp_path: Path, context: JobFolder) -> None:
    emulator = make_emulator()
    run_job(tmp_path, "backup", emulator=emulator, context=context)
    emulator.faults.add(Fault("drop_before_answer", "start_restore"))
    with pytest.raises(JobFailedError):
        run_job(
            tmp_path, "restore", {"file": context.uploads[0].to_dict()}, emulator=emulator, context=context
        )
    assert emulator.acted["start_restore"] == 1


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_the_products_that_were_never_taught_are_listed(tmp_path: Path, context: JobFolder, api: Any) -> None:
    emulator = make_emulator(api=api)
    teach(emulator, "001", "999")
    file = context.put("plu.csv", CATALOG.encode())
    result = run_job(tmp_path, "teaching_list", {"file": file.to_dict()}, emulator=emulator, context=context)
    assert result["missing"] == [
        {"id": "002", "name": "Pear", "group": "Fruit"},
        {"id": "003", "name": "Leek", "group": None},
    ]
    assert (result["products"], result["taught"], result["not_in_catalog"]) == (3, 2, 1)


def test_learning_mode_and_calibration_area_are_set(tmp_path: Path) -> None:
    emulator = make_emulator()
    area = {"left": 10, "top": 20, "width": 300, "height": 400}
    assert run_job(tmp_path, "set_learn_mode", {"mode": 0}, emulator=emulator) == {"learn_mode": 0}
    assert run_job(tmp_path, "set_calibration", area, emulator=emulator) == {"calibration": area}
    assert emulator.learn_mode == 0
    with VisionAI(emulator.url) as module:
        assert module.get_calib().to_dict() == area


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("set_learn_mode", {"mode": 2}), ("set_learn_mode", {}), ("set_calibration", {"left": 1})],
)
def test_impossible_arguments_are_refused(tmp_path: Path, kind: str, arguments: dict[str, Any]) -> None:
    emulator = make_emulator()
    with pytest.raises(InvalidInputError):
        run_job(tmp_path, kind, arguments, emulator=emulator)
    assert emulator.requests == ()


@pytest.mark.parametrize("kind", ["backup", "reboot"])
def test_what_a_v2_module_lacks_fails_before_anything_is_sent(tmp_path: Path, kind: str) -> None:
    emulator = make_emulator(api="v2")
    with pytest.raises(UnsupportedOperationError):
        run_job(tmp_path, kind, emulator=emulator)
    assert emulator.acted.keys() <= {"get_device_info"}


@pytest.mark.slow
def test_a_restart_ends_when_the_module_is_ready(tmp_path: Path) -> None:
    emulator = make_emulator(reboot_seconds=1.5)
    result = run_job(tmp_path, "reboot", emulator=emulator)
    assert result["seconds"] > 1 and result["firmware"] == "9.9.4.2"
    assert emulator.acted["reboot"] == 1


def test_a_restart_that_the_module_refuses_fails_with_its_code(tmp_path: Path) -> None:
    emulator = make_emulator()
    emulator.fail_next(-6210, "reboot")
    with pytest.raises(VisionAIError) as failure:
        run_job(tmp_path, "reboot", emulator=emulator)
    assert getattr(failure.value, "code", None) == -6210 and "reboot" not in emulator.acted


@pytest.mark.slow
def test_firmware_leads_from_v1_to_v2(tmp_path: Path, context: JobFolder) -> None:
    emulator = make_emulator(upgrade_seconds=0.2)
    upgrade = emulator.make_upgrade_file()
    file = context.put(upgrade.name, upgrade.content)
    result = run_job(tmp_path, "firmware", {"file": file.to_dict()}, emulator=emulator, context=context)
    assert (result["before"]["api"], result["after"]["api"]) == ("v1", "v2")
    assert (result["before"]["firmware"], result["after"]["firmware"]) == ("9.9.4.2", "9.9.5.7")


def test_a_file_that_is_no_firmware_is_refused(tmp_path: Path, context: JobFolder) -> None:
    emulator = make_emulator()
    file = context.put("backup.evo", b"x" * 5000)
    with pytest.raises(InvalidInputError, match="not a firmware file"):
        run_job(tmp_path, "firmware", {"file": file.to_dict()}, emulator=emulator, context=context)
    assert emulator.requests == ()


@pytest.mark.slow
def test_the_contract_is_checked_without_changing_anything(tmp_path: Path, context: JobFolder) -> None:
    emulator = make_emulator()
    result = run_job(tmp_path, "conformance", {}, emulator=emulator, context=context)
    assert result["conforms"] is True and result["report"]["outcome"] == result["outcome"]
    assert not {"start_backup", "set_calib", "set_learnmode", "register_item"} & emulator.acted.keys()


@pytest.mark.parametrize("effects", ["set", "act", "destructive", 1])
def test_a_check_of_the_contract_that_would_change_something_is_refused(tmp_path: Path, effects: Any) -> None:
    emulator = make_emulator()
    with pytest.raises(InvalidInputError):
        run_job(tmp_path, "conformance", {"effects": effects}, emulator=emulator)
    assert emulator.requests == ()


def test_without_jsonschema_the_job_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.startswith("vision_ai_tools.conformance")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(JobFailedError, match="jsonschema") as failure:
        run_job(tmp_path, "conformance", emulator=make_emulator())
    assert "pip install" in failure.value.hint


def test_the_doctor_finds_a_lost_camera(tmp_path: Path, context: JobFolder) -> None:
    emulator = make_emulator()
    emulator.camera_lost = True
    result = run_job(tmp_path, "doctor", {}, emulator=emulator, context=context)
    codes = {each["step"]: each["code"] for each in result["findings"]}
    assert (result["well"], codes["camera"], codes["usb"]) == (False, "camera.lost", "skipped.elsewhere")


def test_a_module_that_does_not_respond_is_a_finding(tmp_path: Path) -> None:
    emulator = make_emulator()
    emulator.unplug()
    assert run_job(tmp_path, "doctor", {}, emulator=emulator)["reached"] is False
