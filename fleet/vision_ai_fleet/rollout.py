"""Rollouts: one job on many scales, in stages. Their whole position is in the engine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from itertools import pairwise
from typing import Any

from vision_ai import InvalidInputError

from .names import CHAIN, check_name

WINDOW = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


class Phase(StrEnum):
    """Where a rollout is."""

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    ABORTED = "ABORTED"
    """Too many scales failed, or the canary did."""
    CANCELED = "CANCELED"

    @property
    def is_end(self) -> bool:
        return self not in (Phase.RUNNING, Phase.PAUSED)


@dataclass(frozen=True, slots=True)
class RolloutSpec:
    """What a person orders."""

    id: str
    kind: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    scope: str = CHAIN
    """A store whose scales alone may be selected, or `chain`."""
    where: tuple[str, ...] = ()
    """Conditions on the inventory, such as `engine=9.5.0` and `store=0042`; all must hold."""
    targets: tuple[str, ...] | None = None
    """Scales by name (`0042/07`), instead of or beside conditions."""
    stages: tuple[str, ...] = ("1", "10%", "100%")
    max_failures: str = "5%"
    """Of the scales that were given the job: a number, or a percentage."""
    window: str | None = None
    order: str = "spread"
    """`spread`: stores in turn; `store`: one store after the other; `within-store`: one scale of a store at a time."""
    expires_after: float = 7 * 86400.0
    """Seconds for which a scale that is off may still begin the job."""
    canary_excludes: tuple[str, ...] = ()
    """Scales that must not be the first: the source of a data set."""
    created: float = 0.0
    by: str = ""

    @property
    def key(self) -> str:
        return f"{self.scope}.{self.id}"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> RolloutSpec:
        known: dict[str, Any] = {
            each.name: payload[each.name] for each in fields(cls) if each.name in payload
        }
        for name in ("where", "stages", "canary_excludes"):
            known[name] = tuple(known.get(name) or ())
        if known.get("targets") is not None:
            known["targets"] = tuple(known["targets"])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class RolloutState:
    """How far a rollout is, as the controller that holds the lease wrote it, or a command to pause or cancel."""

    phase: Phase = Phase.RUNNING
    stage: int = 0
    """Index of the stage that runs."""
    submitted: int = 0
    """How many of the targets were given the job."""
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict[str, int])
    """Executions by state."""
    reason: str = ""
    updated: float = 0.0
    stage_started: float = 0.0
    resumes: int = 0
    """How often it was paused and went on: jobs that were taken back are sent again."""
    settled: bool = True
    """Whether the controller has carried out the last command: took back what was to be, and marked it."""
    duplicates: int = 0
    """How often the engine refused a job that had been sent already, after a controller was replaced."""

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "phase": self.phase.value}

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> RolloutState:
        known: dict[str, Any] = {
            each.name: payload[each.name] for each in fields(cls) if each.name in payload
        }
        known["phase"] = Phase(known.get("phase", "RUNNING"))
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Rollout:
    """An entry of the bucket `rollouts`: `{"spec": …, "state": …}`."""

    spec: RolloutSpec
    state: RolloutState
    revision: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {"spec": self.spec.to_dict(), "state": self.state.to_dict()}

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any], revision: int = 0) -> Rollout:
        return cls(
            RolloutSpec.from_dict(payload["spec"]), RolloutState.from_dict(payload.get("state", {})), revision
        )


def count_stages(stages: Sequence[str], total: int) -> list[int]:
    """Return after how many targets each stage ends. The last one is always all of them.

    Args:
        stages: Numbers of scales, and percentages: `("1", "10%", "100%")`.
        total: The targets.

    Raises:
        InvalidInputError: a stage is neither, or they do not grow.
    """
    ends: list[int] = []
    for stage in stages:
        ends.append(min(total, max(1, _count_share("a stage", stage, total))))
    if any(later < earlier for earlier, later in pairwise(ends)):
        raise InvalidInputError(f"stages must grow, not {','.join(stages)}")
    if total and (not ends or ends[-1] < total):
        ends.append(total)
    return ends


def count_failures(limit: str, submitted: int) -> int:
    """Return how many failures are too many for what was submitted: one more than is allowed.

    Raises:
        InvalidInputError: the limit is neither a number nor a percentage.
    """
    if limit.endswith("%"):
        return int(_parse_percentage("max_failures", limit) * submitted) + 1
    return _count_share("max_failures", limit, submitted) + 1


def check_window(window: str | None) -> str | None:
    """Refuse what is not a window such as `22:00-06:00`."""
    if window is not None and not WINDOW.fullmatch(window):
        raise InvalidInputError(f"window must be such as 22:00-06:00, not {window!r}")
    return window


def check_spec(spec: RolloutSpec) -> None:
    """Refuse an order that cannot be carried out, before anything is sent.

    Raises:
        InvalidInputError: says what to change.
    """
    if spec.scope != CHAIN:
        check_name("store", spec.scope)
    check_name("rollout", spec.id)
    count_stages(spec.stages, 100)
    count_failures(spec.max_failures, 100)
    check_window(spec.window)
    if spec.order not in ("spread", "store", "within-store"):
        raise InvalidInputError(f"order must be spread, store or within-store, not {spec.order!r}")


def _parse_percentage(name: str, text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InvalidInputError(f"{name} must be a number or 0% to 100%, not {text!r}")
    return share


def _count_share(name: str, text: str, total: int) -> int:
    if text.endswith("%"):
        return round(_parse_percentage(name, text) * total)
    if not (text.isascii() and text.isdigit()):
        raise InvalidInputError(f"{name} must be a number or 0% to 100%, not {text!r}")
    return int(text)
