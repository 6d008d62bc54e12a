"""aiohttp with one session for all calls."""

import aiohttp

from .decoding import Recognition, check_code, decode_recognition

CHUNK_SIZE = 1024 * 1024


class Aiohttp:
    def __init__(self, url: str, concurrency: int) -> None:
        self._session = aiohttp.ClientSession(base_url=url, connector=aiohttp.TCPConnector(limit=concurrency))

    async def get_result(self) -> Recognition:
        async with self._session.post("/api/get_result") as response:
            response.raise_for_status()
            return decode_recognition(await response.json())

    async def get_image(self) -> bytes:
        async with self._session.post("/api/get_image") as response:
            response.raise_for_status()
            return await response.read()

    async def download(self, target: str) -> None:
        async with self._session.get("/download/test.evo") as response:
            response.raise_for_status()
            with open(target, "wb") as file:
                async for chunk in response.content.iter_chunked(CHUNK_SIZE):
                    file.write(chunk)

    async def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            form = aiohttp.FormData()
            form.add_field("file", file, filename="test.evo", content_type="application/octet-stream")
            async with self._session.post("/api/start_restore", data=form) as response:
                response.raise_for_status()
                check_code(await response.json())

    async def close(self) -> None:
        await self._session.close()
