"""What people have done with the module: short actions, and jobs that take a while. One at a time."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    AsyncVisionAI,
    Image,
    InvalidInputError,
    Progress,
    UnreachableError,
    VisionAIError,
)

from .failures import LOST, TOLD, Refused, as_facts
from .shelf import Shelf
from .tabs import Board
from .watch import Watch

Arguments = dict[str, Any]
Action = Callable[[Arguments], Awaitable[Any]]
Job = Callable[[Arguments], Awaitable[Any]]

REMEMBERED = 200
"""Actions whose outcome is kept, in case a browser sends one again."""
TEMPLATES_KEPT = 300
PROGRESS_EVERY = 0.1
"""Seconds."""


class Desk:
    """Takes orders from all tabs, and does each once."""

    def __init__(
        self, module: AsyncVisionAI, url: str, board: Board, watch: Watch, shelf: Shelf, turn: asyncio.Lock
    ) -> None:
        self._module = module
        self._url = url
        self._board = board
        self._watch = watch
        self._shelf = shelf
        self._turn = turn
        self._orders: OrderedDict[str, asyncio.Task[dict[str, Any]]] = OrderedDict()
        self._job: asyncio.Task[None] | None = None
        self._busy = False
        self._jobs = 0
        self.templates: OrderedDict[str, bytes] = OrderedDict()
        """The template pictures taken since the console started, by their `image_id`: the module hands each
        out only once."""
        self._actions: dict[str, Action] = {
            "save_area": self._save_area,
            "confirm": self._confirm,
            "take_picture": self._take_picture,
            "drop_picture": self._drop_picture,
            "drop_product": self._drop_product,
            "commit": self._commit,
            "learn_mode": self._learn_mode,
        }
        self._job_kinds: dict[str, Job] = {
            "backup": self._backup,
            "restore": self._restore,
            "restart": self._restart,
            "reset": self._reset,
            "doctor": self._doctor,
        }
        board.put("job", None)
        board.put("templates", [])
        board.put("doctor", None)
        self.show_backups()

    def show_backups(self) -> None:
        """What is on the shelf now."""
        self._board.put("backups", {"folder": str(self._shelf.folder), "files": self._shelf.listed()})

    async def order(self, key: str, name: str, arguments: Arguments) -> dict[str, Any]:
        """Does what a tab orders, and tells `{"done": …}` or `{"failure": …}`.

        `key` is the order's own: an order that comes twice, from a browser that sent it again, is done once.
        Once begun it goes on, whether the tab still waits or not.
        """
        if key not in self._orders:
            self._orders[key] = asyncio.create_task(self._carried_out(name, arguments))
            while len(self._orders) > REMEMBERED:
                self._orders.popitem(last=False)
        return await asyncio.shield(self._orders[key])

    async def close(self) -> None:
        """Ends the job that runs, if one does."""
        if self._job is not None:
            self._job.cancel()
            await asyncio.gather(self._job, return_exceptions=True)

    async def _carried_out(self, name: str, arguments: Arguments) -> dict[str, Any]:
        try:
            if self._busy:
                raise Refused("busy")
            if name in self._job_kinds:
                return {"done": await self._begin(name, arguments)}
            if name not in self._actions:
                raise Refused("no_such_action", name=name)
            async with self._turn:
                return {"done": await self._actions[name](arguments)}
        except (Refused, *TOLD) as error:
            if isinstance(error, LOST):
                self._watch.soon("device")
            return {"failure": as_facts(error)}

    # --- actions: each has the turn

    async def _save_area(self, arguments: Arguments) -> dict[str, Any]:
        await self._module.set_calib(
            left=arguments.get("left", ""),
            top=arguments.get("top", ""),
            width=arguments.get("width", ""),
            height=arguments.get("height", ""),
        )
        try:
            area = (await self._module.get_calib()).to_dict()
        except VisionAIError as error:  # in its own words it would say that nothing was done
            raise Refused("not_read_back") from error
        self._board.put("calib", area)
        return area

    async def _confirm(self, arguments: Arguments) -> None:
        result = self._watch.result(_text(arguments, "sid"))
        if result is None:
            raise Refused("too_old")
        await self._module.confirm(result, id=_text(arguments, "id"), name=_text(arguments, "name"))
        self._watch.soon("items", "result")

    async def _take_picture(self, arguments: Arguments) -> dict[str, Any]:
        taken = await self._module.register_item(id=_text(arguments, "id"), name=_text(arguments, "name"))
        with suppress(InvalidInputError):  # it was taken all the same, and is listed without its picture
            self.templates[taken.image_id] = Image.from_base64(taken.image)
        while len(self.templates) > TEMPLATES_KEPT:
            self.templates.popitem(last=False)
        await self._show_products()
        return {"image_id": taken.image_id}

    async def _drop_picture(self, arguments: Arguments) -> None:
        await self._module.delete_registered_image(
            id=_text(arguments, "id"), image_id=_text(arguments, "image_id")
        )
        await self._show_products()

    async def _drop_product(self, arguments: Arguments) -> None:
        await self._module.delete_registered_item(id=_text(arguments, "id"))
        await self._show_products()

    async def _commit(self, arguments: Arguments) -> None:
        await self._module.commit_registered_item(id=_text(arguments, "id"))
        await self._show_products()

    async def _show_products(self) -> None:
        self._board.put("templates", list(self.templates))
        await self._watch.refresh("pending", "items")

    async def _learn_mode(self, arguments: Arguments) -> None:
        await self._module.set_learnmode(mode=arguments.get("mode", ""))
        await self._watch.refresh("learnmode")

    # --- jobs: each has the turn from its beginning to its end, so that live pictures wait

    async def _begin(self, kind: str, arguments: Arguments) -> int:
        self._busy = True
        await self._turn.acquire()
        try:
            if kind in ("restore", "reset"):
                await self._check_serial(_text(arguments, "serial"))
            if kind == "restore":
                self._shelf.file(_text(arguments, "file"))
        except BaseException:
            self._turn.release()
            self._busy = False
            raise
        self._jobs += 1
        self._tell_job(kind, state="running")
        self._job = asyncio.create_task(self._work(kind, arguments))
        return self._jobs

    async def _check_serial(self, typed: str) -> None:
        if typed.strip() != (await self._module.get_device_info()).sn:
            raise Refused("serial")

    async def _work(self, kind: str, arguments: Arguments) -> None:
        outcome: dict[str, Any] = {"state": "failed", "failure": {"kind": "unexpected"}}
        try:
            outcome = {"state": "done", "value": await self._job_kinds[kind](arguments)}
        except (Refused, *TOLD) as error:
            outcome = {"state": "failed", "failure": as_facts(error)}
        finally:
            self._turn.release()
            self._busy = False
            self._tell_job(kind, **outcome)
            self._watch.soon()

    def _tell_job(self, kind: str, **facts: Any) -> None:
        self._board.put("job", {"number": self._jobs, "kind": kind, **facts})

    def _reporter(self, kind: str) -> Callable[[Progress], None]:
        phase: str | None = None
        told = 0.0

        def report(progress: Progress) -> None:
            nonlocal phase, told
            now = time.monotonic()
            if progress.phase == phase and now - told < PROGRESS_EVERY:
                return
            phase, told = progress.phase, now
            self._tell_job(
                kind,
                state="running",
                phase=progress.phase,
                done=progress.done,
                total=progress.total,
                message=progress.message,
            )

        return report

    async def _backup(self, _: Arguments) -> str:
        path = await self._module.backup(self._shelf.folder, progress=self._reporter("backup"))
        self.show_backups()
        return path.name

    async def _restore(self, arguments: Arguments) -> str:
        file = self._shelf.file(_text(arguments, "file"))
        await self._module.restore(file, progress=self._reporter("restore"))
        return file.name

    async def _restart(self, _: Arguments) -> None:
        with suppress(AnswerLostError, AnswerTimeoutError):  # it went before its answer had left
            await self._module.reboot()
        await self._until_back("restart")

    async def _reset(self, _: Arguments) -> None:
        with suppress(AnswerLostError, AnswerTimeoutError):  # it went before its answer had left (A13)
            await self._module.reset_device()
        await self._until_back("reset")

    async def _until_back(self, kind: str) -> None:
        try:
            await self._module.wait_until_ready(progress=self._reporter(kind))
        except UnreachableError as error:
            raise Refused("not_back") from error

    async def _doctor(self, _: Arguments) -> None:
        try:
            from vision_ai_tools.doctor import examine
        except ModuleNotFoundError as error:
            raise Refused("no_doctor", module=error.name) from error
        diagnosis = await asyncio.to_thread(examine, self._url)
        self._board.put("doctor", diagnosis.to_dict())


def _text(arguments: Arguments, name: str) -> str:
    value = arguments.get(name, "")
    return value if isinstance(value, str) else str(value)
