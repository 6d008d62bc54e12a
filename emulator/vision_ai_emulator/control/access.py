"""Access control for the control interface over a socket.

A web page of another site can make the browser send requests to this computer. The Host header reveals a page
whose name resolves to 127.0.0.1, the Origin header a page of another server: both are refused. Clients on
other computers need the token.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from attrs import field, frozen

from vision_ai_emulator.control.request import ControlError
from vision_ai_emulator.http.response import Response

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_loopback(host: str) -> bool:
    """Whether a name or address belongs to this computer only."""
    if host.lower() == "localhost":
        return True
    address = _parse_address(host)
    return address is not None and address.is_loopback


@frozen
class AccessPolicy:
    """Decides which control calls are allowed."""

    host: str
    """The address that the server listens on."""
    token: str | None = field(repr=False)
    ports: frozenset[int]
    """The ports of this server, which its own page comes from."""

    def check(self, method: str, path: str, headers: Mapping[str, str]) -> Response | None:
        """Return the error response for a call that is not allowed, or None.

        The names of `headers` are in lower case.
        """
        try:
            self._check_host(headers.get("host", ""))
            origin = headers.get("origin")
            if origin is not None and method not in _SAFE_METHODS:
                self._check_origin(origin)
            # The page contains no secret, and people enter the token there.
            if self.token is not None and not (method == "GET" and _is_page(path)):
                self._check_token(headers)
        except ControlError as error:
            return error.to_response()
        return None

    def _check_host(self, host: str) -> None:
        name = _parse_host(f"//{host}")[0]
        if not self._is_own(name):
            raise ControlError(
                403, f"the control interface refuses Host {host!r}: use localhost or the server's address"
            )

    def _check_origin(self, origin: str) -> None:
        name, port = _parse_host(origin)
        if not (self._is_own(name) and port in self.ports):
            raise ControlError(403, f"the control interface refuses changes from pages of Origin {origin!r}")

    def _is_own(self, name: str) -> bool:
        if is_loopback(name) or name.lower() == self.host.lower():
            return True
        listening = _parse_address(self.host)
        # A server on all addresses cannot know which ones it has. An attacker controls names, not addresses.
        return listening is not None and listening.is_unspecified and _parse_address(name) is not None

    def _check_token(self, headers: Mapping[str, str]) -> None:
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        tokens = [headers.get("x-emulator-token", "")]
        if scheme.lower() == "bearer":
            tokens.append(credentials.strip())
        expected = (self.token or "").encode()
        if not any(hmac.compare_digest(each.encode(), expected) for each in tokens):
            raise ControlError(
                401,
                "the token is missing or wrong: send 'Authorization: Bearer …' or 'X-Emulator-Token: …'",
                (("WWW-Authenticate", "Bearer"),),
            )


def _is_page(path: str) -> bool:
    rest = path.removeprefix("/__emulator__")
    return rest in ("", "/") or rest.startswith("/static/")


def _parse_host(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", None


def _parse_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
