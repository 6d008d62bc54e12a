"""The calls of the fault matrix: every operation, and every workflow at each of its steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from attrs import frozen

from vision_ai_emulator import Emulator

ResponseKind = Literal["json", "picture", "file"]

WORKFLOW_OPTIONS = {"poll": 0.01, "timeout": 0.9}


@frozen
class Setup:
    """A device that knows an apple (001) and has a picture of a pear (002) in its cache, and a folder."""

    emulator: Emulator
    folder: Path
    image_id: str
    sid: str
    recognition: Any
    backup_name: str
    backup_bytes: bytes
    backup_file: Path


@frozen
class CallCase:
    """A call, and which of its operations a fault affects (by the emulator's name)."""

    name: str
    target: str
    effect: str
    call: Callable[[Any, Setup], Any]
    response_kind: ResponseKind = "json"
    workflow: bool = False
    saves: bool = False
    """Whether it saves a file in the folder."""

    @property
    def repeatable(self) -> bool:
        return self.effect in ("read", "set")


def operation(
    name: str, effect: str, call: Callable[[Any, Setup], Any], response_kind: ResponseKind = "json"
) -> CallCase:
    return CallCase(name, name, effect, call, response_kind)


def workflow(
    name: str,
    target: str,
    effect: str,
    call: Callable[[Any, Setup], Any],
    response_kind: ResponseKind = "json",
    saves: bool = False,
) -> CallCase:
    return CallCase(f"{name}, {target}", target, effect, call, response_kind, workflow=True, saves=saves)


AREA = {"left": 400, "top": 30, "width": 400, "height": 500}

CALL_CASES: tuple[CallCase, ...] = (
    operation("get_device_info", "read", lambda m, s: m.get_device_info()),
    operation("reset_device", "destructive", lambda m, s: m.reset_device()),
    operation("reboot", "act", lambda m, s: m.reboot()),
    operation("set_calib", "set", lambda m, s: m.set_calib(**AREA)),
    operation("get_calib", "read", lambda m, s: m.get_calib()),
    operation("get_learnmode", "read", lambda m, s: m.get_learnmode()),
    operation("set_learnmode", "set", lambda m, s: m.set_learnmode(mode=0)),
    operation("get_item_list", "read", lambda m, s: m.get_item_list()),
    operation("register_item", "act", lambda m, s: m.register_item(id="003", name="Fig")),
    operation(
        "delete_registered_image",
        "act",
        lambda m, s: m.delete_registered_image(id="002", image_id=s.image_id),
    ),
    operation("delete_registered_item", "act", lambda m, s: m.delete_registered_item(id="002")),
    operation("commit_registered_item", "act", lambda m, s: m.commit_registered_item(id="002")),
    operation("get_registered_item_list", "read", lambda m, s: m.get_registered_item_list()),
    operation("start_backup", "act", lambda m, s: m.start_backup()),
    operation("get_backup_status", "read", lambda m, s: m.get_backup_status()),
    CallCase(
        "download_backup",
        "download",
        "read",
        lambda m, s: m.download_backup(filename=s.backup_name),
        "file",
    ),
    operation("start_restore", "destructive", lambda m, s: m.start_restore(file=s.backup_file)),
    operation("get_restore_status", "read", lambda m, s: m.get_restore_status()),
    operation("get_result", "read", lambda m, s: m.get_result()),
    operation(
        "result_feedback",
        "act",
        lambda m, s: m.result_feedback(sid=s.sid, id="001", name="Apple", intop=True),
    ),
    operation("get_image", "read", lambda m, s: m.get_image(), "picture"),
    workflow(
        "confirm", "result_feedback", "act", lambda m, s: m.confirm(s.recognition, id="001", name="Apple")
    ),
    workflow("learn", "register_item", "act", lambda m, s: m.learn(id="003", name="Fig", pictures=1)),
    workflow(
        "learn", "commit_registered_item", "act", lambda m, s: m.learn(id="003", name="Fig", pictures=1)
    ),
    workflow(
        "backup", "start_backup", "act", lambda m, s: m.backup(s.folder, **WORKFLOW_OPTIONS), saves=True
    ),
    workflow(
        "backup", "get_backup_status", "read", lambda m, s: m.backup(s.folder, **WORKFLOW_OPTIONS), saves=True
    ),
    workflow(
        "backup", "download", "read", lambda m, s: m.backup(s.folder, **WORKFLOW_OPTIONS), "file", saves=True
    ),
    workflow(
        "save_backup",
        "download",
        "read",
        lambda m, s: m.save_backup(s.backup_name, s.folder, timeout=WORKFLOW_OPTIONS["timeout"]),
        "file",
        saves=True,
    ),
    workflow(
        "restore", "start_restore", "destructive", lambda m, s: m.restore(s.backup_file, **WORKFLOW_OPTIONS)
    ),
    workflow(
        "restore", "get_restore_status", "read", lambda m, s: m.restore(s.backup_file, **WORKFLOW_OPTIONS)
    ),
    workflow(
        "wait_until_ready", "get_device_info", "read", lambda m, s: m.wait_until_ready(**WORKFLOW_OPTIONS)
    ),
)
