"""The two jobs that outlast the call that starts them, and what their statuses say as they get ahead."""

from __future__ import annotations

from typing import Literal

from attrs import evolve, frozen

from vision_ai_emulator.device.error_codes import chinese
from vision_ai_emulator.device.persistent_state import Memory

BACKUP_NONE, BACKUP_GENERATING, BACKUP_COMPLETED, BACKUP_FAILED = 0, 1, 3, 6
RESTORE_NONE, RESTORE_RESTORING, RESTORE_VERIFYING, RESTORE_COMPLETED = 0, 2, 3, 4
RESTORE_FAILED, RESTORE_VERIFICATION_FAILED = 5, 7
# Numbers that the vendor's lists leave out, and that its rules say are not the end of a job (A12).
BACKUP_UNLISTED, RESTORE_UNLISTED = 2, 1

_BACKUP_WORDS = {
    BACKUP_NONE: "没有备份任务",
    BACKUP_GENERATING: "正在生成备份数据",
    BACKUP_UNLISTED: "正在生成备份数据",
    BACKUP_COMPLETED: "备份完成",
    BACKUP_FAILED: "备份数据生成失败",
}
_RESTORE_WORDS = {
    RESTORE_NONE: "没有恢复任务",
    RESTORE_UNLISTED: "正在恢复数据",
    RESTORE_RESTORING: "正在恢复数据",
    RESTORE_VERIFYING: "正在校验数据",
    RESTORE_COMPLETED: "数据恢复完成",
    RESTORE_FAILED: "数据恢复失败",
    RESTORE_VERIFICATION_FAILED: "数据校验失败",
}

Pace = Literal["timed", "immediate", "polls"]
"""How a job gets ahead: by the device's clock, done at once, or a step with every question about it."""
PACES: tuple[Pace, ...] = ("timed", "immediate", "polls")


@frozen
class JobStatus:
    """How far a job has come; `code` is 0 while nothing has gone wrong."""

    status: int
    code: int
    msg: str
    polls: int = 0
    """How often the job was asked about before."""


def backup_status(status: int, code: int = 0) -> JobStatus:
    """A backup's status with its words."""
    return JobStatus(status, code, _words(_BACKUP_WORDS[status], code))


def restore_status(status: int, code: int = 0) -> JobStatus:
    """A restore's status with its words."""
    return JobStatus(status, code, _words(_RESTORE_WORDS[status], code))


def _words(words: str, code: int) -> str:
    return f"{words}：{chinese(code)}" if code else words


@frozen(kw_only=True)
class Schedule:
    """When a job gets ahead. Times are the device clock's seconds."""

    pace: Pace
    started: float
    seconds: float
    """How long the job takes when timed."""
    polls: int = 0
    """How often it was asked about."""

    def reached(self, stage: int, stages: int, now: float) -> bool:
        """Whether the end of a stage (1 … `stages`) is reached."""
        if self.pace == "immediate":
            return True
        if self.pace == "polls":
            return self.polls >= stage
        return now >= self.started + self.seconds * stage / stages


@frozen(kw_only=True)
class Backup:
    """A backup being generated, or the finished one."""

    schedule: Schedule
    filename: str
    content: bytes
    failure: int = 0
    """The error code that generating ends with; 0 where it goes well."""

    def over(self, now: float) -> bool:
        """Whether the job has ended, well or not."""
        return self.schedule.reached(1, 1, now)

    def status(self, now: float) -> JobStatus:
        """What to answer at a moment."""
        if not self.over(now):
            return evolve(backup_status(BACKUP_GENERATING), polls=self.schedule.polls)
        return backup_status(BACKUP_FAILED if self.failure else BACKUP_COMPLETED, self.failure)


@frozen(kw_only=True)
class Restore:
    """A restore going on, or the last one."""

    schedule: Schedule
    refusal: int = 0
    """The error code that verification ends with; 0 where the file is good."""
    failure: int = 0
    """The error code that putting the state in place ends with; 0 where it goes well."""
    memory: Memory | None = None
    """The state still to be put in place at the end."""

    def over(self, now: float) -> bool:
        """Whether the job has ended, well or not."""
        return self.schedule.reached(2, 2, now)

    def status(self, now: float) -> JobStatus:
        """What to answer at a moment."""
        if not self.over(now):
            verifies = self.schedule.reached(1, 2, now)
            status = restore_status(RESTORE_VERIFYING if verifies else RESTORE_RESTORING)
            return evolve(status, polls=self.schedule.polls)
        if self.failure:
            return restore_status(RESTORE_FAILED, self.failure)
        if self.refusal:
            return restore_status(RESTORE_VERIFICATION_FAILED, self.refusal)
        return restore_status(RESTORE_COMPLETED)
