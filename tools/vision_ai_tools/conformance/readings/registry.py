"""Register how each reading is decided. A reading is what this project takes an unclear place of the vendor's
document to mean (A1 …, B1 …)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from attrs import frozen

from vision_ai_generated.operation import Effect, Version

from ..capture import Exchange
from ..observations import Observations

Verdict = Literal["as_read", "otherwise", "not_tried"]
Copes = Literal["by_itself", "with_profile", "no"]

MAX_EVIDENCE = 3
"""Exchanges shown with a finding."""


@frozen
class Finding:
    """What the observations show about one reading."""

    verdict: Verdict
    found: str
    evidence: tuple[Exchange, ...] = ()
    copes: Copes | None = None
    """For "otherwise": whether the SDK copes by itself, with a profile, or not at all."""
    level: Effect | None = None
    """For "not_tried": the level that may decide it, where it is not the reading's own."""


Probe = Callable[[Observations], Finding]


@frozen
class Reading:
    """One place that the vendor's document leaves open."""

    id: str
    text: str
    """What the vendor's text says, in both versions."""
    reading: str
    """What this project takes it to mean."""
    level: Effect | None
    """The level of effects that decides it; None where no level does."""
    probe: Probe
    versions: tuple[Version, ...]
    """The versions of the API that it concerns."""


_registered: list[Reading] = []


def reading(
    id: str, *, text: str, reading: str, level: Effect | None, versions: tuple[Version, ...] = ("v1",)
) -> Callable[[Probe], Probe]:
    """Register the decorated function as the probe that decides a reading."""

    def register(probe: Probe) -> Probe:
        _registered.append(Reading(id, text, reading, level, probe, versions))
        return probe

    return register


def list_readings() -> tuple[Reading, ...]:
    """Return the registered readings in the order of their numbers."""
    return tuple(sorted(_registered, key=lambda each: (each.id[0], int(each.id[1:]))))


def accept_reading(found: str, *evidence: Exchange) -> Finding:
    """Make the finding for a module that uses the reading."""
    return Finding("as_read", found, evidence[:MAX_EVIDENCE])


def leave_undecided(found: str, *evidence: Exchange, level: Effect | None = None) -> Finding:
    """Make the finding for a reading that the observations do not decide."""
    return Finding("not_tried", found, evidence[:MAX_EVIDENCE], level=level)


def reject_reading(found: str, *evidence: Exchange, copes: Copes | None = None) -> Finding:
    """Make the finding for a module that does not use the reading."""
    if copes is None:
        copes = "no" if any(each.sdk_error for each in evidence) else "by_itself"
    return Finding("otherwise", found, evidence[:MAX_EVIDENCE], copes)


def get_json_responses(observations: Observations) -> list[Exchange]:
    """Return the exchanges whose response is JSON."""
    return [
        each for each in observations.exchanges if each.json is not None and (each.operation or each.fields)
    ]
