"""What the module is and should be: its inventory, and its desired state."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from typing import Any, cast

from nats.aio.msg import Msg

from vision_ai import VisionAIError, __version__
from vision_ai_fleet.buckets import Bucket, Entry
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.messages import ForgedMessageError, unseal
from vision_ai_fleet.names import DESIRED, INVENTORY, get_bucket_subject, get_changes_subject

from .session import Session
from .tasks import wait_until_set

logger = logging.getLogger("vision_ai_fleet")

UNCHANGED_INTERVAL = 3600.0
"""Seconds after which an inventory is sent again although it says the same."""
NOT_READY_INTERVAL = 60.0
"""Seconds after which a module that is not ready is read again, at the latest."""
ERROR_PAUSE = (2.0, 10.0)
ANNOUNCED_ATTEMPTS, ANNOUNCED_PAUSE = 10, 0.2
"""How often, and after how many seconds, an announced state is looked for that is not there yet."""
SETTINGS = ("learn_mode", "calibration")
PRECISION = 1e-6


class InventoryReporter:
    """Keeps the scale's inventory in the center up to date, and its module as it should be.

    Args:
        session: The agent's.
        extra: Returns what the agent adds: its last backup and its settings.
        is_busy: Whether a job runs: the module is then left alone.
    """

    def __init__(
        self, session: Session, extra: Callable[[], dict[str, Any]], is_busy: Callable[[], bool]
    ) -> None:
        self._session = session
        self._extra = extra
        self._is_busy = is_busy
        self._inventory = Bucket(session.connection, INVENTORY)
        self._desired = Bucket(session.connection, DESIRED)
        self._wanted = asyncio.Event()
        self._was_reconnected = False
        self._module_state: dict[str, Any] = {}
        self._sent: dict[str, Any] = {}
        self._sent_at = 0.0
        self._forged_revision = 0
        self._announced: bytes | None = None

    @property
    def serial_number(self) -> str | None:
        """The module's, where it was read."""
        device = self._module_state.get("device")
        return cast("dict[str, Any]", device).get("sn") if isinstance(device, dict) else None

    def wake(self) -> None:
        """Have the module read again soon."""
        self._wanted.set()

    async def run(self) -> None:
        """Report, until it is canceled."""

        async def nudge(message: Msg) -> None:
            self._announced = message.data
            self._wanted.set()

        subject = get_bucket_subject(DESIRED, self._session.scale.key)
        subject = get_changes_subject(self._session.connection.credentials.role, subject)
        await self._session.connection.client.subscribe(subject, cb=nudge)
        self._session.connection.on_reconnect.append(self._resume)
        try:
            while True:
                try:
                    await self.refresh()
                except FleetError as error:
                    logger.debug("the inventory could not be sent: %s", error)
                    await asyncio.sleep(random.uniform(*ERROR_PAUSE))
                    continue
                await self._wait()
        finally:
            self._session.connection.on_reconnect.remove(self._resume)

    async def refresh(self) -> None:
        """Read the module and the desired state, correct what is to be enforced, and send the inventory.

        Raises:
            FleetError: the center did not take part.
        """
        desired, problem = await self._load_desired()
        if not self._is_busy() or not self._module_state:
            self._module_state = await self._read_module()
            drift = find_drift(desired, self._module_state)
            if drift and desired is not None and desired.get("enforce") is True:
                await self._mend(desired, drift)
        value = {
            "backup": None,
            **self._module_state,
            **self._extra(),
            "agent": __version__,
            "desired": desired,
            "drift": find_drift(desired, self._module_state),
            **({"problem": problem} if problem else {}),
        }
        now = self._session.clock.now
        if self._was_reconnected or value != self._sent or now - self._sent_at > UNCHANGED_INTERVAL:
            await self._inventory.put(self._session.scale.key, {**value, "time": now})
            self._sent, self._sent_at, self._was_reconnected = value, now, False

    async def _read_module(self) -> dict[str, Any]:
        try:
            state = dict(await self._session.module.read_inventory())
            state.pop("time", None)
            return state
        except (VisionAIError, OSError) as error:
            problem = error
        except Exception as error:  # a fault of this program is shown, and the agent goes on
            logger.exception("the module could not be read")
            problem = error
        self._session.metrics.module_errors += 1
        code = getattr(problem, "code", None)
        return {
            **self._module_state,
            "module": "error",
            "code": code if isinstance(code, int) else None,
            "message": str(problem) or type(problem).__name__,
        }

    async def _load_desired(self) -> tuple[dict[str, Any] | None, str]:
        entry = await self._get_desired()
        if entry is None:
            return None, ""
        subject = get_bucket_subject(DESIRED, self._session.scale.key)
        try:
            return unseal(self._session.secret, subject, entry.data), ""
        except ForgedMessageError:
            if entry.revision != self._forged_revision:
                self._forged_revision = entry.revision
                self._session.metrics.forged += 1
                logger.error("the desired state is forged: it has no valid seal, and is ignored")
            return None, "the desired state is forged"

    async def _get_desired(self) -> Entry | None:
        """Read the desired state. What was announced may not be stored yet: the announcement can be the quicker one."""
        announced, self._announced = self._announced, None
        entry = await self._desired.get(self._session.scale.key)
        for _ in range(ANNOUNCED_ATTEMPTS if announced else 0):
            if entry is not None and entry.data == announced:
                break
            await asyncio.sleep(ANNOUNCED_PAUSE)
            entry = await self._desired.get(self._session.scale.key)
        return entry

    async def _mend(self, desired: dict[str, Any], drift: list[str]) -> None:
        if not await self._session.module.wait_for_quiet(1.0):
            return  # the till sells: at the next reading
        logger.info("the module is set to its desired state: %s", ", ".join(drift))
        try:
            await self._session.module.apply({name: desired[name] for name in drift})
        except (VisionAIError, OSError) as error:
            logger.warning("the module does not take its desired state: %s", error)
        self._module_state = await self._read_module()

    async def _wait(self) -> None:
        interval = self._session.settings.inventory_interval
        if self._module_state.get("module") != "ready":
            interval = min(interval, NOT_READY_INTERVAL)
        woken = await wait_until_set(self._wanted, interval * random.uniform(0.9, 1.1))
        if woken and self._was_reconnected:
            await asyncio.sleep(random.uniform(0, self._session.settings.reconnect_spread))

    def _resume(self) -> None:
        self._was_reconnected = True
        self._wanted.set()


def find_drift(desired: dict[str, Any] | None, state: dict[str, Any]) -> list[str]:
    """Return the names of the settings that are not as they should be. What was not read has no drift."""
    reported = state.get("reported")
    if desired is None or not isinstance(reported, dict):
        return []
    known = cast("dict[str, Any]", reported)
    return [
        name
        for name in SETTINGS
        if desired.get(name) is not None
        and known.get(name) is not None
        and not _is_equal(desired[name], known[name])
    ]


def _is_equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        given, known = cast("dict[str, Any]", one), cast("dict[str, Any]", other)
        return all(_is_equal(value, known.get(name)) for name, value in given.items())
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < PRECISION
    return one == other
