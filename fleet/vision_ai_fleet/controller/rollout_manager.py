"""Run each rollout that is not over."""

from __future__ import annotations

import asyncio
import logging

from vision_ai_fleet.client import Fleet
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.rollout import Rollout
from vision_ai_fleet.scales import Scale
from vision_ai_fleet.tasks import end_tasks
from vision_ai_fleet.view import FleetView

from .dispatch import Dispatcher
from .lease import Lease, LeaseLostError
from .rollouts import RolloutRunner

logger = logging.getLogger("vision_ai_fleet")

PAUSE = 2.0
"""Seconds after a failure before a rollout goes on."""


class RolloutManager:
    """The part of the controller that carries out rollouts."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    async def run(self, view: FleetView, lease: Lease) -> None:
        """Carry out all rollouts of the view, now and later.

        Raises:
            LeaseLostError: this controller may no longer act.
        """
        dispatcher = Dispatcher(self._fleet.connection, lease)
        runners: dict[str, RolloutRunner] = {}
        tasks: dict[asyncio.Task[None], str] = {}
        changed = asyncio.Event()

        def notice(change: Scale | Rollout) -> None:
            if isinstance(change, Rollout):
                if (runner := runners.get(change.spec.id)) is not None:
                    runner.notice(change)
                changed.set()

        def is_online(scale: ScaleId) -> bool:
            known = view.scales.get(scale)
            return known is not None and known.is_online

        view.listeners.append(notice)
        try:
            while True:
                changed.clear()
                for task in [task for task in tasks if task.done()]:
                    del runners[tasks.pop(task)]
                    task.result()  # raises LeaseLostError
                for rollout in list(view.rollouts.values()):
                    if rollout.spec.id not in runners and not _is_over(rollout):
                        runner = RolloutRunner(self._fleet, dispatcher, rollout, is_online)
                        runners[rollout.spec.id] = runner
                        task = asyncio.create_task(_run(runner, rollout.spec.id))
                        task.add_done_callback(lambda _: changed.set())
                        tasks[task] = rollout.spec.id
                await changed.wait()
        finally:
            view.listeners.remove(notice)
            await end_tasks(list(tasks))


def _is_over(rollout: Rollout) -> bool:
    return rollout.state.phase.is_end and rollout.state.settled


async def _run(runner: RolloutRunner, id: str) -> None:
    try:
        await runner.run()
    except LeaseLostError:
        raise
    except FleetError as error:
        logger.warning("rollout %s: %s", id, error)
        await asyncio.sleep(PAUSE)
    except Exception:
        logger.exception("rollout %s cannot be carried out", id)
        await asyncio.sleep(10 * PAUSE)
