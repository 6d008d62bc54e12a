"""The module's address for a till that does not use the SDK, on 127.0.0.1."""

from __future__ import annotations

from collections.abc import Callable

from vision_ai import Call
from vision_ai_fleet.errors import FleetError
from vision_ai_tools.relay import Relay

from .gateway import Caller, Gateway
from .relay_journal import RelayJournal
from .settings import ModuleSettings
from .till_transport import TillTransport

HOST = "127.0.0.1"


class LocalRelay:
    """Listens for the till, and keeps a journal of its calls unless the till does.

    Args:
        settings: The port, and where the journal is.
        gateway: Carries the calls.
        on_call: Called with what became of each call that the journal notes.

    Raises:
        FleetError: it cannot listen, for example because the port is in use.
    """

    def __init__(self, settings: ModuleSettings, gateway: Gateway, on_call: Callable[[Call], None]) -> None:
        path, port = settings.relay_journal, settings.relay_port or 0
        self._journal = None if path is None else RelayJournal(path, gateway, settings.api, on_call)
        till = TillTransport(gateway.open_transport(Caller.TILL), self._journal and self._journal.add)
        try:
            self._relay = Relay(till, gateway.base_url, HOST, port)
        except OSError as error:
            self._close_journal()
            raise FleetError(
                f"the relay cannot listen on {HOST}, port {port}: {error.strerror}",
                "Choose another port ([till] relay_port), and give the till the new address.",
            ) from error
        self._relay.start()

    @property
    def url(self) -> str:
        """The module's address for the till."""
        return self._relay.url

    def close(self) -> None:
        """End the till's connections, and write what waits for the journal."""
        self._relay.close()
        self._close_journal()

    def _close_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()
