"""`python -m vision_ai_emulator`: an emulated module to point anything at."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType

from vision_ai_emulator.emulator import EMPTY, Emulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. The exit code is 0, or 1 where the port cannot be had."""
    from vision_ai_emulator.server import DEFAULT_PORT, EmulatorServer

    parser = argparse.ArgumentParser(
        prog="python -m vision_ai_emulator", description="A VISION-AI module in software, served over HTTP."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="0 takes any free one (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="decides all that looks random (default: %(default)s)"
    )
    parser.add_argument(
        "--pan", choices=(*Emulator.kinds, EMPTY), metavar="KIND", help="what lies on the pan: %(choices)s"
    )
    parser.add_argument("--verbose", action="store_true", help="print every request")
    options = parser.parse_args(arguments)

    stop = threading.Event()

    def interrupted(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)

    server = EmulatorServer(
        Emulator(options.seed, pan=options.pan), options.host, options.port, verbose=options.verbose
    )
    try:
        server.start()
    except (OSError, OverflowError) as error:
        print(f"cannot listen on {options.host}, port {options.port}: {error}", file=sys.stderr)
        return 1
    try:
        print(f"VISION-AI emulator on {server.url} (Ctrl-C stops it). Try:")
        print(f"  curl -X POST {server.url}/api/get_device_info")
        print(f"  curl -X POST {server.url}/api/get_image --output pan.jpg", flush=True)
        stop.wait()
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
