"""httpx with one client for all calls."""

import httpx

from .decoding import Recognition, check_code, decode_recognition


class Httpx:
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=30)

    def get_result(self) -> Recognition:
        response = self._client.post("/api/get_result")
        response.raise_for_status()
        return decode_recognition(response.json())

    def get_image(self) -> bytes:
        response = self._client.post("/api/get_image")
        response.raise_for_status()
        return response.content

    def download(self, target: str) -> None:
        with self._client.stream("GET", "/download/test.evo") as response:
            response.raise_for_status()
            with open(target, "wb") as file:
                for chunk in response.iter_bytes():
                    file.write(chunk)

    def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            response = self._client.post("/api/start_restore", files={"file": file})
        response.raise_for_status()
        check_code(response.json())

    def close(self) -> None:
        self._client.close()


class AsyncHttpx:
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = httpx.AsyncClient(base_url=url, trust_env=False, timeout=30)

    async def get_result(self) -> Recognition:
        response = await self._client.post("/api/get_result")
        response.raise_for_status()
        return decode_recognition(response.json())

    async def get_image(self) -> bytes:
        response = await self._client.post("/api/get_image")
        response.raise_for_status()
        return response.content

    async def download(self, target: str) -> None:
        async with self._client.stream("GET", "/download/test.evo") as response:
            response.raise_for_status()
            with open(target, "wb") as file:
                async for chunk in response.aiter_bytes():
                    file.write(chunk)

    async def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            response = await self._client.post("/api/start_restore", files={"file": file})
        response.raise_for_status()
        check_code(response.json())

    async def close(self) -> None:
        await self._client.aclose()
