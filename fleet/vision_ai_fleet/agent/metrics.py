"""What an agent counts. The figures are part of its presence, from which the center makes its metrics."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field


@dataclass
class Metrics:
    """Counters since the agent started."""

    jobs_succeeded: int = 0
    jobs_failed: int = 0
    """Jobs that ended in any other way."""
    calls: int = 0
    calls_failed: int = 0
    """Calls that the agent refused, or that got no response of the module."""
    events_sent: int = 0
    events_dropped: int = 0
    """Events that were lost: the outbox was full, or the center did not take them."""
    forged: int = 0
    """Orders without a valid seal."""
    reconnects: int = 0
    module_errors: int = 0
    """How often the module could not be read for the inventory."""
    started: float = field(default_factory=time.monotonic)

    def to_dict(self) -> dict[str, float]:
        figures = asdict(self)
        started = figures.pop("started")
        return {**figures, "uptime": round(time.monotonic() - started, 1)}
