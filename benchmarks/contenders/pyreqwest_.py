"""pyreqwest: Rust's reqwest, which sends and receives in a thread of its own."""

from pathlib import Path

from pyreqwest.client import ClientBuilder, SyncClientBuilder
from pyreqwest.multipart import FormBuilder, PartBuilder

from .decoding import Recognition, check_code, decode_recognition


class Pyreqwest:
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = SyncClientBuilder().base_url(f"{url}/").no_proxy().error_for_status().build()

    def get_result(self) -> Recognition:
        return decode_recognition(self._client.post("api/get_result").build().send().json())

    def get_image(self) -> bytes:
        return bytes(self._client.post("api/get_image").build().send().bytes())

    def download(self, target: str) -> None:
        with self._client.get("download/test.evo").build_streamed() as response, open(target, "wb") as file:
            while chunk := response.body_reader.read_chunk():
                file.write(chunk)

    def upload(self, source: str) -> None:
        part = PartBuilder.from_sync_file(Path(source)).file_name("test.evo")
        form = FormBuilder().part("file", part)
        response = self._client.post("api/start_restore").multipart(form).build().send()
        check_code(response.json())

    def close(self) -> None:
        self._client.close()


class AsyncPyreqwest:
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = ClientBuilder().base_url(f"{url}/").no_proxy().error_for_status().build()

    async def get_result(self) -> Recognition:
        response = await self._client.post("api/get_result").build().send()
        return decode_recognition(await response.json())

    async def get_image(self) -> bytes:
        response = await self._client.post("api/get_image").build().send()
        return bytes(await response.bytes())

    async def download(self, target: str) -> None:
        async with self._client.get("download/test.evo").build_streamed() as response:
            with open(target, "wb") as file:
                while chunk := await response.body_reader.read_chunk():
                    file.write(chunk)

    async def upload(self, source: str) -> None:
        part = (await PartBuilder.from_file(Path(source))).file_name("test.evo")
        form = FormBuilder().part("file", part)
        response = await self._client.post("api/start_restore").multipart(form).build().send()
        check_code(await response.json())

    async def close(self) -> None:
        await self._client.close()
