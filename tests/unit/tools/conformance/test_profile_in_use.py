"""A profile that was made of a module makes every call right at the first attempt."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from conformance_support import FOUND, examined, make, speaking

from vision_ai import AsyncVisionAI, DeviceError, Profile, VisionAI
from vision_ai_emulator import Emulator
from vision_ai_emulator.http.dialect import get_values

DIALECTS = [
    {"field_names": names, "restore_path": path, "unknown_command": unknown, "restore_part": part}
    for names, path, unknown, part in zip(
        [*get_values("field_names")] * 4,
        [*get_values("restore_path")] * 4,
        ["http_404", "code", "http_405"] * 4,
        [*get_values("restore_part")] * 3,
        strict=True,
    )
]


def taken(emulator: Emulator, folder: Path) -> Path:
    profile = examined(emulator, folder, "destructive").profile
    assert profile is not None and profile.note is None
    return profile.save(folder / "module.json")


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda each: "-".join(each.values()))
def test_every_call_is_right_at_the_first_attempt(
    lasting: Emulator, tmp_path: Path, dialect: dict[str, Any]
) -> None:
    emulator = speaking(lasting, **dialect)
    path = taken(emulator, tmp_path)
    emulator.clear_log()
    with VisionAI(emulator.url, retries=0, profile=path) as module:
        picture = module.register_item(id="5", name="Fig")
        module.delete_registered_image(id="5", image_id=picture.image_id)
        module.register_item(id="5", name="Fig")
        module.delete_registered_item(id="5")
        module.learn(id="5", name="Fig", pictures=1)
        module.confirm(module.get_result(), id="5", name="Fig")
        module.restore(module.backup(tmp_path, poll=0.01), poll=0.01)
    assert all(each.status == 200 and each.code in (0, None) for each in emulator.log)
    uploads = [each for each in emulator.log if each.path.endswith("restore")]
    assert len(uploads) == 1
    wanted = {"id_only": {"id"}, "item_id_only": {"item_id"}, "lenient": {"id", "item_id"}}
    bodies = [json.loads(each.body) for each in emulator.log if each.body]
    assert bodies and all(
        body.keys() & {"id", "item_id"} == wanted[dialect["field_names"]] for body in bodies
    )


def all_of_it(emulator: Emulator, folder: Path, **options: Any) -> None:
    """What a till does with a module."""
    with VisionAI(emulator.url, retries=0, **options) as module:
        module.learn(id="5", name="Fig", pictures=1)
        assert "5" in {each.id for each in module.get_item_list()}
        picture = module.register_item(id="5", name="Fig")
        assert [each.image_id for each in module.get_registered_item_list()] == [picture.image_id]
        module.delete_registered_item(id="5")
        assert module.get_registered_item_list() == []
        module.confirm(module.get_result(), id="5", name="Fig")
        module.restore(module.backup(folder, poll=0.01), poll=0.01)


@pytest.mark.parametrize(("switch", "value"), FOUND, ids=str)
def test_the_sdk_copes_where_the_report_says_so(
    lasting: Emulator, tmp_path: Path, switch: str, value: Any
) -> None:
    emulator = speaking(lasting, **{switch: value})
    report = examined(emulator, tmp_path, "destructive", also=["reset_device"])
    [found] = report.otherwise
    speaking(emulator, **{switch: value})
    if found.copes == "by_itself":
        all_of_it(emulator, tmp_path)
    else:
        assert found.copes == "with_profile"
        with pytest.raises(DeviceError):
            all_of_it(emulator, tmp_path)
    all_of_it(emulator, tmp_path, profile=report.profile)


def test_without_it_the_first_attempt_is_in_vain(lasting: Emulator, tmp_path: Path) -> None:
    emulator = speaking(lasting, restore_path="restore", restore_part="unnamed", unknown_command="code")
    taken(emulator, tmp_path)
    [backup] = tmp_path.glob("*.evo")
    emulator.clear_log()
    with VisionAI(emulator.url, retries=0) as module, pytest.raises(DeviceError):
        module.start_restore(file=backup)
    assert [path for _, path in emulator.requests] == ["/api/start_restore", "/api/restore"]


def test_the_asynchronous_client_takes_it_too(lasting: Emulator, tmp_path: Path) -> None:
    emulator = speaking(lasting, field_names="item_id_only", restore_path="restore", restore_part="unnamed")
    path = taken(emulator, tmp_path)
    emulator.clear_log()

    async def use() -> None:
        async with AsyncVisionAI(emulator.url, retries=0, profile=path) as module:
            await module.learn(id="6", name="Kiwi", pictures=1)
            await module.restore(await module.backup(tmp_path, poll=0.01), poll=0.01)

    asyncio.run(use())
    assert all(each.status == 200 and each.code in (0, None) for each in emulator.log)
    assert ("POST", "/api/start_restore") not in emulator.requests


def test_after_an_update_of_the_firmware_the_other_path_is_tried(tmp_path: Path) -> None:
    emulator = make()
    with VisionAI(emulator.url, profile={"vision_ai_profile": 1, "restore_path": "/api/restore"}) as module:
        backup = module.backup(tmp_path, poll=0.01)
        speaking(emulator, restore_path="start_restore")
        emulator.clear_log()
        module.restore(backup, poll=0.01)
    paths = [path for _, path in emulator.requests if path.endswith("restore")]
    assert paths == ["/api/restore", "/api/start_restore"]


def test_arguments_go_before_the_profile() -> None:
    emulator = make()
    profile = Profile(field_names="item_id", part_name="upload")
    with VisionAI(emulator.url, profile=profile, field_names="id") as module:
        module.register_item(id="7", name="Plum")
    with VisionAI(emulator.url, profile=profile) as module:
        module.register_item(id="7", name="Plum")
    sent = [json.loads(each.body).keys() for each in emulator.log if each.body]
    assert sent == [{"id", "name"}, {"item_id", "item_name"}]


@pytest.mark.parametrize("part_name", ["file", "", None])
def test_the_part_name_too_also_where_it_is_none(tmp_path: Path, part_name: str | None) -> None:
    emulator = make()
    wanted: dict[str | None, str] = {"file": "named_file", "": "empty_name", None: "unnamed"}
    profile = Profile(part_name="something else")
    with VisionAI(emulator.url, profile=profile, part_name=part_name) as module:
        backup = module.backup(tmp_path, poll=0.01)
        speaking(emulator, restore_part=wanted[part_name])
        module.restore(backup, poll=0.01)
