"""With the profile of its module, every call of the SDK succeeds at the first attempt."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from conformance_support import FOUND, check, set_dialect

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

NEEDS_PROFILE = ("field_names", "restore_part")
"""Switches with positions that the SDK does not cope with by itself."""


def save_profile(emulator: Emulator, folder: Path) -> Path:
    profile = check(emulator, folder, "destructive").profile
    assert profile is not None and profile.note is None
    return profile.save(folder / "module.json")


@pytest.mark.parametrize(
    "dialect",
    [*DIALECTS[:3], *(pytest.param(each, marks=pytest.mark.slow) for each in DIALECTS[3:])],
    ids=lambda each: "-".join(each.values()),
)
def test_every_call_succeeds_at_the_first_attempt(
    emulator: Emulator, tmp_path: Path, dialect: dict[str, Any]
) -> None:
    set_dialect(emulator, **dialect)
    path = save_profile(emulator, tmp_path)
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


def use_module(emulator: Emulator, folder: Path, **options: Any) -> None:
    """Do what a till does with a module."""
    with VisionAI(emulator.url, retries=0, **options) as module:
        module.learn(id="5", name="Fig", pictures=1)
        assert "5" in {each.id for each in module.get_item_list()}
        picture = module.register_item(id="5", name="Fig")
        assert [each.image_id for each in module.get_registered_item_list()] == [picture.image_id]
        module.delete_registered_item(id="5")
        assert module.get_registered_item_list() == []
        module.confirm(module.get_result(), id="5", name="Fig")
        module.restore(module.backup(folder, poll=0.01), poll=0.01)


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        pytest.param(*position, marks=() if position[0] in NEEDS_PROFILE else pytest.mark.slow)
        for position in FOUND
    ],
    ids=str,
)
def test_the_sdk_copes_where_the_report_says_so(
    emulator: Emulator, tmp_path: Path, switch: str, value: Any
) -> None:
    set_dialect(emulator, **{switch: value})
    report = check(emulator, tmp_path, "destructive", also=["reset_device"])
    [found] = report.otherwise
    set_dialect(emulator, **{switch: value})
    if found.copes == "by_itself":
        use_module(emulator, tmp_path)
    else:
        assert found.copes == "with_profile"
        with pytest.raises(DeviceError):
            use_module(emulator, tmp_path)
    use_module(emulator, tmp_path, profile=report.profile)


def test_without_the_profile_the_first_attempt_fails(emulator: Emulator, tmp_path: Path) -> None:
    emulator = set_dialect(emulator, restore_path="restore", restore_part="unnamed", unknown_command="code")
    save_profile(emulator, tmp_path)
    [backup] = tmp_path.glob("*.evo")
    emulator.clear_log()
    with VisionAI(emulator.url, retries=0) as module, pytest.raises(DeviceError):
        module.start_restore(file=backup)
    assert [path for _, path in emulator.requests][-2:] == ["/api/start_restore", "/api/restore"]


def test_the_asynchronous_client_uses_the_profile(emulator: Emulator, tmp_path: Path) -> None:
    emulator = set_dialect(
        emulator, field_names="item_id_only", restore_path="restore", restore_part="unnamed"
    )
    path = save_profile(emulator, tmp_path)
    emulator.clear_log()

    async def use() -> None:
        async with AsyncVisionAI(emulator.url, retries=0, profile=path) as module:
            await module.learn(id="6", name="Kiwi", pictures=1)
            await module.restore(await module.backup(tmp_path, poll=0.01), poll=0.01)

    asyncio.run(use())
    assert all(each.status == 200 and each.code in (0, None) for each in emulator.log)
    assert ("POST", "/api/start_restore") not in emulator.requests


def test_after_a_firmware_update_the_other_path_is_tried(emulator: Emulator, tmp_path: Path) -> None:
    with VisionAI(emulator.url, profile={"vision_ai_profile": 1, "restore_path": "/api/restore"}) as module:
        backup = module.backup(tmp_path, poll=0.01)
        set_dialect(emulator, restore_path="start_restore")
        emulator.clear_log()
        module.restore(backup, poll=0.01)
    paths = [path for _, path in emulator.requests if path.endswith("restore")]
    assert paths == ["/api/restore", "/api/start_restore"]


def test_arguments_override_the_profile(emulator: Emulator) -> None:
    profile = Profile(field_names="item_id", part_name="upload")
    with VisionAI(emulator.url, profile=profile, field_names="id") as module:
        module.register_item(id="7", name="Plum")
    with VisionAI(emulator.url, profile=profile) as module:
        module.register_item(id="7", name="Plum")
    sent = [json.loads(each.body).keys() for each in emulator.log if each.body]
    assert sent == [{"id", "name"}, {"item_id", "item_name"}]


@pytest.mark.parametrize("part_name", ["file", "", None])
def test_the_part_name_argument_overrides_the_profile(
    emulator: Emulator, tmp_path: Path, part_name: str | None
) -> None:
    wanted: dict[str | None, str] = {"file": "named_file", "": "empty_name", None: "unnamed"}
    profile = Profile(part_name="something else")
    with VisionAI(emulator.url, profile=profile, part_name=part_name) as module:
        backup = module.backup(tmp_path, poll=0.01)
        set_dialect(emulator, restore_part=wanted[part_name])
        module.restore(backup, poll=0.01)
