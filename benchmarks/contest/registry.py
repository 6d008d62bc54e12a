"""The contenders and the works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal["get_result", "get_image", "download", "upload"]
Measure = Literal["time", "calls", "bytes", "start"]
"""What a work's table shows: seconds of a call, calls a second, bytes a second, or the start."""

RAW, RAW_ASYNC = "raw socket", "raw asyncio"
HTTP_CLIENT, HTTPX, HTTPX_ASYNC, AIOHTTP = "http.client", "httpx", "httpx async", "aiohttp"
OURS, OURS_ASYNC = "ours", "ours async"
OURS_ONE, OURS_ASYNC_ONE = "ours, concurrency=1", "ours async, concurrency=1"

EVERYTHING: frozenset[Action] = frozenset({"get_result", "get_image", "download", "upload"})


@dataclass(frozen=True)
class Contender:
    name: str
    entry: str
    """`module:Class`; its module is imported only in its own process."""
    asynchronous: bool = False
    actions: frozenset[Action] = EVERYTHING
    only_at_once: bool = False
    """Takes part only where several calls are under way at once."""
    generated: bool = False
    """By openapi-generator, from the contract, before the benchmark begins."""


CONTENDERS = (
    Contender(RAW, "contenders.raw:Raw"),
    Contender(HTTP_CLIENT, "contenders.standard_library:StandardLibrary"),
    Contender("urllib3", "contenders.urllib3_:Urllib3"),
    Contender("requests", "contenders.requests_:Requests"),
    Contender(HTTPX, "contenders.httpx_:Httpx"),
    Contender("httpx2", "contenders.httpx2_:Httpx2"),
    Contender("pyreqwest", "contenders.pyreqwest_:Pyreqwest"),
    Contender("openapi-python-client", "contenders.openapi_python_client:OpenapiPythonClient"),
    Contender("openapi-generator", "contenders.openapi_generator:OpenapiGenerator", generated=True),
    Contender(OURS, "contenders.ours:Ours"),
    Contender("ours over httpx.Client", "contenders.ours_over_httpx:OursOverHttpx"),
    Contender(OURS_ONE, "contenders.ours:OursOneAtATime", only_at_once=True),
    Contender(
        RAW_ASYNC, "contenders.raw_async:AsyncRaw", asynchronous=True, actions=frozenset({"get_result"})
    ),
    Contender(HTTPX_ASYNC, "contenders.httpx_:AsyncHttpx", asynchronous=True),
    Contender("httpx2 async", "contenders.httpx2_:AsyncHttpx2", asynchronous=True),
    Contender(AIOHTTP, "contenders.aiohttp_:Aiohttp", asynchronous=True),
    Contender("pyreqwest async", "contenders.pyreqwest_:AsyncPyreqwest", asynchronous=True),
    Contender(
        "openapi-python-client async",
        "contenders.openapi_python_client:AsyncOpenapiPythonClient",
        asynchronous=True,
    ),
    Contender(OURS_ASYNC, "contenders.ours:AsyncOurs", asynchronous=True),
    Contender(OURS_ASYNC_ONE, "contenders.ours:AsyncOursOneAtATime", asynchronous=True, only_at_once=True),
)


@dataclass(frozen=True)
class Work:
    name: str
    title: str
    action: Action
    measure: Measure
    yardstick: str
    """The contender whose ratio is 1 in the table."""
    kinds: frozenset[bool]
    """Which contenders take part: the asynchronous ones, the others, or both."""
    at_once: int = 1
    in_memory: bool = False
    """Files are written to memory (/dev/shm), so that the disk does not hide the contenders."""

    def takes(self, contender: Contender) -> bool:
        return (
            contender.asynchronous in self.kinds
            and self.action in contender.actions
            and (self.at_once > 1 or not contender.only_at_once)
        )


SYNC, ASYNC, BOTH = frozenset({False}), frozenset({True}), frozenset({False, True})

WORKS = (
    Work("get_result", "get_result to a model, one call after the other", "get_result", "time", RAW, SYNC),
    Work(
        "get_result_async",
        "get_result to a model, asyncio, one call after the other",
        "get_result",
        "time",
        RAW_ASYNC,
        ASYNC,
    ),
    Work("tasks", "get_result, 16 tasks on one client", "get_result", "calls", HTTPX_ASYNC, ASYNC, 16),
    Work("threads", "get_result, 4 threads on one client", "get_result", "calls", HTTPX, SYNC, 4),
    Work("get_image", "get_image, a picture of 150 KB", "get_image", "time", RAW, BOTH),
    Work("download", "Download to the disk", "download", "bytes", RAW, BOTH),
    Work("download_memory", "Download to memory (/dev/shm)", "download", "bytes", RAW, BOTH, in_memory=True),
    Work("upload", "Upload of a restore", "upload", "bytes", RAW, BOTH),
    Work("start", "Import and first call, a fresh process each time", "get_result", "start", HTTPX, BOTH),
)
