"""Everything durable in the engine. Whoever runs the fleet makes it; a scale can neither create nor look into it."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from nats.js import api
from nats.js.errors import APIError

from vision_ai_fleet import names
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection, get_subject, translate_error
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.errors import ConflictError
from vision_ai_fleet.names import ScaleId, get_backups_stream, get_jobs_stream

DAY = 86400.0
PRESENCE_TTL = 90.0
"""Seconds after which an agent that says nothing is offline."""
BUCKET_SETTINGS: dict[str, dict[str, Any]] = {
    names.INVENTORY: {},
    names.PRESENCE: {"ttl": PRESENCE_TTL, "limit_marker_ttl": 30.0},
    names.DESIRED: {"history": 5},
    names.EXECUTIONS: {"ttl": 90 * DAY},
    names.ROLLOUTS: {"history": 1},
    names.TARGETS: {},
    names.SCHEDULES: {},
    names.LEASES: {"ttl": 15.0, "limit_marker_ttl": 5.0},
    names.ENROLMENTS: {"ttl": 3600.0},
    names.ALERTS: {},
}
ACK_WAIT = 30.0
"""Seconds after which a job whose agent says nothing is delivered again."""
MAX_WAITING_JOBS = 100
"""Jobs of one scale that its agent put off: those that wait for their window do not hold up the others."""
ALREADY_THERE = (10058, 10148)


async def make_streams(connection: Connection, *, replicas: int = 1) -> None:
    """Make the buckets and streams of the chain. What is there already stays.

    Raises:
        FleetError: the engine refused.
    """
    for bucket, settings in BUCKET_SETTINGS.items():
        config = api.KeyValueConfig(bucket=bucket, direct=True, replicas=replicas, **settings)
        try:
            await connection.jetstream.create_key_value(config)
        except APIError as error:
            if error.err_code not in ALREADY_THERE:
                raise translate_error(error) from error
    await add_stream(
        connection,
        api.StreamConfig(
            names.EVENTS,
            subjects=["events.*.*.*"],
            max_age=90 * DAY,
            duplicate_window=600.0,
            compression=api.StoreCompression.S2,
            allow_direct=True,
            num_replicas=replicas,
        ),
    )
    await add_stream(connection, _make_file_config(names.FILES, [f"{names.FILES_PREFIX}.>"], replicas))


async def make_store_streams(connection: Connection, store: str, *, replicas: int = 1) -> None:
    """Make the streams of one store: since nats-server 2.15, a stream has 1,000 consumers at the most.

    Raises:
        FleetError: the engine refused.
    """
    await add_stream(
        connection,
        api.StreamConfig(
            get_jobs_stream(store),
            subjects=[f"jobs.{store}.>", f"schedules.{store}.>"],
            retention=api.RetentionPolicy.WORK_QUEUE,
            max_msgs_per_subject=1,
            allow_msg_ttl=True,
            allow_msg_schedules=True,
            allow_direct=True,
            duplicate_window=3600.0,
            num_replicas=replicas,
        ),
    )
    await add_stream(
        connection, _make_file_config(get_backups_stream(store), [f"backups.{store}.>"], replicas)
    )


async def add_scale_queue(connection: Connection, scale: ScaleId) -> None:
    """Make the queue of a scale's jobs. It needs the streams of its store.

    Raises:
        FleetError: the engine refused.
    """
    config = api.ConsumerConfig(
        durable_name=scale.scale,
        filter_subject=f"jobs.{scale.key}.*",
        ack_policy=api.AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT,
        max_deliver=-1,
        max_ack_pending=MAX_WAITING_JOBS,
    )
    try:
        await connection.jetstream.add_consumer(get_jobs_stream(scale.store), config)
    except APIError as error:
        if error.err_code not in ALREADY_THERE:
            raise translate_error(error) from error
    # Its first report replaces this: until then lists show it as one that never reported.
    with suppress(ConflictError):
        await Bucket(connection, names.INVENTORY).create(scale.key, {"enrolled": time.time()})


async def add_event_reader(connection: Connection, credentials: Credentials) -> None:
    """Make the position of a viewer in the stream of events, so that his programs go on where they ended.

    It is a pull consumer with the name of his public key: viewers cannot make consumers, and reach no other one.

    Raises:
        FleetError: the engine refused.
    """
    config = api.ConsumerConfig(
        durable_name=get_subject(credentials.jwt),
        description=credentials.name,
        deliver_policy=api.DeliverPolicy.NEW,
        ack_policy=api.AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT,
        inactive_threshold=90 * DAY,
    )
    try:
        await connection.jetstream.add_consumer(names.EVENTS, config)
    except APIError as error:
        raise translate_error(error) from error


async def add_scales(connection: Connection, scales: Iterable[ScaleId], *, replicas: int = 1) -> None:
    """Make what the engine keeps for scales and their stores."""
    stores: set[str] = set()
    for scale in scales:
        if scale.store not in stores:
            await make_store_streams(connection, scale.store, replicas=replicas)
            stores.add(scale.store)
        await add_scale_queue(connection, scale)


async def add_stream(connection: Connection, config: api.StreamConfig) -> None:
    """Make a stream. An existing one of the same name stays.

    Raises:
        FleetError: the engine refused.
    """
    try:
        await connection.jetstream.add_stream(config)
    except APIError as error:
        if error.err_code not in ALREADY_THERE:
            raise translate_error(error) from error


def _make_file_config(name: str, subjects: list[str], replicas: int) -> api.StreamConfig:
    return api.StreamConfig(
        name,
        subjects=subjects,
        allow_rollup_hdrs=True,
        allow_direct=True,
        allow_msg_ttl=True,
        discard=api.DiscardPolicy.NEW,
        num_replicas=replicas,
    )
