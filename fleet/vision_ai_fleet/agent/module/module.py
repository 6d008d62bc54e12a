"""A scale's module, as its agent uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vision_ai import UnsupportedOperationError
from vision_ai.transports import open_route, resolve_url
from vision_ai_fleet.agent.module_port import EventBatch, JobContext

from .gateway import Gateway
from .health import Health
from .inventory import InventoryReader, is_on_usb
from .jobs import JobTools, run_job
from .jobs.settings import read_area
from .journal_watch import JournalWatch
from .local_relay import LocalRelay
from .memory import CALIBRATION, ModuleMemory
from .module_client import ModuleClient
from .quiet import TillActivity
from .recognitions import JournalEvents
from .remote_calls import send_call
from .settings import ModuleSettings


class ScaleModule:
    """The `ModulePort` of a real module. `open_module` makes one.

    Args:
        settings: Where the module and the till are.

    Raises:
        InvalidInputError: the URL is not possible.
        FleetError: the relay cannot listen, for example because its port is in use.
    """

    def __init__(self, settings: ModuleSettings) -> None:
        self._url = resolve_url(settings.url)
        self._gateway = Gateway(open_route(self._url, interface=settings.interface))
        self._health = Health()
        self._memory = ModuleMemory(settings.folder / "module.json")
        self._client = ModuleClient(self._gateway, settings.api, self._health.note_call)
        self._relay = None
        if settings.relay_port is not None:
            self._relay = LocalRelay(settings, self._gateway, self._health.note_call)
        self._events = self._watch = None
        journal = settings.journal or settings.relay_journal
        self._wake: Callable[[], None] | None = None
        if journal is not None:
            self._events = JournalEvents(journal, settings.scale, settings.instance, self._health.note_error)
            self._watch = JournalWatch(journal, self._wake_agent)
        sources = (self._gateway, *((self._watch,) if self._watch and settings.journal else ()))
        self._activity = TillActivity(sources, settings.quiet_seconds)
        self._interface = settings.interface if is_on_usb(self._url) else None
        self._inventory = InventoryReader(
            self._url, self._interface, self._health, self._memory, lambda: self.is_busy
        )

    @property
    def relay_url(self) -> str | None:
        """The module's address for the till; None where there is no relay."""
        return self._relay and self._relay.url

    @property
    def is_busy(self) -> bool:
        """Whether the till is selling."""
        return self._activity.is_busy

    async def wait_for_quiet(self, timeout: float) -> bool:
        """Wait until the till makes a pause in its calls; False if it made none in time (seconds)."""
        return await self._activity.wait_for_quiet(timeout)

    async def read_inventory(self) -> dict[str, Any]:
        """Return what the module is, as the bucket `inventory` has it, without `agent`, `desired` and `drift`."""
        return await self._client.run(self._inventory.read, self._client.sdk)

    async def apply(self, desired: dict[str, Any]) -> None:
        """Set what a desired state names and the module has otherwise.

        Raises:
            VisionAIError: the module refused it, or cannot be reached or understood.
        """
        try:
            await self._client.run(self._apply, desired)
        finally:
            self._inventory.look_again()

    def _apply(self, desired: dict[str, Any]) -> None:
        module = self._client.sdk
        mode, area = desired.get("learn_mode"), desired.get("calibration")
        if mode is not None and module.get_device_info().learn_mode != mode:
            module.set_learnmode(mode=mode)
        if area and self._read_calibration() != (area := read_area(area)):
            module.set_calib(**area)
            self._memory.set(CALIBRATION, area)

    def _read_calibration(self) -> dict[str, Any] | None:
        """Return the calibration area; of a module that does not return it, the one that was set last."""
        try:
            return self._client.sdk.get_calib().to_dict()
        except UnsupportedOperationError:
            return self._memory.get(CALIBRATION)

    async def send(self, call: dict[str, Any], effect: str) -> dict[str, Any]:
        """Carry one call of the SDK to the module, and return its response. See `vision_ai_fleet.transport`."""
        response = await self._client.run(send_call, self._client.transport, self._gateway.base_url, call)
        if effect != "read":
            self._inventory.look_again()
        return response

    async def run(self, kind: str, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
        """Do a job and return its result.

        Raises:
            UnreachableError: nothing was sent.
            VisionAIError: the job failed.
            OSError: the disk is full, or the like.
        """
        tools = JobTools(self._url, self._interface, self._client, self._memory, self._activity)
        try:
            return await run_job(kind, tools, arguments, context)
        finally:
            self._inventory.look_again()

    async def read_events(self, position: str) -> EventBatch:
        """Return recorded events after a position ("" is the beginning), at most a few hundred."""
        if self._events is None or self._watch is None:
            return EventBatch(position=position)
        batch = await self._client.run(self._events.read, position)
        self._watch.wake_at(self._events.next_due)
        return batch

    def watch_events(self, wake: Callable[[], None]) -> None:
        """Call `wake` (from any thread) when there may be new events."""
        self._wake = wake

    def _wake_agent(self) -> None:
        if self._wake is not None:
            self._wake()

    async def close(self) -> None:
        """Stop the relay and release the module. Calls under way end with an error."""
        self._gateway.close()
        if self._relay is not None:
            await self._client.run(self._relay.close)
        if self._watch is not None:
            await self._client.run(self._watch.close)
        if self._events is not None:
            await self._client.run(self._events.close)
        self._client.close()


def open_module(settings: ModuleSettings) -> ScaleModule:
    """Return the module of a scale, with its relay listening.

    Raises:
        InvalidInputError: the URL is not possible.
        FleetError: the relay cannot listen, for example because its port is in use.
    """
    return ScaleModule(settings)
