"""The faults that will affect calls: counted, limited to operations, and drawn by the emulator's seed."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

from attrs import evolve, frozen

from vision_ai_emulator.device.device import Device
from vision_ai_emulator.faults.fault import Fault
from vision_ai_emulator.faults.kinds import KINDS, Stage
from vision_ai_emulator.shared.json_values import Json


@frozen
class PendingFault:
    """A fault in the plan."""

    id: int
    fault: Fault
    calls_left: int | None
    """The number of calls that the fault will still affect; None: all until it is removed."""
    calls_affected: int = 0
    """The number of calls that the fault has affected."""
    expires: float | None = None

    def to_json(self) -> dict[str, Json]:
        """Return the fault and its counts."""
        return {
            "id": self.id,
            **self.fault.to_json(),
            "left": self.calls_left,
            "taken": self.calls_affected,
        }


class FaultPlan:
    """The pending faults. All methods are thread-safe."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._pending: list[PendingFault] = []
        self._last_id = 0
        self._lock = threading.Lock()
        self.on_change: list[Callable[[], None]] = []
        """Called after faults were added or removed."""

    def add(self, fault: Fault) -> PendingFault:
        """Add a fault. The result's `id` is the argument for `remove`."""
        with self._lock:
            self._last_id += 1
            expires = None
            if fault.kind == "refuse" and fault.seconds is not None:
                expires = time.monotonic() + fault.seconds
            calls = None if fault.closes_port else fault.times
            pending = PendingFault(self._last_id, fault, calls, expires=expires)
            self._pending.append(pending)
        self._notify()
        return pending

    def remove(self, id: int) -> None:
        """Remove a fault. Raises KeyError if there is none with that id."""
        with self._lock:
            others = [each for each in self._pending if each.id != id]
            if len(others) == len(self._pending):
                raise KeyError(id)
            self._pending = others
        self._notify()

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._pending = []
        self._notify()

    def reseed(self, rng: random.Random) -> None:
        """Draw probabilities from `rng` from now on."""
        with self._lock:
            self._rng = rng

    @property
    def pending(self) -> tuple[PendingFault, ...]:
        """The faults that will still affect calls, oldest first."""
        with self._lock:
            self._remove_expired()
            return tuple(self._pending)

    @property
    def closes_port(self) -> bool:
        """Whether a fault keeps the device's port closed."""
        with self._lock:
            self._remove_expired()
            return any(each.fault.closes_port for each in self._pending)

    def fail_next(self, code: int, operation: str | None = None, times: int = 1) -> None:
        """Return the negative error `code` from the next `times` calls of `operation` (None: of any)."""
        self.add(Fault("error_code", operation, times, code=code))

    def take(self, stage: Stage, operation: str, device: Device) -> Fault | None:
        """Return the fault that affects this call at a stage, and count it.

        Faults for a number of calls come before those that stay until they are removed.
        """
        with self._lock:
            self._remove_expired()
            for pending in sorted(self._pending, key=lambda each: each.calls_left is None):
                fault = pending.fault
                if fault.stage != stage or operation not in KINDS[fault.kind].operations:
                    continue
                if fault.operation not in (None, operation):
                    continue
                if fault.kind == "job_fails" and not device.can_fail_job(operation):
                    continue
                if fault.probability < 1 and self._rng.random() >= fault.probability:
                    continue
                self._count_call(pending)
                return fault
        return None

    def _count_call(self, pending: PendingFault) -> None:
        left = None if pending.calls_left is None else pending.calls_left - 1
        counted = evolve(pending, calls_left=left, calls_affected=pending.calls_affected + 1)
        self._pending = [
            counted if each is pending else each for each in self._pending if each is not pending or left != 0
        ]

    def _remove_expired(self) -> None:
        now = time.monotonic()
        self._pending = [each for each in self._pending if each.expires is None or now < each.expires]

    def _notify(self) -> None:
        for listener in list(self.on_change):
            listener()
