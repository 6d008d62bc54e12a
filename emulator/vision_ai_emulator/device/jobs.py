"""Backup and restore jobs, which continue after the call that starts them, and their statuses."""

from __future__ import annotations

from typing import Literal

from attrs import evolve, frozen

from vision_ai_emulator.device.error_codes import describe_in_chinese
from vision_ai_emulator.device.firmware_file import Firmware
from vision_ai_emulator.device.persistent_state import PersistentState

BACKUP_NONE, BACKUP_GENERATING, BACKUP_COMPLETED, BACKUP_FAILED = 0, 1, 3, 6
RESTORE_NONE, RESTORE_RESTORING, RESTORE_VERIFYING, RESTORE_COMPLETED = 0, 2, 3, 4
RESTORE_FAILED, RESTORE_VERIFICATION_FAILED = 5, 7
# Numbers that the vendor does not list, and that by the vendor's rules do not end a job (A12).
BACKUP_UNLISTED, RESTORE_UNLISTED = 2, 1

_BACKUP_MESSAGES = {
    BACKUP_NONE: "没有备份任务",
    BACKUP_GENERATING: "正在生成备份数据",
    BACKUP_UNLISTED: "正在生成备份数据",
    BACKUP_COMPLETED: "备份完成",
    BACKUP_FAILED: "备份数据生成失败",
}
_RESTORE_MESSAGES = {
    RESTORE_NONE: "没有恢复任务",
    RESTORE_UNLISTED: "正在恢复数据",
    RESTORE_RESTORING: "正在恢复数据",
    RESTORE_VERIFYING: "正在校验数据",
    RESTORE_COMPLETED: "数据恢复完成",
    RESTORE_FAILED: "数据恢复失败",
    RESTORE_VERIFICATION_FAILED: "数据校验失败",
}

Pace = Literal["timed", "immediate", "polls"]
"""How a job advances: by the device's clock, all at once, or by one step for every status poll."""
PACES: tuple[Pace, ...] = ("timed", "immediate", "polls")


@frozen
class JobStatus:
    """The status of a job; `code` is 0 unless the job failed."""

    status: int
    code: int
    msg: str
    polls: int = 0
    """The number of earlier status polls."""


def make_backup_status(status: int, code: int = 0) -> JobStatus:
    """Return a backup's status with its message."""
    return JobStatus(status, code, _make_message(_BACKUP_MESSAGES[status], code))


def make_restore_status(status: int, code: int = 0) -> JobStatus:
    """Return a restore's status with its message."""
    return JobStatus(status, code, _make_message(_RESTORE_MESSAGES[status], code))


def _make_message(message: str, code: int) -> str:
    return f"{message}：{describe_in_chinese(code)}" if code else message


@frozen(kw_only=True)
class Schedule:
    """When a job advances. Times are seconds of the device's clock."""

    pace: Pace
    started: float
    seconds: float
    """The duration of a timed job."""
    polls: int = 0
    """The number of status polls so far."""

    def has_passed(self, stage: int, stages: int, now: float) -> bool:
        """Whether the end of a stage (1 to `stages`) is reached."""
        if self.pace == "immediate":
            return True
        if self.pace == "polls":
            return self.polls >= stage
        return now >= self.started + self.seconds * stage / stages

    def get_end(self, now: float) -> float:
        """Return when the job ended that is over `now`; at the latest now."""
        return self.started + self.seconds if self.pace == "timed" else now


@frozen(kw_only=True)
class Backup:
    """A backup that is being generated, or the finished one."""

    schedule: Schedule
    filename: str
    content: bytes
    failure: int = 0
    """The error code that the job ends with; 0 if it succeeds."""

    def is_over(self, now: float) -> bool:
        """Whether the job has ended, successfully or not."""
        return self.schedule.has_passed(1, 1, now)

    def get_status(self, now: float) -> JobStatus:
        """Return the status at a point in time."""
        if not self.is_over(now):
            return evolve(make_backup_status(BACKUP_GENERATING), polls=self.schedule.polls)
        return make_backup_status(BACKUP_FAILED if self.failure else BACKUP_COMPLETED, self.failure)


@frozen(kw_only=True)
class Restore:
    """A restore that is running, or the last one."""

    schedule: Schedule
    refusal: int = 0
    """The error code that verification ends with; 0 if the file is valid."""
    failure: int = 0
    """The error code that restoring ends with; 0 if it succeeds."""
    state: PersistentState | None = None
    """The state that the device takes over at the end; None afterwards, and for a firmware."""
    firmware: Firmware | None = None
    """The firmware that the device updates to after the end; None afterwards, and for a backup."""

    def is_over(self, now: float) -> bool:
        """Whether the job has ended, successfully or not."""
        return self.schedule.has_passed(2, 2, now)

    def get_status(self, now: float) -> JobStatus:
        """Return the status at a point in time."""
        if not self.is_over(now):
            verifying = self.schedule.has_passed(1, 2, now)
            status = make_restore_status(RESTORE_VERIFYING if verifying else RESTORE_RESTORING)
            return evolve(status, polls=self.schedule.polls)
        if self.failure:
            return make_restore_status(RESTORE_FAILED, self.failure)
        if self.refusal:
            return make_restore_status(RESTORE_VERIFICATION_FAILED, self.refusal)
        return make_restore_status(RESTORE_COMPLETED)
