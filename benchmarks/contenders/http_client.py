"""http.client and json, with one connection for each concurrent call, as http.client requires."""

import os
import shutil
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

from .decoding import Recognition, check_status, parse_recognition, parse_restore

CHUNK_SIZE = 1024 * 1024
BOUNDARY = "standard-library"
START = (
    f"--{BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="file"; filename="test.evo"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
END = f"\r\n--{BOUNDARY}--\r\n".encode()


class HttpClient:
    def __init__(self, url: str, concurrency: int) -> None:
        parts = urlsplit(url)
        self._all = [HTTPConnection(parts.hostname, parts.port, timeout=30) for _ in range(concurrency)]
        self._idle = list(self._all)

    def get_result(self) -> Recognition:
        connection = self._idle.pop()
        connection.request("POST", "/api/get_result")
        response = connection.getresponse()
        content = response.read()
        self._idle.append(connection)
        return parse_recognition(response.status, content)

    def get_image(self) -> bytes:
        connection = self._idle.pop()
        connection.request("POST", "/api/get_image")
        response = connection.getresponse()
        content = response.read()
        self._idle.append(connection)
        check_status(response.status)
        return content

    def download(self, target: str) -> None:
        connection = self._idle.pop()
        connection.request("GET", "/download/test.evo")
        response = connection.getresponse()
        check_status(response.status)
        with open(target, "wb") as file:
            shutil.copyfileobj(response, file, CHUNK_SIZE)
        self._idle.append(connection)

    def upload(self, source: str) -> None:
        connection = self._idle.pop()
        with open(source, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            headers = {
                "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                "Content-Length": str(len(START) + size + len(END)),
            }
            connection.request("POST", "/api/start_restore", self._form(file), headers)
        response = connection.getresponse()
        content = response.read()
        self._idle.append(connection)
        parse_restore(response.status, content)

    def _form(self, file) -> Iterator[bytes]:
        yield START
        while chunk := file.read(CHUNK_SIZE):
            yield chunk
        yield END

    def close(self) -> None:
        for connection in self._all:
            connection.close()
