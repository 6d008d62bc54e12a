"""What goes wrong on purpose: planned, counted, aimed at operations, and drawn by the emulator's seed.

`KINDS` says of each kind what it does, when, and which parameters it takes. "Acts" means that the device does
what it was asked before things go wrong; `Emulator.acted` counts how often it did.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Literal, get_args

from attrs import evolve, field, fields, frozen

from vision_ai_emulator.device.device import Device
from vision_ai_emulator.device.error_codes import UNKNOWN_MISTAKE
from vision_ai_emulator.http.endpoints import OPERATIONS, can_fail_job
from vision_ai_emulator.shared.jsoncpp import Json
from vision_ai_emulator.shared.options import one_of

FaultKind = Literal[
    "error_code",
    "refuse",
    "slow_first_byte",
    "http_status",
    "drop_before_answer",
    "reboot",
    "job_fails",
    "drop_mid_answer",
    "truncated_json",
    "truncated_picture",
    "trailing_comma",
    "wrong_content_type",
    "no_content_type",
    "content_length_too_large",
    "content_length_too_small",
    "endless",
    "slow_body",
    "stale_keep_alive",
]

Stage = Literal["arrival", "delay", "outcome", "job", "content", "pace", "connection"]
"""What a fault bears on. A call is hit by at most one fault for each."""

Ending = Literal["close", "reset", "silence", "at_once"]
"""How a connection ends: closed in order, reset, or kept open without another byte. "at_once" is for
stale_keep_alive only."""

_PICTURE = frozenset({"get_image"})
_STATUSES = frozenset({"get_backup_status", "get_restore_status"})
_STARTS = frozenset({"start_backup", "start_restore"})
_JSON = OPERATIONS - {"get_image", "download"}


@frozen
class Kind:
    """What a kind of fault is."""

    stage: Stage
    about: str
    parameters: Mapping[str, Json] = field(factory=dict[str, Json])
    """Its own parameters and what they are unless given."""
    operations: frozenset[str] = OPERATIONS
    """What it can be aimed at."""


KINDS: Mapping[FaultKind, Kind] = {
    "error_code": Kind(
        "outcome",
        "The answer is `code`. The device does not act, unless `acted`.",
        {"code": UNKNOWN_MISTAKE, "acted": False},
    ),
    "refuse": Kind(
        "arrival",
        "The connection is refused; the device does not act and logs nothing. Not aimed at an operation, and"
        " until removed (times null) or for `seconds` of real time, the port is really closed. Otherwise a"
        " port cannot refuse: over a socket the connection is then reset as soon as the request's head came.",
        {"seconds": None},
    ),
    "slow_first_byte": Kind(
        "delay", "The device acts, and answers `seconds` of real time later.", {"seconds": 1.0}
    ),
    "http_status": Kind(
        "outcome",
        "The answer is an HTTP `status` with a page of HTML. The device does not act, unless `acted`.",
        {"status": 500, "acted": False},
    ),
    "drop_before_answer": Kind(
        "outcome",
        "The connection ends without an answer. The device acts first, unless `acted` is false.",
        {"acted": True, "ending": "close"},
    ),
    "reboot": Kind(
        "outcome",
        "The device restarts in the middle of the call and gives no answer; it is gone for `seconds` of its"
        " clock (null: as its settings say). It does not act, or with `acted` acts before it restarts.",
        {"seconds": None, "acted": False, "ending": "close"},
    ),
    "job_fails": Kind(
        "job",
        "The backup (status 6) or restore (status 5) that the call starts will fail with `code`; at a"
        " question about a status, the one that runs fails at once.",
        {"code": UNKNOWN_MISTAKE},
        _STARTS | _STATUSES,
    ),
    "drop_mid_answer": Kind(
        "content",
        "The connection ends after `after` bytes of the body (null: half of it). The device has acted.",
        {"after": None, "ending": "close"},
    ),
    "truncated_json": Kind(
        "content", "Half of the JSON is missing, and Content-Length is right for what is left.", {}, _JSON
    ),
    "truncated_picture": Kind(
        "content", "Half of the JPEG is missing, and Content-Length is right for what is left.", {}, _PICTURE
    ),
    "trailing_comma": Kind(
        "content", "A comma after the last member of every object and list (A6).", {}, _JSON
    ),
    "wrong_content_type": Kind(
        "content", "The right body under `content_type`.", {"content_type": "text/html"}
    ),
    "no_content_type": Kind("content", "The right body without a Content-Type."),
    "content_length_too_large": Kind(
        "content",
        "Content-Length announces twice the body; the connection ends after it, `seconds` of real time"
        " later.",
        {"seconds": 0.0, "ending": "close"},
    ),
    "content_length_too_small": Kind(
        "content",
        "Content-Length announces half of the body and all of it is sent; on the same connection the rest"
        " stands where the next answer should begin.",
    ),
    "endless": Kind("content", "A body without a length that never ends."),
    "slow_body": Kind(
        "pace",
        "The body comes in `pieces`, `seconds` of real time before each.",
        {"seconds": 1.0, "pieces": 5},
    ),
    "stale_keep_alive": Kind(
        "connection",
        "The answer is fine, and the next request on the same connection is lost: the connection is closed or"
        " reset when it comes, or stays silent. With `ending` at_once it is closed right after the answer,"
        " without having been announced, which a client can notice in time.",
        {"ending": "reset"},
    ),
}
"""All kinds: the plain refusal, then the others in the order in which a call meets them."""


@frozen
class Fault:
    """Something that goes wrong on purpose. What a kind does and takes is said in `KINDS`.

    A parameter that is None is as `KINDS` says. Waiting is in real time, whatever the device's clock.
    """

    kind: FaultKind = field(validator=one_of(*get_args(FaultKind)))
    operation: str | None = None
    """The operation that it is aimed at; None: every one that it can be aimed at."""
    times: int | None = 1
    """How many calls it hits; None: until it is removed."""
    probability: float = 1.0
    """How likely it hits a call, above 0 and up to 1."""
    code: int | None = field(default=None, kw_only=True)
    """The vendor's code, below 0."""
    status: int | None = field(default=None, kw_only=True)
    """The HTTP status, 300 to 599."""
    acted: bool | None = field(default=None, kw_only=True)
    """Whether the device does what it was asked."""
    ending: Ending | None = field(default=None, kw_only=True)
    after: int | None = field(default=None, kw_only=True)
    """Bytes."""
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
        for name, right, wanted in (
            ("times", self.times is None or self.times >= 1, "at least one time, or None"),
            ("probability", 0 < self.probability <= 1, "a probability above 0 and up to 1"),
            ("code", self.code is None or self.code < 0, "a negative code"),
            ("status", self.status is None or 300 <= self.status <= 599, "an HTTP status of 300 to 599"),
            ("seconds", self.seconds is None or 0 <= self.seconds <= _LONGEST, f"0 to {_LONGEST} seconds"),
            ("after", self.after is None or self.after >= 0, "0 or more bytes"),
            ("pieces", self.pieces is None or 1 <= self.pieces <= 1000, "1 to 1000 pieces"),
            ("content_type", _is_header(self.content_type), "a header's text in ASCII"),
        ):
            if not right:
                raise ValueError(f"a fault needs {wanted}, not {name}={getattr(self, name)!r}")

    @property
    def stage(self) -> Stage:
        """What it bears on."""
        return KINDS[self.kind].stage

    @property
    def closes_the_port(self) -> bool:
        """Whether it refuses connections by really closing the port."""
        whole = self.operation is None and self.probability == 1
        return self.kind == "refuse" and whole and (self.times is None or self.seconds is not None)

    def to_json(self) -> dict[str, Json]:
        """Its kind, aim, count and own parameters."""
        own: dict[str, Json] = {name: getattr(self, name) for name in KINDS[self.kind].parameters}
        common: dict[str, Json] = {
            "kind": self.kind,
            "operation": self.operation,
            "times": self.times,
            "probability": self.probability,
        }
        return common | own


