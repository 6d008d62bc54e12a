"""Webhooks are signed, tried again, and never hold up who posts."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from vision_ai import InvalidInputError
from vision_ai_fleet.observability import webhooks
from vision_ai_fleet.observability.alert_monitor import AlertChanges
from vision_ai_fleet.observability.alerts import Alert, Rule
from vision_ai_fleet.observability.webhooks import Webhook, WebhookSender
from vision_ai_fleet.rollout import Phase, Rollout, RolloutSpec, RolloutState

KEY = b"0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
HOOK = Webhook("https://hooks.example/fleet?token=s3cr3t", SECRET)
ALERT = Alert(Rule.OFFLINE, "0042", "07", 5.0, "the agent is not connected")
ROLLOUT = Rollout(
    RolloutSpec("r1", "backup", by="anna"), RolloutState(Phase.COMPLETED, total=3, counts={"SUCCEEDED": 3})
)


class Receiver:
    """Answers posts with statuses, one after the other, and the last one from then on."""

    def __init__(self, *answers: int | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.arrived = asyncio.Event()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        self.arrived.set()
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)


def send(
    receiver: Receiver, post: Callable[[WebhookSender], None], count: int, *hooks: Webhook
) -> WebhookSender:
    """Run a sender until so many requests came and were dealt with."""

    async def use() -> WebhookSender:
        sender = WebhookSender(hooks or (HOOK,), transport=httpx.MockTransport(receiver))
        running = asyncio.create_task(sender.run())
        post(sender)
        async with asyncio.timeout(20):
            while len(receiver.requests) < count:
                await receiver.arrived.wait()
                receiver.arrived.clear()
        for _ in range(20):
            await asyncio.sleep(0)
        assert not running.done()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        return sender

    return asyncio.run(use())


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "PAUSES", (0.0, 0.0, 0.0))


def test_a_post_is_a_signed_cloud_event() -> None:
    receiver = Receiver(204)
    send(receiver, lambda sender: sender.post_alerts(AlertChanges(raised=(ALERT,))), 1)
    [request] = receiver.requests
    body, headers = request.content, request.headers
    event = json.loads(body)
    assert (event["specversion"], event["type"]) == ("1.0", "vision_ai.fleet.alerts.v1")
    assert event["data"] == {
        "raised": [ALERT.to_dict()],
        "raised_count": 1,
        "cleared": [],
        "cleared_count": 0,
    }
    assert headers["content-type"] == "application/cloudevents+json"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_a_rollout_that_ended() -> None:
    receiver = Receiver(200)
    send(receiver, lambda sender: sender.post_rollout(ROLLOUT), 1)
    event = json.loads(receiver.requests[0].content)
    assert event["type"] == "vision_ai.fleet.rollout_ended.v1"
    assert (event["data"]["id"], event["data"]["phase"], event["data"]["counts"]) == (
        "r1",
        "COMPLETED",
        {"SUCCEEDED": 3},
    )


def test_a_failed_post_is_tried_again_with_the_same_id(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "vision_ai_fleet")
    receiver = Receiver(503, httpx.ConnectError("no route to https://hooks.example/fleet?token=s3cr3t"), 200)
    sender = send(receiver, lambda sender: sender.post_rollout(ROLLOUT), 3)
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert sender.dropped == 0
    assert "hooks.example" in caplog.text and "status 503" in caplog.text and "ConnectError" in caplog.text
    assert "s3cr3t" not in caplog.text and SECRET not in caplog.text
    assert "s3cr3t" not in repr(HOOK) and SECRET not in repr(HOOK)


@pytest.mark.parametrize(("status", "attempts"), [(500, 4), (401, 4), (302, 4), (410, 1)])
def test_a_receiver_that_never_takes_it_is_given_up(status: int, attempts: int) -> None:
    receiver = Receiver(status)
    sender = send(receiver, lambda sender: sender.post_rollout(ROLLOUT), attempts)
    assert (sender.dropped, len(receiver.requests)) == (1, attempts)


def test_a_dead_receiver_holds_up_neither_the_others_nor_who_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MAX_WAITING", 3)
    monkeypatch.setattr(webhooks, "PAUSES", (3600.0,))
    dead, alive = Webhook("https://dead.example", SECRET), Webhook("https://alive.example", SECRET)

    class Both(Receiver):
        async def __call__(self, request: httpx.Request) -> httpx.Response:
            if request.url.host == "dead.example":
                raise httpx.ConnectTimeout("")
            return await super().__call__(request)

    async def use() -> None:
        receiver = Both(200)
        sender = WebhookSender((dead, alive), transport=httpx.MockTransport(receiver))
        running = asyncio.create_task(sender.run())
        for number in range(1, 11):
            sender.post_rollout(ROLLOUT)
            async with asyncio.timeout(20):
                while len(receiver.requests) < number:
                    await receiver.arrived.wait()
                    receiver.arrived.clear()
        assert sender.dropped == 6  # one is tried again, three wait
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(use())


def test_topics_and_what_is_nothing() -> None:
    receiver = Receiver(200)

    def post(sender: WebhookSender) -> None:
        sender.post_alerts(AlertChanges())
        sender.post_alerts(AlertChanges(cleared=(ALERT,)))
        sender.post_rollout(ROLLOUT)

    send(receiver, post, 1, Webhook("https://a.example", SECRET, ("rollouts",)))
    assert [json.loads(each.content)["type"] for each in receiver.requests] == [
        "vision_ai.fleet.rollout_ended.v1"
    ]


def test_many_alerts_are_counted_and_not_all_named() -> None:
    receiver = Receiver(200)
    send(receiver, lambda sender: sender.post_alerts(AlertChanges(raised=(ALERT,) * 5000)), 1)
    data = json.loads(receiver.requests[0].content)["data"]
    assert (len(data["raised"]), data["raised_count"]) == (100, 5000)


@pytest.mark.parametrize(
    ("url", "secret", "topics"),
    [
        ("ftp://a.example", SECRET, ("alerts",)),
        ("file:///etc/passwd", SECRET, ("alerts",)),
        ("https://", SECRET, ("alerts",)),
        ("https://a.example", "short", ("alerts",)),
        ("https://a.example", "whsec_" + "!" * 20, ("alerts",)),
        ("https://a.example", SECRET, ("everything",)),
    ],
)
def test_a_webhook_that_cannot_work_is_refused(url: str, secret: str, topics: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError) as raised:
        Webhook(url, secret, topics)
    assert secret not in str(raised.value)
