"""A store's own server, and a cluster: with real servers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from conftest import find_free_port

from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import connect
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.engine.server import Server
from vision_ai_fleet.engine.server_config import Cluster, Leaf, ServerSettings
from vision_ai_fleet.engine.streams import add_scales, make_streams
from vision_ai_fleet.engine.tls import make_certificates
from vision_ai_fleet.engine.trust import Trust
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.names import ScaleId, get_backups_prefix
from vision_ai_fleet.objects import describe_file, download, upload

Run = Callable[[Any], Any]
SCALE, OTHER = ScaleId("0042", "07"), ScaleId("0043", "09")


class Store:
    """A center with a store's own server before it, both with TLS."""

    def __init__(self, folder: Path) -> None:
        self.trust = Trust.create()
        files = make_certificates(folder / "tls", ["127.0.0.1"])
        self.ca, leaf_port = files.ca_text, find_free_port()
        tls: dict[str, Any] = {"certificate": files.certificate, "key": files.key, "sync": "2m"}
        center = ServerSettings(folder / "center", port=find_free_port(), leaf_port=leaf_port, **tls)
        self.center = Server(center, self.trust)
        credentials = folder / "leaf.creds"
        credentials.write_text(self.trust.make_leaf_credentials("0042"))
        leaf = Leaf("0042", f"tls://127.0.0.1:{leaf_port}", credentials, files.ca)
        settings = ServerSettings(folder / "leaf", port=find_free_port(), name="store-0042", **tls)
        self.leaf = Server(settings, self.trust, leaf=leaf)

    def identify(self, role: str, server: Server, **more: Any) -> Credentials:
        return self.trust.make_credentials(role, role, server=server.url, ca=self.ca, **more)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with ExitStack() as stack:
        store = Store(tmp_path)
        for server in (store.center, store.leaf):
            server.start()
            stack.callback(server.stop)
        yield store


async def repeat(attempt: Callable[[], Any]) -> Any:
    """Try again while servers find each other, as an agent does."""
    while True:
        try:
            return await attempt()
        except (FleetError, TimeoutError):
            await asyncio.sleep(0.05)


def test_a_scale_works_through_its_stores_server(store: Store, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        async with (
            connect(store.identify("operator", store.center)) as operator,
            connect(store.identify("scale", store.leaf, scale=SCALE)) as scale,
        ):
            await make_streams(operator)
            await add_scales(operator, [SCALE, OTHER])
            # State, events and jobs are the center's.
            await repeat(lambda: Bucket(scale, "presence").put(SCALE.key, {"agent": "1"}))
            assert (await Bucket(operator, "presence").read_all())[SCALE.key].value == {"agent": "1"}
            await scale.jetstream.publish("events.0042.07.recognition", b"{}", timeout=10)
            assert (await operator.jetstream.stream_info("EVENTS")).state.messages == 1
            await operator.jetstream.publish("jobs.0042.07.j", b"job")
            queue = await scale.jetstream.pull_subscribe_bind(consumer="07", stream="JOBS-0042")
            [job] = await queue.fetch(1, timeout=10)
            assert job.data == b"job"
            await job.ack_sync()
            called = await scale.client.subscribe("rpc.0042.07.>")
            await scale.client.flush()

            async def call() -> bytes:
                return await operator.request("rpc.0042.07.read.get_image", b"{}", timeout=1)

            async def respond() -> None:
                async for message in called.messages:
                    await message.respond(b"reply")

            responding = asyncio.create_task(respond())
            assert await repeat(call) == b"reply"
            responding.cancel()
            (tmp_path / "backup.evo").write_bytes(bytes(700_000))
            manifest = describe_file(tmp_path / "backup.evo", "BACKUPS-0042", get_backups_prefix(SCALE), "b")
            await upload(scale.jetstream, tmp_path / "backup.evo", manifest)
            loaded = await download(scale.jetstream, manifest, tmp_path / "loaded.evo")
            assert loaded.read_bytes() == bytes(700_000)
            # Nothing is lost silently while the center is away, and it goes on afterwards.
            store.center.kill()
            with pytest.raises((FleetError, TimeoutError)):
                await Bucket(scale, "presence").put(SCALE.key, {"agent": "2"})
            store.center.start()
            await repeat(lambda: Bucket(scale, "presence").put(SCALE.key, {"agent": "3"}))
            async with connect(store.identify("operator", store.center)) as again:
                entries = await Bucket(again, "presence").read_all()
                assert entries[SCALE.key].value == {"agent": "3"}

    run(use())


def test_a_stores_server_reaches_neither_jetstreams_requests_nor_orders(store: Store, run: Run) -> None:
    """Whoever has a store's server has its credentials, and may say what scales say; nothing more."""

    async def use() -> None:
        jwt, seed = store.trust.make_leaf_credentials("0042").split("\n")[1::4][:2]
        thief = Credentials(store.center.url, "scale", "thief", jwt=jwt, seed=seed, store="0042", ca=store.ca)
        async with connect(store.identify("operator", store.center)) as operator, connect(thief) as leaf:
            await make_streams(operator)
            await add_scales(operator, [SCALE])
            for subject, data in (
                ("$JS.API.STREAM.DELETE.EVENTS", b""),
                ("$JS.API.CONSUMER.DELETE.JOBS-0042.07", b""),
                ("jobs.0042.07.forged", b"{}"),
                ("$KV.desired.0042.07", b"{}"),
                ("$KV.rollouts.chain.forged", b"{}"),
                ("files.manifest.forged", b"{}"),
            ):
                with pytest.raises(FleetError):
                    await leaf.request(subject, data, timeout=0.3)
            assert await operator.jetstream.consumer_info("JOBS-0042", "07")
            assert (await operator.jetstream.stream_info("EVENTS")).state.messages == 0
            for stream in ("JOBS-0042", "KV_desired", "KV_rollouts", "FILES"):
                assert (await operator.jetstream.stream_info(stream)).state.messages == 0

    run(use())


@pytest.mark.slow
def test_a_cluster_of_three_goes_on_without_one(tmp_path: Path, run: Run) -> None:
    trust = Trust.create()
    files = make_certificates(tmp_path / "tls", ["127.0.0.1"])
    ports = [find_free_port() for _ in range(6)]
    routes = tuple(f"127.0.0.1:{port}" for port in ports[3:])
    servers = [
        Server(
            ServerSettings(
                tmp_path / f"server-{number}",
                port=ports[number],
                name=f"server-{number}",
                certificate=files.certificate,
                key=files.key,
                sync="2m",
            ),
            trust,
            cluster=Cluster("fleet", ports[3 + number], routes, files.ca),
        )
        for number in range(3)
    ]

    async def use() -> None:
        url = ",".join(server.url for server in servers)
        credentials = trust.make_credentials("operator", "o", server=url, ca=files.ca_text)
        async with connect(credentials) as operator:
            await repeat(lambda: make_streams(operator, replicas=3))
            await repeat(lambda: add_scales(operator, [SCALE], replicas=3))
            bucket = Bucket(operator, "presence")
            await repeat(lambda: bucket.put(SCALE.key, {"number": 1}))
            servers[0].kill()
            await repeat(lambda: bucket.put(SCALE.key, {"number": 2}))
            entry = await repeat(lambda: bucket.get(SCALE.key))
            assert entry is not None and entry.value == {"number": 2}

    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.start()
        run(use())
