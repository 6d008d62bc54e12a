"""A till in a terminal: put a product on the pan, press the number of a guess, and it is sold.

python examples/till.py                     with an emulator: "put apple", "clear", "unplug", "plug" act as a customer
python examples/till.py http://172.22.0.6   with a real module, and the scale of `Scale`, which you replace by yours

A number from 1 to 5 sells that guess. Anything else is looked up in the catalog, by number, name or alias.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from pathlib import Path

from vision_ai import (
    AsyncVisionAI,
    Catalog,
    ConnectionLost,
    ConnectionRestored,
    Event,
    PanEmpty,
    RecognitionResult,
    Recognized,
    VisionAIError,
)
from vision_ai_emulator import Emulator

CATALOG = Path(__file__).parent / "plu.csv"
MIN_WEIGHT = 20
"""Grams from which the module is asked."""
GUESSES = 5


class Scale:
    """The weighing scale. This one reads the weight from the emulator's pan: put your scale's driver here."""

    def __init__(self, emulator: Emulator | None) -> None:
        self._emulator = emulator

    @property
    def weight(self) -> int:
        """The stable weight in grams; 0 while it is not stable."""
        if self._emulator is None:
            return 500
        return 0 if self._emulator.pan is None else 180


class Till:
    """Shows what the module recognizes, and sells what the clerk chooses."""

    def __init__(self, module: AsyncVisionAI, catalog: Catalog, scale: Scale) -> None:
        self._module = module
        self._catalog = catalog
        self._scale = scale
        self._result: RecognitionResult | None = None
        """What lies on the pan; None after it was sold."""

    async def show_events(self) -> None:
        """Show each change on the pan. The watch survives an unplugged module."""
        async for event in self._module.watch(when=self._is_loaded):
            self._show(event)

    def _is_loaded(self) -> bool:
        """Whether something lies on the pan, so that it is worth asking the module."""
        is_loaded = self._scale.weight >= MIN_WEIGHT
        if not is_loaded:
            self._result = None
        return is_loaded

    def _show(self, event: Event) -> None:
        match event:
            case Recognized(result=result):
                self._result = result
                for number, guess in enumerate(result.items[:GUESSES], start=1):
                    print(f"  {number}  {guess.name or guess.id}  {guess.score:.0%}", flush=True)
            case PanEmpty():
                self._result = None
                print("The pan is empty.", flush=True)
            case ConnectionLost(error=error):
                print(f"No recognition: {error} Choose products by name or number.", flush=True)
            case ConnectionRestored():
                print("Recognition works again.", flush=True)

    async def sell(self, text: str) -> None:
        """Sell a guess by its place, or a product that is found in the catalog."""
        result = self._result
        if text.isdecimal() and len(text) == 1 and result is not None and 1 <= int(text) <= len(result.items):
            product_id = result.items[int(text) - 1].id
        else:
            found = self._catalog.find(text)
            if len(found) != 1:
                names = ", ".join(f"{each.id} {each.name}" for each in found)
                print(f"Which one? {names}" if found else f"There is no product {text!r}.", flush=True)
                return
            product_id = found[0].id
        product = self._catalog[product_id]
        print(f"Sold: {product.id} {product.name}, {self._scale.weight} g", flush=True)
        self._result = None
        if result is not None:
            try:
                await self._module.confirm(result, product_id)
            except VisionAIError as error:  # a sale never waits for the module
                print(f"The choice was not confirmed: {error}", flush=True)


async def run_till(till: Till, lines: asyncio.Queue[str], emulator: Emulator | None) -> None:
    events = asyncio.create_task(till.show_events())
    try:
        while True:
            line = asyncio.create_task(lines.get())
            await asyncio.wait({line, events}, return_when=asyncio.FIRST_COMPLETED)
            if events.done():  # the module needs somebody: it is not activated, for example
                line.cancel()
                events.result()
                return
            text = line.result().strip()
            if text in ("", "quit"):
                return
            if not (emulator and act_for_customer(emulator, text)):
                await till.sell(text)
    finally:
        events.cancel()


def act_for_customer(emulator: Emulator, text: str) -> bool:
    """Do what a customer or a technician would do; return False where the text is none of it."""
    match text.split():
        case ["put", kind] if kind in Emulator.kinds:
            emulator.put(kind)
        case ["clear"]:
            emulator.clear()
        case ["unplug"]:
            emulator.unplug()
        case ["plug"]:
            emulator.plug_in()
        case _:
            return False
    return True


def read_lines(lines: asyncio.Queue[str], loop: asyncio.AbstractEventLoop) -> None:
    """Read the keyboard in a thread: an event loop cannot wait for it on Windows."""
    for line in sys.stdin:
        loop.call_soon_threadsafe(lines.put_nowait, line.strip() or " ")
    loop.call_soon_threadsafe(lines.put_nowait, "")


async def main() -> None:
    parser = argparse.ArgumentParser(description="A till in a terminal.")
    parser.add_argument("url", nargs="?", help="the module's URL; without it, an emulator")
    parser.add_argument("--catalog", type=Path, default=CATALOG, help="CSV file with id and name")
    parser.add_argument("--journal", type=Path, help="SQLite file for the recognitions")
    options = parser.parse_args()

    catalog = Catalog.from_csv(options.catalog)
    emulator = None
    if options.url is None:
        emulator = Emulator(pan="empty", reboot_seconds=1)
        await teach(emulator, catalog)
    url = options.url or (emulator and emulator.url)
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    threading.Thread(target=read_lines, args=(lines, loop), daemon=True).start()
    async with AsyncVisionAI(url, catalog=catalog, only_catalog=True, journal=options.journal) as module:
        print(
            f"Ready. {'Put, clear, unplug, plug, or a' if emulator else 'A'} number or name; quit ends.",
            flush=True,
        )
        await run_till(Till(module, catalog, Scale(emulator)), lines, emulator)


async def teach(emulator: Emulator, catalog: Catalog) -> None:
    """Teach the emulator what the catalog has."""
    async with AsyncVisionAI(emulator.url, catalog=catalog) as module:
        for product in catalog.values():
            emulator.put(product.name.lower())
            await module.learn(product.id)
    emulator.clear()


if __name__ == "__main__":
    asyncio.run(main())
