"""The client that openapi-python-client writes with its own templates, which the benchmark generates."""

import shutil

from vision_ai_openapi_python_client.api.backup import download_backup, start_restore
from vision_ai_openapi_python_client.api.camera import get_image
from vision_ai_openapi_python_client.api.recognition import get_result
from vision_ai_openapi_python_client.client import Client
from vision_ai_openapi_python_client.models.recognition_result import RecognitionResult
from vision_ai_openapi_python_client.models.restore_upload import RestoreUpload
from vision_ai_openapi_python_client.types import File

from .decoding import ModuleError


def _client(url: str) -> Client:
    return Client(base_url=url, raise_on_unexpected_status=True)


def _check(response) -> None:
    if response.code != 0:
        raise ModuleError(f"code {response.code}")


def _recognition(response) -> RecognitionResult:
    _check(response)
    return response.data


class OpenapiPythonClient:
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = _client(url)

    def get_result(self) -> RecognitionResult:
        return _recognition(get_result.sync(client=self._client))

    def get_image(self) -> bytes:
        return get_image.sync(client=self._client).payload.read()

    def download(self, target: str) -> None:
        with open(target, "wb") as file:
            shutil.copyfileobj(download_backup.sync("test.evo", client=self._client).payload, file)

    def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            body = RestoreUpload(file=File(payload=file, file_name="test.evo"))
            _check(start_restore.sync(client=self._client, body=body))

    def close(self) -> None:
        self._client.get_httpx_client().close()


class AsyncOpenapiPythonClient:
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = _client(url)

    async def get_result(self) -> RecognitionResult:
        return _recognition(await get_result.asyncio(client=self._client))

    async def get_image(self) -> bytes:
        return (await get_image.asyncio(client=self._client)).payload.read()

    async def download(self, target: str) -> None:
        response = await download_backup.asyncio("test.evo", client=self._client)
        with open(target, "wb") as file:
            shutil.copyfileobj(response.payload, file)

    async def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            body = RestoreUpload(file=File(payload=file, file_name="test.evo"))
            _check(await start_restore.asyncio(client=self._client, body=body))

    async def close(self) -> None:
        await self._client.get_async_httpx_client().aclose()
