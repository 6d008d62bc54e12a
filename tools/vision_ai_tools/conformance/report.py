"""The report on a module: what it is, which readings it uses, where it departs from the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from attrs import asdict, field, frozen

from vision_ai import __version__
from vision_ai._profile import Profile
from vision_ai_generated.operation import Effect

from .observations import Further, Outcome
from .readings.judgments import Copes, Verdict

FORMAT = "vision_ai_conformance"
VERSION = 1


@frozen
class Evidence:
    """An answer, or its want, that a verdict rests on."""

    exchange: int
    """Its number among the report's exchanges."""
    purpose: str
    """What the request was to find out beside its answer; empty where it was the answer."""
    request: str
    """Method, target and body."""
    received: str


@frozen
class ReadingReport:
    """One of the readings A1 … A16."""

    id: str
    text: str
    reading: str
    verdict: Verdict
    found: str
    copes: Copes | None
    """Where it is otherwise: whether the SDK copes "by_itself", "with_profile" or "no"."""
    tried_by: str | None
    """Where it was not tried: what to allow for it, as "--effects act"; None where nothing tries it."""
    evidence: tuple[Evidence, ...]


@frozen
class DepartureReport:
    """One kind of departure from the contract, however often it came."""

    operation: str
    kind: str
    where: str
    found: str
    reading: str | None
    """The reading that it belongs to, where it belongs to one."""
    count: int
    exchange: int
    """The first one that shows it."""


@frozen
class OperationReport:
    """One operation of the contract: how often it was asked, and what came back."""

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
    """Where it was not asked: what to allow for it; None where nothing does."""


@frozen
class ExchangeReport:
    """One request and its answer, long bodies shortened."""

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
class Report:
    """What an examination found. `to_dict` has the documented shape, `to_json` the same as text."""

    outcome: Outcome
    """"complete", "unreachable", "not_a_module", or "broken_off" where it went away in the middle."""
    stopped_because: str
    url: str
    effects: Effect
    also: tuple[Further, ...]
    started: str
    finished: str
    contract: str
    sdk: str = __version__
    redacted: bool
    """Whether serial numbers, the store and names of backups are stand-ins, the same throughout."""
    device_info: Mapping[str, Any] | None
    """What `get_device_info` says; None where it was not understood."""
    readings: tuple[ReadingReport, ...]
    departures: tuple[DepartureReport, ...]
    operations: tuple[OperationReport, ...]
    left_out: tuple[str, ...]
    """What was allowed and could not be tried."""
    traces: tuple[str, ...]
    """What is not as it was before."""
    profile: Profile | None
    """What to give to `VisionAI(profile=…)`; None where no module was examined."""
    exchanges: tuple[ExchangeReport, ...] = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether the examination came to its end."""
        return self.outcome == "complete"

    @property
    def conforms(self) -> bool:
        """Whether it came to its end and nothing was otherwise than the contract has it."""
        return self.complete and not self.departures and not self.otherwise

    @property
    def otherwise(self) -> tuple[ReadingReport, ...]:
        """The readings that the module does not use."""
        return tuple(each for each in self.readings if each.verdict == "otherwise")

    def reading(self, id: str) -> ReadingReport:
        """One of the readings by its number, as "A3"."""
        return next(each for each in self.readings if each.id == id)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; `report.schema.json` beside this module describes it."""
        whole = asdict(self, value_serializer=_as_json)
        whole["profile"] = self.profile.to_dict() if self.profile else None
        return {FORMAT: VERSION, "conforms": self.conforms, **whole}

    def to_markdown(self) -> str:
        """The report as a page for people."""
        from .markdown import markdown

        return markdown(self)

    def to_json(self) -> str:
        """The report as a JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"


def _as_json(_: object, __: object, value: Any) -> Any:
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value
