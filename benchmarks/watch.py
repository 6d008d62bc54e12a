"""Measure `watch()`: its processor time beside a bare loop, events per second, and how fast it is back after a loss.

processor time   of watch() and of `while True: module.get_result()` for the same number of requests, in turn, over a
                 socket and with an emulator in this process: medians of the ratios
events           per second, with an emulator in this process, beside the recognitions per second that it can do
reconnection     seconds from the moment when a module can be reached again to ConnectionRestored, after outages of
                 0 to 3 seconds: emulators on sockets, whose port is closed and opened
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from statistics import median, quantiles

from vision_ai import ConnectionLost, ConnectionRestored, VisionAI
from vision_ai_emulator import Emulator, Fault, serve

ALLOWED = 1.2
"""The highest ratio of processor times."""
NEVER = 10**9
"""Equal readings in a row that never come."""
EMPTY = -6210
"""An error code that stands for an empty pan."""
RESULT = {"items": [{"id": f"{number:03}", "score": 0.5} for number in range(10)], "sid": "20220414150011198"}
BODY = json.dumps({"code": 0, "data": RESULT}).encode()
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
    len(BODY),
    BODY,
)


def respond(address: Connection) -> None:
    """Send the same recognition to every request, in a process of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    address.send(f"http://127.0.0.1:{listener.getsockname()[1]}")
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection:
            while connection.recv(65536):
                connection.sendall(RESPONSE)


def measure_loop(module: VisionAI, requests: int) -> float:
    """Return the processor seconds of a bare loop."""
    started = time.process_time()
    for _ in range(requests):
        module.get_result()
    return time.process_time() - started


def measure_watch(module: VisionAI, requests: int) -> float:
    """Return the processor seconds of a watch that asks as often."""
    left = requests

    def count() -> bool:
        nonlocal left
        if left == 0:
            watch.close()
        left -= 1
        return True

    watch = module.watch(every=0, stable_for=NEVER, when=count)
    started = time.process_time()
    assert list(watch) == []
    return time.process_time() - started


def compare(module: VisionAI, requests: int, rounds: int) -> float:
    """Return the median ratio of processor times, watch to bare loop."""
    measures: list[Callable[[VisionAI, int], float]] = [measure_loop, measure_watch]
    ratios: list[float] = []
    for number in range(rounds + 1):
        seconds = {measure: measure(module, requests) for measure in measures}
        if number:  # the first round only warms up
            ratios.append(seconds[measure_watch] / seconds[measure_loop])
        measures.reverse()
    return median(ratios)


def count_events(seconds: float) -> tuple[float, float]:
    """Return events per second, where each reading is one, and recognitions per second without a watch."""
    emulator = Emulator(pan="apple")
    with VisionAI(emulator.url) as module:
        module.learn(id="1", name="Apple")
        watch = module.watch(every=0, stable_for=1, empty_codes={EMPTY})
        events, until = 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            if events % 2:  # changing the picture would take longer than recognizing it
                emulator.fail_next(EMPTY, "get_result")
            next(watch)
            events += 1
        calls, until = 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            module.get_result()
            calls += 1
    return events / seconds, calls / seconds


def reconnect(seed: int) -> float:
    """Unplug a module for a while. Return the seconds that the watch needs to be back afterwards."""
    emulator = Emulator(pan="empty")
    with serve(emulator) as url, VisionAI(url) as module:
        watch = module.watch(every=0.05)
        next(watch)
        fault = emulator.faults.add(Fault("refuse", times=None))
        assert isinstance(next(watch), ConnectionLost)
        with ThreadPoolExecutor(1) as other:
            outage = random.Random(seed).uniform(0, 3)

            def plug_in() -> float:
                time.sleep(outage)
                emulator.faults.remove(fault.id)
                return time.monotonic()

            plugged_in = other.submit(plug_in)
            restored = next(watch)
            assert isinstance(restored, ConnectionRestored)
            return restored.moment - plugged_in.result()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=21, help="rounds of the comparison (default: 21)")
    parser.add_argument("--unplugs", type=int, default=100, help="lost connections (default: 100)")
    options = parser.parse_args()

    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=respond, args=(there,), daemon=True)
    server.start()
    with VisionAI(here.recv(), api="v1") as module:
        over_socket = compare(module, 1000, options.rounds)
    server.terminate()
    with VisionAI("emulator:", api="v1") as module:
        in_process = compare(module, 100, options.rounds)
    print(
        f"processor time, watch() to a bare loop: {over_socket:.2f} over a socket, {in_process:.2f} in-process"
    )
    print(f"  (at most {ALLOWED})")

    events, calls = count_events(3.0)
    print(
        f"events with an emulator in this process: {events:,.0f}/s (recognitions without a watch: {calls:,.0f}/s)"
    )

    with ThreadPoolExecutor(10) as threads:
        seconds = list(threads.map(reconnect, range(options.unplugs)))
    print(
        f"reconnection after {options.unplugs} outages of up to 3 s: median {median(seconds):.2f} s, "
        f"95 % {quantiles(seconds, n=20)[-1]:.2f} s, longest {max(seconds):.2f} s"
    )


if __name__ == "__main__":
    main()
