"""A fault: something that goes wrong on purpose in the calls that it affects."""

from __future__ import annotations

from typing import get_args

from attrs import field, fields, frozen

from vision_ai_emulator.faults.kinds import KINDS, Ending, FaultKind, Stage
from vision_ai_emulator.shared.json_values import Json
from vision_ai_emulator.shared.options import one_of

# Longer than any client waits.
_MAX_SECONDS = 86400


@frozen
class Fault:
    """Something that goes wrong on purpose. `KINDS` describes each kind and its parameters.

    None means a parameter's default in `KINDS`. Waiting takes real time, whatever the device's clock.
    """

    kind: FaultKind = field(validator=one_of(*get_args(FaultKind)))
    operation: str | None = None
    """The operation that the fault affects; None: every operation that the kind can affect."""
    times: int | None = 1
    """The number of calls that the fault affects; None: all until it is removed."""
    probability: float = 1.0
    """The probability with which the fault affects a call, above 0 and up to 1."""
    code: int | None = field(default=None, kw_only=True)
    """The vendor's error code, below 0."""
    status: int | None = field(default=None, kw_only=True)
    """The HTTP status, 300 to 599."""
    acted: bool | None = field(default=None, kw_only=True)
    """Whether the device performs the operation."""
    ending: Ending | None = field(default=None, kw_only=True)
    after: int | None = field(default=None, kw_only=True)
    """Bytes of the body."""
    seconds: float | None = field(default=None, kw_only=True)
    pieces: int | None = field(default=None, kw_only=True)
    content_type: str | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        kind = KINDS[self.kind]
        for name in PARAMETERS:
            if getattr(self, name) is None:
                object.__setattr__(self, name, kind.parameters.get(name))
            elif name not in kind.parameters:
                known = ", ".join(kind.parameters) or "none of its own"
                raise ValueError(f"a fault {self.kind!r} has no parameter {name!r}: it has {known}")
        if self.operation is not None and self.operation not in kind.operations:
            known = ", ".join(sorted(kind.operations))
            raise ValueError(
                f"there is no operation {self.operation!r} for a fault {self.kind!r}: it is one of {known}"
            )
        if self.ending == "at_once" and self.kind != "stale_keep_alive":
            raise ValueError(f"a fault {self.kind!r} cannot end 'at_once': it is close, reset or silence")
        for name, valid, expected in (
            ("times", self.times is None or self.times >= 1, "at least one time, or None"),
            ("probability", 0 < self.probability <= 1, "a probability above 0 and up to 1"),
            ("code", self.code is None or self.code < 0, "a negative code"),
            ("status", self.status is None or 300 <= self.status <= 599, "an HTTP status of 300 to 599"),
            (
                "seconds",
                self.seconds is None or 0 <= self.seconds <= _MAX_SECONDS,
                f"0 to {_MAX_SECONDS} seconds",
            ),
            ("after", self.after is None or self.after >= 0, "0 or more bytes"),
            ("pieces", self.pieces is None or 1 <= self.pieces <= 1000, "1 to 1000 pieces"),
            ("content_type", _is_header(self.content_type), "an ASCII header value"),
        ):
            if not valid:
                raise ValueError(f"a fault needs {expected}, not {name}={getattr(self, name)!r}")

    @property
    def stage(self) -> Stage:
        """The part of a call that the fault affects."""
        return KINDS[self.kind].stage

    @property
    def closes_port(self) -> bool:
        """Whether the fault refuses connections by closing the port."""
        unconditional = self.operation is None and self.probability == 1
        return self.kind == "refuse" and unconditional and (self.times is None or self.seconds is not None)

    def to_json(self) -> dict[str, Json]:
        """Return the fault with the parameters that its kind has."""
        own: dict[str, Json] = {name: getattr(self, name) for name in KINDS[self.kind].parameters}
        common: dict[str, Json] = {
            "kind": self.kind,
            "operation": self.operation,
            "times": self.times,
            "probability": self.probability,
        }
        return common | own


_COMMON = ("kind", "operation", "times", "probability")
PARAMETERS = tuple(each.name for each in fields(Fault) if each.name not in _COMMON)
"""The parameters that not all kinds have."""


def _is_header(text: str | None) -> bool:
    return text is None or (text.isascii() and text.isprintable())
