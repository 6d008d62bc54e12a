"""Asks the module what the tabs look at, one question at a time; notices when it goes away and comes back."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from vision_ai import AsyncVisionAI, RecognitionResult, VisionAIError

from .failures import LOST, as_facts
from .tabs import PICTURE, Board

QUESTION_TIMEOUT = 5.0
"""Seconds that the module has for an answer to a look."""
PRESENCE_TIMEOUT = 2.5
"""Seconds in which a module that is there says who it is."""
TICK = 0.05
"""Seconds between looks at what is due."""
AGAIN = 1.0
"""Seconds between questions whether a module that is gone is back."""
RESULTS_KEPT = 50
"""Recognitions that can still be confirmed."""


class Question(NamedTuple):
    every: float
    """Seconds."""
    ask: Callable[[], Awaitable[Any]]


class Watch:
    """The one loop that looks at the module, for all tabs."""

    def __init__(self, module: AsyncVisionAI, url: str, board: Board, turn: asyncio.Lock) -> None:
        self._module = module.with_options(timeout=QUESTION_TIMEOUT, retries=1)
        self._presence = module.with_options(timeout=PRESENCE_TIMEOUT, retries=1)
        self._url = url
        self._board = board
        self._turn = turn
        self._next: dict[str, float] = {}
        self._troubles: dict[str, Any] = {}
        self._results: OrderedDict[str, RecognitionResult] = OrderedDict()
        self._questions = {
            "device": Question(3.0, self._device),
            PICTURE: Question(0.15, self._picture),
            "result": Question(0.8, self._result),
            "calib": Question(2.0, self._calib),
            "learnmode": Question(2.0, self._learnmode),
            "items": Question(2.0, self._items),
            "pending": Question(2.0, self._pending),
        }
        board.put("link", {"state": "connecting", "url": url})

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._board.somebody_looks()
            if not self._here:
                await self._ask("device")
                await asyncio.sleep(0 if self._here else AGAIN)
                continue
            for what in self._questions:
                if self._here and self._is_due(what):
                    await self._ask(what)
            await asyncio.sleep(TICK)

    def result(self, sid: str) -> RecognitionResult | None:
        """A recognition that a tab has seen lately."""
        return self._results.get(sid)

    def soon(self, *what: str) -> None:
        """Ask again at once; everything, where nothing is named."""
        for each in what or tuple(self._questions):
            self._next.pop(each, None)

    async def refresh(self, *what: str) -> None:
        """Ask now, while having the turn already."""
        for each in what:
            await self._answer(each)

    @property
    def _here(self) -> bool:
        return self._board.sections["link"]["state"] == "here"

    def _is_due(self, what: str) -> bool:
        wanted = what == "device" or self._board.is_looked_at(what)
        return wanted and time.monotonic() >= self._next.get(what, 0.0)

    async def _ask(self, what: str) -> None:
        async with self._turn:
            await self._answer(what)

    async def _answer(self, what: str) -> None:
        question = self._questions[what]
        try:
            value = await question.ask()
        except LOST as error:
            self._lost(what, error)
        except VisionAIError as error:
            self._trouble(what, as_facts(error))
        else:
            self._trouble(what, None)
            if what != PICTURE:
                self._board.put(what, value)
            if what == "device":
                self._is_back()
        self._next[what] = time.monotonic() + question.every

    def _lost(self, what: str, error: VisionAIError) -> None:
        if what == "device":
            self._board.put("link", {"state": "gone", "url": self._url, "failure": as_facts(error)})
        else:  # this answer, or the module as a whole? The next question tells.
            self._trouble(what, as_facts(error))
            self.soon("device")

    def _is_back(self) -> None:
        if not self._here:
            self.soon()
            self._board.put("link", {"state": "here", "url": self._url})

    def _trouble(self, what: str, facts: dict[str, Any] | None) -> None:
        troubles = {each: told for each, told in self._troubles.items() if each != what}
        self._troubles = troubles if facts is None else troubles | {what: facts}
        self._board.put("troubles", self._troubles)

    # --- the questions

    async def _device(self) -> dict[str, Any]:
        return (await self._presence.get_device_info()).to_dict()

    async def _picture(self) -> None:
        self._board.put_picture(await self._module.get_image())

    async def _result(self) -> dict[str, Any]:
        result = await self._module.get_result()
        self._results[result.sid] = result
        while len(self._results) > RESULTS_KEPT:
            self._results.popitem(last=False)
        return result.to_dict()

    async def _calib(self) -> dict[str, Any]:
        return (await self._module.get_calib()).to_dict()

    async def _learnmode(self) -> dict[str, Any]:
        return (await self._module.get_learnmode()).to_dict()

    async def _items(self) -> list[dict[str, Any]]:
        return [item.to_dict() for item in await self._module.get_item_list()]

    async def _pending(self) -> list[dict[str, Any]]:
        return [entry.to_dict() for entry in await self._module.get_registered_item_list()]
