"""Profile contenders, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Literal

from ..registry import Action, Contender
from ..setup.errors import CannotRunError
from ..setup.machine import assign_cores
from ..setup.workspace import Workspace

Mode = Literal["layers", "frames"]


def profile_contenders(
    contenders: Sequence[Contender],
    actions: Sequence[Action],
    workspace: Workspace,
    mode: Mode,
    *,
    quick: bool,
) -> Iterator[str]:
    """Yield the text of one profile for each contender and action."""
    for contender in contenders:
        if reason := workspace.unavailable(contender):
            raise CannotRunError(f"{contender.name} is missing: {reason}")
        for action in actions:
            yield _profile(contender, action, workspace, mode, quick)


def _profile(contender: Contender, action: Action, workspace: Workspace, mode: Mode, quick: bool) -> str:
    options = {
        "title": f"{contender.name}, {action}",
        "mode": mode,
        "quick": quick,
        "entry": contender.entry,
        "asynchronous": contender.asynchronous,
        "url": workspace.server.url,
        "action": action,
        "core": assign_cores().contenders,
        "source": str(workspace.data.backup),
        "target": str((workspace.memory or workspace.disk) / "profile.evo"),
    }
    result = subprocess.run(
        [sys.executable, "-P", "-m", "suite.profiling.program", json.dumps(options)],
        capture_output=True,
        text=True,
        env=workspace.environment(contender),
        check=False,
    )
    if result.returncode != 0:
        raise CannotRunError(f"{contender.name} cannot be profiled: {result.stderr.strip()}")
    return result.stdout
