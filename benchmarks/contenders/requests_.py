"""requests with one session for all calls. It builds a multipart form in memory."""

import requests
from requests.adapters import HTTPAdapter

from .decoding import Recognition, check_code, decode_recognition

CHUNK_SIZE = 1024 * 1024


class Requests:
    def __init__(self, url: str, concurrency: int) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", HTTPAdapter(pool_maxsize=concurrency))

    def get_result(self) -> Recognition:
        response = self._session.post(f"{self._url}/api/get_result")
        response.raise_for_status()
        return decode_recognition(response.json())

    def get_image(self) -> bytes:
        response = self._session.post(f"{self._url}/api/get_image")
        response.raise_for_status()
        return response.content

    def download(self, target: str) -> None:
        with self._session.get(f"{self._url}/download/test.evo", stream=True) as response:
            response.raise_for_status()
            with open(target, "wb") as file:
                for chunk in response.iter_content(CHUNK_SIZE):
                    file.write(chunk)

    def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            response = self._session.post(f"{self._url}/api/start_restore", files={"file": file})
        response.raise_for_status()
        check_code(response.json())

    def close(self) -> None:
        self._session.close()
