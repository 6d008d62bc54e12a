"""urllib3 by hand. Its multipart forms are built in memory."""

import shutil

import urllib3

from .reading import Recognition, check_restore, check_status, recognition_of

PIECE = 1024 * 1024


class Urllib3:
    def __init__(self, url: str, concurrency: int) -> None:
        self._url = url
        self._pool = urllib3.PoolManager(maxsize=concurrency, block=True)

    def get_result(self) -> Recognition:
        answer = self._pool.request("POST", f"{self._url}/api/get_result")
        check_status(answer.status)
        return recognition_of(answer.json())

    def get_image(self) -> bytes:
        answer = self._pool.request("POST", f"{self._url}/api/get_image")
        check_status(answer.status)
        return answer.data

    def download(self, target: str) -> None:
        answer = self._pool.request("GET", f"{self._url}/download/test.evo", preload_content=False)
        check_status(answer.status)
        with open(target, "wb") as file:
            shutil.copyfileobj(answer, file, PIECE)
        answer.release_conn()

    def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            fields = {"file": ("test.evo", file.read(), "application/octet-stream")}
        answer = self._pool.request("POST", f"{self._url}/api/start_restore", fields=fields)
        check_status(answer.status)
        check_restore(answer.json())

    def close(self) -> None:
        self._pool.clear()
