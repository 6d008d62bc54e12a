"""The figures of a report as data. `to_dict` gives the documented form for programs, which is never translated."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from .intervals import get_wilson_interval
from .journals import Problem
from .sums import ChangeKind

FORMAT = 1
"""The version of the form of `to_dict`. It changes when a field goes or gets another meaning."""

TeachReason = Literal["absent", "confused", "low"]
"""Why a product should be taught again. absent: mostly it is not among the guesses; confused: mostly one other product
comes first; low: several others do."""
AutomaticState = Literal["found", "too_few", "never_right"]
"""Whether there is a score to act on. too_few: more weighings may show one; never_right: no score is right often
enough."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something happened."""

    count: int
    total: int
    share: float | None
    """0 … 1; None without any trial."""
    low: float
    high: float
    """The 95 % interval (Wilson)."""

    @classmethod
    def of(cls, count: int, total: int) -> Rate:
        """Make the rate of a count."""
        low, high = get_wilson_interval(count, total)
        return cls(count, total, count / total if total else None, low, high)


@dataclass(frozen=True, slots=True)
class Hits:
    """Where the right product, the one that was confirmed, stood among the guesses."""

    weighings: int
    first: Rate
    first3: Rate
    """Among the first three."""
    first5: Rate
    absent: Rate
    """Not among the guesses."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the calls took, in seconds. None: it is not known."""

    count: int
    median: float | None
    p95: float | None
    """The 95th percentile."""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One local day."""

    day: str
    """YYYY-MM-DD."""
    recognitions: int
    hits: Hits
    latency: Latency
    connections_lost: int
    device_errors: int


@dataclass(frozen=True, slots=True)
class ProductFigures:
    """One product that was confirmed."""

    id: str
    name: str | None
    hits: Hits


@dataclass(frozen=True, slots=True)
class ModuleFigures:
    """One module, or one version of the engine. None: the journal does not know."""

    name: str | None
    recognitions: int
    hits: Hits


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """One store."""

    store: str
    recognitions: int
    hits: Hits


@dataclass(frozen=True, slots=True)
class ScaleFigures:
    """One scale of a store."""

    store: str
    scale: str
    recognitions: int
    hits: Hits


@dataclass(frozen=True, slots=True)
class Confusion:
    """A product, and another one that came first in its place."""

    id: str
    name: str | None
    taken_for: str
    taken_for_name: str | None
    rate: Rate
    """Of the weighings of the product."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Weighings by confirmed product (rows) and best guess (columns), of the products that are confused most."""

    ids: tuple[str, ...]
    names: tuple[str | None, ...]
    counts: tuple[tuple[int, ...], ...]
    others: tuple[int, ...]
    """For each row: the weighings with any other best guess, or none."""


@dataclass(frozen=True, slots=True)
class TeachAdvice:
    """A product to teach again."""

    id: str
    name: str | None
    reason: TeachReason
    hits: Hits
    rate: Rate
    """How often the reason was the case: not among the guesses, taken for the other product, or not first."""
    taken_for: str | None
    """The product that comes first most often in its place."""
    taken_for_name: str | None


@dataclass(frozen=True, slots=True)
class UnconfirmedProduct:
    """A product that was the best guess but never confirmed."""

    id: str
    name: str | None
    recognitions: int


@dataclass(frozen=True, slots=True)
class ScoreBin:
    """Guesses of weighings with scores from `low` to below `high`; the last includes 1."""

    low: float
    high: float
    right: Rate


@dataclass(frozen=True, slots=True)
class AutomaticFigures:
    """The lowest score of the best guess from which acting without a person would be right often enough."""

    target: float
    """The share that has to be right. Also the low end of the interval has to reach it."""
    state: AutomaticState
    score: float | None
    """The score; where it is not found, the best candidate."""
    right: Rate
    """How often the best guess was right at this score or above."""
    covered: Rate
    """The share of the weighings that have this score or more."""


@dataclass(frozen=True, slots=True)
class TimeFigures:
    """Time saved by weighings that are confirmed with one press: the right product stood at place 1."""

    one_press: Rate
    seconds_per_search: float
    """The assumption: what finding a product without the module takes longer than one press."""
    seconds_saved: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How often the right product came first before and after a change."""

    before: Rate
    after: Rate
    difference: float | None
    """After minus before, of the shares; None where one side has no weighings."""
    low: float | None
    high: float | None
    """Its 95 % interval (Newcombe)."""
    p_value: float | None
    """How likely chance alone makes such a difference (two-proportion z-test)."""
    verdict: Literal["better", "worse", "chance", "too_few"]
    """better, worse: more than chance; chance: it may be chance; too_few: hardly any weighings on one side."""


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """A restore, a teaching session or another version of the engine, and its effect."""

    kind: ChangeKind
    serial_number: str | None
    time: str
    """Local time, ISO 8601."""
    products: tuple[str, ...]
    product_names: tuple[str | None, ...]
    """Of a teaching session."""
    engines: tuple[str, str] | None
    """The versions before and after."""
    all_products: Comparison
    taught_products: Comparison | None


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """All changes of one kind, or between the same two versions of the engine, together."""

    kind: ChangeKind
    engines: tuple[str, str] | None
    changes: int
    comparison: Comparison
    """After teaching sessions: of the products that were taught."""


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """A file that could not be read, or of which rows were left out."""

    path: str
    problem: Problem | None
    detail: str
    skipped: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that a report shows."""

    format: int
    since: str | None
    until: str | None
    """The first and the last day with recognitions, YYYY-MM-DD."""
    journals: int
    """How many files were read."""
    problems: tuple[SourceFigures, ...]
    recognitions: int
    confirmed: Rate
    """The weighings among them: a product was confirmed."""
    overall: Hits
    days: tuple[DayFigures, ...]
    products: tuple[ProductFigures, ...]
    """The one with the most weighings first."""
    modules: tuple[ModuleFigures, ...]
    engines: tuple[ModuleFigures, ...]
    stores: tuple[StoreFigures, ...]
    """The one that is surely the worst first; none where the rows name no stores."""
    scales: tuple[ScaleFigures, ...]
    """In the same order."""
    confusions: tuple[Confusion, ...]
    """The most frequent first."""
    heat_map: HeatMap
    teach: tuple[TeachAdvice, ...]
    """The most urgent first."""
    unconfirmed: tuple[UnconfirmedProduct, ...]
    """The most frequent first."""
    reliability: tuple[ScoreBin, ...]
    automatic: AutomaticFigures
    latency: Latency
    connections_lost: int
    device_errors: int
    restarts: int
    time: TimeFigures
    changes: tuple[ChangeFigures, ...]
    """The newest first."""
    change_summaries: tuple[ChangeSummary, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the documented form for programs."""
        return asdict(self)
