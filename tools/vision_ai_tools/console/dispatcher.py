"""Run the actions that the tabs request, each request once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from .actions import Arguments, ModuleActions
from .errors import CONNECTION_ERRORS, EXPECTED_ERRORS, ConsoleError, describe_error
from .jobs import JobRunner
from .poller import ModulePoller

MAX_REQUESTS = 200
"""Number of requests whose outcome is kept, in case a browser sends one again."""


class ActionDispatcher:
    """Runs actions and jobs, and remembers their outcomes."""

    def __init__(self, actions: ModuleActions, jobs: JobRunner, poller: ModulePoller) -> None:
        self._actions = actions
        self._jobs = jobs
        self._poller = poller
        self._requests: OrderedDict[str, asyncio.Task[dict[str, Any]]] = OrderedDict()

    async def run(self, key: str, name: str, arguments: Arguments) -> dict[str, Any]:
        """Run an action and return `{"done": …}` or `{"failure": …}`.

        Browsers may send a request twice. Requests with the same key run once and have the same outcome.
        A request that has started runs to its end, even if the tab no longer waits.
        """
        if key not in self._requests:
            self._requests[key] = asyncio.create_task(self._run(name, arguments))
            while len(self._requests) > MAX_REQUESTS:
                self._requests.popitem(last=False)
        return await asyncio.shield(self._requests[key])

    async def _run(self, name: str, arguments: Arguments) -> dict[str, Any]:
        try:
            if self._jobs.is_busy:
                raise ConsoleError("busy")
            if self._jobs.has_job(name):
                return {"done": await self._jobs.start(name, arguments)}
            if name == "delete_backup":
                return {"done": self._jobs.delete_backup(arguments)}
            if self._actions.has_action(name):
                return {"done": await self._actions.run(name, arguments)}
            raise ConsoleError("no_such_action", name=name)
        except (ConsoleError, *EXPECTED_ERRORS) as error:
            if isinstance(error, CONNECTION_ERRORS):
                self._poller.schedule("device")
            return {"failure": describe_error(error)}
