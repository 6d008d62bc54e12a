"""A till as a web page: the guesses are buttons, and the choice is confirmed by one press.

python examples/web_till.py                     with an emulator that has been taught the catalog
python examples/web_till.py http://172.22.0.6   with a real module

It needs the extras emulator and console (Starlette and uvicorn). Open http://127.0.0.1:8100.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from vision_ai import (
    AsyncVisionAI,
    Catalog,
    ConnectionLost,
    ConnectionRestored,
    PanEmpty,
    RecognitionResult,
    Recognized,
    VisionAIError,
)
from vision_ai_emulator import Emulator

FOLDER = Path(__file__).parent
HOST, PORT = "127.0.0.1", 8100
KEEP_ALIVE = 10.0
"""Seconds after which an unchanged state is sent again, so that a closed tab is noticed."""


class Till:
    """What the page shows, and a way to wait until it changes."""

    def __init__(self, module: AsyncVisionAI, catalog: Catalog) -> None:
        self.module = module
        self.catalog = catalog
        self.state: dict[str, Any] = {"state": "starting", "guesses": []}
        self.result: RecognitionResult | None = None
        self._changed = asyncio.Event()

    def publish(self, state: str, guesses: list[dict[str, Any]] | None = None, **more: Any) -> None:
        self.state = {"state": state, "guesses": guesses or [], **more}
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for_change(self) -> None:
        await asyncio.wait_for(self._changed.wait(), KEEP_ALIVE)

    async def follow(self) -> None:
        """Publish each change on the pan."""
        try:
            async for event in self.module.watch():
                match event:
                    case Recognized(result=result):
                        self.result = result
                        guesses = [
                            {"id": each.id, "name": each.name or each.id, "score": each.score}
                            for each in result.items[:5]
                        ]
                        self.publish("recognized", guesses)
                    case PanEmpty():
                        self.result = None
                        self.publish("empty")
                    case ConnectionLost(error=error):
                        self.result = None
                        self.publish("lost", error=str(error))
                    case ConnectionRestored():
                        self.publish("starting")
        except VisionAIError as error:  # not activated, for example: it needs somebody
            self.publish("lost", error=str(error))

    async def sell(self, product_id: str) -> dict[str, Any]:
        """Confirm a product, and publish the sale, which stands whether the module was told or not."""
        product = self.catalog[product_id]
        result, self.result = self.result, None
        warning = ""
        if result is not None:
            try:
                await self.module.confirm(result, product_id)
            except VisionAIError as error:
                warning = str(error)
        sale = {"id": product.id, "name": product.name, "warning": warning}
        self.publish("sold", sale=sale)
        return sale


def make_app(module: AsyncVisionAI, catalog: Catalog) -> Starlette:
    till = Till(module, catalog)

    async def get_page(_: Request) -> Response:
        return FileResponse(FOLDER / "web_till.html")

    async def get_products(_: Request) -> Response:
        return JSONResponse([{"id": each.id, "name": each.name} for each in catalog.values()])

    async def stream_states(_: Request) -> Response:
        async def stream() -> AsyncIterator[str]:
            while True:
                yield f"data: {json.dumps(till.state)}\n\n"
                try:
                    await till.wait_for_change()
                except TimeoutError:
                    continue

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def sell(request: Request) -> Response:
        try:
            product_id = (await request.json())["id"]
            sale = await till.sell(product_id)
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": 'send {"id": …} with the number of a product'}, 400)
        return JSONResponse(sale)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        following = asyncio.create_task(till.follow())
        yield
        following.cancel()
        await module.aclose()

    routes = [
        Route("/", get_page),
        Route("/products", get_products),
        Route("/states", stream_states),
        Route("/sales", sell, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def make_emulator(catalog: Catalog) -> Emulator:
    """Return an emulator that was taught the catalog, with an apple on its pan."""
    emulator = Emulator(pan="apple")
    for product in catalog.values():
        emulator.put(product.name.lower())
        emulator.device.register_item(product.id, product.name)
        emulator.device.commit_registered_item(product.id)
    emulator.put("apple")
    return emulator


def main() -> None:
    catalog = Catalog.from_csv(FOLDER / "plu.csv")
    emulator = None if len(sys.argv) > 1 else make_emulator(catalog)
    url = emulator.url if emulator else sys.argv[1]
    port = int(sys.argv[2]) if len(sys.argv) > 2 else PORT
    print(f"Open http://{HOST}:{port}; Ctrl-C ends.", flush=True)
    uvicorn.run(
        make_app(AsyncVisionAI(url, catalog=catalog, only_catalog=True), catalog),
        host=HOST,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
