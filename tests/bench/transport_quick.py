"""Calls a second of the direct transport beside a raw socket, http.client and httpx's own, over loopback.

    python tests/bench/transport_quick.py [--seconds 6] [--core 0 --server-core 1]

The contenders take turns, a batch each; what counts is the median of a contender's batches, as a multiple
of the raw one's: of the time that passed, and of the processor time of this process, which holds on a busy
computer too. Only the ratios carry over to another one. Nothing leaves this one.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import multiprocessing
import os
import socket
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

import httpx

from vision_ai._direct import http_transport

BODY = b'{"code":0,"msg":"ok","data":' + b'"x"'.ljust(180) + b"}"
ANSWER = (
    b"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\nConnection: keep-alive\r\n\r\n%b" % (len(BODY), BODY)
)
QUESTION = b'{"type":"result"}'
TIMEOUT = {"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0}
BATCH = 200

Call = Callable[[], object]
AsyncCall = Callable[[], Awaitable[object]]


def serve(listener: socket.socket, core: int | None) -> None:
    """Answers every request with the same bytes."""
    import select

    pin(core)
    poll = select.epoll()
    poll.register(listener, select.EPOLLIN)
    connections: dict[int, socket.socket] = {}
    while True:
        for number, _ in poll.poll():
            if number == listener.fileno():
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connections[connection.fileno()] = connection
                poll.register(connection, select.EPOLLIN)
                continue
            connection = connections[number]
            asked = connection.recv(65536)
            if asked.endswith(QUESTION):  # httpx sends head and body one by one
                connection.sendall(ANSWER)
            elif not asked:
                del connections[number]
                poll.unregister(connection)
                connection.close()


def pin(core: int | None) -> None:
    if core is not None:
        with suppress(OSError, ValueError):
            os.sched_setaffinity(0, {core})


def request(url: str) -> httpx.Request:
    return httpx.Request(
        "POST",
        url,
        headers={"User-Agent": "bench", "Accept": "*/*", "Content-Type": "application/json"},
        content=QUESTION,
        extensions={"timeout": TIMEOUT},
    )


def raw_call(port: int) -> Call:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sent = (
        b"POST /v1/detect HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(QUESTION), QUESTION)
    )

    def call() -> bytes:
        connection.sendall(sent)
        return connection.recv(65536)

    return call


def http_client_call(port: int) -> Call:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)

    def call() -> bytes:
        connection.request("POST", "/v1/detect", QUESTION, {"Content-Type": "application/json"})
        return connection.getresponse().read()

    return call


def transport_call(transport: httpx.BaseTransport, url: str, prepared: httpx.Request | None) -> Call:
    def call() -> bytes:
        return transport.handle_request(prepared or request(url)).read()

    return call


def stream_call(transport: httpx.BaseTransport, prepared: httpx.Request) -> Call:
    def call() -> bytes:
        stream = transport.handle_request(prepared).stream
        assert isinstance(stream, httpx.SyncByteStream)
        return b"".join(stream)

    return call


def async_transport_call(transport: httpx.AsyncBaseTransport, prepared: httpx.Request) -> AsyncCall:
    async def call() -> bytes:
        return await (await transport.handle_async_request(prepared)).aread()

    return call


class RawProtocol(asyncio.Protocol):
    def __init__(self) -> None:
        self.answered: asyncio.Future[bytes]

    def data_received(self, data: bytes) -> None:
        self.answered.set_result(data)


async def raw_async_call(port: int) -> AsyncCall:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_connection(RawProtocol, "127.0.0.1", port)
    sent = b"POST /v1/detect HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 17\r\n\r\n" + QUESTION

    async def call() -> bytes:
        protocol.answered = loop.create_future()
        transport.write(sent)
        return await protocol.answered

    return call


class Times:
    """The batches of one contender."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.processor: list[float] = []

    @contextmanager
    def batch(self) -> Iterator[None]:
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.wall.append((time.perf_counter() - wall) / BATCH)
        self.processor.append((time.process_time() - processor) / BATCH)


def report(title: str, times: dict[str, Times]) -> None:
    first = next(iter(times.values()))
    wall, processor = statistics.median(first.wall), statistics.median(first.processor)
    print(f"\n{title:42} {'calls/s':>9} {'× raw':>7} {'processor':>12} {'× raw':>7}")
    for name, each in times.items():
        passed, used = statistics.median(each.wall), statistics.median(each.processor)
        ratios = f"{1 / passed:9.0f} {passed / wall:7.2f} {used * 1e6:9.1f} µs {used / processor:7.2f}"
        print(f"  {name:40} {ratios}")


def sync_contest(port: int, seconds: float) -> None:
    url = f"http://127.0.0.1:{port}/v1/detect"
    direct = http_transport(url, asynchronous=False)
    stock = httpx.HTTPTransport(verify=False)
    ready = request(url)
    calls = {
        "raw socket": raw_call(port),
        "http.client": http_client_call(port),
        "direct, response.stream": stream_call(direct, ready),
        "direct, response.read()": transport_call(direct, url, ready),
        "direct, a new Request each": transport_call(direct, url, None),
        "httpx.HTTPTransport": transport_call(stock, url, ready),
        "httpx.HTTPTransport, a new Request each": transport_call(stock, url, None),
    }
    times = {name: Times() for name in calls}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, call in calls.items():
            with times[name].batch():
                for _ in range(BATCH):
                    call()
    report("sync, one call after the other", times)
    direct.close()
    stock.close()


async def async_contest(port: int, seconds: float) -> None:
    url = f"http://127.0.0.1:{port}/v1/detect"
    ready = request(url)
    async with (
        http_transport(url, asynchronous=True) as direct,
        httpx.AsyncHTTPTransport(verify=False) as stock,
    ):
        calls = {
            "raw asyncio Protocol": await raw_async_call(port),
            "direct": async_transport_call(direct, ready),
            "httpx.AsyncHTTPTransport": async_transport_call(stock, ready),
        }
        times = {name: Times() for name in calls}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for name, call in calls.items():
                with times[name].batch():
                    for _ in range(BATCH):
                        await call()
        report("asyncio, one call after the other", times)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--seconds", type=float, default=6, help="for each of the two contests")
    options.add_argument("--core", type=int, help="pin the client to this core")
    options.add_argument("--server-core", type=int, help="pin the server to this core")
    chosen = options.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = multiprocessing.Process(target=serve, args=(listener, chosen.server_core), daemon=True)
        server.start()
        pin(chosen.core)
        port = listener.getsockname()[1]
        try:
            sync_contest(port, chosen.seconds)
            asyncio.run(async_contest(port, chosen.seconds))
        finally:
            server.terminate()
            server.join()


if __name__ == "__main__":
    main()
