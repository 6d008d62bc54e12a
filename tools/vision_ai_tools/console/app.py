"""The console's paths, around one client of one module."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, cast

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from vision_ai import AsyncVisionAI
from vision_ai_tools.shared.texts import TEXTS_FILE

from .desk import Desk
from .failures import Refused, as_facts
from .shelf import Shelf
from .tabs import Board
from .watch import Watch

logger = logging.getLogger(__name__)

PAGE = Path(__file__).parent / "page"
LARGEST_ORDER = 64 * 1024
"""Bytes."""


class Console:
    """One module, and all who look at it."""

    def __init__(self, module: AsyncVisionAI, url: str, shelf: Shelf) -> None:
        self._module = module
        self._url = url
        self._shelf = shelf
        self.app = Starlette(
            routes=[
                Route("/", self._page),
                Route("/page/findings.json", self._findings),
                Mount("/page", StaticFiles(directory=PAGE)),
                WebSocketRoute("/tab", self._tab),
                Route("/orders/{name}", self._order, methods=["POST"]),
                Route("/templates/{image_id}", self._template),
                Route("/backups/{name}", self._download, methods=["GET"]),
                Route("/backups/{name}", self._bring, methods=["PUT"]),
            ],
            lifespan=self._running,
        )

    @asynccontextmanager
    async def _running(self, _: Starlette) -> AsyncGenerator[None]:
        self.board = Board()
        turn = asyncio.Lock()
        async with self._module as module:
            watch = Watch(module, self._url, self.board, turn)
            self._desk = Desk(module, self._url, self.board, watch, self._shelf, turn)
            watching = asyncio.create_task(watch.run())
            watching.add_done_callback(_complain)
            try:
                yield
            finally:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching
                await self._desk.close()

    async def _page(self, request: Request) -> Response:
        language = "zh" if prefers_chinese(request.headers.get("accept-language", "")) else "en"
        html = (PAGE / "index.html").read_text(encoding="utf-8")
        return Response(html.replace('lang="en"', f'lang="{language}"', 1), media_type="text/html")

    async def _findings(self, _: Request) -> Response:
        """The doctor's sentences: the page says them in its own language."""
        return FileResponse(TEXTS_FILE)

    async def _tab(self, socket: WebSocket) -> None:
        await self.board.serve(socket)

    async def _order(self, request: Request) -> Response:
        # Of another site's page a browser would ask first whether it may send JSON, and it may not.
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return JSONResponse({"failure": {"kind": "unexpected"}}, 415)
        if int(request.headers.get("content-length") or 0) > LARGEST_ORDER:
            return JSONResponse({"failure": {"kind": "unexpected"}}, 413)
        try:
            order: object = json.loads(await request.body())
        except ValueError:
            order = None
        fields = cast("dict[str, Any]", order) if isinstance(order, dict) else {}
        arguments: object = fields.get("arguments")
        if not isinstance(fields.get("key"), str) or not isinstance(arguments, dict):
            return JSONResponse({"failure": {"kind": "unexpected"}}, 400)
        told = await self._desk.order(
            fields["key"], request.path_params["name"], cast("dict[str, Any]", arguments)
        )
        return JSONResponse(told)

    async def _template(self, request: Request) -> Response:
        picture = self._desk.templates.get(request.path_params["image_id"])
        return Response(picture, media_type="image/jpeg") if picture else Response(status_code=404)

    async def _download(self, request: Request) -> Response:
        try:
            file = self._shelf.file(request.path_params["name"])
        except (Refused, OSError) as error:
            return JSONResponse({"failure": as_facts(error)}, 404)
        return FileResponse(file, filename=file.name, media_type="application/octet-stream")

    async def _bring(self, request: Request) -> Response:
        try:
            name = await self._shelf.bring(request.path_params["name"], request.stream())
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody reads
        except (Refused, OSError) as error:
            return JSONResponse({"failure": as_facts(error)})
        self._desk.show_backups()
        return JSONResponse({"done": name})


def _complain(watching: asyncio.Task[None]) -> None:
    """Nobody awaits the loop while the console runs: a defect in it would stay unseen."""
    if not watching.cancelled() and watching.exception() is not None:
        logger.error("the console has stopped looking at the module", exc_info=watching.exception())


def prefers_chinese(accepted: str) -> bool:
    """Whether an Accept-Language header wants Chinese rather than English."""
    wanted: list[tuple[float, str]] = []
    for each in accepted.split(","):
        tag, _, weight = each.partition(";q=")
        try:
            wanted.append((-float(weight or 1), tag.strip().lower()[:2]))
        except ValueError:
            continue
    wanted.sort(key=lambda one: one[0])
    return next((tag for weight, tag in wanted if weight and tag in ("zh", "en")), "en") == "zh"
