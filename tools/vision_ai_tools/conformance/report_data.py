"""The contents of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from vision_ai import Profile, __version__
from vision_ai_generated.operation import Effect, Version

from .observations import Further, Outcome
from .readings.registry import Copes, Verdict


@frozen
class Evidence:
    """A response that a verdict is based on, or the lack of one."""

    exchange: int
    """Its number among the report's exchanges."""
    purpose: str
    """What the request was to find out, beyond its response."""
    request: str
    """Method, target and body."""
    received: str


@frozen
class ReadingReport:
    """One of the readings A1 …, B1 …."""

    id: str
    text: str
    reading: str
    verdict: Verdict
    found: str
    copes: Copes | None
    """For "otherwise": whether the SDK copes "by_itself", "with_profile" or "no"."""
    tried_by: str | None
    """For "not_tried": the option that decides it, for example "--effects act"; None where none does."""
    evidence: tuple[Evidence, ...]


@frozen
class EmptyPanReport:
    """What the module returns for an empty pan."""

    found: str
    watch: Mapping[str, Any] | None
    """The arguments of `VisionAI.watch` that follow, without those that have their default; None if it is not known."""
    evidence: tuple[Evidence, ...]


@frozen
class DepartureReport:
    """One kind of departure from the contract, however often it occurred."""

    operation: str
    kind: str
    where: str
    found: str
    reading: str | None
    """The reading that it belongs to, if any."""
    count: int
    exchange: int
    """The first exchange that shows it."""


@frozen
class UnknownFieldReport:
    """A field that the contract does not know, or knows by its name only."""

    request: str
    """Method and path."""
    where: str
    known: str
    """"no", or "name" for a field that the contract lists without a type."""
    types: tuple[str, ...]
    """The JSON types of its values."""
    example: str
    """A value, as JSON. In a redacted report, letters are a or A, and digits 0."""
    exchange: int
    """The first exchange that shows it."""


@frozen
class OperationReport:
    """One operation of the contract: how often it was called, and the responses."""

    operation: str
    effect: Effect
    asked: int
    answered: int
    codes: Mapping[str, int]
    statuses: Mapping[str, int]
    content_types: Mapping[str, int]
    median_ms: float | None
    max_ms: float | None
    tried_by: str | None
    """For an operation that was not called: the option that calls it; None where none does."""


@frozen
class ExchangeReport:
    """One request and its response. Long bodies are shortened."""

    number: int
    operation: str | None
    purpose: str
    method: str
    target: str
    sent: str
    status: int | None
    content_type: str
    received: str
    size: int
    milliseconds: float | None
    failure: str


@frozen(kw_only=True)
class ReportData:
    """All that a report holds."""

    outcome: Outcome
    """"complete", "unreachable", "not_a_module", or "broken_off": the module stopped responding."""
    stopped_because: str
    url: str
    effects: Effect
    also: tuple[Further, ...]
    started: str
    finished: str
    api: Version | None
    """The version of the API that the module speaks; None where no module was checked."""
    contract: str
    """The version of the contract of that API."""
    sdk: str = __version__
    redacted: bool
    """Whether serial numbers, the store and names of backups are replaced, each by the same placeholder."""
    device_info: Mapping[str, Any] | None
    """The result of `get_device_info`; None where there is none."""
    readings: tuple[ReadingReport, ...]
    empty_pan: EmptyPanReport | None
    """None unless the operator said that the pan is empty."""
    departures: tuple[DepartureReport, ...]
    unknown_fields: tuple[UnknownFieldReport, ...]
    """What the module sent and the contract does not know."""
    operations: tuple[OperationReport, ...]
    left_out: tuple[str, ...]
    """What was allowed and not possible, with the reason."""
    traces: tuple[str, ...]
    """What the run changed on the module."""
    profile: Profile | None
    """For `VisionAI(profile=…)`; None where no module was checked."""
    exchanges: tuple[ExchangeReport, ...] = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return self.outcome == "complete"

    @property
    def conforms(self) -> bool:
        """Whether the run came to its end and found no difference from the contract."""
        return self.complete and not self.departures and not self.otherwise

    @property
    def otherwise(self) -> tuple[ReadingReport, ...]:
        """The readings that the module does not use."""
        return tuple(each for each in self.readings if each.verdict == "otherwise")

    def reading(self, id: str) -> ReadingReport:
        """Return one of the readings by its number, for example "A3"."""
        return next(each for each in self.readings if each.id == id)
