"""The SDK, of this checkout or of the baseline: the folders on sys.path decide."""

import os
import tempfile

from vision_ai import AsyncVisionAI, VisionAI

TIMEOUT = 60.0


class Sdk:
    def __init__(self, url: str, concurrency: int) -> None:
        self._module = VisionAI(url, api="v1", timeout=TIMEOUT, concurrency=concurrency)

    def get_result(self):
        return self._module.get_result()

    def get_image(self) -> bytes:
        return self._module.get_image()

    def download(self, target: str) -> None:
        folder, name = os.path.split(target)
        self._module.save_backup(name, folder)

    def upload(self, source: str) -> None:
        self._module.start_restore(file=source)

    def close(self) -> None:
        self._module.close()


class SerialSdk(Sdk):
    """The default: one request at a time, however many threads call."""

    def __init__(self, url: str, concurrency: int) -> None:
        self._module = VisionAI(url, api="v1", timeout=TIMEOUT)


class JournalSdk(Sdk):
    """With a journal. Its thread writes while the calls are measured."""

    def __init__(self, url: str, concurrency: int) -> None:
        self._folder = tempfile.TemporaryDirectory()
        journal = os.path.join(self._folder.name, "recognitions.db")
        self._module = VisionAI(url, api="v1", timeout=TIMEOUT, journal=journal)

    def close(self) -> None:
        super().close()
        self._folder.cleanup()


class AsyncSdk:
    def __init__(self, url: str, concurrency: int) -> None:
        self._module = AsyncVisionAI(url, api="v1", timeout=TIMEOUT, concurrency=concurrency)

    async def get_result(self):
        return await self._module.get_result()

    async def get_image(self) -> bytes:
        return await self._module.get_image()

    async def download(self, target: str) -> None:
        folder, name = os.path.split(target)
        await self._module.save_backup(name, folder)

    async def upload(self, source: str) -> None:
        await self._module.start_restore(file=source)

    async def close(self) -> None:
        await self._module.aclose()


class AsyncSerialSdk(AsyncSdk):
    """The default: one request at a time, however many tasks call."""

    def __init__(self, url: str, concurrency: int) -> None:
        self._module = AsyncVisionAI(url, api="v1", timeout=TIMEOUT)