# Long enough to outlast any client's patience.
_LONGEST = 86400

_COMMON = ("kind", "operation", "times", "probability")
PARAMETERS = tuple(each.name for each in fields(Fault) if each.name not in _COMMON)
"""The parameters that only some kinds have."""


def _is_header(text: str | None) -> bool:
    return text is None or (text.isascii() and text.isprintable())


@frozen
class PlannedFault:
    """A fault that waits for calls to hit."""

    id: int
    fault: Fault
    left: int | None
    """How many calls it will still hit; None: until it is removed."""
    taken: int = 0
    """How many it has hit."""
    expires: float | None = None

    def to_json(self) -> dict[str, Json]:
        """The fault and its counts."""
        return {"id": self.id, **self.fault.to_json(), "left": self.left, "taken": self.taken}


class Faults:
    """The faults that are planned. They may be added and removed from any thread, at any time."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._planned: list[PlannedFault] = []
        self._last_id = 0
        self._lock = threading.Lock()
        self.on_change: list[Callable[[], None]] = []
        """Called when faults were added or removed, for whoever keeps the port open."""

    def add(self, fault: Fault) -> PlannedFault:
        """Plan a fault. The `id` of what it gives is what it can be removed by."""
        with self._lock:
            self._last_id += 1
            expires = None
            if fault.kind == "refuse" and fault.seconds is not None:
                expires = time.monotonic() + fault.seconds
            left = None if fault.closes_the_port else fault.times
            planned = PlannedFault(self._last_id, fault, left, expires=expires)
            self._planned.append(planned)
        self._tell()
        return planned

    def remove(self, id: int) -> None:
        """Take a fault back. Raises KeyError where there is none of that number (any more)."""
        with self._lock:
            left = [each for each in self._planned if each.id != id]
            if len(left) == len(self._planned):
                raise KeyError(id)
            self._planned = left
        self._tell()

    def clear(self) -> None:
        """Take all faults back."""
        with self._lock:
            self._planned = []
        self._tell()

    def reseed(self, rng: random.Random) -> None:
        """Draw probabilities by these random numbers from now on."""
        with self._lock:
            self._rng = rng

    @property
    def planned(self) -> tuple[PlannedFault, ...]:
        """The faults that have calls to hit left, oldest first."""
        with self._lock:
            self._forget_expired()
            return tuple(self._planned)

    @property
    def port_closed(self) -> bool:
        """Whether the port is to be closed."""
        with self._lock:
            self._forget_expired()
            return any(each.fault.closes_the_port for each in self._planned)

    def fail_next(self, code: int, operation: str | None = None, times: int = 1) -> None:
        """Let the next `times` calls of `operation` (None: of any) answer `code`, a negative number."""
        self.add(Fault("error_code", operation, times, code=code))

    def take(self, stage: Stage, operation: str, device: Device) -> Fault | None:
        """The fault that this call meets at a stage. Those that are counted go before those that stay."""
        with self._lock:
            self._forget_expired()
            for planned in sorted(self._planned, key=lambda each: each.left is None):
                fault = planned.fault
                aimed = fault.operation or operation
                if (
                    fault.stage != stage
                    or aimed != operation
                    or operation not in KINDS[fault.kind].operations
                ):
                    continue
                if fault.kind == "job_fails" and not can_fail_job(device, operation):
                    continue
                if fault.probability < 1 and self._rng.random() >= fault.probability:
                    continue
                self._count(planned)
                return fault
        return None

    def _count(self, planned: PlannedFault) -> None:
        left = None if planned.left is None else planned.left - 1
        counted = evolve(planned, left=left, taken=planned.taken + 1)
        self._planned = [
            counted if each is planned else each for each in self._planned if each is not planned or left != 0
        ]

    def _forget_expired(self) -> None:
        now = time.monotonic()
        self._planned = [each for each in self._planned if each.expires is None or now < each.expires]

    def _tell(self) -> None:
        for listener in list(self.on_change):
            listener()
