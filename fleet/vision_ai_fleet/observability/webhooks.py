"""Posts of alerts and of rollouts that ended, to the addresses of a chain's own programs.

A post is a CloudEvent, signed as https://www.standardwebhooks.com says: `webhook-signature` is the HMAC-SHA256 of
`<webhook-id>.<webhook-timestamp>.<body>`. The same `webhook-id` may come more than once. A receiver that does not
respond is tried again with growing pauses, and never holds up the controller. What waits is lost when the controller
ends: the bucket `alerts` and the rollouts say what is true.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
import random
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from vision_ai import InvalidInputError
from vision_ai_fleet.messages import encode
from vision_ai_fleet.rollout import Rollout

from .alert_monitor import AlertChanges

logger = logging.getLogger("vision_ai_fleet")

TIMEOUT = 10.0
"""Seconds for one attempt."""
PAUSES = (1.0, 5.0, 30.0, 120.0, 600.0, 1800.0)
"""Seconds before each further attempt, plus up to a half: not everything comes back at the same moment."""
MAX_WAITING = 1000
"""Posts that wait for one receiver; the oldest go first."""
MAX_ALERTS = 100
"""Alerts of one kind in a post: a store whose line is cut has them for all of its scales at once."""
SECRET_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver.

    Args:
        url: `https://…`, or `http://…` within the own network. It may hold a password: it is not logged.
        secret: What signs the posts: `whsec_` and base64, or any text of 16 characters or more.
        topics: What is posted: `alerts`, `rollouts`.
    """

    url: str = field(repr=False)
    secret: str = field(repr=False)
    topics: tuple[str, ...] = ("alerts", "rollouts")

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidInputError("the address of a webhook must begin with https:// or http://")
        if len(self.secret.removeprefix(SECRET_PREFIX)) < 16:
            raise InvalidInputError("the secret of a webhook must have 16 characters or more")
        if unknown := set(self.topics) - {"alerts", "rollouts"}:
            raise InvalidInputError(
                f"a webhook has the topics alerts and rollouts, not {', '.join(sorted(unknown))}"
            )
        _decode_secret(self.secret)

    @property
    def name(self) -> str:
        """What logs may say about it."""
        return urlsplit(self.url).hostname or ""


class WebhookSender:
    """Sends posts to all receivers. `post_…` return at once; `run` does the work.

    Args:
        webhooks: The receivers.
        transport: Replaces the network, in tests.
    """

    def __init__(
        self, webhooks: Sequence[Webhook], *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._queues = [(webhook, asyncio.Queue[_Post](MAX_WAITING)) for webhook in webhooks]
        self._transport = transport
        self.sent = 0
        """Posts that receivers took."""
        self.dropped = 0
        """Posts that were given up."""

    def post_alerts(self, changes: AlertChanges) -> None:
        """Post which alerts were raised and cleared, if any were."""
        if not changes.raised and not changes.cleared:
            return
        data = {
            "raised": [alert.to_dict() for alert in changes.raised[:MAX_ALERTS]],
            "raised_count": len(changes.raised),
            "cleared": [alert.to_dict() for alert in changes.cleared[:MAX_ALERTS]],
            "cleared_count": len(changes.cleared),
        }
        self._post("alerts", "vision_ai.fleet.alerts.v1", "/alerts", data)

    def post_rollout(self, rollout: Rollout) -> None:
        """Post that a rollout ended."""
        spec, state = rollout.spec, rollout.state
        data = {
            "id": spec.id,
            "scope": spec.scope,
            "kind": spec.kind,
            "by": spec.by,
            "created": spec.created,
            "phase": state.phase.value,
            "reason": state.reason,
            "total": state.total,
            "counts": state.counts,
        }
        self._post("rollouts", "vision_ai.fleet.rollout_ended.v1", f"/rollouts/{spec.id}", data)

    async def run(self) -> None:
        """Send what is posted, until it is canceled."""
        # Certificates are checked, nothing is redirected, and no proxy of the environment sees the posts.
        async with (
            httpx.AsyncClient(
                timeout=TIMEOUT, follow_redirects=False, trust_env=False, transport=self._transport
            ) as client,
            asyncio.TaskGroup() as group,
        ):
            for webhook, queue in self._queues:
                group.create_task(self._serve(client, webhook, queue))
            await asyncio.Event().wait()

    def _post(self, topic: str, type: str, source: str, data: Mapping[str, Any]) -> None:
        post = _Post.make(type, source, data)
        for webhook, queue in self._queues:
            if topic not in webhook.topics:
                continue
            if queue.full():
                queue.get_nowait()
                self._drop(webhook, "too many posts wait")
            queue.put_nowait(post)

    async def _serve(self, client: httpx.AsyncClient, webhook: Webhook, queue: asyncio.Queue[_Post]) -> None:
        while True:
            post = await queue.get()
            for pause in (*PAUSES, None):
                problem, is_final = await _send(client, webhook, post)
                if problem is None:
                    self.sent += 1
                    break
                if pause is None or is_final:
                    self._drop(webhook, problem)
                    break
                logger.info("the webhook at %s failed, and is tried again: %s", webhook.name, problem)
                await asyncio.sleep(pause * random.uniform(1.0, 1.5))

    def _drop(self, webhook: Webhook, reason: str) -> None:
        self.dropped += 1
        logger.warning("a post to the webhook at %s was given up: %s", webhook.name, reason)


@dataclass(frozen=True, slots=True)
class _Post:
    id: str
    body: bytes

    @classmethod
    def make(cls, type: str, source: str, data: Mapping[str, Any]) -> _Post:
        id = uuid.uuid4().hex
        event = {
            "specversion": "1.0",
            "id": id,
            "source": source,
            "type": type,
            "time": datetime.now(UTC).isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }
        return cls(id, encode(event))


async def _send(client: httpx.AsyncClient, webhook: Webhook, post: _Post) -> tuple[str | None, bool]:
    """Return what went wrong, if anything did, and whether it would go wrong again."""
    moment = str(int(time.time()))
    headers = {
        "content-type": "application/cloudevents+json",
        "webhook-id": post.id,
        "webhook-timestamp": moment,
        "webhook-signature": sign(webhook.secret, post.id, moment, post.body),
    }
    try:
        # A body that never ends is not read: the status says everything.
        async with (
            asyncio.timeout(2 * TIMEOUT),
            client.stream("POST", webhook.url, content=post.body, headers=headers) as response,
        ):
            status = response.status_code
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
        return type(error).__name__, False  # its text may have the address
    if 200 <= status < 300:
        return None, False
    return f"status {status}", status == 410


def sign(secret: str, id: str, moment: str, body: bytes) -> str:
    """Return the header `webhook-signature` of a post."""
    content = f"{id}.{moment}.".encode() + body
    digest = hmac.digest(_decode_secret(secret), content, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def _decode_secret(secret: str) -> bytes:
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        raise InvalidInputError("after whsec_, the secret of a webhook must be base64") from None
