"""What all workloads of a run share."""

from __future__ import annotations

from dataclasses import dataclass

from ..setup.workspace import Workspace


@dataclass(frozen=True)
class Settings:
    workspace: Workspace
    core: int | None
    """The core that all contenders run on, one at a time."""
    rounds: int
    batch_seconds: float
    """How long a batch of calls takes, about."""
    seed: int
    """Of the order of the contenders."""
