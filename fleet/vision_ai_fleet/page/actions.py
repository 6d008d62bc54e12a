"""What an operator does on the page: start, pause, resume and cancel rollouts."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from vision_ai import InvalidInputError, VisionAIError
from vision_ai_fleet.errors import (
    CenterUnreachableError,
    ConflictError,
    FleetError,
    NotFoundError,
    NotPermittedError,
    ScaleOfflineError,
)
from vision_ai_fleet.rollout import RolloutSpec

from .data import FleetData
from .index import ScaleIndex
from .query import Selection
from .values import get_mapping, get_number, get_text, get_texts

KINDS = ("backup", "set_learn_mode", "reboot")
"""Jobs that the page can start. The command line starts all of them."""
COMMANDS = ("pause", "resume", "cancel")
MAX_TARGETS = 1000
"""Scales that a rollout can name. A search has no condition that stands for it."""
MAX_REQUESTS = 200
"""Requests whose outcome is kept, in case a browser sends one again."""
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (InvalidInputError, "input"),
    (CenterUnreachableError, "unreachable"),
    (NotPermittedError, "not_permitted"),
    (NotFoundError, "not_found"),
    (ConflictError, "conflict"),
    (ScaleOfflineError, "scale_offline"),
    (FleetError, "center"),
)


class ActionError(Exception):
    """The page refuses an action. Its text for it is `failure.<kind>`."""

    def __init__(self, kind: str, **details: object) -> None:
        super().__init__(kind)
        self.data = {"kind": kind, **details}


class FleetActions:
    """Runs actions. Requests with the same key run once and have the same outcome."""

    def __init__(self, data: FleetData, index: ScaleIndex) -> None:
        self._data = data
        self._index = index
        self._requests: OrderedDict[str, asyncio.Task[dict[str, Any]]] = OrderedDict()

    async def run(self, key: str, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Run an action and return `{"done": …}` or `{"failure": …}`.

        A request that has started runs to its end, even if the tab no longer waits.
        """
        if key not in self._requests:
            self._requests[key] = asyncio.create_task(self._run(name, arguments))
            while len(self._requests) > MAX_REQUESTS:
                self._requests.popitem(last=False)
        return await asyncio.shield(self._requests[key])

    async def _run(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            if name == "start":
                return {"done": await self._start(arguments)}
            if name in COMMANDS:
                return {"done": await self._command(name, arguments)}
            raise ActionError("no_such_action", name=name)
        except (ActionError, VisionAIError) as error:
            return {"failure": describe_failure(error)}

    async def _command(self, name: str, arguments: Mapping[str, Any]) -> str:
        rollout = get_text(arguments, "rollout") or ""
        await getattr(self._data, name)(rollout)
        return rollout

    async def _start(self, arguments: Mapping[str, Any]) -> str:
        kind = get_text(arguments, "kind")
        if kind not in KINDS:
            raise ActionError("no_such_action", name=kind)
        selection = Selection.parse(get_texts(arguments, "where"), get_text(arguments, "search") or "")
        ids = await self._index.select(selection)
        if len(ids) != get_number(arguments, "confirmed"):
            raise ActionError("count_changed", count=len(ids))
        if not ids:
            raise ActionError("no_scales")
        if selection.search and len(ids) > MAX_TARGETS:
            raise ActionError("too_many_targets", limit=MAX_TARGETS)
        job = {"mode": _get_mode(arguments)} if kind == "set_learn_mode" else {}
        spec = RolloutSpec(
            id="",
            kind=kind,
            arguments=job,
            where=() if selection.search else selection.where,
            targets=tuple(str(id) for id in ids) if selection.search else None,
            stages=tuple(get_texts(arguments, "stages")) or ("1", "10%", "100%"),
            max_failures=get_text(arguments, "max_failures") or "5%",
            window=get_text(arguments, "window"),
        )
        return (await self._data.submit(spec)).spec.id


def describe_failure(error: Exception) -> dict[str, Any]:
    """Describe an error for the page: `kind` selects the text, `detail` is the error's message in English."""
    if isinstance(error, ActionError):
        return error.data
    kind = next((kind for cls, kind in _KINDS if isinstance(error, cls)), "unexpected")
    return {"kind": kind, "detail": str(error)}


def _get_mode(arguments: Mapping[str, Any]) -> int:
    mode = get_number(get_mapping(arguments, "arguments"), "mode")
    if mode not in (0, 1):
        raise ActionError("input", detail="mode must be 0 or 1")
    return int(mode)
