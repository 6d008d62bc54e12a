"""The console's HTTP routes, for one module."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose

from vision_ai import AsyncVisionAI
from vision_ai_translations import LANGUAGES, PAGES, Language

from .actions import READING, ModuleActions
from .backup_store import BackupStore
from .dispatcher import ActionDispatcher
from .errors import ConsoleError, describe_error
from .hub import ConnectionHub
from .jobs import JobRunner
from .poller import ModulePoller
from .quality import PERIODS, read_quality
from .recognition import RecognitionWatcher
from .safe_json import SafeJSONResponse, decode_object, make_safe_text

logger = logging.getLogger(__name__)

PAGE = Path(__file__).parent / "page"
MAX_ACTION_BYTES = 64 * 1024
SERVICE_RESTART = 1012
"""WebSocket close code."""
ACTION_TIMEOUT = 10.0
"""Seconds in which the whole order of an action must arrive."""


class Console:
    """The console of one module.

    Its ASGI application, `app`, can stand alone, or be mounted in another one under any prefix: all addresses in its
    page are relative. An application does not run the lifespan of one that is mounted in it, so there use `running`:

        console = Console(AsyncVisionAI(transport=…), "fleet://0042/07", None, read_only=True)
        async with console.running():
            ...  # route /scales/0042/07/console/ to console.app

    Who may use it is decided by what surrounds it: `AccessControl` in a `ConsoleServer`, else the other application.
    """

    def __init__(
        self,
        module: AsyncVisionAI,
        url: str,
        store: BackupStore | None,
        journal: Path | None = None,
        *,
        read_only: bool = False,
    ) -> None:
        """
        Args:
            module: Client of the module. It is closed when the console stops.
            url: URL of the module, for the page and the doctor.
            store: Where backups are stored; None for a module that is not connected to this computer. The page then
                has neither backups nor the figures of a journal nor the diagnosis of the connection.
            journal: The file that the client keeps its journal in; None where it keeps none.
            read_only: Refuse every action that changes the module or a file, and every job.
        """
        self._journal = journal
        self._module = module
        self._url = url
        self._store = store
        self._read_only = read_only
        self._is_running = False
        self._starlette = Starlette(
            routes=[
                Route("/", self._serve_page),
                Mount("/page/texts", StaticFiles(directory=PAGES)),
                Mount("/page", StaticFiles(directory=PAGE)),
                WebSocketRoute("/updates", self._serve_updates),
                Route("/quality", self._serve_quality),
                Route("/actions/{name}", self._run_action, methods=["POST"]),
                Route("/templates/{image_id}", self._serve_template),
                Route("/backups/{name}", self._download_backup, methods=["GET"]),
                Route("/backups/{name}", self._upload_backup, methods=["PUT"]),
            ],
            lifespan=lambda _: self.running(),
        )

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application. It refuses requests while the console does not run."""
        if self._is_running or scope["type"] == "lifespan":
            await self._starlette(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(SERVICE_RESTART)(scope, receive, send)
        else:
            await _refuse(503)(scope, receive, send)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Run the console inside an `async with` block, once. At its end, the tabs are disconnected."""
        return self._run()

    @asynccontextmanager
    async def _run(self) -> AsyncGenerator[None]:
        lock = asyncio.Lock()
        self._hub = ConnectionHub()
        self._hub.publish("options", {"read_only": self._read_only, "local": self._store is not None})
        async with self._module as module:
            poller = ModulePoller(module, self._url, self._hub, lock)
            self._jobs = JobRunner(module, self._url, self._hub, poller, self._store, lock)
            recognition = RecognitionWatcher(module, self._hub, poller, lambda: self._jobs.is_busy)
            self._actions = ModuleActions(module, self._hub, poller, recognition, lock)
            self._dispatcher = ActionDispatcher(self._actions, self._jobs, poller)
            tasks = [asyncio.create_task(each.run()) for each in (poller, recognition)]
            for task in tasks:
                task.add_done_callback(_log_failure)
            self._is_running = True
            try:
                yield
            finally:
                self._is_running = False
                await self._hub.close()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await self._jobs.close()

    async def _serve_page(self, request: Request) -> Response:
        language = select_language(request.headers.get("accept-language", ""))
        html = (PAGE / "index.html").read_text(encoding="utf-8")
        return Response(html.replace('lang="en"', f'lang="{language}"', 1), media_type="text/html")

    async def _serve_updates(self, socket: WebSocket) -> None:
        self._jobs.publish_backups()  # other programs may have changed the folder
        await self._hub.serve(socket)

    async def _run_action(self, request: Request) -> Response:
        # A browser does not send JSON to another site without asking it first, and the console never agrees.
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
        arguments: object = fields.get("arguments")
        if not isinstance(fields.get("key"), str) or not isinstance(arguments, dict):
            return _refuse(400)
        name: str = request.path_params["name"]
        if self._read_only and name not in READING:
            return _refuse(403, "read_only")
        outcome = await self._dispatcher.run(fields["key"], name, fields["arguments"])
        return SafeJSONResponse(outcome)

    async def _serve_quality(self, request: Request) -> Response:
        text = request.query_params.get("days", "")
        days = int(text) if text.isascii() and text.isdigit() else 0
        if days not in PERIODS:
            return _refuse(400)
        try:
            return SafeJSONResponse({"done": await read_quality(self._journal, days)})
        except (ConsoleError, OSError) as error:
            return SafeJSONResponse({"failure": describe_error(error)})

    async def _serve_template(self, request: Request) -> Response:
        picture = self._actions.templates.get(request.path_params["image_id"])
        return Response(picture, media_type="image/jpeg") if picture else Response(status_code=404)

    async def _download_backup(self, request: Request) -> Response:
        if self._store is None:
            return _refuse(404)
        try:
            file = self._store.find(request.path_params["name"])
        except (ConsoleError, OSError) as error:
            return SafeJSONResponse({"failure": describe_error(error)}, 404)
        return FileResponse(file, filename=make_safe_text(file.name), media_type="application/octet-stream")

    async def _upload_backup(self, request: Request) -> Response:
        if self._store is None:
            return _refuse(404)
        if self._read_only:
            return _refuse(403, "read_only")
        try:
            name = await self._store.save(request.path_params["name"], request.stream())
        except ClientDisconnect:
            return Response(status_code=400)  # nobody receives it
        except TimeoutError:
            return _refuse(408)
        except (ConsoleError, OSError) as error:
            return SafeJSONResponse({"failure": describe_error(error)})
        self._jobs.publish_backups()
        return SafeJSONResponse({"done": name})


async def read_body(request: Request, limit: int) -> bytes | None:
    """Read a body of at most `limit` bytes, whether its length is announced or not; None for a longer one."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            return None
    return bytes(body)


def _refuse(status: int, kind: str = "unexpected") -> Response:
    return SafeJSONResponse({"failure": {"kind": kind}}, status)


def _log_failure(task: asyncio.Task[None]) -> None:
    """Log a defect in a task that reads from the module: nothing awaits it while the console runs."""
    if not task.cancelled() and task.exception() is not None:
        logger.error("the console no longer reads from the module", exc_info=task.exception())


def select_language(accept_language: str) -> Language:
    """Select the page's language that an Accept-Language header prefers; English where it names none of them."""
    preferences: list[tuple[float, str]] = []
    for each in accept_language.split(","):
        tag, _, weight = each.partition(";q=")
        try:
            preferences.append((-float(weight or 1), tag.strip().lower()[:2]))
        except ValueError:
            continue
    for weight, tag in sorted(preferences, key=lambda each: each[0]):
        for language in LANGUAGES:
            if weight and tag == language:
                return language
    return "en"
