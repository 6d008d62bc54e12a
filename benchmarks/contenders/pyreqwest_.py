"""pyreqwest by hand: Rust's reqwest, whose own thread does the sending and receiving."""

from pathlib import Path

from pyreqwest.client import ClientBuilder, SyncClientBuilder
from pyreqwest.multipart import FormBuilder, PartBuilder

from .reading import Recognition, check_restore, recognition_of


class Pyreqwest:
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = SyncClientBuilder().base_url(f"{url}/").no_proxy().error_for_status().build()

    def get_result(self) -> Recognition:
        return recognition_of(self._client.post("api/get_result").build().send().json())

    def get_image(self) -> bytes:
        return bytes(self._client.post("api/get_image").build().send().bytes())

    def download(self, target: str) -> None:
        with self._client.get("download/test.evo").build_streamed() as answer, open(target, "wb") as file:
            while piece := answer.body_reader.read_chunk():
                file.write(piece)

    def upload(self, source: str) -> None:
        part = PartBuilder.from_sync_file(Path(source)).file_name("test.evo")
        form = FormBuilder().part("file", part)
        answer = self._client.post("api/start_restore").multipart(form).build().send()
        check_restore(answer.json())

    def close(self) -> None:
        self._client.close()


class AsyncPyreqwest:
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = ClientBuilder().base_url(f"{url}/").no_proxy().error_for_status().build()

    async def get_result(self) -> Recognition:
        answer = await self._client.post("api/get_result").build().send()
        return recognition_of(await answer.json())

    async def get_image(self) -> bytes:
        answer = await self._client.post("api/get_image").build().send()
        return bytes(await answer.bytes())

    async def download(self, target: str) -> None:
        async with self._client.get("download/test.evo").build_streamed() as answer:
            with open(target, "wb") as file:
                while piece := await answer.body_reader.read_chunk():
                    file.write(piece)

    async def upload(self, source: str) -> None:
        part = (await PartBuilder.from_file(Path(source))).file_name("test.evo")
        form = FormBuilder().part("file", part)
        answer = await self._client.post("api/start_restore").multipart(form).build().send()
        check_restore(await answer.json())

    async def close(self) -> None:
        await self._client.close()
