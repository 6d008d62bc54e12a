"""The two jobs that outlast the call that starts them, and what their statuses say as time goes by."""

from __future__ import annotations

from attrs import frozen

from vision_ai_emulator.codes import chinese
from vision_ai_emulator.memory import Memory

BACKUP_NONE, BACKUP_GENERATING, BACKUP_COMPLETED, BACKUP_FAILED = 0, 1, 3, 6
RESTORE_NONE, RESTORE_RESTORING, RESTORE_VERIFYING, RESTORE_COMPLETED = 0, 2, 3, 4
RESTORE_FAILED, RESTORE_VERIFICATION_FAILED = 5, 7

_BACKUP_WORDS = {
    BACKUP_NONE: "没有备份任务",
    BACKUP_GENERATING: "正在生成备份数据",
    BACKUP_COMPLETED: "备份完成",
    BACKUP_FAILED: "备份数据生成失败",
}
_RESTORE_WORDS = {
    RESTORE_NONE: "没有恢复任务",
    RESTORE_RESTORING: "正在恢复数据",
    RESTORE_VERIFYING: "正在校验数据",
    RESTORE_COMPLETED: "数据恢复完成",
    RESTORE_FAILED: "数据恢复失败",
    RESTORE_VERIFICATION_FAILED: "数据校验失败",
}


@frozen
class JobStatus:
    """How far a job has come; `code` is 0 while nothing has gone wrong."""

    status: int
    code: int
    msg: str


def backup_status(status: int, code: int = 0) -> JobStatus:
    """A backup's status with its words."""
    return JobStatus(status, code, _words(_BACKUP_WORDS[status], code))


def restore_status(status: int, code: int = 0) -> JobStatus:
    """A restore's status with its words."""
    return JobStatus(status, code, _words(_RESTORE_WORDS[status], code))


def _words(words: str, code: int) -> str:
    return f"{words}：{chinese(code)}" if code else words


@frozen
class Backup:
    """A backup being generated, or the finished one. Times are the device clock's seconds."""

    ends: float
    filename: str
    content: bytes

    def status(self, now: float) -> JobStatus:
        """What to answer at a moment."""
        return backup_status(BACKUP_COMPLETED if now >= self.ends else BACKUP_GENERATING)


@frozen
class Restore:
    """A restore going on, or the last one. Times are the device clock's seconds."""

    verifies: float
    ends: float
    code: int = 0
    """The error code that verification ends with; 0 where the file is good."""
    memory: Memory | None = None
    """The state still to be put in place at the end."""

    def status(self, now: float) -> JobStatus:
        """What to answer at a moment."""
        if now < self.ends:
            return restore_status(RESTORE_VERIFYING if now >= self.verifies else RESTORE_RESTORING)
        if self.code:
            return restore_status(RESTORE_VERIFICATION_FAILED, self.code)
        return restore_status(RESTORE_COMPLETED)
