"""What each role may not do, over TLS: every attempt is one test."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nats.js.errors import NotFoundError
from shared_fleet_ports import find_free_port

from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection, connect, get_subject
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.engine.server import Server
from vision_ai_fleet.engine.server_config import ServerSettings
from vision_ai_fleet.engine.streams import add_scales, make_streams
from vision_ai_fleet.engine.tls import make_certificates
from vision_ai_fleet.engine.trust import Trust, make_seed, sign
from vision_ai_fleet.errors import CenterUnreachableError
from vision_ai_fleet.names import ScaleId

Run = Callable[[Any], Any]
OWN, SIBLING, OTHER = ScaleId("0042", "66"), ScaleId("0042", "01"), ScaleId("0043", "09")


class SecureCenter:
    """A server with TLS, and identities for it."""

    def __init__(self, folder: Path) -> None:
        self.trust = Trust.create()
        files = make_certificates(folder / "tls", ["127.0.0.1"])
        self.ca = files.ca_text
        settings = ServerSettings(
            folder / "engine",
            port=find_free_port(),
            certificate=files.certificate,
            key=files.key,
            sync="2m",
        )
        self.server = Server(settings, self.trust)

    def identify(self, role: str, **more: Any) -> Credentials:
        return self.trust.make_credentials(role, role, server=self.server.url, ca=self.ca, **more)

    async def prepare(self) -> None:
        async with connect(self.identify("operator")) as operator:
            await make_streams(operator)
            await add_scales(operator, [OWN, SIBLING, OTHER])
            await operator.jetstream.publish("jobs.0042.66.own", b"{}")
            await operator.jetstream.publish("jobs.0043.09.secret", b"{}")
            for scale in (OWN, SIBLING, OTHER):
                await Bucket(operator, "desired").put(scale.key, {"learn_mode": 0})
                await operator.jetstream.publish(f"events.{scale.key}.recognition", b"{}")


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureCenter]:
    center = SecureCenter(tmp_path_factory.mktemp("secure"))
    center.server.start()
    try:
        asyncio.run(center.prepare())
        yield center
    finally:
        center.server.stop()


async def is_refused(connection: Connection, subject: str, data: bytes = b"{}") -> bool:
    """Publish, and return whether the engine refused."""
    before = connection.refusals
    await connection.client.publish(subject, data)
    await connection.client.flush()
    return await wait_for_refusal(connection, before)


async def wait_for_refusal(connection: Connection, before: int) -> bool:
    """Wait for what nats-py reports in a task of its own."""
    for _ in range(200):
        if connection.refusals > before:
            return True
        await asyncio.sleep(0.01)
    return False


async def send(connection: Connection, subject: str, data: bytes, reply: str) -> None:
    """Publish a request that names another reply subject, and wait until the engine has it."""
    await connection.client.publish(subject, data, reply=reply)
    await connection.client.flush()


async def is_subscription_refused(connection: Connection, subject: str) -> bool:
    before = connection.refusals
    await connection.client.subscribe(subject)
    await connection.client.flush()
    return await wait_for_refusal(connection, before)


SCALE_PUBLISHES = {
    "the inventory of a sibling": "$KV.inventory.0042.01",
    "the inventory of another store": "$KV.inventory.0043.09",
    "the presence of a sibling": "$KV.presence.0042.01",
    "the outcome of a sibling's job": "$KV.executions.b1.0042.01",
    "its own desired state": "$KV.desired.0042.66",
    "a rollout": "$KV.rollouts.chain.x",
    "a rollout's targets": "$KV.targets.0042.x",
    "a schedule": "$KV.schedules.0042.x",
    "the controller's lease": "$KV.leases.controller",
    "a code of enrolment": "$KV.enrolments.00",
    "an alert": "$KV.alerts.offline.0042.66",
    "an event as a sibling": "events.0042.01.recognition",
    "an event as another store": "events.0043.09.recognition",
    "a job for itself": "jobs.0042.66.x",
    "a job for a sibling": "jobs.0042.01.x",
    "a scheduled job": "schedules.0042.66.x",
    "a chunk of a sibling's backup": "backups.0042.01.chunks.00",
    "a sibling's backup": "backups.0042.01.manifest.eA==",
    "a backup of another store": "backups.0043.09.manifest.eA==",
    "a file of the chain": "files.manifest.eA==",
    "a call to a sibling": "rpc.0042.01.read.get_device_info",
    "a call to itself": "rpc.0042.66.read.get_device_info",
    "the next job of a sibling": "$JS.API.CONSUMER.MSG.NEXT.JOBS-0042.01",
    "the next job of another store": "$JS.API.CONSUMER.MSG.NEXT.JOBS-0043.09",
    "the acknowledgement of another scale's job": "$JS.ACK.JOBS-0043.09.1.1.1.1.1",
    "a sibling's desired state": "$JS.API.DIRECT.GET.KV_desired.$KV.desired.0042.01",
    "any desired state by its number": "$JS.API.DIRECT.GET.KV_desired",
    "all inventories": "$JS.API.DIRECT.GET.KV_inventory",
    "the stream of events": "$JS.API.DIRECT.GET.EVENTS",
    "backups of another store": "$JS.API.DIRECT.GET.BACKUPS-0043",
    "a purge of its store's backups": "$JS.API.STREAM.PURGE.BACKUPS-0042",
    "the deletion of a stream": "$JS.API.STREAM.DELETE.EVENTS",
    "the deletion of a message": "$JS.API.STREAM.MSG.DELETE.EVENTS",
    "a new stream": "$JS.API.STREAM.CREATE.X",
    "a list of streams": "$JS.API.STREAM.NAMES",
    "a new consumer": "$JS.API.CONSUMER.CREATE.EVENTS.x",
    "the deletion of its queue": "$JS.API.CONSUMER.DELETE.JOBS-0042.66",
    "a pause of its queue": "$JS.API.CONSUMER.PAUSE.JOBS-0042.66",
    "the system account": "$SYS.REQ.SERVER.PING",
    "another account text": "$SYS.REQ.CLAIMS.UPDATE",
}
SCALE_SUBSCRIBES = {
    "everything": ">",
    "calls to a sibling": "rpc.0042.01.>",
    "calls to its store": "rpc.0042.>",
    "jobs": "jobs.>",
    "events": "events.>",
    "all inboxes": "_INBOX.>",
    "a sibling's desired state": "changes.$KV.desired.0042.01",
    "all changes": "changes.>",
    "inventories": "$KV.inventory.>",
}


@pytest.mark.parametrize("subject", SCALE_PUBLISHES.values(), ids=SCALE_PUBLISHES)
def test_a_scale_may_not_publish(secure: SecureCenter, run: Run, subject: str) -> None:
    async def attempt() -> bool:
        async with connect(secure.identify("scale", scale=OWN)) as scale:
            return await is_refused(scale, subject)

    assert run(attempt())


@pytest.mark.parametrize("subject", SCALE_SUBSCRIBES.values(), ids=SCALE_SUBSCRIBES)
def test_a_scale_may_not_listen_to(secure: SecureCenter, run: Run, subject: str) -> None:
    async def attempt() -> bool:
        async with connect(secure.identify("scale", scale=OWN)) as scale:
            return await is_subscription_refused(scale, subject)

    assert run(attempt())


def test_a_scale_may_do_what_an_agent_does(secure: SecureCenter, run: Run) -> None:
    """Without this, the refusals would prove nothing."""

    async def use() -> None:
        async with (
            connect(secure.identify("operator")) as operator,
            connect(secure.identify("scale", scale=OWN)) as scale,
        ):
            for bucket, key in (
                ("inventory", OWN.key),
                ("presence", OWN.key),
                ("executions", "j.0042.66"),
            ):
                await Bucket(scale, bucket).put(key, {"own": True})
                assert (await Bucket(operator, bucket).read_all())[key].value == {"own": True}
            entry = await Bucket(scale, "desired").get(OWN.key)
            assert entry is not None and entry.value == {"learn_mode": 0}
            await scale.jetstream.publish("events.0042.66.recognition", b"{}")
            await scale.jetstream.publish("backups.0042.66.manifest.eA==", b"{}")
            queue = await scale.jetstream.pull_subscribe_bind(consumer="66", stream="JOBS-0042")
            [job] = await queue.fetch(1, timeout=10)
            await job.ack_sync()
            changed = await scale.client.subscribe("changes.$KV.desired.0042.66")
            called = await scale.client.subscribe("rpc.0042.66.>")
            await scale.client.flush()
            await Bucket(operator, "desired").put(OWN.key, {"learn_mode": 1})
            assert json.loads((await changed.next_msg(10)).data) == {"learn_mode": 1}
            async with connect(secure.identify("viewer")) as viewer:
                for caller in (operator, viewer):
                    call = asyncio.create_task(caller.request("rpc.0042.66.read.get_image", b"{}"))
                    await (await called.next_msg(10)).respond(b"reply")
                    assert await call == b"reply"
            assert not scale.refusals, scale.last_refusal

    run(use())


REPLY_SUBJECTS = {
    "jobs.0043.09.forged": "JOBS-0043",
    "jobs.0042.01.forged": "JOBS-0042",
    "schedules.0042.01.forged": "JOBS-0042",
    "$KV.inventory.0043.77": "KV_inventory",
    "$KV.presence.0042.01": "KV_presence",
    "$KV.executions.forged.0042.01": "KV_executions",
    "$KV.rollouts.chain.forged": "KV_rollouts",
    "$KV.schedules.chain.forged": "KV_schedules",
    "$KV.enrolments.forged": "KV_enrolments",
    "$KV.leases.controller": "KV_leases",
    "events.0043.09.forged": "EVENTS",
    "backups.0042.01.manifest.forged": "BACKUPS-0042",
    "files.manifest.forged": "FILES",
}


@pytest.mark.parametrize("target", REPLY_SUBJECTS)
@pytest.mark.parametrize("role", ["scale", "manager"])
def test_the_reply_to_a_request_cannot_be_sent_into_a_stream(
    secure: SecureCenter, run: Run, role: str, target: str
) -> None:
    """JetStream answers to whatever reply subject a request names."""
    bucket, pull = {
        "scale": ("inventory", ("$JS.API.CONSUMER.MSG.NEXT.JOBS-0042.66", b'{"batch":1,"no_wait":true}')),
        "manager": ("desired", ("$JS.API.DIRECT.GET.KV_presence", b'{"seq":1,"batch":2,"next_by_subj":">"}')),
    }[role]

    async def attempt() -> None:
        credentials = secure.identify(role, **({"scale": OWN} if role == "scale" else {"store": "0042"}))
        async with connect(credentials) as attacker, connect(secure.identify("operator")) as operator:
            await send(attacker, "$JS.API.DIRECT.GET.KV_presence.$KV.presence.0042.66", b"", target)
            await send(attacker, *pull, target)
            value = {"forged": target}
            await send(attacker, f"$KV.{bucket}.0042.66", json.dumps(value).encode(), target)
            while (entry := await Bucket(operator, bucket).get("0042.66")) is None or entry.value != value:
                await asyncio.sleep(0.005)  # the engine has answered when the value is there
            assert not attacker.refusals, attacker.last_refusal
            with pytest.raises(NotFoundError):
                await operator.jetstream.get_msg(REPLY_SUBJECTS[target], subject=target, direct=True)

    run(attempt())


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("$JS.API.STREAM.DELETE.EVENTS", b""),
        ("$JS.API.STREAM.PURGE.EVENTS", b"{}"),
        ("$JS.API.CONSUMER.DELETE.JOBS-0043.09", b""),
        ("$JS.API.STREAM.CREATE.FORGED", b'{"name":"FORGED","subjects":["forged"],"storage":"memory"}'),
    ],
)
@pytest.mark.parametrize("role", ["scale", "manager"])
def test_the_reply_to_a_request_is_no_request_to_the_engine(
    secure: SecureCenter, run: Run, role: str, target: str, body: bytes
) -> None:
    async def attempt() -> None:
        owner = secure.identify("scale", scale=OWN)
        credentials = owner if role == "scale" else secure.identify("manager", store="0042")
        async with (
            connect(owner) as scale,
            connect(credentials) as attacker,
            connect(secure.identify("operator")) as operator,
        ):
            await scale.jetstream.publish("$KV.presence.0042.66", body)
            subject = "$JS.API.DIRECT.GET.KV_presence.$KV.presence.0042.66"
            await send(attacker, subject, b"", target)
            names = {info.config.name for info in await operator.jetstream.streams_info()}
            assert "EVENTS" in names and "FORGED" not in names
            assert (await operator.jetstream.stream_info("EVENTS")).state.messages >= 3
            assert await operator.jetstream.consumer_info("JOBS-0043", "09")

    run(attempt())


OTHERS = {
    "a viewer sets": ("viewer", "rpc.0042.01.set.set_learnmode"),
    "a viewer acts": ("viewer", "rpc.0042.01.act.reboot"),
    "a viewer orders a state": ("viewer", "$KV.desired.0042.01"),
    "a viewer orders a rollout": ("viewer", "$KV.rollouts.chain.x"),
    "a viewer sends a job": ("viewer", "jobs.0042.01.x"),
    "a viewer reads codes": ("viewer", "$JS.API.DIRECT.GET.KV_enrolments"),
    "a viewer makes a consumer": ("viewer", "$JS.API.CONSUMER.CREATE.EVENTS.x"),
    "a viewer deletes a stream": ("viewer", "$JS.API.STREAM.DELETE.EVENTS"),
    "a viewer pulls for another": ("viewer", "$JS.API.CONSUMER.MSG.NEXT.EVENTS.UABC"),
    "a manager calls another store": ("manager", "rpc.0043.09.read.get_device_info"),
    "a manager sets in another store": ("manager", "rpc.0043.09.set.set_learnmode"),
    "a manager acts by a call": ("manager", "rpc.0042.01.act.reboot"),
    "a manager destroys by a call": ("manager", "rpc.0042.01.destructive.reset_device"),
    "a manager orders another store's state": ("manager", "$KV.desired.0043.09"),
    "a manager orders a rollout for all": ("manager", "$KV.rollouts.chain.x"),
    "a manager orders another store's rollout": ("manager", "$KV.rollouts.0043.x"),
    "a manager orders a schedule for all": ("manager", "$KV.schedules.chain.x"),
    "a manager writes an inventory": ("manager", "$KV.inventory.0042.01"),
    "a manager writes an outcome": ("manager", "$KV.executions.x.0042.01"),
    "a manager sends a job himself": ("manager", "jobs.0042.01.x"),
    "a manager makes a consumer": ("manager", "$JS.API.CONSUMER.CREATE.KV_inventory.x.$KV.inventory.0042.>"),
    "a manager reads another store's backups": ("manager", "$JS.API.DIRECT.GET.BACKUPS-0043"),
    "a viewer reads backups": ("viewer", "$JS.API.DIRECT.GET.BACKUPS-0042"),
    "a manager uploads a file": ("manager", "files.manifest.eA=="),
    "a manager asks the system": ("manager", "$SYS.REQ.SERVER.PING"),
}


@pytest.mark.parametrize(("role", "subject"), OTHERS.values(), ids=OTHERS)
def test_people_may_not_publish(secure: SecureCenter, run: Run, role: str, subject: str) -> None:
    async def attempt() -> bool:
        async with connect(secure.identify(role, store="0042" if role == "manager" else "")) as person:
            return await is_refused(person, subject)

    assert run(attempt())


def change_claims(credentials: Credentials, **changes: Any) -> Credentials:
    """Return an identity with other claims and its old signature."""
    head, body, signature = credentials.jwt.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    claims["nats"] |= changes
    text = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return replace(credentials, jwt=f"{head}.{text}.{signature}")


def sign_oneself(secure: SecureCenter) -> Credentials:
    own = secure.identify("scale", scale=OWN)
    claims = {
        "type": "user",
        "issuer_account": secure.trust.get_public_key("scales"),
        "tags": ["store:0042", "scale:01"],
    }
    return replace(own, jwt=sign(make_seed("USER"), get_subject(own.jwt), "forged", claims))


def sign_with_role_for_other_account(secure: SecureCenter) -> Credentials:
    """The key of a role signs for its account alone."""
    own = secure.identify("scale", scale=OWN)
    claims = {"type": "user", "issuer_account": secure.trust.get_public_key("account")}
    jwt = sign(secure.trust.seeds["role-viewer"], get_subject(own.jwt), "forged", claims)
    return replace(own, jwt=jwt)


FORGED: dict[str, Callable[[SecureCenter], Credentials]] = {
    "signed by another fleet": lambda secure: Trust.create().make_credentials(
        "scale", "x", scale=SIBLING, server=secure.server.url, ca=secure.ca
    ),
    "own identity with other tags": lambda secure: change_claims(
        secure.identify("scale", scale=OWN), tags=["store:0042", "scale:01"]
    ),
    "own identity with other permissions": lambda secure: change_claims(
        secure.identify("scale", scale=OWN), pub={"allow": [">"]}
    ),
    "own identity as a bearer token of an operator": lambda secure: change_claims(
        secure.identify("operator"), bearer_token=True
    ),
    "signed by the scale itself": sign_oneself,
    "signed with the wrong role's key": sign_with_role_for_other_account,
    "expired": lambda secure: secure.identify("scale", scale=OWN, expires=int(time.time()) - 5),
    "an operator's text without the key": lambda secure: replace(secure.identify("operator"), seed=""),
    "an operator's text with another key": lambda secure: replace(
        secure.identify("operator"), seed=make_seed("USER").decode()
    ),
    "without TLS": lambda secure: replace(
        secure.identify("scale", scale=OWN), server=secure.server.url.replace("tls", "nats")
    ),
    "of another center's authority": lambda secure: replace(
        secure.identify("scale", scale=OWN), ca=make_other_authority(secure)
    ),
}


def make_other_authority(secure: SecureCenter) -> str:
    return make_certificates(secure.server.settings.folder / "other", ["127.0.0.1"]).ca_text


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_an_identity_is_not_accepted(
    secure: SecureCenter, run: Run, forge: Callable[[SecureCenter], Credentials]
) -> None:
    async def attempt() -> None:
        connection = Connection(forge(secure))
        with pytest.raises(CenterUnreachableError):
            await connection.open()
        with contextlib.suppress(Exception):
            await connection.close()

    run(attempt())
