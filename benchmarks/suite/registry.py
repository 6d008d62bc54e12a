"""The contenders and the workloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Action = Literal["get_result", "get_image", "download", "upload"]
Unit = Literal["time per call", "calls per second", "bytes per second", "startup"]
Generator = Literal["openapi-python-client", "openapi-generator"]

ROOT = Path(__file__).parents[2]

RAW, RAW_ASYNC = "raw socket", "raw asyncio"
HTTP_CLIENT, HTTPX, HTTPX_ASYNC, AIOHTTP = "http.client", "httpx", "httpx async", "aiohttp"
PYREQWEST = "pyreqwest"
SDK, SDK_ASYNC, SDK_OVER_HTTPX = "SDK", "SDK async", "SDK over httpx"
SDK_JOURNAL = "SDK, journal"
SDK_SERIAL, SDK_ASYNC_SERIAL = "SDK, concurrency=1", "SDK async, concurrency=1"
BASELINE, BASELINE_ASYNC = "baseline", "baseline async"

ALL_ACTIONS: frozenset[Action] = frozenset({"get_result", "get_image", "download", "upload"})


@dataclass(frozen=True)
class Contender:
    name: str
    entry: str
    """`module:Class`. Only the contender's own process imports the module."""
    asynchronous: bool = False
    actions: frozenset[Action] = ALL_ACTIONS
    concurrent_only: bool = False
    """Takes part only in workloads with concurrent calls."""
    workload: str = ""
    """The only workload in which it takes part; empty for all."""
    generator: Generator | None = None
    """Writes the client before the benchmark starts."""
    checkout: Path | None = None
    """The checkout whose SDK the contender imports; None for other libraries."""

    def import_folders(self) -> list[Path]:
        """Return the folders that the contender needs on sys.path."""
        return [self.checkout / "overrides", self.checkout / "generated"] if self.checkout else []


CONTENDERS = (
    Contender(RAW, "contenders.raw_socket:RawSocket"),
    Contender(HTTP_CLIENT, "contenders.http_client:HttpClient"),
    Contender("urllib3", "contenders.urllib3_:Urllib3"),
    Contender("requests", "contenders.requests_:Requests"),
    Contender(HTTPX, "contenders.httpx_:Httpx"),
    Contender("httpx2", "contenders.httpx2_:Httpx2"),
    Contender(PYREQWEST, "contenders.pyreqwest_:Pyreqwest"),
    Contender(
        "openapi-python-client",
        "contenders.openapi_python_client:OpenapiPythonClient",
        generator="openapi-python-client",
    ),
    Contender(
        "openapi-generator", "contenders.openapi_generator:OpenapiGenerator", generator="openapi-generator"
    ),
    Contender(SDK, "contenders.sdk:Sdk", checkout=ROOT),
    Contender(SDK_JOURNAL, "contenders.sdk:JournalSdk", workload="journal", checkout=ROOT),
    Contender(SDK_OVER_HTTPX, "contenders.sdk_over_httpx:SdkOverHttpx", checkout=ROOT),
    Contender(SDK_SERIAL, "contenders.sdk:SerialSdk", concurrent_only=True, checkout=ROOT),
    Contender(
        RAW_ASYNC,
        "contenders.raw_asyncio:RawAsyncio",
        asynchronous=True,
        actions=frozenset({"get_result"}),
    ),
    Contender(HTTPX_ASYNC, "contenders.httpx_:AsyncHttpx", asynchronous=True),
    Contender("httpx2 async", "contenders.httpx2_:AsyncHttpx2", asynchronous=True),
    Contender(AIOHTTP, "contenders.aiohttp_:Aiohttp", asynchronous=True),
    Contender("pyreqwest async", "contenders.pyreqwest_:AsyncPyreqwest", asynchronous=True),
    Contender(
        "openapi-python-client async",
        "contenders.openapi_python_client:AsyncOpenapiPythonClient",
        asynchronous=True,
        generator="openapi-python-client",
    ),
    Contender(SDK_ASYNC, "contenders.sdk:AsyncSdk", asynchronous=True, checkout=ROOT),
    Contender(
        SDK_ASYNC_SERIAL,
        "contenders.sdk:AsyncSerialSdk",
        asynchronous=True,
        concurrent_only=True,
        checkout=ROOT,
    ),
)


def add_baseline(contenders: Sequence[Contender], checkout: Path) -> list[Contender]:
    """Return the contenders, and after each that is this SDK, the same with the SDK of another checkout."""
    extended: list[Contender] = []
    for each in contenders:
        extended.append(each)
        if each.checkout is not None:
            name = each.name.replace(SDK, BASELINE, 1)
            extended.append(replace(each, name=name, checkout=checkout))
    return extended


@dataclass(frozen=True)
class Workload:
    name: str
    title: str
    action: Action
    unit: Unit
    reference: str
    """The contender whose ratio is 1 in the table."""
    flavors: frozenset[bool]
    """The values of `Contender.asynchronous` that take part."""
    concurrency: int = 1
    in_memory: bool = False
    """Write files to memory (/dev/shm): a slow disk makes all contenders equal."""
    contenders: frozenset[str] | None = None
    """The names of those that take part; None for all."""

    def accepts(self, contender: Contender) -> bool:
        if contender.workload not in ("", self.name):
            return False
        if self.contenders is not None and contender.name not in self.contenders:
            return False
        return (
            contender.asynchronous in self.flavors
            and self.action in contender.actions
            and (self.concurrency > 1 or not contender.concurrent_only)
        )


SYNC, ASYNC, BOTH = frozenset({False}), frozenset({True}), frozenset({False, True})

WORKLOADS = (
    Workload("get_result", "get_result, sequential calls", "get_result", "time per call", RAW, SYNC),
    Workload(
        "get_result_async",
        "get_result on asyncio, sequential calls",
        "get_result",
        "time per call",
        RAW_ASYNC,
        ASYNC,
    ),
    Workload(
        "tasks",
        "get_result, 16 tasks on one client",
        "get_result",
        "calls per second",
        HTTPX_ASYNC,
        ASYNC,
        concurrency=16,
    ),
    Workload(
        "threads",
        "get_result, 4 threads on one client",
        "get_result",
        "calls per second",
        HTTPX,
        SYNC,
        concurrency=4,
    ),
    Workload(
        "journal",
        "get_result with a journal",
        "get_result",
        "time per call",
        SDK,
        SYNC,
        contenders=frozenset({SDK, SDK_JOURNAL}),
    ),
    Workload("get_image", "get_image, a picture of 150 KB", "get_image", "time per call", RAW, BOTH),
    Workload("download", "Download of a backup to the disk", "download", "bytes per second", RAW, BOTH),
    Workload(
        "download_memory",
        "Download of a backup to memory (/dev/shm)",
        "download",
        "bytes per second",
        RAW,
        BOTH,
        in_memory=True,
    ),
    Workload("upload", "Upload of a backup", "upload", "bytes per second", RAW, BOTH),
    Workload("start", "Import and first call, in a new process", "get_result", "startup", HTTP_CLIENT, BOTH),
)
