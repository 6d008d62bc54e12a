"""An agent as a program of its own, for tests that kill it: `python shared_fleet_agent_program.py FOLDER`.

The folder has `scale.creds`. Each effect of a job is a line in its file `effects`, written before the job goes on. A
job does not end while there is a file `gate`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from shared_fleet_agent import make_settings
from shared_fleet_module import FakeModule

from vision_ai_fleet.agent.module_port import JobContext
from vision_ai_fleet.agent.runner import run_agent
from vision_ai_fleet.credentials import Credentials


class WritingModule(FakeModule):
    """A module that writes down what reached it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    async def run(self, kind: str, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
        result = await super().run(kind, arguments, context)
        with (self._folder / "effects").open("a") as file:
            file.write(f"{kind}/{context.job}\n")
            file.flush()
            os.fsync(file.fileno())
        while (self._folder / "gate").exists():
            await asyncio.sleep(0.01)
        return result


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    settings = make_settings(Credentials.read(folder / "scale.creds"), folder / "data")
    run_agent(settings, open_module=lambda settings, instance: WritingModule(folder))
