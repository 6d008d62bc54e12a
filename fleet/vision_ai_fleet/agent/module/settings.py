"""Where the module and the till of a scale are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vision_ai_fleet.names import ScaleId

Api = Literal["auto", "v1", "v2"]
QUIET_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ModuleSettings:
    """What an agent must know of its module and of its till.

    Args:
        scale: Which scale it is.
        instance: The agent's installation.
        folder: An existing folder for what must outlive a restart.
        url: Of the module, as for `VisionAI`; None for its default.
        interface: The module's network interface, as for `VisionAI`.
        api: The version of the module's API, as for `VisionAI`.
        relay_port: Where a till that does not use the SDK finds the module, on 127.0.0.1; 0 for a free port, None for
            no relay.
        journal: The journal of a till that uses the SDK. The relay then keeps none.
        quiet_seconds: How long the till must have called nothing before it counts as quiet.
    """

    scale: ScaleId
    instance: str
    folder: Path
    url: str | None = None
    interface: str | None = None
    api: Api = "auto"
    relay_port: int | None = None
    journal: Path | None = None
    quiet_seconds: float = QUIET_SECONDS

    @property
    def relay_journal(self) -> Path | None:
        """The journal of what the relay sees; None where another one is read."""
        return None if self.relay_port is None or self.journal is not None else self.folder / "relay.db"
