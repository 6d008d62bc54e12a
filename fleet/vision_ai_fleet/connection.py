"""A connection to the center: it comes back by itself, and never with everybody else at the same moment."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import base64
import json
import logging
import random
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError

from .credentials import Credentials
from .errors import CenterUnreachableError, ConflictError, FleetError, NotFoundError, NotPermittedError

logger = logging.getLogger("vision_ai_fleet")

REQUEST_TIMEOUT = 10.0
"""Seconds that the engine may take for one request."""
SHORTEST_PAUSE, LONGEST_PAUSE, PAUSE_FACTOR = 0.2, 50.0, 1.6
"""Seconds between two attempts to connect: random, below a limit that grows. With a fixed pause, 5,000 agents never
all came back after a restart of the engine."""
CLOSE_TIMEOUT = 1.0
WRONG_SEQUENCE = 10071
NATS_ERRORS = (NatsError, APIError, asyncio.TimeoutError, OSError)
"""What nats-py raises; `translate_error` names it."""


class Connection:
    """An open connection, and JetStream over it.

    `on_reconnect` functions are called after the connection came back: the engine has then forgotten what this side
    subscribed to in JetStream.
    """

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self.client: Client = Client()
        self.jetstream: JetStreamContext = self.client.jetstream(timeout=REQUEST_TIMEOUT)
        self.on_reconnect: list[Callable[[], None]] = []
        self.refusals = 0
        """How often the engine refused a subject to these credentials."""
        self.last_refusal = ""
        self._was_open = False
        self._last_error: Exception | None = None
        self.closed = asyncio.Event()
        """Set when the connection is over and does not come back: the engine no longer accepts these credentials."""

    @property
    def is_connected(self) -> bool:
        return self.client.is_connected

    def get_domain(self, domain: str) -> JetStreamContext:
        """Return JetStream of another server's domain; "" is the center's own."""
        return self.client.jetstream(timeout=REQUEST_TIMEOUT, domain=domain) if domain else self.jetstream

    async def open(self, *, name: str = "", wait: bool = False, connect_timeout: float = 5.0) -> None:
        """Connect.

        Args:
            name: Who connects, for the engine's lists.
            wait: Try until the center responds, as an agent does; else fail at once.
            connect_timeout: Seconds of one attempt.

        Raises:
            CenterUnreachableError: it does not respond, or refuses these credentials.
        """
        credentials = self.credentials
        while True:
            try:
                await self.client.connect(
                    credentials.server.split(","),
                    name=name or credentials.name,
                    user_jwt_cb=lambda: credentials.jwt.encode(),
                    signature_cb=make_signer(credentials.seed),
                    inbox_prefix=get_inbox_prefix(credentials),
                    tls=make_tls_context(credentials),
                    connect_timeout=cast(int, connect_timeout),
                    # Unlimited only later: nats-py would try the first connection for ever too.
                    max_reconnect_attempts=1,
                    reconnect_time_wait=cast(int, SHORTEST_PAUSE),
                    reconnect_to_server_handler=_choose_server,
                    ping_interval=20,
                    reconnected_cb=self._report_reconnect,
                    error_cb=self._report_error,
                    closed_cb=self._report_close,
                    allow_reconnect=False,
                )
                self._was_open = True
                self.client.options.update(allow_reconnect=True, max_reconnect_attempts=-1)
                return
            except NATS_ERRORS as cause:
                error = self._last_error or cause
                await self._discard_client()
                if not wait:
                    raise _describe_failure(credentials.server, error) from cause
                logger.debug("the center does not respond: %s", error)
            await asyncio.sleep(random.uniform(SHORTEST_PAUSE, 5.0))

    async def _discard_client(self) -> None:
        with suppress(*NATS_ERRORS):
            async with asyncio.timeout(CLOSE_TIMEOUT):  # after a failed TLS handshake, nats-py waits for ever
                await self.client.close()
        self.client = Client()
        self.jetstream = self.client.jetstream(timeout=REQUEST_TIMEOUT)
        self.closed.clear()

    async def close(self) -> None:
        """End the connection. Calling it again does nothing."""
        if self._was_open and not self.client.is_closed:
            try:
                await self.client.close()
            except (*NATS_ERRORS, TypeError, RuntimeError):
                # The other side was quicker, and what waits cannot be sent (since Python 3.12, asyncio says that by a
                # TypeError). nats-py then leaves its tasks behind, unless it closes again with nothing to send.
                self.client._pending, self.client._pending_data_size = [], 0  # pyright: ignore[reportPrivateUsage]
                self.client._status = Client.DISCONNECTED  # pyright: ignore[reportPrivateUsage]
                with suppress(*NATS_ERRORS):
                    await self.client.close()

    async def request(
        self,
        subject: str,
        data: bytes,
        *,
        timeout: float = REQUEST_TIMEOUT,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        """Send a request and return the reply.

        Raises:
            FleetError: see `translate_error`.
        """
        refusals = self.refusals
        try:
            return (await self.client.request(subject, data, timeout=timeout, headers=headers)).data
        except NATS_ERRORS as error:
            if self.refusals > refusals:
                raise NotPermittedError(f"these credentials do not permit {subject}") from error
            raise translate_error(error) from error

    async def _report_reconnect(self) -> None:
        for function in self.on_reconnect:
            function()

    async def _report_close(self) -> None:
        self.closed.set()

    async def _report_error(self, error: Exception) -> None:
        self._last_error = error
        # A refused publish has no other sign: its caller merely waits in vain.
        text = str(error).lower()
        if "permissions violation" in text:
            self.refusals += 1
            self.last_refusal = str(error)
        logger.debug("connection to the center: %s", error or type(error).__name__)


@asynccontextmanager
async def connect(credentials: Credentials, *, name: str = "") -> AsyncGenerator[Connection]:
    """Connect for the time of a `with` statement.

    Raises:
        CenterUnreachableError: the center does not respond, or refuses these credentials.
    """
    connection = Connection(credentials)
    await connection.open(name=name)
    try:
        yield connection
    finally:
        await connection.close()


def get_subject(jwt: str) -> str:
    """Return the public key that an identity belongs to. Its inbox is named by it."""
    try:
        body = jwt.split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["sub"])
    except (IndexError, ValueError, KeyError):
        raise FleetError("the credentials are damaged", "Have new ones made: vision-ai fleet enrol") from None


def get_inbox_prefix(credentials: Credentials) -> str:
    """Return where replies to these credentials go. A store's scales have a common part, for the store's own server."""
    subject = get_subject(credentials.jwt)
    return f"_INBOX_.{credentials.store}.{subject}" if credentials.role == "scale" else f"_INBOX_{subject}"


def make_signer(seed: str) -> Callable[[str], bytes]:
    """Return what signs the engine's challenge. A scale's identity is a bearer token, which needs no signature."""
    if not seed:
        return lambda nonce: b""

    import nkeys  # pyright: ignore[reportMissingTypeStubs]  # of the extra `fleet`: people alone have seeds

    pair: Any = nkeys.from_seed(seed.encode())
    return lambda nonce: base64.b64encode(pair.sign(nonce.encode()))


def make_tls_context(credentials: Credentials) -> ssl.SSLContext | None:
    """Return what checks the center's certificate; None for a connection within this computer."""
    if not credentials.server.startswith("tls://"):
        return None
    logging.getLogger("asyncio").addFilter(_is_worth_a_line)
    return ssl.create_default_context(cadata=credentials.ca or None)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Leave out a remark of asyncio about nats-py, which comes with each TLS connection and means nothing."""
    return "eof_received" not in record.getMessage()


def translate_error(error: BaseException) -> FleetError:
    """Return the error of the fleet for one of nats-py's."""
    name = type(error).__name__
    if isinstance(error, APIError):
        if error.err_code == WRONG_SEQUENCE:
            return ConflictError("somebody else changed the same entry in the meantime")
        if error.code == 404:
            return NotFoundError(error.description or "not found")
        return FleetError(f"the engine refused: {error.description or name} ({error.err_code})")
    if isinstance(error, asyncio.TimeoutError) or "Timeout" in name or "NoResponders" in name:
        return CenterUnreachableError(
            "the center did not respond in time", "Try again: vision-ai fleet doctor"
        )
    return CenterUnreachableError(f"the connection to the center failed: {error or name}")


def _describe_failure(server: str, error: BaseException) -> CenterUnreachableError:
    reason = str(error) or type(error).__name__
    if isinstance(error, ssl.SSLError):
        return CenterUnreachableError(
            f"the certificate of the center {server} is not trusted: {reason}",
            "These credentials are of another center, or its certificate lacks this name: "
            "`vision-ai fleet up --address NAME` adds it.",
        )
    if "authorization" in reason.lower():
        return CenterUnreachableError(
            f"the center {server} refuses these credentials",
            "They were revoked, have ended, or are of another center: have new ones made.",
        )
    return CenterUnreachableError(
        f"the center {server} does not respond: {reason}",
        "Check that it runs: `vision-ai fleet up`.",
    )


def _choose_server(servers: list[Any], info: Mapping[str, Any]) -> tuple[Any, float]:
    server = min(servers, key=lambda each: each.reconnects)
    longest = min(LONGEST_PAUSE, SHORTEST_PAUSE * 15 * PAUSE_FACTOR ** min(server.reconnects, 8))
    return server, random.uniform(SHORTEST_PAUSE, longest)
