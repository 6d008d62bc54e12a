"""The command that runs the emulator: its options, and what it prints."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve

from vision_ai_emulator.device.api_versions import API_VERSIONS, ApiVersion
from vision_ai_emulator.device.clock import ManualClock
from vision_ai_emulator.device.jobs import PACES
from vision_ai_emulator.device.operations import OPERATIONS
from vision_ai_emulator.emulator import EMPTY, Emulator
from vision_ai_emulator.http.dialect import SWITCHES, Dialect, get_values
from vision_ai_emulator.serving.server import DEFAULT_PORT, EmulatorServer
from vision_ai_emulator.serving.stop_signals import StopSignals
from vision_ai_emulator.shared.options import find_type, parse_text

ReportUrls = Callable[[str, str], object]


def run(arguments: Sequence[str] | None, signals: StopSignals, report_urls: ReportUrls | None = None) -> int:
    """Serve until interrupted.

    With `--upgrade-file`, only write that file. The exit code is 0, 1 if a port is not available or the state
    cannot be saved, or 2 for a wrong option.

    `report_urls` is called with the URLs of the device and of its control page, instead of printing them.
    """
    parser = make_parser()
    options = parser.parse_args(arguments)
    try:
        emulator = _make_emulator(options)
        if options.upgrade_file:
            print(emulator.make_upgrade_file().save(options.upgrade_file))
            return 0
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

    try:
        server.start()
    except (OSError, OverflowError) as error:
        print(f"cannot listen on {options.host}, port {options.port}: {error}", file=sys.stderr)
        print("  Choose another --port; 0 selects a free one.", file=sys.stderr)
        return 1
    try:
        if report_urls:
            report_urls(server.url, server.control_url)
        else:
            _print_urls(server.url, server.control_url, emulator.settings.api)
        signals.wait()
    finally:
        server.stop()
    return _save_state(emulator, options.state)


def _save_state(emulator: Emulator, file: str | None) -> int:
    if file is None:
        return 0
    try:
        emulator.save(file)
    except OSError as error:
        print(f"cannot save the state in {file}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _print_urls(url: str, control_url: str, api: ApiVersion) -> None:
    print(f"VISION-AI emulator on {url} (press Ctrl-C to stop). Try:")
    for operation, options in (("get_device_info", ""), ("get_image", " --output pan.jpg")):
        print(f"  curl -X {OPERATIONS[api][operation].method} {url}/api/{operation}{options}")
    print(f"Control page: {control_url}", flush=True)


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of the emulator's options."""
    parser = argparse.ArgumentParser(
        prog="vision_ai_emulator", description="Run an emulated VISION-AI module over HTTP."
    )
    add = parser.add_argument
    add(
        "--host",
        default="127.0.0.1",
        help="address to listen on; any but a loopback address requires --token (default: %(default)s)",
    )
    add(
        "--port",
        type=int,
        default=DEFAULT_PORT,
        help="port of the device; 0 selects a free one (default: %(default)s)",
    )
    add(
        "--control-port",
        type=int,
        metavar="PORT",
        help="port of the control page, which stays open while the device is unreachable"
        " (default: the port after --port, or a free one)",
    )
    add("--token", help="token that control calls must send, as 'Authorization: Bearer TOKEN'")
    add(
        "--api",
        choices=API_VERSIONS,
        help="version of the API that the device speaks (default: v1)",
    )
    add("--seed", type=int, help="seed of all random numbers (default: 0)")
    add("--pan", choices=(*Emulator.kinds, EMPTY), metavar="KIND", help="item on the pan: %(choices)s")
    add(
        "--state",
        metavar="FILE",
        help="load the state from this file if it exists, and save it there at the end; the control page"
        " can save to it meanwhile",
    )
    add(
        "--dialect",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="how the device parses requests and encodes responses; can be repeated. "
        + "; ".join(f"{name}: {', '.join(map(_format, get_values(name)))}" for name in SWITCHES),
    )
    add(
        "--clock",
        choices=("real", "frozen"),
        default="real",
        help="frozen: only the control interface advances the time (default: %(default)s)",
    )
    add(
        "--pace",
        choices=PACES,
        help="how backups and restores advance: by the clock, all at once, or one step with every status poll"
        " (default: timed)",
    )
    add(
        "--upgrade-file",
        metavar="FOLDER",
        help="write the firmware file that upgrades a V1 device to V2 into this folder, print its path, and end",
    )
    add("--verbose", action="store_true", help="print every request")
    return parser


def _make_emulator(options: argparse.Namespace) -> Emulator:
    dialect = _parse_dialect(options.dialect)
    emulator = Emulator(
        options.seed or 0,
        ManualClock() if options.clock == "frozen" else None,
        options.pan,
        dialect=Dialect(**dialect),
        api=options.api or "v1",
    )
    if options.state and Path(options.state).exists():
        for name, value in (("seed", options.seed), ("api", options.api)):
            if value is not None:
                raise ValueError(f"{options.state} contains the {name}: remove --{name}")
        emulator.load(options.state)
        # The command line overrides the file.
        if options.pan:
            emulator.set_pan(options.pan)
        emulator.dialect = evolve(emulator.dialect, **dialect)
    if options.pace:
        emulator.change(pace=options.pace)
    return emulator


def _parse_dialect(arguments: Sequence[str]) -> dict[str, Any]:
    switches: dict[str, Any] = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals:
            raise ValueError(f"--dialect {argument!r}: give NAME=VALUE")
        switches[name] = parse_text(name, value, find_type(name, SWITCHES, "the dialect"))
    return switches


def _format(value: str | bool) -> str:
    return str(value).lower()
