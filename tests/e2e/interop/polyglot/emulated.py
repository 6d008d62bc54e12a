"""The emulator as a program of its own on a port of its own, for one scenario."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import urllib.request
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from polyglot.steps import Answer

# A12: it also answers numbers that are in no list, which a client has to live with.
OPTIONS = ("--port", "0", "--pan", "apple", "--dialect", "extra_statuses=true")

_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class EmulatorError(Exception):
    """It does not start, or does not tell what it was asked."""


@asynccontextmanager
async def emulator() -> AsyncGenerator[str]:
    """Gives its URL, and stops it afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "vision_ai_emulator",
        *OPTIONS,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        said = (await process.stdout.readline()).decode()
        url = re.search(r"http://\S+", said)
        if url is None:
            raise EmulatorError("the emulator does not start: python -m vision_ai_emulator says why")
        yield url[0]
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def answers_given(url: str) -> set[Answer]:
    """Everything that the emulator was asked and answered so far."""
    try:
        body = await asyncio.to_thread(_fetched, f"{url}/__emulator__/requests")
    except OSError as error:
        raise EmulatorError(f"the emulator does not tell what it was asked: {error}") from None
    return {(each["operation"], each["code"]) for each in json.loads(body)["requests"]}


def _fetched(url: str) -> bytes:
    with _DIRECTLY.open(url, timeout=10) as answer:
        return answer.read()
