"""What an agent has while it is connected."""

from __future__ import annotations

from dataclasses import dataclass

from vision_ai_fleet.connection import Connection
from vision_ai_fleet.names import ScaleId

from .engine_clock import EngineClock
from .ledger import Ledger
from .metrics import Metrics
from .module_port import ModulePort
from .settings import AgentSettings


@dataclass(frozen=True)
class Session:
    """A connection with everything that its users share. After the connection ended for good, there is another one.

    Args:
        connection: To the center. Its credentials are the scale's.
        settings: How the agent runs.
        module: Its module.
        ledger, clock, metrics: The agent's.
    """

    connection: Connection
    settings: AgentSettings
    module: ModulePort
    ledger: Ledger
    clock: EngineClock
    metrics: Metrics

    @property
    def scale(self) -> ScaleId:
        return self.connection.credentials.scale_id

    @property
    def secret(self) -> bytes:
        """What seals the orders for this scale."""
        return self.connection.credentials.secret
