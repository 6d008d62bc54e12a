"""The SDK with an httpx client in place of the direct transport."""

import httpx

from vision_ai import VisionAI

from .sdk import TIMEOUT, Sdk


class SdkOverHttpx(Sdk):
    def __init__(self, url: str, concurrency: int) -> None:
        self._client = httpx.Client(trust_env=False)
        self._module = VisionAI(
            url, api="v1", http_client=self._client, timeout=TIMEOUT, concurrency=concurrency
        )

    def close(self) -> None:
        super().close()
        self._client.close()
