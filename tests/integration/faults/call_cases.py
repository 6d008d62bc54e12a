"""The calls of the fault matrix: every operation, and every workflow at each of its steps."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from attrs import Factory, evolve, frozen

from vision_ai.options import Api
from vision_ai_emulator import Emulator

ResponseKind = Literal["json", "picture", "file"]
Version = Literal["v1", "v2"]

WORKFLOW_OPTIONS = {"poll": 0.01, "timeout": 0.9}


@frozen
class Setup:
    """A device that knows an apple (001) and has a picture of a pear (002) in its cache, and a folder.

    In V2 it has no cache, but two templates of the apple, and `sid` is the number of the first one.
    """

    emulator: Emulator
    folder: Path
    sid: str
    image_id: str = ""
    recognition: Any = None
    backup_name: str = ""
    backup_bytes: bytes = b""
    backup_file: Path = Factory(Path)


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
    api: Api = "v1"
    """The version of the API that the client is set to. The device of a client that finds it out speaks V2."""

    @property
    def version(self) -> Version:
        """The version of the API that the device speaks."""
        return "v1" if self.api == "v1" else "v2"

    @property
    def earlier(self) -> str:
        """The operation of the call before, for faults that affect the connection."""
        return "get_calib" if self.version == "v1" else "get_item_list"

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


class _StoppedError(Exception):
    """The program ends a workflow between two steps."""


def _stop_learning(module: Any, _: Setup) -> None:
    """Stop after the first of two templates, which is then deleted. No failure of the deletion hides the reason."""

    def stop(progress: Any) -> None:
        if progress.done == 1:
            raise _StoppedError

    with contextlib.suppress(_StoppedError):
        module.learn(id="003", name="Fig", pictures=2, progress=stop)


_V1: tuple[CallCase, ...] = (
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

_V2: tuple[CallCase, ...] = (
    operation("get_device_info", "read", lambda m, s: m.get_device_info()),
    operation("set_time", "set", lambda m, s: m.set_time(sec=1767268800, usec=0)),
    operation("set_predict_speed", "set", lambda m, s: m.set_predict_speed(speed="normal")),
    operation("set_sync_master", "set", lambda m, s: m.set_sync_master(upload=True, download=False)),
    operation("set_calib", "set", lambda m, s: m.set_calib(**AREA)),
    operation("get_item_list", "read", lambda m, s: m.get_item_list()),
    operation("delete_item", "destructive", lambda m, s: m.delete_item(id="001")),
    operation("add_item_template", "act", lambda m, s: m.add_item_template(id="003")),
    operation("get_item_template_list", "read", lambda m, s: m.get_item_template_list(id="001")),
    operation("delete_item_template", "act", lambda m, s: m.delete_item_template(id="001", sid=s.sid)),
    operation("clear_all_template", "destructive", lambda m, s: m.clear_all_template()),
    operation("get_result", "read", lambda m, s: m.get_result()),
    operation("get_image", "read", lambda m, s: m.get_image(), "picture"),
    workflow("learn", "add_item_template", "act", lambda m, s: m.learn(id="003", name="Fig", pictures=1)),
    workflow("stopped learn", "delete_item_template", "act", _stop_learning),
    workflow(
        "wait_until_ready", "get_device_info", "read", lambda m, s: m.wait_until_ready(**WORKFLOW_OPTIONS)
    ),
    workflow("wait_until_ready", "set_time", "set", lambda m, s: m.wait_until_ready(**WORKFLOW_OPTIONS)),
)

_FOUND_OUT = ("get_result", "set_calib", "add_item_template", "wait_until_ready, get_device_info")
"""The calls of V2 that are also made by a client that finds out the version of the API."""

CALL_CASES: tuple[CallCase, ...] = (
    *_V1,
    *(evolve(each, name=f"{each.name} (V2)", api="v2") for each in _V2),
    *(evolve(each, name=f"{each.name} (V2, found)", api="auto") for each in _V2 if each.name in _FOUND_OUT),
)
