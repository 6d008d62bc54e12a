"""Enrol scales: their queues, their identities, and codes that a scale's computer trades for its credentials once."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from vision_ai import InvalidInputError

from . import names
from .buckets import Bucket
from .codes import hash_code, make_code
from .connection import connect
from .credentials import Credentials
from .engine.center import Center
from .engine.streams import add_event_reader, add_scales
from .errors import ConflictError, FleetError
from .messages import decode
from .names import ScaleId

logger = logging.getLogger("vision_ai_fleet")

LONGEST_LIFE = 3600.0
"""Seconds that a code may be valid."""
GRACE = 600.0
"""Seconds for which a scale's old credentials hold after a rotation: time to bring it the new ones."""
LARGEST_BODY = 4096
ATTEMPTS, PERIOD = 10, 60.0
"""How many codes one address may try within how many seconds."""
ADDRESSES = 10_000
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def enrol(center: Center, scale: ScaleId, *, server: str = "", domain: str = "") -> Credentials:
    """Make a scale's queue and its credentials.

    Args:
        center: With its keys.
        scale: Which one.
        server: Where its agent connects; "": to the center.
        domain: The JetStream domain of its store's own server.

    Raises:
        ConflictError: it is enrolled already.
        FleetError: the engine does not respond.
    """
    _check_new(center, scale)
    await _add_queue(center, scale)
    return center.make_credentials("scale", str(scale), scale=scale, server=server, domain=domain)


async def enrol_person(center: Center, role: str, name: str, *, store: str = "") -> Credentials:
    """Make a person's credentials, and for a viewer the position from which his programs read events.

    Args:
        center: With its keys.
        role: `operator`, `viewer` or `manager`.
        name: Who it is.
        store: A manager's.

    Raises:
        FleetError: the engine does not respond.
    """
    credentials = center.make_credentials(role, name, store=store)
    if role == "viewer":
        async with connect(center.operator) as connection:
            await add_event_reader(connection, credentials)
    return credentials


async def rotate(
    center: Center, scale: ScaleId, *, grace: float = GRACE, server: str = "", domain: str = ""
) -> Credentials:
    """Make new credentials for a scale. The old ones become void after a grace period (seconds).

    Raises:
        FleetError: the engine does not respond.
    """
    old = center.find_valid(scale)
    await _add_queue(center, scale)
    credentials = center.make_credentials("scale", str(scale), scale=scale, server=server, domain=domain)
    await center.revoke(old, after=grace)
    return credentials


async def make_enrolment_code(
    center: Center, scale: ScaleId, *, ttl: float = LONGEST_LIFE, replace: bool = False, domain: str = ""
) -> str:
    """Make a code that a scale's computer trades for its credentials, once.

    Args:
        center: With its keys. Its page redeems the code.
        scale: Which one.
        ttl: Seconds for which the code is valid, 3,600 at the most.
        replace: The scale is enrolled already: its old credentials become void when the code is used.
        domain: The JetStream domain of its store's own server.

    Raises:
        ConflictError: it is enrolled already.
        FleetError: the engine does not respond.
    """
    if not 0 < ttl <= LONGEST_LIFE:
        raise InvalidInputError(f"a code is valid for 1 to {LONGEST_LIFE:.0f} seconds, not {ttl:g}")
    if not replace:
        _check_new(center, scale)
    code = make_code()
    order = {"store": scale.store, "scale": scale.scale, "domain": domain, "expires": time.time() + ttl}
    async with connect(center.operator) as connection:
        await Bucket(connection, names.ENROLMENTS).create(hash_code(code), {**order, "replace": replace})
    return code


async def redeem_code(center: Center, code: str) -> Credentials | None:
    """Return the credentials for a code; None if it is unknown, expired, or was used.

    Raises:
        FleetError: the engine does not respond.
    """
    try:
        key = hash_code(code)
    except InvalidInputError:
        return None
    async with connect(center.operator) as connection:
        bucket = Bucket(connection, names.ENROLMENTS)
        entry = await bucket.get(key)
        if entry is None or "used" in entry.value or entry.value.get("expires", 0.0) < time.time():
            return None
        try:
            await bucket.update(key, {"used": time.time()}, entry.revision)
        except ConflictError:
            return None
    scale = ScaleId(entry.value["store"], entry.value["scale"])
    domain = entry.value.get("domain", "")
    if entry.value.get("replace"):
        return await rotate(center, scale, grace=0.0, domain=domain)
    return await enrol(center, scale, domain=domain)


def make_enrolment_routes(center: Center) -> list[Route]:
    """Return the routes of the page that enrol scales: `POST /enrol` and `GET /enrol/ca.pem`.

    They need no signing in: the code is the permission. No log has it.
    """
    limit = RateLimit()

    async def send_authority(request: Request) -> Response:
        files = center.certificates
        return PlainTextResponse(files.ca_text if files else "", headers=HEADERS)

    async def redeem(request: Request) -> Response:
        address = request.client.host if request.client else ""
        if not limit.allow(address):
            return _refuse(429, "too many attempts; wait a minute")
        try:
            size = int(request.headers.get("content-length", LARGEST_BODY + 1))
        except ValueError:
            size = LARGEST_BODY + 1
        if size > LARGEST_BODY:
            return _refuse(413, "the request is too large")
        code = decode(await request.body()).get("code")
        try:
            credentials = await redeem_code(center, code) if isinstance(code, str) else None
        except FleetError as error:
            logger.warning("a scale could not be enrolled: %s", error)
            return _refuse(503, "the center cannot enrol now; try again")
        if credentials is None:  # one text for each reason: nobody learns which codes there are
            return _refuse(403, "the code is unknown, expired, or was used; have a new one made")
        logger.info("the scale %s was enrolled by a code", credentials.scale_id)
        return PlainTextResponse(credentials.format(), headers=HEADERS)

    return [
        Route("/enrol", redeem, methods=["POST"]),
        Route("/enrol/ca.pem", send_authority, methods=["GET"]),
    ]


@dataclass
class RateLimit:
    """Counts the attempts of each address."""

    attempts: dict[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])

    def allow(self, address: str) -> bool:
        now = time.monotonic()
        if len(self.attempts) >= ADDRESSES:
            self.attempts = {each: value for each, value in self.attempts.items() if now - value[0] < PERIOD}
            if len(self.attempts) >= ADDRESSES:
                return False
        start, count = self.attempts.get(address, (now, 0))
        if now - start >= PERIOD:
            start, count = now, 0
        self.attempts[address] = (start, count + 1)
        return count < ATTEMPTS


def _check_new(center: Center, scale: ScaleId) -> None:
    if center.find_valid(scale):
        raise ConflictError(
            f"the scale {scale} is enrolled already",
            f"New credentials for it: vision-ai fleet rotate {scale.store} {scale.scale}. The old ones become void.",
        )


async def _add_queue(center: Center, scale: ScaleId) -> None:
    async with connect(center.operator) as connection:
        await add_scales(connection, [scale], replicas=center.settings.replicas)


def _refuse(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message}, status, headers=HEADERS)
