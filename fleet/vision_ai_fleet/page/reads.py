"""What the page's views ask for. No answer has more than a hundred rows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from vision_ai import InvalidInputError
from vision_ai_fleet.errors import NotFoundError
from vision_ai_fleet.jobs import Execution
from vision_ai_fleet.names import ScaleId, check_name
from vision_ai_fleet.objects import Manifest
from vision_ai_fleet.rollout import Rollout
from vision_ai_fleet.scales import Scale

from .data import FleetData
from .index import ScaleIndex
from .live import describe_alert, sort_alerts
from .query import MAX_SEARCH, ListQuery, parse_part
from .rollouts import describe_execution, describe_rollout, list_executions, sort_rollouts
from .rows import describe_scale
from .values import limit_value

PERIODS = (1, 7, 30)
"""Days that the view Quality offers, up to today."""
CACHE_SECONDS = 5.0
"""For which backups are read from the engine once."""
REST_FACTOR = 10.0
"""The executions of a large rollout are read again after ten times as long as reading them took."""
SHORTEST_REST, LONGEST_REST = 1.0, 60.0
"""Seconds."""
MAX_JOBS = 20
"""Jobs of one scale that are shown."""


@dataclass(frozen=True, slots=True)
class _ReadExecutions:
    """The executions of the rollout that somebody looked at last."""

    rollout: Rollout | None = None
    executions: Mapping[ScaleId, Execution] = field(default_factory=dict[ScaleId, Execution])
    began: float = 0.0
    ended: float = 0.0

    def is_fresh(self, rollout: Rollout) -> bool:
        """Whether they need not be read again. They may have changed where the rollout has."""
        if self.rollout is None or self.rollout.spec.key != rollout.spec.key:
            return False
        rest = LONGEST_REST
        if rollout != self.rollout or not rollout.state.phase.is_end:
            rest = max(SHORTEST_REST, REST_FACTOR * (self.ended - self.began))
        return time.monotonic() - self.ended < rest


class FleetReads:
    """Answers to the page."""

    def __init__(self, data: FleetData, index: ScaleIndex) -> None:
        self._data = data
        self._index = index
        self._executions = _ReadExecutions()
        self._backups: tuple[object, float, list[tuple[ScaleId, Manifest]]] = (None, 0.0, [])

    async def list_scales(self, request: Request) -> dict[str, Any]:
        return await self._index.read_part(ListQuery.parse(request.query_params))

    async def list_stores(self, request: Request) -> dict[str, Any]:
        parameters = request.query_params
        order = parameters.get("sort", "failing")
        if order not in ("failing", "id"):
            raise InvalidInputError("sort must be failing or id")
        search = parameters.get("search", "").strip().lower()[:MAX_SEARCH]
        return self._index.counts.list_stores(search, order, *parse_part(parameters))

    async def read_scale(self, request: Request) -> dict[str, Any]:
        id = ScaleId.parse("{store}/{scale}".format(**request.path_params))
        scale = self._index.scales.get(id)
        if scale is None:
            raise NotFoundError(f"there is no scale {id}")
        executions = await self._data.list_scale_executions(id)
        backups = await self._data.list_backups(id.store, id.scale, None)
        return {
            **describe_scale(scale),
            "inventory": limit_value(scale.inventory),
            "presence": _describe_presence(scale),
            "jobs": [describe_execution(id, each) for each in executions[:MAX_JOBS]],
            "backups": [describe_backup(*each) for each in backups[:MAX_JOBS]],
            "alerts": [describe_alert(each) for each in sort_alerts(self._data) if each.id == id],
        }

    async def list_rollouts(self, request: Request) -> dict[str, Any]:
        offset, size = parse_part(request.query_params)
        rollouts = sort_rollouts(self._data.list_rollouts())
        rows = [describe_rollout(each) for each in rollouts[offset : offset + size]]
        return {"total": len(rollouts), "offset": offset, "rows": rows}

    async def read_rollout(self, request: Request) -> dict[str, Any]:
        return describe_rollout(self._find_rollout(request.path_params["id"]))

    async def list_executions(self, request: Request) -> dict[str, Any]:
        rollout = self._find_rollout(request.path_params["id"])
        if not self._executions.is_fresh(rollout):
            began = time.monotonic()
            executions = await self._data.list_executions(rollout)
            self._executions = _ReadExecutions(rollout, executions, began, time.monotonic())
        executions = self._executions.executions
        state = request.query_params.get("state", "")
        return list_executions(executions, state, *parse_part(request.query_params))

    async def list_backups(self, request: Request) -> dict[str, Any]:
        parameters = request.query_params
        store, scale = (_get_name(kind, parameters.get(kind, "")) for kind in ("store", "scale"))
        engine = parameters.get("engine", "").strip() or None
        if scale and not store:
            raise InvalidInputError("a scale needs its store")
        offset, size = parse_part(parameters)
        now = time.monotonic()
        key, read, backups = self._backups
        if key != (store, scale, engine) or now - read > CACHE_SECONDS:
            backups = list(await self._data.list_backups(store, scale, engine))
            self._backups = ((store, scale, engine), now, backups)
        rows = [describe_backup(*each) for each in backups[offset : offset + size]]
        return {"total": len(backups), "offset": offset, "rows": rows}

    async def read_quality(self, request: Request) -> dict[str, Any]:
        days = request.query_params.get("days", "7")
        if days not in map(str, PERIODS):
            raise InvalidInputError("days must be 1, 7 or 30")
        store = _get_name("store", request.query_params.get("store", ""))
        return dict(await self._data.read_quality(int(days), store))

    async def list_alerts(self, request: Request) -> dict[str, Any]:
        parameters = request.query_params
        rule, store = parameters.get("rule", ""), parameters.get("store", "")
        offset, size = parse_part(parameters)
        alerts = [
            each
            for each in sort_alerts(self._data)
            if rule in ("", each.rule) and store in ("", each.id.store)
        ]
        rules = sorted({str(each.rule) for each in self._data.list_alerts()})
        rows = [describe_alert(each) for each in alerts[offset : offset + size]]
        return {"total": len(alerts), "offset": offset, "rules": rules[:MAX_JOBS], "rows": rows}

    def _find_rollout(self, id: str) -> Rollout:
        found = next((each for each in self._data.list_rollouts() if each.spec.id == id), None)
        if found is None:
            raise NotFoundError("there is no such rollout")
        return found


def describe_backup(id: ScaleId, manifest: Manifest) -> dict[str, Any]:
    """Return what the page shows of a backup."""
    return {
        "store": id.store,
        "scale": id.scale,
        "name": limit_value(manifest.name),
        "digest": limit_value(manifest.digest),
        "size": limit_value(manifest.size),
        "serial_number": limit_value(manifest.serial_number),
        "engine": limit_value(manifest.engine),
        "created": limit_value(manifest.created),
    }


def _describe_presence(scale: Scale) -> dict[str, Any] | None:
    presence = scale.presence
    if presence is None:
        return None
    return {
        "state": limit_value(presence.state),
        "agent": limit_value(presence.agent),
        "time": limit_value(presence.time),
        "outbox": limit_value(presence.outbox),
        "metrics": limit_value(presence.metrics),
    }


def _get_name(kind: str, text: str) -> str | None:
    text = text.strip()
    return check_name(kind, text) if text else None
