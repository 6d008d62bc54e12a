"""httpx by hand, with a client that is kept."""

import httpx

from .reading import Recognition, check_restore, recognition_of


class Httpx:
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = httpx.Client(base_url=url, trust_env=False, timeout=30)

    def get_result(self) -> Recognition:
        answer = self._client.post("/api/get_result")
        answer.raise_for_status()
        return recognition_of(answer.json())

    def get_image(self) -> bytes:
        answer = self._client.post("/api/get_image")
        answer.raise_for_status()
        return answer.content

    def download(self, target: str) -> None:
        with self._client.stream("GET", "/download/test.evo") as answer:
            answer.raise_for_status()
            with open(target, "wb") as file:
                for piece in answer.iter_bytes():
                    file.write(piece)

    def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            answer = self._client.post("/api/start_restore", files={"file": file})
        answer.raise_for_status()
        check_restore(answer.json())

    def close(self) -> None:
        self._client.close()


class AsyncHttpx:
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = httpx.AsyncClient(base_url=url, trust_env=False, timeout=30)

    async def get_result(self) -> Recognition:
        answer = await self._client.post("/api/get_result")
        answer.raise_for_status()
        return recognition_of(answer.json())

    async def get_image(self) -> bytes:
        answer = await self._client.post("/api/get_image")
        answer.raise_for_status()
        return answer.content

    async def download(self, target: str) -> None:
        async with self._client.stream("GET", "/download/test.evo") as answer:
            answer.raise_for_status()
            with open(target, "wb") as file:
                async for piece in answer.aiter_bytes():
                    file.write(piece)

    async def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            answer = await self._client.post("/api/start_restore", files={"file": file})
        answer.raise_for_status()
        check_restore(answer.json())

    async def close(self) -> None:
        await self._client.aclose()
