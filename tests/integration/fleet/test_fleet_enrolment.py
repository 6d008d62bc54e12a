"""Enrolment, rotation and revocation, and codes over HTTPS."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from conftest import find_free_port
from starlette.applications import Starlette

from vision_ai import InvalidInputError
from vision_ai_fleet.agent.enrol import redeem
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection, connect
from vision_ai_fleet.engine.center import Center, start_center
from vision_ai_fleet.engine.home import CenterSettings
from vision_ai_fleet.engine.tls import get_fingerprint
from vision_ai_fleet.enrolment import enrol, make_enrolment_code, make_enrolment_routes, redeem_code, rotate
from vision_ai_fleet.errors import CenterUnreachableError, ConflictError, FleetError, NotPermittedError
from vision_ai_fleet.names import ScaleId

Run = Callable[[Any], Any]
SCALE = ScaleId("0042", "07")


@asynccontextmanager
async def run_center(folder: Path, **more: Any) -> AsyncGenerator[Center]:
    center = await start_center(folder / "home", CenterSettings(port=find_free_port(), sync="2m", **more))
    try:
        yield center
    finally:
        await center.stop()


@asynccontextmanager
async def serve_page(center: Center) -> AsyncGenerator[str]:
    """Serve the routes as the page does, and yield its address."""
    port, files = find_free_port(), center.certificates
    config = uvicorn.Config(
        Starlette(routes=make_enrolment_routes(center)),
        port=port,
        log_config=None,
        lifespan="off",
        ssl_certfile=files.certificate if files else None,
        ssl_keyfile=files.key if files else None,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())  # without its signal handlers  # pyright: ignore
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"{'https' if files else 'http'}://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


async def wait_until_refused(connection: Connection) -> None:
    while connection.is_connected:
        await asyncio.sleep(0.02)
    with pytest.raises(CenterUnreachableError):
        async with connect(connection.credentials):
            pass


def test_a_scale_is_enrolled_once_and_a_revoked_one_is_cut_off(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        async with run_center(tmp_path) as center:
            credentials = await enrol(center, SCALE)
            with pytest.raises(ConflictError, match="0042/07"):
                await enrol(center, SCALE)
            other = await enrol(center, ScaleId("0042", "08"))
            async with connect(credentials) as scale, connect(other) as sibling:
                await Bucket(scale, "presence").put(SCALE.key, {})
                # Another program, such as the command line, has the same folder open.
                second = Center.open(center.folder)
                await second.revoke(second.find_valid(SCALE))
                await wait_until_refused(scale)
                await Bucket(sibling, "presence").put("0042.08", {})
            assert [identity.is_valid for identity in center.identities.find(scale="07")] == [False]
            await enrol(center, SCALE)

    run(use())


def test_with_its_keys_alone_a_center_begins_again_and_scales_need_nothing(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        async with run_center(tmp_path) as center:
            credentials = await enrol(center, SCALE)
            await center.stop()
            shutil.rmtree(center.folder / "engine")
            await center.start()
            async with connect(credentials) as scale, connect(center.operator) as operator:
                await Bucket(scale, "presence").put(SCALE.key, {})
                assert await operator.jetstream.consumer_info("JOBS-0042", "07")

    run(use())


def test_after_a_rotation_both_hold_until_the_grace_period_ends(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        async with run_center(tmp_path) as center:
            old = await enrol(center, SCALE)
            async with connect(old) as first:
                new = await rotate(center, SCALE, grace=600)
                async with connect(new) as second:
                    await Bucket(first, "presence").put(SCALE.key, {})
                    await center.revoke(center.identities.find(scale="07")[:1])
                    await wait_until_refused(first)
                    await Bucket(second, "presence").put(SCALE.key, {})

    run(use())


def test_the_end_of_a_grace_period_and_a_revocation_outlive_a_restart(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        async with run_center(tmp_path) as center:
            old = await enrol(center, SCALE)
            async with connect(old) as scale:
                await rotate(center, SCALE, grace=0.5)
                await wait_until_refused(scale)  # the running center ends it
            await center.stop()
            await center.start()
            with pytest.raises(CenterUnreachableError):
                async with connect(old):
                    pass

    run(use())


def test_a_code_is_traded_once_over_https_with_the_authority_pinned(
    tmp_path: Path, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def use() -> None:
        async with run_center(tmp_path, names=("127.0.0.1",)) as center, serve_page(center) as url:
            assert center.certificates is not None
            fingerprint = get_fingerprint(center.certificates.ca_text)
            code = await make_enrolment_code(center, SCALE)
            with pytest.raises(NotPermittedError, match="another fingerprint"):
                await asyncio.to_thread(redeem, url, code, "0" * 64)
            with pytest.raises(NotPermittedError, match="cannot be trusted"):
                await asyncio.to_thread(redeem, url, code)
            credentials = await asyncio.to_thread(redeem, url, code.lower(), fingerprint.upper())
            assert credentials.server == center.public_url and credentials.scale_id == SCALE
            async with connect(credentials) as scale:
                await Bucket(scale, "presence").put(SCALE.key, {})
            with pytest.raises(NotPermittedError, match="was used"):
                await asyncio.to_thread(redeem, url, code, fingerprint)
            replacement = await make_enrolment_code(center, SCALE, replace=True)
            await asyncio.to_thread(redeem, url, replacement, fingerprint)
            with pytest.raises(CenterUnreachableError):
                async with connect(credentials):
                    pass
            for secret in (code, replacement, credentials.jwt):
                assert secret not in caplog.text and secret.replace("-", "") not in caplog.text

    run(use())


def test_of_two_at_once_one_gets_the_credentials(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        async with run_center(tmp_path) as center:
            code = await make_enrolment_code(center, SCALE)
            results = await asyncio.gather(*(redeem_code(center, code) for _ in range(4)))
            assert sum(result is not None for result in results) == 1
            expired = await make_enrolment_code(center, ScaleId("0042", "08"), ttl=0.001)
            assert await redeem_code(center, expired) is None

    run(use())


def test_codes_cannot_be_tried_in_bulk(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        async with run_center(tmp_path) as center, serve_page(center) as url:
            code = await make_enrolment_code(center, SCALE)
            unknown = await make_enrolment_code(center, ScaleId("0042", "08"))
            async with connect(center.operator) as operator:
                for key in await Bucket(operator, "enrolments").read_all():
                    await Bucket(operator, "enrolments").delete(key)
            for _ in range(10):
                with pytest.raises(NotPermittedError):
                    await asyncio.to_thread(redeem, url, unknown)
            with pytest.raises(FleetError, match="too many"):
                await asyncio.to_thread(redeem, url, code)

    run(use())


def test_without_tls_a_code_stays_on_this_computer() -> None:
    from vision_ai_fleet.codes import make_code

    with pytest.raises(InvalidInputError, match="https"):
        redeem("http://192.0.2.1:8443", make_code())
