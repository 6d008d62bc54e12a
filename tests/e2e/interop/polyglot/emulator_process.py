"""Run the emulator as a separate process for one scenario."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import urllib.request
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from polyglot.steps import Api, Response

# A12: the emulator also returns status numbers that are not in the contract.
OPTIONS = ("--port", "0", "--pan", "apple", "--dialect", "extra_statuses=true")

_WITHOUT_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class EmulatorError(Exception):
    """The emulator does not start, or does not return its log."""


@asynccontextmanager
async def run_emulator(api: Api) -> AsyncGenerator[str]:
    """Start the emulator with a version of the API, yield its URL, and stop it afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "vision_ai_emulator",
        *OPTIONS,
        "--api",
        api,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = (await process.stdout.readline()).decode()
        url = re.search(r"http://\S+", line)
        if url is None:
            raise EmulatorError(
                "the emulator does not start; run python -m vision_ai_emulator to see the reason"
            )
        yield url[0]
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def read_responses(url: str) -> set[Response]:
    """Read the responses in the log of the emulator."""
    try:
        body = await asyncio.to_thread(_fetch, f"{url}/__emulator__/requests")
    except OSError as error:
        raise EmulatorError(f"the log of the emulator cannot be read: {error}") from None
    return {(each["operation"], each["code"]) for each in json.loads(body)["requests"]}


def _fetch(url: str) -> bytes:
    with _WITHOUT_PROXY.open(url, timeout=10) as response:
        return response.read()
