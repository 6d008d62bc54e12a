"""urllib3 with one connection pool. It builds a multipart form in memory."""

import shutil

import urllib3

from .decoding import Recognition, check_code, check_status, decode_recognition

CHUNK_SIZE = 1024 * 1024


class Urllib3:
    def __init__(self, url: str, concurrency: int) -> None:
        self._url = url
        self._pool = urllib3.PoolManager(maxsize=concurrency, block=True)

    def get_result(self) -> Recognition:
        response = self._pool.request("POST", f"{self._url}/api/get_result")
        check_status(response.status)
        return decode_recognition(response.json())

    def get_image(self) -> bytes:
        response = self._pool.request("POST", f"{self._url}/api/get_image")
        check_status(response.status)
        return response.data

    def download(self, target: str) -> None:
        response = self._pool.request("GET", f"{self._url}/download/test.evo", preload_content=False)
        check_status(response.status)
        with open(target, "wb") as file:
            shutil.copyfileobj(response, file, CHUNK_SIZE)
        response.release_conn()

    def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            fields = {"file": ("test.evo", file.read(), "application/octet-stream")}
        response = self._pool.request("POST", f"{self._url}/api/start_restore", fields=fields)
        check_status(response.status)
        check_code(response.json())

    def close(self) -> None:
        self._pool.clear()
