"""`python -m vision_ai_emulator`: an emulated module to point anything at."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import evolve

from vision_ai_emulator.device.jobs import PACES
from vision_ai_emulator.emulator import EMPTY, Emulator
from vision_ai_emulator.http.dialect import SWITCHES, Dialect, values_of
from vision_ai_emulator.shared.clock import ManualClock
from vision_ai_emulator.shared.options import from_text, type_of

ENDINGS = (signal.SIGINT, signal.SIGTERM)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. The exit code is 0, 1 where the port cannot be had, 2 for a wrong option."""
    from vision_ai_emulator.serving.server import EmulatorServer

    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        emulator = _emulator(options)
        server = EmulatorServer(
            emulator,
            options.host,
            options.port,
            control_port=options.control_port,
            token=options.token,
            state_file=options.state,
            verbose=options.verbose,
        )
    except (ValueError, OSError) as error:
        parser.error(str(error))

    # Blocked in all threads and waited for: a handler could be interrupted by the next signal.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        server.start()
    except (OSError, OverflowError) as error:
        print(f"cannot listen on {options.host}, port {options.port}: {error}", file=sys.stderr)
        print("  Choose another --port; 0 takes any free one.", file=sys.stderr)
        return 1
    try:
        print(f"VISION-AI emulator on {server.url} (Ctrl-C stops it). Try:")
        print(f"  curl -X POST {server.url}/api/get_device_info")
        print(f"  curl -X POST {server.url}/api/get_image --output pan.jpg")
        print(f"Control page: {server.control_url}", flush=True)
        signal.sigwait(ENDINGS)
    finally:
        server.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    from vision_ai_emulator.serving.server import DEFAULT_PORT

    parser = argparse.ArgumentParser(
        prog="vision_ai_emulator", description="A VISION-AI module in software, served over HTTP."
    )
    add = parser.add_argument
    add(
        "--host",
        default="127.0.0.1",
        help="address to listen on; any but this machine's own needs --token (default: %(default)s)",
    )
    add("--port", type=int, default=DEFAULT_PORT, help="0 takes any free one (default: %(default)s)")
    add(
        "--control-port",
        type=int,
        metavar="PORT",
        help="port of the control page, which stays open while the device is gone"
        " (default: the one after --port, or any free one)",
    )
    add("--token", help="what control calls must bring, as 'Authorization: Bearer TOKEN'")
    add("--seed", type=int, help="decides all that looks random (default: 0)")
    add("--pan", choices=(*Emulator.kinds, EMPTY), metavar="KIND", help="what lies on the pan: %(choices)s")
    add(
        "--state",
        metavar="FILE",
        help="go on from the state in this file, if it exists; the control page can save to it",
    )
    add(
        "--dialect",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="how it reads requests and writes answers; may be given again. "
        + "; ".join(f"{name}: {', '.join(map(_word, values_of(name)))}" for name in SWITCHES),
    )
    add(
        "--clock",
        choices=("real", "frozen"),
        default="real",
        help="frozen: time passes only when the control says so (default: %(default)s)",
    )
    add(
        "--pace",
        choices=PACES,
        help="how backups and restores get ahead: by the clock, at once, or a step with every question about"
        " their status (default: timed)",
    )
    add("--verbose", action="store_true", help="print every request")
    return parser


def _emulator(options: argparse.Namespace) -> Emulator:
    dialect = _dialect(options.dialect)
    emulator = Emulator(
        options.seed or 0,
        ManualClock() if options.clock == "frozen" else None,
        options.pan,
        dialect=Dialect(**dialect),
    )
    if options.state and Path(options.state).exists():
        if options.seed is not None:
            raise ValueError(f"{options.state} has a seed of its own: leave --seed out")
        emulator.load(options.state)
        # What the command line says goes before what the file says.
        if options.pan:
            emulator.lay(options.pan)
        emulator.dialect = evolve(emulator.dialect, **dialect)
    if options.pace:
        emulator.change(pace=options.pace)
    return emulator


def _dialect(given: Sequence[str]) -> dict[str, Any]:
    switches: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise ValueError(f"--dialect {each!r}: give NAME=VALUE")
        switches[name] = from_text(name, value, type_of(name, SWITCHES, "the dialect"))
    return switches


def _word(value: str | bool) -> str:
    return str(value).lower()


if __name__ == "__main__":
    sys.exit(main())
