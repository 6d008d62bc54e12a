"""Schedules: jobs that the engine's own clock starts on every selected scale, such as a backup each night."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from zoneinfo import available_timezones

from vision_ai import InvalidInputError

from .jobs import get_job_kind
from .names import CHAIN, ScaleId, check_name
from .rollout import check_window

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
DAY = 86400


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job at a time of day, spread over the scales.

    Args:
        name: Its name, also the first part of the names of its jobs.
        kind: The kind of job.
        at: When the first scale begins: `02:30`, or with seconds.
        zone: The time zone of `at`, such as `Europe/Berlin`.
        weekdays: `mon`, `tue` …; empty: each day.
        spread: Seconds over which the scales begin, each always at the same moment.
        scope: A store, or `chain`.
        where: Conditions on the inventory; scales that come to meet them are added.
        keep: For backups, how many of a scale are kept; 0: all.
        window: See `RolloutSpec`.
        expires_after: Seconds for which a scale that is off may still begin.
    """

    name: str
    kind: str
    at: str
    zone: str = "UTC"
    weekdays: tuple[str, ...] = ()
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    spread: float = 3 * 3600.0
    scope: str = CHAIN
    where: tuple[str, ...] = ()
    keep: int = 7
    window: str | None = None
    expires_after: float = 20 * 3600.0
    created: float = 0.0
    by: str = ""

    @property
    def key(self) -> str:
        return f"{self.scope}.{self.name}"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Schedule:
        known: dict[str, Any] = {
            each.name: payload[each.name] for each in fields(cls) if each.name in payload
        }
        for name in ("where", "weekdays"):
            known[name] = tuple(known.get(name) or ())
        return cls(**known)

    def make_cron(self, scale: ScaleId) -> str:
        """Return when a scale begins, as a line of cron with seconds. It is spread by the scale's name."""
        match = _TIME.fullmatch(self.at)
        assert match is not None
        digest = hashlib.sha256(f"{self.name} {scale}".encode()).digest()
        share = int.from_bytes(digest[:8], "big") / 2**64
        moment = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0) + int(share * self.spread)
        days, moment = divmod(moment, DAY)
        weekdays = ",".join(sorted(str((WEEKDAYS.index(day) + days) % 7) for day in self.weekdays)) or "*"
        return f"{moment % 60} {moment // 60 % 60} {moment // 3600} * * {weekdays}"


def check_schedule(schedule: Schedule) -> None:
    """Refuse a schedule that cannot be carried out.

    Raises:
        InvalidInputError: says what to change.
    """
    check_name("schedule", schedule.name)
    if schedule.scope != CHAIN:
        check_name("store", schedule.scope)
    kind = get_job_kind(schedule.kind)
    if not kind.is_repeatable and kind.name != "reboot":
        raise InvalidInputError(
            f"{kind.name} cannot be scheduled, as it needs a person to look at its outcome"
        )
    if not _TIME.fullmatch(schedule.at):
        raise InvalidInputError(f"at must be a time such as 02:30, not {schedule.at!r}")
    if unknown := [day for day in schedule.weekdays if day not in WEEKDAYS]:
        raise InvalidInputError(f"weekdays are {', '.join(WEEKDAYS)}, not {unknown[0]!r}")
    # Windows has no zones of its own: there the engine alone checks.
    if available_timezones() and schedule.zone not in available_timezones():
        raise InvalidInputError(f"zone must be such as Europe/Berlin, not {schedule.zone!r}")
    if not 0 <= schedule.spread < DAY:
        raise InvalidInputError("spread must be 0 seconds to less than a day")
    if schedule.keep < 0 or schedule.expires_after < 60:
        raise InvalidInputError("keep must be 0 or more, and expires_after at least 60 seconds")
    check_window(schedule.window)
