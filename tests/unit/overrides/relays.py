"""Relays in front of a served emulator: a Unix socket, TLS, an HTTP proxy. Each forwards what passes."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

Change = Callable[[bytes], bytes]


class Relay:
    """Forwards every connection to the emulator. Where the emulator refuses one, the relay ends its own."""

    def __init__(
        self,
        listener: socket.socket,
        to: str,
        *,
        tls: ssl.SSLContext | None = None,
        change: Change | None = None,
    ) -> None:
        parts = urlsplit(to)
        self._to = (parts.hostname, parts.port)
        self._listener = listener
        self._tls = tls
        self._change = change or _unchanged
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                inside, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(inside,), daemon=True).start()

    def _serve(self, inside: socket.socket) -> None:
        with contextlib.suppress(OSError), inside:
            if self._tls is not None:
                inside = self._tls.wrap_socket(inside, server_side=True)
            with inside, socket.create_connection(self._to) as outside:
                self._open += [inside, outside]
                responses = threading.Thread(target=_copy, args=(outside, inside, _unchanged), daemon=True)
                responses.start()
                _copy(inside, outside, self._change)
                responses.join()

    def close(self) -> None:
        for each in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def _unchanged(data: bytes) -> bytes:
    return data


def _copy(source: socket.socket, target: socket.socket, change: Change) -> None:
    with contextlib.suppress(OSError, ValueError):
        while data := source.recv(65536):
            target.sendall(change(data))
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def relay_unix_socket(to: str, folder: Path) -> tuple[str, Relay]:
    """Return a `unix:` URL and its relay."""
    path = folder / "module.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    return f"unix:{path}", Relay(listener, to)


def relay_tls(to: str, certificate: ssl.SSLContext) -> tuple[str, Relay]:
    """Return an `https:` URL and its relay."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    return f"https://127.0.0.1:{port}", Relay(listener, to, tls=certificate)


def relay_http_proxy(to: str) -> tuple[str, Relay]:
    """Return the URL of a proxy that forwards to one target only, and its relay."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    absolute = f" {to}/".encode()
    return f"http://127.0.0.1:{port}", Relay(
        listener, to, change=lambda data: data.replace(absolute, b" /", 1)
    )
