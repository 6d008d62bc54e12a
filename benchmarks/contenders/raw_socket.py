"""The lower bound: send prepared bytes, receive the response, and parse nothing but its length."""

import os
import socket
from urllib.parse import urlsplit

from .decoding import Recognition, parse_recognition

CHUNK_SIZE = 1024 * 1024
RESPONSE_LIMIT = 1024 * 1024


def prepared_request(url: str, method: str, path: str, fields: str = "") -> bytes:
    headers = "Content-Length: 0\r\n" if method == "POST" and not fields else fields
    return f"{method} {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n{headers}\r\n".encode()


def _content_length(head: bytes) -> int:
    return int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])


def _form(url: str, size: int) -> tuple[bytes, bytes]:
    start = b'--raw\r\nContent-Disposition: form-data; name="file"; filename="test.evo"\r\n\r\n'
    end = b"\r\n--raw--\r\n"
    fields = (
        "Content-Type: multipart/form-data; boundary=raw\r\n"
        f"Content-Length: {len(start) + size + len(end)}\r\n"
    )
    return prepared_request(url, "POST", "/api/start_restore", fields) + start, end


class RawSocket:
    """Opens one socket for each concurrent call."""

    def __init__(self, url: str, concurrency: int) -> None:
        parts = urlsplit(url)
        self._url = url
        self._result = prepared_request(url, "POST", "/api/get_result")
        self._image = prepared_request(url, "POST", "/api/get_image")
        self._idle = [self._connect((parts.hostname, parts.port)) for _ in range(concurrency)]
        self._buffers = {connection: memoryview(bytearray(RESPONSE_LIMIT)) for connection in self._idle}

    def _connect(self, address: tuple) -> socket.socket:
        connection = socket.create_connection(address)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def get_result(self) -> bytes:
        connection = self._idle.pop()
        connection.sendall(self._result)
        response = connection.recv(65536)
        self._idle.append(connection)
        return response

    def get_image(self) -> bytes:
        connection = self._idle.pop()
        buffer = self._buffers[connection]
        connection.sendall(self._image)
        received = connection.recv_into(buffer)
        head = bytes(buffer[: min(received, 512)])
        start = head.index(b"\r\n\r\n") + 4
        end = start + _content_length(head)
        while received < end:
            received += connection.recv_into(buffer[received:])
        self._idle.append(connection)
        return bytes(buffer[start:end])

    def download(self, target: str) -> None:
        connection = self._idle.pop()
        connection.sendall(prepared_request(self._url, "GET", "/download/test.evo"))
        buffer = memoryview(bytearray(CHUNK_SIZE))
        received = connection.recv_into(buffer)
        head = bytes(buffer[: min(received, 512)])
        start = head.index(b"\r\n\r\n") + 4
        remaining = _content_length(head) - (received - start)
        with open(target, "wb", buffering=0) as file:
            file.write(buffer[start:received])
            while remaining > 0:
                received = connection.recv_into(buffer)
                file.write(buffer[:received])
                remaining -= received
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

    def decode(self, response: bytes) -> Recognition:
        """Decodes a response for verification; this is not measured."""
        return parse_recognition(200, response.partition(b"\r\n\r\n")[2])

    def close(self) -> None:
        for connection in self._buffers:
            connection.close()
