"""The kinds of jobs, and what becomes of a job on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Literal, NamedTuple, cast

from vision_ai import InvalidInputError

Effect = Literal["read", "set", "act", "destructive"]


class JobKind(NamedTuple):
    """What a job does to a module.

    `effect` decides what a broken job may do: `read` and `set` are done again; `act` and `destructive` that began and
    did not end wait for a person.
    """

    name: str
    effect: Effect
    title: str
    needs_module: bool = True
    arguments: tuple[str, ...] = ()

    @property
    def is_repeatable(self) -> bool:
        return self.effect in ("read", "set")


JOB_KINDS = {
    kind.name: kind
    for kind in (
        JobKind("backup", "set", "Back up"),
        JobKind("restore", "destructive", "Restore a backup", arguments=("file",)),
        JobKind("teaching_list", "read", "List products to teach", arguments=("file",)),
        JobKind("set_learn_mode", "set", "Set learning mode", arguments=("mode",)),
        JobKind(
            "set_calibration",
            "set",
            "Set the calibration area",
            arguments=("left", "top", "width", "height"),
        ),
        JobKind("reboot", "act", "Restart"),
        JobKind("conformance", "read", "Check against the contract", arguments=("effects",)),
        JobKind("doctor", "read", "Find faults", needs_module=False),
        JobKind("firmware", "destructive", "Install firmware", arguments=("file",)),
    )
}


def get_job_kind(name: str) -> JobKind:
    """Return the kind of that name.

    Raises:
        InvalidInputError: there is none.
    """
    try:
        return JOB_KINDS[name.replace("-", "_")]
    except KeyError:
        known = ", ".join(JOB_KINDS)
        raise InvalidInputError(f"{name!r} is not a kind of job; there are {known}") from None


class State(StrEnum):
    """Where a job is on one scale."""

    QUEUED = "QUEUED"
    CLAIMED = "CLAIMED"
    RUNNING = "RUNNING"
    RETRYING = "RETRYING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    INTERRUPTED = "INTERRUPTED"
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"

    @property
    def is_end(self) -> bool:
        return self in ENDS


ENDS = frozenset({State.SUCCEEDED, State.FAILED, State.INTERRUPTED, State.EXPIRED, State.CANCELED})


@dataclass(frozen=True, slots=True)
class Job:
    """An order for one scale. Times are in seconds since 1970-01-01 UTC, by the engine's clock."""

    id: str
    kind: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    rollout: str | None = None
    window: str | None = None
    """`22:00-06:00`, in the scale's local time."""
    expires: float | None = None
    created: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Job:
        """Read a job. Fields that a newer center adds are ignored.

        Raises:
            InvalidInputError: it is not a job.
        """
        try:
            return cls(**_take_fields(cls, payload))
        except TypeError:
            raise InvalidInputError("a message of the queue is not a job") from None


@dataclass(frozen=True, slots=True)
class Execution:
    """What became of a job on one scale, or how far it is."""

    state: State
    kind: str
    job: str
    attempt: int = 1
    instance: str = ""
    """The agent's installation: another one on the same scale has not done what this one did."""
    time: float = 0.0
    started: float | None = None
    ended: float | None = None
    progress: dict[str, Any] | None = None
    """`{"phase": …, "done": bytes, "total": bytes}`."""
    code: int | None = None
    """The module's error code."""
    message: str | None = None
    result: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "state": self.state.value}

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Execution:
        """Read an execution. An agent may be older or newer, or lie.

        Raises:
            InvalidInputError: it is not an execution.
        """
        taken = _take_fields(cls, payload)
        try:
            taken["state"] = State(cast(str, taken.get("state")))
            return cls(**taken)
        except (TypeError, ValueError):
            raise InvalidInputError("an entry of the bucket executions is not an execution") from None


def _take_fields(cls: type[Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    return {each.name: payload[each.name] for each in fields(cls) if each.name in payload}
