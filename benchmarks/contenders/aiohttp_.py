"""aiohttp by hand, with a session that is kept."""

import aiohttp

from .reading import Recognition, check_restore, recognition_of

PIECE = 1024 * 1024


class Aiohttp:
    def __init__(self, url: str, concurrency: int) -> None:
        self._session = aiohttp.ClientSession(base_url=url, connector=aiohttp.TCPConnector(limit=concurrency))

    async def get_result(self) -> Recognition:
        async with self._session.post("/api/get_result") as answer:
            answer.raise_for_status()
            return recognition_of(await answer.json())

    async def get_image(self) -> bytes:
        async with self._session.post("/api/get_image") as answer:
            answer.raise_for_status()
            return await answer.read()

    async def download(self, target: str) -> None:
        async with self._session.get("/download/test.evo") as answer:
            answer.raise_for_status()
            with open(target, "wb") as file:
                async for piece in answer.content.iter_chunked(PIECE):
                    file.write(piece)

    async def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            form = aiohttp.FormData()
            form.add_field("file", file, filename="test.evo", content_type="application/octet-stream")
            async with self._session.post("/api/start_restore", data=form) as answer:
                answer.raise_for_status()
                check_restore(await answer.json())

    async def close(self) -> None:
        await self._session.close()
