"""A service for two modules: it writes each change on either pan as a line of JSON, until it is stopped.

python examples/two_modules.py left=http://127.0.0.1:8172 right=http://127.0.0.1:8173
python examples/two_modules.py left=usb0 right=usb1        two real modules: both have the address 172.22.0.6

`vision-ai-events.service` beside this file runs it under systemd.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import suppress
from typing import Any

from vision_ai import (
    AsyncVisionAI,
    ConnectionLost,
    ConnectionRestored,
    Event,
    PanEmpty,
    Recognized,
    VisionAIError,
)


def open_module(target: str) -> AsyncVisionAI:
    """Return a client for a URL, or for the module at a network interface."""
    return AsyncVisionAI(target) if ":" in target else AsyncVisionAI(interface=target)


def describe(event: Event) -> dict[str, Any]:
    match event:
        case Recognized(result=result):
            return {"event": "recognized", **result.to_dict()}
        case PanEmpty():
            return {"event": "pan_empty"}
        case ConnectionLost(error=error):
            return {"event": "connection_lost", "error": str(error)}
        case ConnectionRestored(info=info):
            return {"event": "connection_restored", "serial_number": info.sn}


async def write_events(name: str, target: str) -> None:
    """Write the events of one module. The other one goes on whatever happens to this one."""
    async with open_module(target) as module:
        try:
            async for event in module.watch():
                line = {"module": name, "time": event.time.isoformat(), **describe(event)}
                print(json.dumps(line, ensure_ascii=False), flush=True)
        except VisionAIError as error:  # not activated, for example: it needs somebody
            print(f"{name}: {error}", file=sys.stderr, flush=True)


async def main(modules: dict[str, str]) -> None:
    service = asyncio.gather(*(write_events(name, target) for name, target in modules.items()))
    with suppress(NotImplementedError):  # Windows: Ctrl-C ends the program as it is
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.cancel)
    with suppress(asyncio.CancelledError):
        await service


if __name__ == "__main__":
    arguments = [each.partition("=") for each in sys.argv[1:]]
    if not arguments or not all(name and target for name, _, target in arguments):
        sys.exit("usage: two_modules.py NAME=URL|INTERFACE …")
    with suppress(KeyboardInterrupt):
        asyncio.run(main({name: target for name, _, target in arguments}))
