"""requests by hand, with a session. Its multipart forms are built in memory."""

import requests
from requests.adapters import HTTPAdapter

from .reading import Recognition, check_restore, recognition_of

PIECE = 1024 * 1024


class Requests:
    def __init__(self, url: str, concurrency: int) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", HTTPAdapter(pool_maxsize=concurrency))

    def get_result(self) -> Recognition:
        answer = self._session.post(f"{self._url}/api/get_result")
        answer.raise_for_status()
        return recognition_of(answer.json())

    def get_image(self) -> bytes:
        answer = self._session.post(f"{self._url}/api/get_image")
        answer.raise_for_status()
        return answer.content

    def download(self, target: str) -> None:
        with self._session.get(f"{self._url}/download/test.evo", stream=True) as answer:
            answer.raise_for_status()
            with open(target, "wb") as file:
                for piece in answer.iter_content(PIECE):
                    file.write(piece)

    def upload(self, source: str) -> None:
        with open(source, "rb") as file:
            answer = self._session.post(f"{self._url}/api/start_restore", files={"file": file})
        answer.raise_for_status()
        check_restore(answer.json())

    def close(self) -> None:
        self._session.close()
