"""What a run has observed of a module: the readings and the report are made from it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from attrs import define, field, frozen

from vision_ai_generated.operation import Effect, Version

from .capture import Exchange

EFFECTS: tuple[Effect, ...] = ("read", "set", "act", "destructive")
"""What a run may do to the module. Each level includes those before it."""

Further = Literal["reboot", "reset_device"]
FURTHER: tuple[Further, ...] = ("reboot", "reset_device")
"""What a "destructive" run does only when it is named."""

FieldNames = Literal["id", "item_id", "both"]
FIELD_NAMES: tuple[FieldNames, ...] = ("id", "item_id", "both")

OTHER_METHOD = "how the module responds to the method of the other version"
"""The purpose of the request that asks (B1)."""
UNKNOWN_COMMAND = "/api/no_such_command"
"""A path that no firmware has."""

Pan = Literal["empty"]
"""What the operator says about the pan."""

Outcome = Literal["complete", "unreachable", "not_a_module", "broken_off"]


@frozen
class FieldNamesTrial:
    """A request that named its fields in one way (A1)."""

    names: FieldNames
    exchange: Exchange
    understood: bool | None
    """Whether the module found the fields; None where its response does not show it."""


@frozen
class RestoreTrial:
    """A restore that named the file's part in one way (A4)."""

    part_name: str | None
    exchanges: tuple[Exchange, ...]
    """The uploads. There are two where the module did not know the first path (A3)."""
    accepted: bool
    """Whether the module confirmed that the file arrived."""
    completed: bool
    """Whether the module then reported that the restore was complete."""


@frozen
class EmptyPanTrial:
    """A recognition while the pan is empty."""

    exchange: Exchange
    best_score: float | None
    """None for a result without guesses, and for an error."""


@define
class Observations:
    """Filled in the course of a run, and valid at any moment of it."""

    url: str
    effects: Effect
    also: tuple[Further, ...] = ()
    pan: Pan | None = None
    started: datetime | None = None
    version: Version | None = None
    """The version of the API that the module speaks; None as long as that is not known."""
    exchanges: list[Exchange] = field(factory=list[Exchange])
    device_info: dict[str, object] | None = None
    field_names: list[FieldNamesTrial] = field(factory=list[FieldNamesTrial])
    restores: list[RestoreTrial] = field(factory=list[RestoreTrial])
    empty_pan: list[EmptyPanTrial] = field(factory=list[EmptyPanTrial])
    knows_products: bool = True
    """False if the module has no products while it recognizes the empty pan."""
    chunked_restore: RestoreTrial | None = None
    """A restore without a length, after one with a length was completed."""
    left_out: list[str] = field(factory=list[str])
    """What was allowed and not possible, with the reason."""
    traces: list[str] = field(factory=list[str])
    """What the run changed on the module."""
    outcome: Outcome = "complete"
    stopped_because: str = ""

    def get_responses(self, *operations: str) -> list[Exchange]:
        """Return the exchanges of these operations that have a complete response."""
        return [each for each in self.exchanges if each.operation in operations and each.is_complete]

    @property
    def unknown_command(self) -> Exchange | None:
        """The response to a command that no firmware has."""
        return next((each for each in self.exchanges if each.target.endswith(UNKNOWN_COMMAND)), None)


def is_unknown_command(exchange: Exchange) -> bool:
    """Whether the module reported an unknown command, in one of the ways of A3."""
    return exchange.code == -6117 or exchange.status in (404, 405)
