"""The page's HTTP routes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from vision_ai import InvalidInputError, VisionAIError
from vision_ai_fleet.errors import CenterUnreachableError, NotFoundError
from vision_ai_fleet.names import ScaleId
from vision_ai_tools.console.app import PAGE as CONSOLE_PAGE
from vision_ai_tools.console.app import read_body, select_language
from vision_ai_tools.console.safe_json import SafeJSONResponse, decode_object
from vision_ai_translations import PAGES

from .access import get_role
from .actions import FleetActions, describe_failure
from .consoles import ScaleConsoles
from .data import FleetData
from .live import LiveState
from .reads import FleetReads
from .values import get_text

logger = logging.getLogger("vision_ai_fleet")

ASSETS = Path(__file__).parent / "assets"
MAX_ACTION_BYTES = 64 * 1024
ACTION_TIMEOUT = 10.0
"""Seconds in which the whole order of an action must arrive."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Endpoint = Callable[[Request], Awaitable[Response]]


class FleetPage:
    """The page of a fleet: `app` is its ASGI application, which works inside `running()`.

    Who may use it is decided by what surrounds it: `RoleAccess` gives each request a role. Without it, everybody is a
    viewer.
    """

    def __init__(self, data: FleetData, *, console_changes: bool = False) -> None:
        """
        Args:
            data: The fleet: `CenterData`.
            console_changes: Whether an operator may change a module on the console of a scale. The agent has a setting
                of its own, and both must allow it.
        """
        self._data = data
        self.live = LiveState(data)
        self._actions = FleetActions(data, self.live.index)
        self._reads = FleetReads(data, self.live.index)
        self._consoles = ScaleConsoles(data.get_module, self._get_console_mode, allow_changes=console_changes)
        read = self._reads
        reads: dict[str, Callable[[Request], Awaitable[object]]] = {
            "/data/scales": read.list_scales,
            "/data/stores": read.list_stores,
            "/data/scales/{store}/{scale}": read.read_scale,
            "/data/rollouts": read.list_rollouts,
            "/data/rollouts/{id}": read.read_rollout,
            "/data/rollouts/{id}/executions": read.list_executions,
            "/data/backups": read.list_backups,
            "/data/quality": read.read_quality,
            "/data/alerts": read.list_alerts,
        }
        self.app = Starlette(
            routes=[
                Route("/", self._serve_page),
                Mount("/page/texts", StaticFiles(directory=PAGES)),
                Mount("/page", _StaticFiles([ASSETS, CONSOLE_PAGE])),
                WebSocketRoute("/updates", self._serve_updates),
                *(Route(path, _serve_read(each)) for path, each in reads.items()),
                Route("/actions/{name}", self._run_action, methods=["POST"]),
                Route("/scales/{store}/{scale}/console", _redirect_to_console),
                Mount("/scales/{store}/{scale}/console", self._consoles),
                Route("/metrics", self._serve_metrics),
            ]
        )

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Follow the fleet inside an `async with` block."""
        tasks = [asyncio.create_task(self.live.run()), asyncio.create_task(self._consoles.run())]
        for task in tasks:
            task.add_done_callback(_log_failure)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve_page(self, request: Request) -> Response:
        language = select_language(request.headers.get("accept-language", ""))
        html = (ASSETS / "index.html").read_text(encoding="utf-8")
        start = f'lang="{language}" data-role="{get_role(request.scope)}"'
        return Response(html.replace('lang="en"', start, 1), media_type="text/html")

    async def _serve_updates(self, socket: WebSocket) -> None:
        await self.live.hub.serve(socket)

    def _get_console_mode(self, id: ScaleId) -> str | None:
        scale = self.live.index.scales.get(id)
        return None if scale is None else get_text(scale.inventory, "console") or "read_only"

    async def _serve_metrics(self, request: Request) -> Response:
        per_scale = request.query_params.get("scales") == "1"
        return Response(await self._data.read_metrics(per_scale=per_scale), media_type=METRICS_TYPE)

    async def _run_action(self, request: Request) -> Response:
        if get_role(request.scope) != "operator":
            return _refuse(403, "read_only")
        # A browser does not send JSON to another site without asking it first, and the page never agrees.
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _refuse(415)
        try:
            async with asyncio.timeout(ACTION_TIMEOUT):
                body = await read_body(request, MAX_ACTION_BYTES)
        except TimeoutError:
            return _refuse(408)
        except ClientDisconnect:
            return _refuse(400)  # nobody receives it
        if body is None:
            return _refuse(413)
        fields = decode_object(body) or {}
        if not isinstance(fields.get("key"), str) or not isinstance(fields.get("arguments"), dict):
            return _refuse(400)
        return SafeJSONResponse(
            await self._actions.run(fields["key"], request.path_params["name"], fields["arguments"])
        )


class _StaticFiles(StaticFiles):
    """Files of the first folder that has them: the page shares the console's style and helpers."""

    def __init__(self, folders: list[Path]) -> None:
        super().__init__(directory=folders[0])
        self.all_directories = list(folders)


def _serve_read(read: Callable[[Request], Awaitable[object]]) -> Endpoint:
    async def serve(request: Request) -> Response:
        try:
            return SafeJSONResponse(await read(request))
        except VisionAIError as error:
            return SafeJSONResponse({"failure": describe_failure(error)}, _find_http_status(error))

    return serve


def _find_http_status(error: VisionAIError) -> int:
    if isinstance(error, InvalidInputError):
        return 400
    if isinstance(error, NotFoundError):
        return 404
    return 503 if isinstance(error, CenterUnreachableError) else 502


async def _redirect_to_console(_: Request) -> Response:
    return RedirectResponse("console/")


def _refuse(status: int, kind: str = "unexpected") -> Response:
    return SafeJSONResponse({"failure": {"kind": kind}}, status)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.error("the page no longer follows the fleet", exc_info=task.exception())
