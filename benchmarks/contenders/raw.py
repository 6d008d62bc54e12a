"""The floor: prepared bytes over a socket, the answer received and not looked at beyond its length."""

import os
import socket
from urllib.parse import urlsplit

from .reading import Recognition, read_recognition

PIECE = 1024 * 1024
LARGEST_ANSWER = 1024 * 1024


def prepared_request(url: str, method: str, path: str, more: str = "") -> bytes:
    length = "Content-Length: 0\r\n" if method == "POST" and not more else more
    return f"{method} {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n{length}\r\n".encode()


def _length_of(head: bytes) -> int:
    return int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])


def _form(url: str, size: int) -> tuple[bytes, bytes]:
    start = b'--raw\r\nContent-Disposition: form-data; name="file"; filename="test.evo"\r\n\r\n'
    end = b"\r\n--raw--\r\n"
    fields = (
        "Content-Type: multipart/form-data; boundary=raw\r\n"
        f"Content-Length: {len(start) + size + len(end)}\r\n"
    )
    return prepared_request(url, "POST", "/api/start_restore", fields) + start, end


class Raw:
    """One socket for each call that may be under way at once."""

    def __init__(self, url: str, concurrency: int) -> None:
        parts = urlsplit(url)
        self._url = url
        self._result = prepared_request(url, "POST", "/api/get_result")
        self._image = prepared_request(url, "POST", "/api/get_image")
        self._idle = [self._connect((parts.hostname, parts.port)) for _ in range(concurrency)]
        self._buffers = {connection: memoryview(bytearray(LARGEST_ANSWER)) for connection in self._idle}

    def _connect(self, address: tuple) -> socket.socket:
        connection = socket.create_connection(address)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def get_result(self) -> bytes:
        connection = self._idle.pop()
        connection.sendall(self._result)
        answer = connection.recv(65536)
        self._idle.append(connection)
        return answer

    def get_image(self) -> bytes:
        connection = self._idle.pop()
        buffer = self._buffers[connection]
        connection.sendall(self._image)
        got = connection.recv_into(buffer)
        head = bytes(buffer[: min(got, 512)])
        start = head.index(b"\r\n\r\n") + 4
        end = start + _length_of(head)
        while got < end:
            got += connection.recv_into(buffer[got:])
        self._idle.append(connection)
        return bytes(buffer[start:end])

    def download(self, target: str) -> None:
        connection = self._idle.pop()
        connection.sendall(prepared_request(self._url, "GET", "/download/test.evo"))
        buffer = memoryview(bytearray(PIECE))
        got = connection.recv_into(buffer)
        head = bytes(buffer[: min(got, 512)])
        start = head.index(b"\r\n\r\n") + 4
        left = _length_of(head) - (got - start)
        with open(target, "wb", buffering=0) as file:
            file.write(buffer[start:got])
            while left > 0:
                got = connection.recv_into(buffer)
                file.write(buffer[:got])
                left -= got
        self._idle.append(connection)

    def upload(self, source: str) -> None:
        connection = self._idle.pop()
        with open(source, "rb") as file:
            start, end = _form(self._url, os.fstat(file.fileno()).st_size)
            connection.sendall(start)
            connection.sendfile(file)
            connection.sendall(end)
        connection.recv(65536)
        self._idle.append(connection)

    def read(self, answer: bytes) -> Recognition:
        """For the check that the answer was the right one; no part of what is measured."""
        return read_recognition(200, answer.partition(b"\r\n\r\n")[2])

    def close(self) -> None:
        for connection in self._buffers:
            connection.close()
