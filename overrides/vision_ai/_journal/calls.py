"""What becomes of one client's calls: entries for the journal."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from time import time_ns
from typing import TYPE_CHECKING, Any, cast

from .._pipeline.retry import LOST_CALL_ERRORS
from .._quirks.restore_path import is_unknown_command
from .._quirks.task_status import restore_is_over, restore_succeeded
from ..errors import DeviceError, UnreachableError, VisionAIError
from .entries import (
    ChoiceEntry,
    Device,
    EventEntry,
    EventKind,
    NamesEntry,
    PictureEntry,
    RowIds,
)
from .writer import JournalWriter

if TYPE_CHECKING:
    from vision_ai_generated.models import DeviceInfo, RecognitionResult, RestoreStatus

    from .._pipeline.pipeline import SharedState

log = logging.getLogger("vision_ai")

GET_RESULT = "get_result"
QUESTION_INTERVAL = 60.0
"""Seconds between two questions of the journal's own."""


class CallJournal:
    """The journal of one connection: of a client and its copies.

    What it does for a recognition takes two microseconds: nothing may be added there lightly.

    Args:
        writer: It is released when this is closed.
        state: Tells the version of the API.
    """

    def __init__(self, writer: JournalWriter, state: SharedState) -> None:
        self._writer = writer
        self._state = state
        self._append = writer.append
        self._row_ids: RowIds = {}
        self._device: Device | None = None
        self._device_asked_at = float("-inf")
        self._lost = False
        self._errors: dict[str, int] = {}
        """The code with which an operation fails at present."""
        self._restore: RestoreProgress | None = None
        self.questions: set[str] = {GET_RESULT}
        """The operations after which `ask_for_journal` asks the module something."""
        if writer.pictures is not None:
            self.questions.add("result_feedback")

    def begin_device_question(self) -> bool:
        """Return whether to ask for the device information now, and count it as asked."""
        now = time.monotonic()
        if now - self._device_asked_at < QUESTION_INTERVAL:
            return False
        self._device_asked_at = now
        return True

    def note_call(
        self,
        operation: str,
        arguments: Mapping[str, object],
        result: object,
        duration: float,
        error: BaseException | None,
        background: bool,
    ) -> None:
        """Note a call that ended.

        Args:
            operation: Its name.
            arguments: By their names in the request.
            result: What it returned; None after an error.
            duration: Seconds.
            error: Why it failed.
            background: Its recognition makes no row: `note_recognition` does.
        """
        if error is not None:
            self._note_error(operation, arguments, error)
            return
        if self._lost or self._errors:
            self._note_success(operation)
        if operation == GET_RESULT:
            if not background:
                self._append_recognition(cast("RecognitionResult", result), time_ns() // 1000, duration, 1)
            return
        note = NOTES.get(operation)
        if note is not None:
            note(self, arguments, result)

    def note_recognition(
        self,
        result: RecognitionResult,
        latency: float | None,
        readings: int,
        time: datetime | None = None,
    ) -> None:
        """Note one recognition for several calls. Like everything here that a workflow calls, it never fails.

        Args:
            result: What the last of them returned, or the one that may be confirmed.
            latency: Seconds of that call.
            readings: How many calls.
            time: When; now by default.
        """
        try:
            moment = _now() if time is None else round(time.timestamp() * 1_000_000)
            self._append_recognition(result, moment, latency, readings)
        except Exception:
            log.exception("the journal failed after a recognition")

    def note_names(self, names: Mapping[str, str]) -> None:
        """Note names of products by their numbers."""
        self._append(NamesEntry(dict(names)))

    def note_picture(self, sid: str, content: bytes) -> None:
        """Note the picture of a recognition that was confirmed."""
        self._writer.append_picture(PictureEntry(_now(), sid, content, self._row_ids))

    def close(self) -> None:
        """Write what waits, for a bounded time."""
        self._writer.release()

    def _append_recognition(
        self, result: RecognitionResult, moment: int, latency: float | None, readings: int
    ) -> None:
        guesses = result.all_items
        ids = tuple([guess.id for guess in guesses])
        scores = tuple([guess.score for guess in guesses])
        self._append((moment, self._device, result.sid, ids, scores, latency, readings, self._row_ids))

    def _append_event(self, kind: EventKind, code: int | None = None, detail: str | None = None) -> None:
        self._append(EventEntry(_now(), self._device, kind, code, detail))

    # --- Failures. Each is one event, however many calls fail for it.

    def _note_success(self, operation: str) -> None:
        self._errors.pop(operation, None)
        if self._lost:
            self._lost = False
            self._append_event("connection_restored")

    def _note_error(self, operation: str, arguments: Mapping[str, object], error: BaseException) -> None:
        if isinstance(error, LOST_CALL_ERRORS):
            if operation == "reboot" and not isinstance(error, UnreachableError):
                self._note_restart(arguments, None)  # it went down before its response had left (A13)
            # Without a cause, this client was busy.
            if error.__cause__ is not None and not self._lost:
                self._lost = True
                self.questions.add(GET_RESULT)
                self._append_event("connection_lost", detail=type(error).__name__)
        elif isinstance(error, DeviceError):
            if self._lost:
                self._note_success("")
            if is_unknown_command(error) and self._restore is not None:
                self._note_restored()  # the backup was an upgrade, and the module restarted with it
            elif self._errors.get(operation) != error.code and not _is_version_question(operation, error):
                self._errors[operation] = error.code
                self._append_event("device_error", error.code, operation)
        if operation == "result_feedback" and isinstance(error, VisionAIError):
            self._note_choice(arguments, None)  # the clerk has chosen all the same

    # --- What calls mean.

    def _note_choice(self, arguments: Mapping[str, Any], result: object) -> None:
        sid, item_id, name, intop = (arguments[key] for key in ("sid", "id", "name", "intop"))
        self._append(ChoiceEntry(_now(), self._device, sid, item_id, name, intop, self._row_ids))

    def _note_device(self, arguments: object, info: DeviceInfo) -> None:
        self._device = Device(info.sn, info.engine, info.firmware, self._state.api_version)
        self.questions.discard(GET_RESULT)

    def _note_name(self, arguments: Mapping[str, Any], result: object) -> None:
        self.note_names({arguments["id"]: arguments["name"]})

    def _note_taught(self, arguments: Mapping[str, Any], result: object) -> None:
        self._append_event("taught", detail=arguments["id"])

    def _note_forgotten(self, arguments: Mapping[str, Any], result: object) -> None:
        self._append_event("forgotten", detail=arguments.get("id"))

    def _note_restart(self, arguments: object, result: object) -> None:
        self.questions.add(GET_RESULT)
        self._append_event("restarted")

    def _note_upload(self, arguments: object, result: object) -> None:
        self._restore = RestoreProgress()

    def _note_restore_status(self, arguments: object, status: RestoreStatus) -> None:
        restore = self._restore
        if restore is None:
            return
        if not restore_is_over(status):
            restore.previous = int(status.status)
        elif restore_succeeded(int(status.status), restore.previous):
            self._note_restored()
        else:
            self._restore = None

    def _note_restored(self) -> None:
        self._restore = None
        self.questions.add(GET_RESULT)
        self._append_event("restored")


class RestoreProgress:
    """A restore whose outcome is not known yet."""

    def __init__(self) -> None:
        self.previous: int | None = None
        """The status before, as `restore_succeeded` takes it."""


NOTES: dict[str, Any] = {
    "result_feedback": CallJournal._note_choice,  # pyright: ignore[reportPrivateUsage]
    "get_device_info": CallJournal._note_device,  # pyright: ignore[reportPrivateUsage]
    "register_item": CallJournal._note_name,  # pyright: ignore[reportPrivateUsage]
    "commit_registered_item": CallJournal._note_taught,  # pyright: ignore[reportPrivateUsage]
    "add_item_template": CallJournal._note_taught,  # pyright: ignore[reportPrivateUsage]
    "delete_item": CallJournal._note_forgotten,  # pyright: ignore[reportPrivateUsage]
    "clear_all_template": CallJournal._note_forgotten,  # pyright: ignore[reportPrivateUsage]
    "reset_device": CallJournal._note_forgotten,  # pyright: ignore[reportPrivateUsage]
    "reboot": CallJournal._note_restart,  # pyright: ignore[reportPrivateUsage]
    "start_restore": CallJournal._note_upload,  # pyright: ignore[reportPrivateUsage]
    "get_restore_status": CallJournal._note_restore_status,  # pyright: ignore[reportPrivateUsage]
}
"""What to note after an operation succeeded."""


def _is_version_question(operation: str, error: DeviceError) -> bool:
    """Whether the SDK itself found out that a module speaks V2 (B1)."""
    return operation == "get_device_info" and is_unknown_command(error)


def _now() -> int:
    return time_ns() // 1000
